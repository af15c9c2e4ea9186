#include "register/case.h"

#include <stdio.h>

#include "base/clock.h"
#include "register/case_field.h"
#include "register/case_read.h"
#include "register/case_state.h"
#include "register/moment.h"
#include "register/named.h"
#include "register/person.h"

enum { SUBJECT_SIZE = 40, CASE_CEILING = 64 << 20 };

static const char doing[] = "changing a case";

/* An event about a case, with a column that says who. */
struct change {
	struct registry *registry;
	struct event event;
	char subject[SUBJECT_SIZE];
	int64_t number;
};

static enum outcome begin(struct registry *registry)
{
	if (registry->person == 0)
		return registry_fail(registry, MALFORMED, "a case is changed by people, and by nobody else: who does it?");
	return registry_done(registry, database_begin(registry->database), doing);
}

static void change_begin(struct change *change, struct registry *registry, const char *kind, int64_t number)
{
	*change = (struct change){ .registry = registry, .number = number };
	(void)snprintf(change->subject, sizeof change->subject, "case %lld", (long long)number);
	event_begin(&change->event, registry, kind, span_of_text(change->subject));
}

static struct value person_of(const struct change *change)
{
	return value_integer(change->registry->person);
}

static struct value next_of(const struct change *change, const char *table)
{
	return value_integer(registry_next(change->registry, table));
}

/* The state of a case: CASE_STATES after saying that there is none. */
static enum case_state state_of(struct registry *registry, int64_t number)
{
	struct rows rows = rows_start(registry->database, "SELECT state FROM case_file WHERE id = ?1");
	rows_bind(&rows, 1, value_integer(number));
	enum case_state state = rows_next(&rows) ? case_state_named(rows_text(&rows, 0)) : CASE_STATES;
	if (registry_done(registry, rows_end(&rows), doing) == DONE && state == CASE_STATES)
		(void)registry_fail(registry, NOT_THIS, "there is no case %lld; 'assay case list' names them", (long long)number);
	return state;
}

static enum outcome refuse_future(struct registry *registry, int64_t at)
{
	if (at >= 0 && at <= clock_latest_time())
		return DONE;
	return registry_fail(registry, MALFORMED, "that time is yet to come: what has not happened is not recorded");
}

static void write_start(struct change *change, struct span event, int64_t at, int64_t named)
{
	char when[MOMENT_ROOM], until[MOMENT_ROOM];
	moment_write(at, 0, when);
	moment_write(named, 0, until);
	event_insert(&change->event, "case_start", (const struct field[]){
		{ "id", next_of(change, "case_start") }, { "case_file", value_integer(change->number) },
		{ "event", value_text(event) }, { "at", value_word(when) }, { "named", named ? value_word(until) : VALUE_NONE },
		{ "person", person_of(change) }, { "sequence", value_integer(event_number(&change->event)) } }, 7);
}

static enum outcome check_opening(struct registry *registry, const struct case_opening *opening)
{
	int64_t other = opening->vulnerability.size == 0 ? 0 : registry_find(registry,
		"SELECT id FROM case_file WHERE vulnerability = ?1 AND state <> 'closed'", opening->vulnerability);
	if (other != 0)
		return registry_fail(registry, MALFORMED, "case %lld is about %.*s, and not closed", (long long)other,
				     SPAN_FORMAT(opening->vulnerability));
	if (!span_equal_text(opening->kind, "vulnerability") && !span_equal_text(opening->kind, "incident"))
		return registry_fail(registry, MALFORMED, "a case is a vulnerability or an incident, and no '%.*s'",
				     SPAN_FORMAT(opening->kind));
	if (opening->title.size == 0 && opening->vulnerability.size == 0)
		return registry_fail(registry, MALFORMED, "a case has a title or is about a vulnerability with a name");
	if (opening->credit.size > 0 && !span_has_word(SPAN_LITERAL("name anonymous"), opening->credit))
		return registry_fail(registry, MALFORMED, "credit is 'name' or 'anonymous', and not '%.*s'",
				     SPAN_FORMAT(opening->credit));
	return refuse_future(registry, opening->aware);
}

