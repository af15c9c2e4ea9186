#include "register/matches.h"

#include <stdio.h>

#include "base/text.h"

struct value matches_value(const struct assay_rows *rows, int column, struct arena *arena)
{
	size_t size = 0;
	const char *text;
	switch (assay_rows_type(rows, column)) {
	case ASSAY_NULL:
		return VALUE_NONE;
	case ASSAY_INTEGER:
		return value_integer(assay_rows_integer(rows, column));
	case ASSAY_REAL:
		return value_real(assay_rows_real(rows, column));
	case ASSAY_TEXT:
		break;
	}
	text = assay_rows_text(rows, column, &size);
	return value_text(text_printable(arena, span_of(text, size)));
}

static struct match_row *next_row(struct matches *matches, struct arena *arena)
{
	struct match_row *all = arena_grow(arena, matches->all, matches->count, &matches->capacity, sizeof *all);
	if (!all)
		return NULL;
	matches->all = all;
	return &all[matches->count++];
}

enum outcome matches_of_result(struct assay *assay, int64_t component, struct arena *arena, struct matches *out)
{
	static const char format[] =
		"SELECT id, severity, round(cvss, 1), round(epss, 6), exploited_since, status, justification,"
		" coalesce(question, reason), fixed_in,"
		" min(CASE status WHEN 'affected' THEN 0 WHEN 'under review' THEN 1 WHEN 'fixed' THEN 2 ELSE 3 END)"
		" FROM vulnerability WHERE component = %lld GROUP BY id ORDER BY id";
	char sql[sizeof format + 24];
	struct assay_rows *rows = NULL;
	enum outcome outcome = DONE;
	*out = (struct matches){ 0 };
	(void)snprintf(sql, sizeof sql, format, (long long)component);
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	while (outcome == DONE && assay_rows_next(rows)) {
		struct match_row *row = next_row(out, arena);
		outcome = row ? DONE : NO_MEMORY;
		if (!row)
			break;
		struct value *const columns[] = { &row->facts.name, &row->facts.severity, &row->facts.cvss, &row->facts.epss,
						  &row->facts.exploited, &row->status, &row->justification, &row->reason,
						  &row->fixed_in };
		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
			*columns[i] = matches_value(rows, (int)i, arena);
	}
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}

static struct value copy(struct arena *arena, struct value value)
{
	if (value.type == VALUE_TEXT)
		value.text = arena_copy(arena, value.text);
	return value;
}

enum outcome matches_of_register(struct registry *registry, int64_t component, struct arena *arena, struct matches *out)
{
	struct rows rows = rows_start(registry->database,
				      "SELECT vulnerability.name, status, justification, reason, fixed_in FROM match"
				      " JOIN vulnerability ON vulnerability.id = match.vulnerability WHERE component = ?1"
				      " ORDER BY vulnerability.name");
	enum outcome outcome = DONE;
	*out = (struct matches){ 0 };
	rows_bind(&rows, 1, value_integer(component));
	while (outcome == DONE && rows_next(&rows)) {
		struct match_row *row = next_row(out, arena);
		if (row)
			*row = (struct match_row){
				.facts = { .name = copy(arena, rows_value(&rows, 0)) }, .status = copy(arena, rows_value(&rows, 1)),
				.justification = copy(arena, rows_value(&rows, 2)), .reason = copy(arena, rows_value(&rows, 3)),
				.fixed_in = copy(arena, rows_value(&rows, 4)),
			};
		outcome = row ? DONE : NO_MEMORY;
	}
	enum outcome read = rows_end(&rows);
	return outcome != DONE ? outcome : read;
}

enum outcome matches_insert(struct event *event, int64_t component, const struct match_row *row, int64_t *vulnerability)
{
	*vulnerability = vulnerability_take(event, &row->facts);
	TRY(event->outcome);
	const struct value values[] = { value_integer(component), value_integer(*vulnerability), row->status,
					row->justification, row->reason, row->fixed_in };
	return database_run(event->registry->database, "INSERT INTO match (component, vulnerability, status, justification,"
						       " reason, fixed_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", values, 6);
}

static int64_t number_of(struct event *event, const struct match_row *row)
{
	return registry_find(event->registry, "SELECT id FROM vulnerability WHERE name = ?1", row->facts.name.text);
}

enum outcome matches_update(struct event *event, int64_t component, const struct match_row *row, int64_t *vulnerability)
{
	*vulnerability = number_of(event, row);
	const struct value values[] = { value_integer(component), value_integer(*vulnerability), row->status,
					row->justification, row->reason, row->fixed_in };
	return database_run(event->registry->database, "UPDATE match SET status = ?3, justification = ?4, reason = ?5,"
						       " fixed_in = ?6 WHERE component = ?1 AND vulnerability = ?2", values, 6);
}

enum outcome matches_remove(struct event *event, int64_t component, const struct match_row *row, int64_t *vulnerability)
{
	*vulnerability = number_of(event, row);
	const struct value values[] = { value_integer(component), value_integer(*vulnerability) };
	return database_run(event->registry->database, "DELETE FROM match WHERE component = ?1 AND vulnerability = ?2", values, 2);
}
