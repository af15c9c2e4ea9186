/*
 * assay case …: a vulnerability or an incident from the report to the end, and what is due of it by when. People say that
 * something happened and decide; the program counts and fills in forms.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/shown.h"
#include "cli/case.h"
#include "register/case.h"
#include "register/vulnerability.h"

enum { CASE_ARENA_SIZE = 1 << 30 };

/* An exit status; what went wrong is in the registry. */
static int status_of(const struct case_work *work, enum outcome outcome)
{
	return outcome == DONE ? EXIT_DONE : unusable("%s", work->registry->error);
}

static struct span operand(const struct case_work *work, int index)
{
	return span_of_text(work->options->operands[index]);
}

static bool read_time_or_now(const struct case_work *work, int64_t *out)
{
	*out = clock_report_time();
	return !work->options->at || calendar_read(&work->calendar, "--at", work->options->at, out);
}

static bool read_case(struct case_work *work, struct case_file *file)
{
	const struct calendar *calendar = &work->calendar;
	return case_read(work->registry, work->number, &calendar->clocks, calendar->named, work->arena, file) == DONE ||
	       !unusable("%s", work->registry->error);
}

static int run_open(struct case_work *work)
{
	const struct options *options = work->options;
	struct case_file file;
	struct case_opening opening = {
		.kind = span_of_text(options->kind ? options->kind : "vulnerability"),
		.vulnerability = options->operand_count > 1 ? operand(work, 1) : SPAN_NONE,
		.title = span_of_text(options->title), .reporter = span_of_text(options->reporter),
		.credit = span_of_text(options->credit),
	};
	char cve[VULNERABILITY_NAME_ROOM];
	if (opening.vulnerability.size > 0) {
		if (!vulnerability_spelt(opening.vulnerability, cve))
			return unusable("'%s' is no CVE number, as CVE-2021-28831 is one", options->operands[1]);
		opening.vulnerability = span_of_text(cve);
	}
	if (options->aware && !options->by)
		return unusable("that the maker is aware is what a person says: --by is missing");
	if (options->aware && !calendar_read(&work->calendar, "--aware", options->aware, &opening.aware))
		return EXIT_UNUSABLE;
	if (case_open(work->registry, &opening, &work->number) != DONE)
		return unusable("%s", work->registry->error);
	if (!read_case(work, &file))
		return EXIT_UNUSABLE;
	(void)printf("case %lld: %.*s\n", (long long)work->number, SPAN_FORMAT(shown_text(work->arena, file.title)));
	case_print_dues(work, &file);
	return case_write_files(work, &file);
}

static int run_list(struct case_work *work)
{
	return case_print_list(work);
}

static int run_show(struct case_work *work)
{
	struct case_file file;
	if (!read_case(work, &file))
		return EXIT_UNUSABLE;
	case_print(work, &file);
	return EXIT_DONE;
}

static int run_write(struct case_work *work)
{
	struct case_file file;
	return read_case(work, &file) ? case_write_files(work, &file) : EXIT_UNUSABLE;
}

static int run_state(struct case_work *work)
{
	return status_of(work, case_set_state(work->registry, work->number, operand(work, 2)));
}

static int run_start(struct case_work *work)
{
	const struct options *options = work->options;
	struct case_file file;
	int64_t at = 0, named = 0;
	if (!options->at)
		return unusable("--at is missing: when did it happen?");
	if (!calendar_read(&work->calendar, "--at", options->at, &at) ||
	    (options->until && !calendar_read(&work->calendar, "--until", options->until, &named)))
		return EXIT_UNUSABLE;
	if (case_start(work->registry, work->number, &work->calendar.clocks, operand(work, 2), at, named) != DONE)
		return unusable("%s", work->registry->error);
	if (!read_case(work, &file))
		return EXIT_UNUSABLE;
	case_print_dues(work, &file);
	return EXIT_DONE;
}

static int run_submitted(struct case_work *work)
{
	int64_t at;
	if (!read_time_or_now(work, &at))
		return EXIT_UNUSABLE;
	return status_of(work, case_submit(work->registry, work->number, &work->calendar.clocks, operand(work, 2), at,
					   span_of_text(work->options->reference)));
}

static int run_not_applicable(struct case_work *work)
{
	return status_of(work, case_not_applicable(work->registry, work->number, &work->calendar.clocks, operand(work, 2),
						   span_of_text(work->options->why)));
}

static int run_answer(struct case_work *work)
{
	return status_of(work, case_answer(work->registry, work->number, operand(work, 2), operand(work, 3)));
}