static enum outcome open_in(struct registry *registry, const struct case_opening *opening, int64_t *number)
{
	struct change change;
	char at[21];
	int64_t reporter = 0;
	TRY(check_opening(registry, opening));
	if (opening->reporter.size > 0)
		TRY(person_find(registry, opening->reporter, &reporter));
	*number = registry_next(registry, "case_file");
	clock_format_utc(clock_report_time(), at);
	change_begin(&change, registry, "case.opened", *number);
	event_insert(&change.event, "case_file", (const struct field[]){
		{ "id", value_integer(*number) }, { "kind", value_text(opening->kind) },
		{ "vulnerability", value_text_if(opening->vulnerability) },
		{ "title", value_text(opening->title.size > 0 ? opening->title : opening->vulnerability) },
		{ "state", value_word(case_state_name(CASE_RECEIVED)) }, { "opened", value_word(at) },
		{ "reporter", reporter ? value_integer(reporter) : VALUE_NONE }, { "credit", value_text_if(opening->credit) } }, 8);
	if (opening->aware != 0)
		write_start(&change, case_aware_event(opening->kind), opening->aware, 0);
	return event_end(&change.event);
}

static enum outcome set_state_in(struct registry *registry, int64_t number, struct span name)
{
	struct change change;
	enum case_state from = state_of(registry, number), to = case_state_named(name);
	if (from == CASE_STATES)
		return NOT_THIS;
	if (to == CASE_STATES)
		return registry_fail(registry, MALFORMED, "a case has no state '%.*s'", SPAN_FORMAT(name));
	if (!case_state_follows(from, to))
		return registry_fail(registry, MALFORMED, "a case that is '%s' cannot become '%s'", case_state_name(from),
				     case_state_name(to));
	change_begin(&change, registry, "case.state", number);
	event_update(&change.event, "case_file", (const struct field[]){
		{ "id", value_integer(number) }, { "state", value_word(case_state_name(to)) } }, 2);
	return event_end(&change.event);
}

/* Whether a clock that this event starts goes by a time that whoever starts it names. */
static bool wants_named(const struct clocks *clocks, struct span event)
{
	bool wants = false;
	for (size_t i = 0; i < clocks->count; i++)
		wants = wants || (span_equal(clocks->all[i].starts->kind, event) && clocks->all[i].unit == CLOCK_NAMED);
	return wants;
}

/* Whether it is by what awareness of the other kind of case is said: its clocks are not those of this one. */
static bool is_of_other_kind(struct registry *registry, int64_t number, struct span event)
{
	struct rows rows = rows_start(registry->database, "SELECT kind FROM case_file WHERE id = ?1");
	rows_bind(&rows, 1, value_integer(number));
	bool incident = rows_next(&rows) && span_equal_text(rows_text(&rows, 0), "incident");
	if (rows_end(&rows) != DONE)
		return false;
	return span_equal(event, case_aware_event(incident ? SPAN_LITERAL("vulnerability") : SPAN_LITERAL("incident")));
}

static enum outcome start_in(struct registry *registry, int64_t number, const struct clocks *clocks, struct span event,
			     int64_t at, int64_t named)
{
	struct change change;
	if (state_of(registry, number) == CASE_STATES)
		return NOT_THIS;
	if (!clocks_event(clocks, event))
		return registry_fail(registry, MALFORMED, "no clock is started by '%.*s'; 'assay clock list --format json' has what"
				     " does", SPAN_FORMAT(event));
	if (span_starts_text(event, "submitted."))
		return registry_fail(registry, MALFORMED, "what was sent has a reference: 'assay case submitted' records it");
	if (is_of_other_kind(registry, number, event))
		return registry_fail(registry, MALFORMED, "'%.*s' is of the other kind of case: open one for it", SPAN_FORMAT(event));
	TRY(refuse_future(registry, at));
	if (wants_named(clocks, event) != (named != 0))
		return registry_fail(registry, MALFORMED, "'%.*s' goes by %s", SPAN_FORMAT(event),
				     named ? "no time that was named (--until)" : "a time that was named: --until is missing");
	if (named != 0 && named < at)
		return registry_fail(registry, MALFORMED, "the time that was named lies before the time at which it was");
	change_begin(&change, registry, "case.started", number);
	write_start(&change, event, at, named);
	return event_end(&change.event);
}

