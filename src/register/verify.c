#include "register/verify.h"

#include <stdio.h>

#include "register/content.h"
#include "register/event.h"
#include "register/intact.h"
#include "register/replay.h"

enum { SQL_SIZE = 256, EVENTS_AT_ONCE = 500 };

static enum outcome say_event(struct registry *registry, const struct event_row *row, const char *what)
{
	return registry_fail(registry, MALFORMED, "event %lld (%.*s, %.*s) %s", (long long)row->sequence, SPAN_FORMAT(row->kind),
			     SPAN_FORMAT(row->subject), what);
}

static enum outcome check_event(struct registry *registry, struct database *again, const struct rows *rows,
				struct verification *verified)
{
	char hash[EVENT_HASH_ROOM];
	const struct event_row row = {
		.sequence = rows_integer(rows, 0), .at = rows_text(rows, 1), .person = rows_integer(rows, 2),
		.kind = rows_text(rows, 3), .subject = rows_text(rows, 4), .body = rows_text(rows, 5), .previous = rows_text(rows, 6),
	};
	if (row.sequence != verified->events + 1)
		return registry_fail(registry, MALFORMED, "event %lld is missing", (long long)verified->events + 1);
	if (!span_equal_text(row.previous, verified->head))
		return say_event(registry, &row, "does not follow the event before it");
	TRY(registry_done(registry, event_hash(&row, hash), "reading the events"));
	if (!span_equal_text(rows_text(rows, 7), hash))
		return say_event(registry, &row, "is not what was written: its hash differs");
	if (replay_event(again, row.body) != DONE)
		return say_event(registry, &row, "cannot be done again");
	verified->events++;
	(void)snprintf(verified->head, sizeof verified->head, "%s", hash);
	return DONE;
}

