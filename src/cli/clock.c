/*
 * assay clock …: what law, practice and agreements want by when. It needs no register: it says when something would
 * be due; that a clock runs is what a case says.
 */
#include <stdio.h>
#include <string.h>

#include "cli/calendar.h"
#include "cli/clock_output.h"

enum { CLOCK_ARENA_SIZE = 64 << 20 };

/* What a command works with. */
struct work {
	const struct options *options;
	struct arena *arena;
	struct calendar calendar;
};

static int clock_list(struct work *work)
{
	if (work->options->operand_count != 1)
		return unusable("usage: assay clock list");
	return clock_output_list(&work->calendar.clocks, work->options->format) ? EXIT_DONE : EXIT_INTERNAL;
}

/* All that would have happened for this clock to run. */
static enum outcome ask(const struct work *work, const struct clock *clock, int64_t from, struct dues *out)
{
	struct clock_start *starts = ARENA_NEW(work->arena, struct clock_start, 2);
	size_t count = 1;
	if (!starts)
		return NO_MEMORY;
	starts[0] = (struct clock_start){ .event = clock->starts->kind, .at = from, .severity = clock->severity };
	if (clock->requires)
		starts[count++] = (struct clock_start){ .event = clock->requires->kind, .at = from };
	TRY(clocks_due(&work->calendar.clocks, starts, count, work->calendar.named, work->arena, out));
	struct dues all = *out;
	out->count = 0;
	for (size_t i = 0; i < all.count; i++)
		if (all.all[i].clock == clock)
			out->all[out->count++] = all.all[i];
	return DONE;
}

/* A word that names one clock by its id, or all that an event starts. */
static bool is_meant(const struct clock *clock, const char *word)
{
	return span_equal_text(clock->id, word) || span_equal_text(clock->starts->kind, word);
}

static enum outcome ask_all(const struct work *work, int64_t from, struct dues *out)
{
	const struct options *options = work->options;
	struct dues one;
	*out = (struct dues){ .all = ARENA_NEW(work->arena, struct due, work->calendar.clocks.count + 1) };
	if (!out->all)
		return NO_MEMORY;
	for (size_t i = 0; i < work->calendar.clocks.count; i++) {
		bool meant = false;
		for (int word = 1; word < options->operand_count; word++)
			meant = meant || is_meant(&work->calendar.clocks.all[i], options->operands[word]);
		if (!meant)
			continue;
		TRY(ask(work, &work->calendar.clocks.all[i], from, &one));
		if (one.count == 1)
			out->all[out->count++] = one.all[0];
	}
	return DONE;
}

static int clock_due_command(struct work *work)
{
	const struct options *options = work->options;
	int64_t from = 0;
	struct dues dues;
	if (options->operand_count < 2)
		return unusable("usage: assay clock due CLOCK|EVENT... --from TIME [--zone ZONE]; 'assay clock list' names them");
	for (int word = 1; word < options->operand_count; word++) {
		bool known = false;
		for (size_t i = 0; i < work->calendar.clocks.count; i++)
			known = known || is_meant(&work->calendar.clocks.all[i], options->operands[word]);
		if (!known)
			return unusable("there is no clock or event '%s'; 'assay clock list' names them", options->operands[word]);
	}
	if (!options->time)
		return unusable("--from is missing: when did the clock begin to run?");
	if (!calendar_read(&work->calendar, "--from", options->time, &from))
		return EXIT_UNUSABLE;
	if (ask_all(work, from, &dues) != DONE)
		return unusable("the due times cannot be counted");
	return clock_output_dues(&dues, work->calendar.named, options->format) ? EXIT_DONE : EXIT_INTERNAL;
}

static const struct subcommand {
	struct command command; /* for its options alone */
	const char *word;
	int (*run)(struct work *work);
} subcommands[] = {
	{ { .name = "clock list", .usage = "", .options = OPTIONS_TABLE }, "list", clock_list },
	{ { .name = "clock due", .usage = "CLOCK... --from TIME", .options = OPTIONS_TABLE | OPTIONS_CLOCK | OPTIONS_ZONE }, "due",
	  clock_due_command },
};

static int work_on(const struct subcommand *sub, const struct options *options, struct arena *arena)
{
	struct work work = { .options = options, .arena = arena };
	return calendar_open(options, arena, &work.calendar) ? sub->run(&work) : EXIT_UNUSABLE;
}

static int run(const struct arguments *arguments)
{
	struct options options;
	struct arena arena;
	for (size_t i = 0; i < sizeof subcommands / sizeof *subcommands; i++) {
		const struct subcommand *sub = &subcommands[i];
		const struct arguments its = { .count = arguments->count, .values = arguments->values, .command = &sub->command };
		if (arguments->count == 0 || strcmp(arguments->values[0], sub->word) != 0)
			continue;
		if (!options_parse(&its, &options))
			return EXIT_UNUSABLE;
		arena_init(&arena, CLOCK_ARENA_SIZE);
		int status = work_on(sub, &options, &arena);
		arena_done(&arena);
		return status;
	}
	return unusable("usage: assay clock list | due CLOCK... --from TIME");
}

const struct command command_clock = {
	.name = "clock",
	.usage = "list|due ...",
	.summary = "what law and agreements want by when, with the article",
	.options = OPTIONS_TABLE | OPTIONS_CLOCK | OPTIONS_ZONE,
	.run = run,
};