/* Whether a clock runs in a case, or waits. DONE, or why not. */
static enum outcome check_clock(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock)
{
	struct arena arena;
	struct case_file file;
	bool runs = false;
	arena_init(&arena, CASE_CEILING);
	enum outcome outcome = case_read(registry, number, clocks, NULL, &arena, &file);
	for (size_t i = 0; outcome == DONE && i < file.dues.count; i++)
		runs = runs || span_equal(file.dues.all[i].clock->id, clock);
	if (outcome == DONE && !runs)
		outcome = registry_fail(registry, MALFORMED, "no clock '%.*s' runs in case %lld; 'assay case show' names those that do",
					SPAN_FORMAT(clock), (long long)number);
	arena_done(&arena);
	return outcome;
}

static enum outcome submit_in(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock,
			      int64_t at, struct span reference)
{
	struct change change;
	char when[MOMENT_ROOM], kind[128];
	if (reference.size == 0)
		return registry_fail(registry, MALFORMED, "under which reference does the receiver know it?");
	TRY(refuse_future(registry, at));
	TRY(check_clock(registry, number, clocks, clock));
	moment_write(at, 0, when);
	change_begin(&change, registry, "case.submitted", number);
	event_insert(&change.event, "case_submission", (const struct field[]){
		{ "id", next_of(&change, "case_submission") }, { "case_file", value_integer(number) }, { "clock", value_text(clock) },
		{ "at", value_word(when) }, { "reference", value_text(reference) }, { "person", person_of(&change) } }, 6);
	int length = snprintf(kind, sizeof kind, "submitted.%.*s", SPAN_FORMAT(clock));
	if (length < (int)sizeof kind && clocks_event(clocks, span_of_text(kind)))
		write_start(&change, span_of_text(kind), at, 0);
	return event_end(&change.event);
}

static bool is_decided(struct registry *registry, int64_t number, struct span clock)
{
	static const char sql[] = "SELECT id FROM case_clock_decision WHERE case_file = ?1 AND clock = ?2";
	const struct value asked[] = { value_integer(number), value_text(clock) };
	return registry_number(registry, sql, asked, 2) != 0;
}

static enum outcome not_applicable_in(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock,
				      struct span why)
{
	struct change change;
	char at[21];
	if (why.size == 0)
		return registry_fail(registry, MALFORMED, "why does it not apply? A decision has a reason");
	TRY(check_clock(registry, number, clocks, clock));
	if (is_decided(registry, number, clock))
		return registry_fail(registry, MALFORMED, "that is decided already; 'assay case show %lld' says why", (long long)number);
	clock_format_utc(clock_report_time(), at);
	change_begin(&change, registry, "case.not-applicable", number);
	event_insert(&change.event, "case_clock_decision", (const struct field[]){
		{ "id", next_of(&change, "case_clock_decision") }, { "case_file", value_integer(number) },
		{ "clock", value_text(clock) }, { "at", value_word(at) }, { "why", value_text(why) },
		{ "person", person_of(&change) } }, 6);
	return event_end(&change.event);
}