/* Some at a time, since PostgreSQL gives all rows of a statement at once. */
static enum outcome check_chain(struct registry *registry, struct database *again, struct verification *verified)
{
	for (int64_t before = -1; before < verified->events;) {
		struct rows rows = rows_start(registry->database, "SELECT sequence, at, person, kind, subject, body, previous,"
					      " hash FROM event WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
		enum outcome outcome = DONE;
		before = verified->events;
		rows_bind(&rows, 1, value_integer(before == 0 ? INT64_MIN : before));
		rows_bind(&rows, 2, value_integer(EVENTS_AT_ONCE));
		while (outcome == DONE && rows_next(&rows))
			outcome = check_event(registry, again, &rows, verified);
		enum outcome read = rows_end(&rows);
		TRY(outcome);
		TRY(registry_done(registry, read, "reading the events"));
	}
	return DONE;
}

static bool same(struct value left, struct value right)
{
	char texts[2][32];
	if (left.type != right.type)
		return false;
	switch (left.type) {
	case VALUE_NULL:
		return true;
	case VALUE_INTEGER:
		return left.integer == right.integer;
	case VALUE_REAL: /* events hold nine places */
		(void)snprintf(texts[0], sizeof texts[0], "%.8f", left.real);
		(void)snprintf(texts[1], sizeof texts[1], "%.8f", right.real);
		return strcmp(texts[0], texts[1]) == 0;
	case VALUE_TEXT:
		return span_equal(left.text, right.text);
	}
	return false;
}

/* By their keys, which are numbers or texts. */
static int compare_keys(struct value left, struct value right)
{
	if (left.type == VALUE_INTEGER && right.type == VALUE_INTEGER)
		return left.integer < right.integer ? -1 : left.integer > right.integer;
	return span_compare(left.text, right.text);
}

static enum outcome say_row(struct registry *registry, const char *table, struct value key, const char *what, const char *column)
{
	if (key.type == VALUE_INTEGER)
		return registry_fail(registry, MALFORMED, "row %lld of %s %s%s", (long long)key.integer, table, what, column);
	return registry_fail(registry, MALFORMED, "row '%.*s' of %s %s%s", SPAN_FORMAT(key.text), table, what, column);
}

static enum outcome compare_row(struct registry *registry, const char *table, const struct rows *is, const struct rows *was)
{
	for (int i = 1; i < rows_columns(was); i++)
		if (!same(rows_value(is, i), rows_value(was, i)))
			return say_row(registry, table, rows_value(was, 0), "is not what was written: ", rows_name(was, i));
	return DONE;
}

static enum outcome compare_rows(struct registry *registry, const char *table, struct rows *is, struct rows *was)
{
	bool has = rows_next(is), had = rows_next(was);
	while (has || had) {
		int order = !has ? 1 : !had ? -1 : compare_keys(rows_value(is, 0), rows_value(was, 0));
		if (order > 0)
			return say_row(registry, table, rows_value(was, 0), "was taken out", "");
		if (order < 0)
			return say_row(registry, table, rows_value(is, 0), "was put in: no event wrote it", "");
		TRY(compare_row(registry, table, is, was));
		has = rows_next(is);
		had = rows_next(was);
	}
	return DONE;
}

static enum outcome compare_table(struct registry *registry, struct database *again, const char *table)
{
	char sql[SQL_SIZE];
	(void)snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", table);
	struct rows is = rows_start(registry->database, sql), was = rows_start(again, sql);
	enum outcome outcome = compare_rows(registry, table, &is, &was);
	enum outcome read = rows_end(&is), replayed = rows_end(&was);
	TRY(outcome);
	TRY(registry_done(registry, read, "reading the tables"));
	return registry_done(registry, replayed, "doing the events again");
}

/* Content, the rows that own it, and rows that nobody owns. */
static const struct content {
	const char *what, *owners, *strays;
	enum outcome (*digest)(struct registry *registry, int64_t owner, char out[static CONTENT_DIGEST_ROOM]);
} contents[] = {
	{ "components of set", "SELECT id, sha256 FROM component_set ORDER BY id",
	  "SELECT component_set FROM set_component WHERE NOT EXISTS (SELECT 1 FROM component_set WHERE id = component_set)",
	  content_of_set },
	{ "sightings of result", "SELECT id, sightings FROM result ORDER BY id",
	  "SELECT result FROM sighting WHERE NOT EXISTS (SELECT 1 FROM result WHERE id = result)", content_of_result },
	{ "matches of component", "SELECT component, matches FROM component_match ORDER BY component",
	  "SELECT component FROM match WHERE NOT EXISTS"
	  " (SELECT 1 FROM component_match WHERE component_match.component = match.component)", content_of_component },
	{ "questions of component", "SELECT id, questions FROM component ORDER BY id",
	  "SELECT component FROM component_question WHERE NOT EXISTS (SELECT 1 FROM component WHERE id = component)",
	  content_of_questions },
	{ "what is said by store", "SELECT id, claims FROM store WHERE id = (SELECT max(id) FROM store)",
	  "SELECT 1 FROM store_product WHERE NOT EXISTS (SELECT 1 FROM store)", content_of_store },
	{ "what is known of person", "SELECT id, digest FROM person WHERE blanked IS NULL ORDER BY id",
	  "SELECT person FROM person_private WHERE NOT EXISTS (SELECT 1 FROM person WHERE id = person AND blanked IS NULL)",
	  content_of_person },
};

static enum outcome check_owners(struct registry *registry, const struct content *content, struct rows *owners)
{
	while (rows_next(owners)) {
		char digest[CONTENT_DIGEST_ROOM];
		TRY(content->digest(registry, rows_integer(owners, 0), digest));
		if (!span_equal_text(rows_text(owners, 1), digest))
			return registry_fail(registry, MALFORMED, "%s %lld: the rows are not those that were written", content->what,
					     (long long)rows_integer(owners, 0));
	}
	return DONE;
}

static enum outcome check_content(struct registry *registry, const struct content *content)
{
	struct rows owners = rows_start(registry->database, content->owners);
	enum outcome outcome = check_owners(registry, content, &owners), read = rows_end(&owners);
	TRY(outcome);
	TRY(registry_done(registry, read, "reading content"));
	int64_t stray = database_number(registry->database, content->strays, 0);
	return stray == 0 ? DONE : registry_fail(registry, MALFORMED, "%s %lld: a row was put in", content->what, (long long)stray);
}

static enum outcome check_all(struct registry *registry, struct registry *again, struct verification *out)
{
	TRY(intact(registry, again));
	TRY(check_chain(registry, again->database, out));
	for (size_t i = 0; replay_tables[i]; i++)
		TRY(compare_table(registry, again->database, replay_tables[i]));
	for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
		TRY(check_content(registry, &contents[i]));
	return DONE;
}

enum outcome verify(struct registry *registry, struct verification *out)
{
	struct registry again;
	*out = (struct verification){ .head = EVENT_ORIGIN };
	enum outcome outcome = registry_open_memory(&again);
	if (outcome == DONE)
		outcome = check_all(registry, &again, out);
	else
		outcome = registry_fail(registry, outcome, "%s", again.error);
	registry_close(&again);
	return outcome;
}
