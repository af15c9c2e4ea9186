#include "register/case_read.h"

#include "register/moment.h"

#define BY(table) "coalesce(person_private.name, 'person ' || " table ".person)"
#define OF(table) " FROM " table " LEFT JOIN person_private ON person_private.person = " table ".person"
#define WHOSE(table) " WHERE case_file = ?1 ORDER BY " table ".id"

static const char of_starts[] = "SELECT event, coalesce(named, ''), at, " BY("case_start") ", sequence" OF("case_start")
	WHOSE("case_start");
static const char of_submissions[] = "SELECT clock, reference, at, " BY("case_submission") ", 0" OF("case_submission")
	WHOSE("case_submission");
static const char of_decisions[] = "SELECT clock, why, at, " BY("case_clock_decision") ", 0" OF("case_clock_decision")
	WHOSE("case_clock_decision");
static const char of_answers[] = "SELECT field, value, at, " BY("case_answer") ", 0" OF("case_answer") WHOSE("case_answer");
static const char of_parties[] =
	"SELECT case_party.role, organisation.name || coalesce(' (' || reference || ')', ''), told, " BY("case_party") ", 0"
	OF("case_party") " JOIN organisation ON organisation.id = case_party.organisation" WHOSE("case_party");

static const char of_case[] =
	"SELECT case_file.kind, coalesce(case_file.vulnerability, ''), case_file.title, case_file.state, case_file.opened,"
	" CASE WHEN case_file.reporter IS NULL THEN '' ELSE coalesce(person_private.name, 'person ' || case_file.reporter) END,"
	" coalesce(case_file.credit, ''), coalesce(vulnerability.severity, '')"
	" FROM case_file LEFT JOIN person_private ON person_private.person = case_file.reporter"
	" LEFT JOIN vulnerability ON vulnerability.name = case_file.vulnerability WHERE case_file.id = ?1";

static int64_t moment_of(struct span text)
{
	struct moment moment;
	return moment_read(text, &moment) && !moment.local ? moment.at : 0;
}

static enum outcome read_records(struct registry *registry, const char *sql, int64_t number, struct arena *arena,
				 struct case_records *out)
{
	struct rows rows = rows_start(registry->database, sql);
	enum outcome outcome = DONE;
	rows_bind(&rows, 1, value_integer(number));
	while (outcome == DONE && rows_next(&rows)) {
		struct case_record *all = arena_grow(arena, out->all, out->count, &out->capacity, sizeof *all);
		if (!all) {
			outcome = NO_MEMORY;
			break;
		}
		out->all = all;
		all[out->count++] = (struct case_record){
			.what = arena_copy(arena, rows_text(&rows, 0)), .text = arena_copy(arena, rows_text(&rows, 1)),
			.at = moment_of(rows_text(&rows, 2)), .by = arena_copy(arena, rows_text(&rows, 3)),
			.sequence = rows_integer(&rows, 4),
		};
	}
	enum outcome read = rows_end(&rows);
	return registry_done(registry, outcome != DONE ? outcome : read, "reading a case");
}

static enum outcome read_head(struct registry *registry, int64_t number, struct arena *arena, struct case_file *out)
{
	struct rows rows = rows_start(registry->database, of_case);
	rows_bind(&rows, 1, value_integer(number));
	bool found = rows_next(&rows);
	if (found)
		*out = (struct case_file){
			.number = number, .kind = arena_copy(arena, rows_text(&rows, 0)),
			.vulnerability = arena_copy(arena, rows_text(&rows, 1)), .title = arena_copy(arena, rows_text(&rows, 2)),
			.state = arena_copy(arena, rows_text(&rows, 3)), .opened = moment_of(rows_text(&rows, 4)),
			.reporter = arena_copy(arena, rows_text(&rows, 5)), .credit = arena_copy(arena, rows_text(&rows, 6)),
			.severity = arena_small_letters(arena, rows_text(&rows, 7)),
		};
	TRY(registry_done(registry, rows_end(&rows), "reading a case"));
	return found ? DONE : registry_fail(registry, NOT_THIS, "there is no case %lld; 'assay case list' names them",
					    (long long)number);
}

static enum outcome count_dues(struct registry *registry, const struct clocks *clocks, const struct zone *zone,
			       struct arena *arena, struct case_file *file)
{
	struct clock_start *starts = ARENA_NEW(arena, struct clock_start, file->starts.count + 1);
	if (!starts)
		return registry_fail(registry, NO_MEMORY, "counting what is due: out of memory");
	for (size_t i = 0; i < file->starts.count; i++) {
		const struct case_record *start = &file->starts.all[i];
		starts[i] = (struct clock_start){
			.event = start->what, .at = start->at, .named = moment_of(start->text), .severity = file->severity,
			.sequence = start->sequence,
		};
	}
	enum outcome outcome = clocks_due(clocks, starts, file->starts.count, zone, arena, &file->dues);
	if (outcome != DONE)
		return registry_fail(registry, outcome, "what is due in case %lld cannot be counted: no clock of this program knows one"
				     " of its events, or its time is none", (long long)file->number);
	return DONE;
}

enum outcome case_read(struct registry *registry, int64_t number, const struct clocks *clocks, const struct zone *zone,
		       struct arena *arena, struct case_file *out)
{
	*out = (struct case_file){ 0 };
	TRY(read_head(registry, number, arena, out));
	TRY(read_records(registry, of_starts, number, arena, &out->starts));
	TRY(read_records(registry, of_submissions, number, arena, &out->submissions));
	TRY(read_records(registry, of_decisions, number, arena, &out->decisions));
	TRY(read_records(registry, of_parties, number, arena, &out->parties));
	TRY(read_records(registry, of_answers, number, arena, &out->answers));
	return count_dues(registry, clocks, zone, arena, out);
}

const struct case_record *case_record_about(const struct case_records *records, struct span what)
{
	for (size_t i = 0; i < records->count; i++)
		if (span_equal(records->all[i].what, what))
			return &records->all[i];
	return NULL;
}

struct span case_aware_event(struct span kind)
{
	return span_equal_text(kind, "incident") ? SPAN_LITERAL("aware.severe-incident")
						 : SPAN_LITERAL("aware.exploited-vulnerability");
}

const struct case_record *case_aware(const struct case_file *file)
{
	const struct case_record *first = NULL;
	struct span event = case_aware_event(file->kind);
	for (size_t i = 0; i < file->starts.count; i++) {
		const struct case_record *start = &file->starts.all[i];
		if (span_equal(start->what, event) && (!first || start->at < first->at))
			first = start;
	}
	return first;
}