static enum outcome answer_in(struct registry *registry, int64_t number, struct span field, struct span value)
{
	struct change change;
	char at[21], words[256];
	if (state_of(registry, number) == CASE_STATES)
		return NOT_THIS;
	if (!case_field_allows(field, value, words, sizeof words))
		return registry_fail(registry, MALFORMED, "%s", words);
	struct rows rows = rows_start(registry->database, "SELECT id FROM case_answer WHERE case_file = ?1 AND field = ?2");
	rows_bind(&rows, 1, value_integer(number));
	rows_bind(&rows, 2, value_text(field));
	int64_t old = rows_next(&rows) ? rows_integer(&rows, 0) : 0;
	TRY(registry_done(registry, rows_end(&rows), doing));
	clock_format_utc(clock_report_time(), at);
	change_begin(&change, registry, "case.answered", number);
	if (old != 0)
		event_update(&change.event, "case_answer", (const struct field[]){
			{ "id", value_integer(old) }, { "value", value_text(value) }, { "at", value_word(at) },
			{ "person", person_of(&change) } }, 4);
	else
		event_insert(&change.event, "case_answer", (const struct field[]){
			{ "id", next_of(&change, "case_answer") }, { "case_file", value_integer(number) },
			{ "field", value_text(field) }, { "value", value_text(value) }, { "at", value_word(at) },
			{ "person", person_of(&change) } }, 6);
	return event_end(&change.event);
}

static bool is_role(struct span role)
{
	static const char *const roles[] = { "upstream", "supplier", "maker", "coordinator" };
	bool is = false;
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
		is = is || span_equal_text(role, roles[i]);
	return is;
}

static enum outcome add_party_in(struct registry *registry, int64_t number, struct span role, struct span name, int64_t told,
				 struct span reference)
{
	struct change change;
	char when[MOMENT_ROOM];
	if (state_of(registry, number) == CASE_STATES)
		return NOT_THIS;
	if (!is_role(role) || name.size == 0)
		return registry_fail(registry, MALFORMED, "a party is upstream, supplier, maker or coordinator, and has a name");
	TRY(refuse_future(registry, told));
	moment_write(told, 0, when);
	change_begin(&change, registry, "case.party", number);
	int64_t organisation = named_organisation(&change.event, name, role);
	event_insert(&change.event, "case_party", (const struct field[]){
		{ "id", next_of(&change, "case_party") }, { "case_file", value_integer(number) }, { "role", value_text(role) },
		{ "organisation", value_integer(organisation) }, { "told", value_word(when) },
		{ "reference", value_text_if(reference) }, { "person", person_of(&change) } }, 7);
	return event_end(&change.event);
}

enum outcome case_open(struct registry *registry, const struct case_opening *opening, int64_t *number)
{
	TRY(begin(registry));
	return registry_finish(registry, open_in(registry, opening, number), doing);
}

enum outcome case_set_state(struct registry *registry, int64_t number, struct span state)
{
	TRY(begin(registry));
	return registry_finish(registry, set_state_in(registry, number, state), doing);
}

enum outcome case_start(struct registry *registry, int64_t number, const struct clocks *clocks, struct span event, int64_t at,
			int64_t named)
{
	TRY(begin(registry));
	return registry_finish(registry, start_in(registry, number, clocks, event, at, named), doing);
}

enum outcome case_submit(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock, int64_t at,
			 struct span reference)
{
	TRY(begin(registry));
	return registry_finish(registry, submit_in(registry, number, clocks, clock, at, reference), doing);
}

enum outcome case_not_applicable(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock,
				 struct span why)
{
	TRY(begin(registry));
	return registry_finish(registry, not_applicable_in(registry, number, clocks, clock, why), doing);
}

enum outcome case_answer(struct registry *registry, int64_t number, struct span field, struct span value)
{
	TRY(begin(registry));
	return registry_finish(registry, answer_in(registry, number, field, value), doing);
}

enum outcome case_add_party(struct registry *registry, int64_t number, struct span role, struct span organisation, int64_t told,
			    struct span reference)
{
	TRY(begin(registry));
	return registry_finish(registry, add_party_in(registry, number, role, organisation, told, reference), doing);
}