static int run_party(struct case_work *work)
{
	int64_t told;
	if (!read_time_or_now(work, &told))
		return EXIT_UNUSABLE;
	return status_of(work, case_add_party(work->registry, work->number, operand(work, 2), operand(work, 3), told,
					      span_of_text(work->options->reference)));
}

#define CHANGE (OPTIONS_REGISTER | OPTIONS_BY | OPTIONS_ZONE)

static const struct subcommand {
	struct command command; /* for its options alone */
	const char *word;
	int least, most; /* operands behind the word; the first of those that begin with N is a case */
	int (*run)(struct case_work *work);
} subcommands[] = {
	{ { .name = "case open", .usage = "[CVE] [--aware TIME] --by NAME", .options = CHANGE | OPTIONS_AWARE | OPTIONS_FOLDER },
	  "open", 0, 1, run_open },
	{ { .name = "case list", .usage = "", .options = OPTIONS_REGISTER | OPTIONS_ZONE }, "list", 0, 0, run_list },
	{ { .name = "case show", .usage = "N", .options = OPTIONS_REGISTER | OPTIONS_ZONE }, "show", 1, 1, run_show },
	{ { .name = "case write", .usage = "N", .options = OPTIONS_REGISTER | OPTIONS_ZONE | OPTIONS_FOLDER }, "write",
	  1, 1, run_write },
	{ { .name = "case state", .usage = "N STATE --by NAME", .options = CHANGE }, "state", 2, 2, run_state },
	{ { .name = "case start", .usage = "N EVENT --at TIME --by NAME", .options = CHANGE | OPTIONS_AT | OPTIONS_UNTIL },
	  "start", 2, 2, run_start },
	{ { .name = "case submitted", .usage = "N CLOCK --reference TEXT --by NAME",
	    .options = CHANGE | OPTIONS_AT | OPTIONS_REFERENCE }, "submitted", 2, 2, run_submitted },
	{ { .name = "case not-applicable", .usage = "N CLOCK --why TEXT --by NAME", .options = CHANGE | OPTIONS_WHY },
	  "not-applicable", 2, 2, run_not_applicable },
	{ { .name = "case answer", .usage = "N FIELD VALUE --by NAME", .options = CHANGE }, "answer", 3, 3, run_answer },
	{ { .name = "case party", .usage = "N ROLE NAME --by NAME", .options = CHANGE | OPTIONS_AT | OPTIONS_REFERENCE },
	  "party", 3, 3, run_party },
};

static bool is_number(const char *text, int64_t *out)
{
	uint64_t number = 0;
	bool is = span_to_number(span_of_text(text), 1000000000, &number) && number > 0;
	*out = (int64_t)number;
	return is;
}

static int work_on(const struct subcommand *sub, struct case_work *work)
{
	const struct options *options = work->options;
	int operands = options->operand_count - 1;
	if (operands < sub->least || operands > sub->most)
		return unusable("usage: assay %s %s", sub->command.name, sub->command.usage);
	if (sub->least > 0 && !is_number(options->operands[1], &work->number))
		return unusable("'%s' is no number of a case; 'assay case list' has them", options->operands[1]);
	return calendar_open(options, work->arena, &work->calendar) ? sub->run(work) : EXIT_UNUSABLE;
}

static int run_subcommand(const struct subcommand *sub, const struct options *options)
{
	struct registry registry;
	struct arena arena;
	struct case_work work = { .options = options, .registry = &registry, .arena = &arena };
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	arena_init(&arena, CASE_ARENA_SIZE);
	int status = work_on(sub, &work);
	arena_done(&arena);
	registry_close(&registry);
	return status;
}

static int run(const struct arguments *arguments)
{
	struct options options;
	for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
		const struct subcommand *sub = &subcommands[i];
		const struct arguments its = { .count = arguments->count, .values = arguments->values, .command = &sub->command };
		if (arguments->count > 0 && strcmp(arguments->values[0], sub->word) == 0)
			return options_parse(&its, &options) ? run_subcommand(sub, &options) : EXIT_UNUSABLE;
	}
	return unusable("usage: assay case open | list | show | state | start | submitted | not-applicable | answer | party | write");
}

const struct command command_case = {
	.name = "case",
	.usage = "open|list|show|...",
	.summary = "a vulnerability or incident from the report to the end, and what is due",
	.options = CHANGE | OPTIONS_AWARE | OPTIONS_AT | OPTIONS_UNTIL | OPTIONS_REFERENCE | OPTIONS_WHY | OPTIONS_FOLDER,
	.run = run,
};
