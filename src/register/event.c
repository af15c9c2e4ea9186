#include "register/event.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/digest.h"

enum { BODY_CEILING = 256 << 20, SQL_CEILING = 1 << 16 };

void event_begin(struct event *event, struct registry *registry, const char *kind, struct span subject)
{
	*event = (struct event){ .registry = registry, .kind = kind, .subject = subject };
	buffer_init(&event->body, BODY_CEILING, NULL);
	json_init(&event->json, &event->body, true);
	json_array_open(&event->json);
}

static void write_row(struct event *event, const char *how, const char *table, const struct field *fields, size_t count)
{
	json_object_open(&event->json);
	json_member_text(&event->json, how, table);
	json_key(&event->json, "row");
	json_object_open(&event->json);
	for (size_t i = 0; i < count; i++)
		value_write_member(&event->json, fields[i].column, fields[i].value);
	json_object_close(&event->json);
	json_object_close(&event->json);
}

static void add(struct buffer *sql, const char *text, enum outcome *outcome)
{
	if (*outcome == DONE)
		*outcome = buffer_append(sql, span_of_text(text));
}

static void add_parameter(struct buffer *sql, size_t number, enum outcome *outcome)
{
	char text[24];
	(void)snprintf(text, sizeof text, "?%zu", number);
	add(sql, text, outcome);
}

static enum outcome insert_statement(struct buffer *sql, const char *table, const struct field *fields, size_t count)
{
	enum outcome outcome = DONE;
	add(sql, "INSERT INTO ", &outcome);
	add(sql, table, &outcome);
	for (size_t i = 0; i < count; i++) {
		add(sql, i ? ", " : " (", &outcome);
		add(sql, fields[i].column, &outcome);
	}
	for (size_t i = 0; i < count; i++) {
		add(sql, i ? ", " : ") VALUES (", &outcome);
		add_parameter(sql, i + 1, &outcome);
	}
	add(sql, ")", &outcome);
	return outcome;
}

static enum outcome update_statement(struct buffer *sql, const char *table, const struct field *fields, size_t count)
{
	enum outcome outcome = count > 1 ? DONE : MALFORMED;
	add(sql, "UPDATE ", &outcome);
	add(sql, table, &outcome);
	for (size_t i = 1; i < count; i++) {
		add(sql, i > 1 ? ", " : " SET ", &outcome);
		add(sql, fields[i].column, &outcome);
		add(sql, " = ", &outcome);
		add_parameter(sql, i + 1, &outcome);
	}
	add(sql, " WHERE ", &outcome);
	add(sql, fields[0].column, &outcome);
	add(sql, " = ?1", &outcome);
	return outcome;
}

static enum outcome run(struct database *database, const char *sql, const struct field *fields, size_t count)
{
	struct rows rows = rows_start(database, sql);
	for (size_t i = 0; i < count; i++)
		rows_bind(&rows, (int)i + 1, fields[i].value);
	(void)rows_next(&rows);
	return rows_end(&rows);
}

enum outcome event_do_row(struct database *database, bool insert, const char *table, const struct field *fields,
			  size_t count)
{
	struct buffer sql;
	if (count > ROWS_PARAMETERS_MAX)
		return MALFORMED;
	buffer_init(&sql, SQL_CEILING, NULL);
	enum outcome outcome = insert ? insert_statement(&sql, table, fields, count)
				      : update_statement(&sql, table, fields, count);
	if (outcome == DONE)
		outcome = buffer_append_zeros(&sql, 1);
	if (outcome == DONE)
		outcome = run(database, (const char *)sql.data, fields, count);
	buffer_done(&sql);
	return outcome;
}

void event_insert(struct event *event, const char *table, const struct field *fields, size_t count)
{
	if (event->outcome != DONE)
		return;
	write_row(event, "insert", table, fields, count);
	event->outcome = event_do_row(event->registry->database, true, table, fields, count);
}

void event_update(struct event *event, const char *table, const struct field *fields, size_t count)
{
	if (event->outcome != DONE)
		return;
	write_row(event, "update", table, fields, count);
	event->outcome = event_do_row(event->registry->database, false, table, fields, count);
}

int64_t event_number(const struct event *event)
{
	return database_number(event->registry->database, "SELECT coalesce(max(sequence), 0) + 1 FROM event", 0);
}

enum outcome event_hash(const struct event_row *row, char out[static EVENT_HASH_ROOM])
{
	struct buffer text;
	struct json json;
	uint8_t digest[SHA256_SIZE];
	buffer_init(&text, (size_t)BODY_CEILING * 2, NULL);
	json_init(&json, &text, true);
	json_array_open(&json);
	json_text(&json, "assay event 1");
	json_string(&json, row->previous);
	json_integer(&json, row->sequence);
	json_string(&json, row->at);
	json_integer(&json, row->person);
	json_string(&json, row->kind);
	json_string(&json, row->subject);
	json_string(&json, row->body);
	json_array_close(&json);
	enum outcome outcome = json_done(&json);
	if (outcome == DONE) {
		digest_sha256(buffer_span(&text), digest);
		digest_write_hex(span_of(digest, sizeof digest), out);
	}
	buffer_done(&text);
	return outcome;
}

/* Sequence and hash of the last event. */
static enum outcome last_event(struct registry *registry, int64_t *sequence, char hash[static EVENT_HASH_ROOM])
{
	struct rows rows = rows_start(registry->database, "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1");
	*sequence = 0;
	(void)snprintf(hash, EVENT_HASH_ROOM, "%s", EVENT_ORIGIN);
	if (rows_next(&rows)) {
		*sequence = rows_integer(&rows, 0);
		(void)snprintf(hash, EVENT_HASH_ROOM, "%.*s", SPAN_FORMAT(rows_text(&rows, 1)));
	}
	return rows_end(&rows);
}

static enum outcome append_event(const struct event *event, struct span body)
{
	struct registry *registry = event->registry;
	char previous[EVENT_HASH_ROOM], hash[EVENT_HASH_ROOM], at[21];
	struct event_row row = {
		.person = registry->person, .kind = span_of_text(event->kind), .subject = event->subject, .body = body,
	};
	TRY(last_event(registry, &row.sequence, previous));
	clock_format_utc(clock_report_time(), at);
	row.sequence++;
	row.at = span_of_text(at);
	row.previous = span_of_text(previous);
	TRY(event_hash(&row, hash));
	const struct value values[] = {
		value_integer(row.sequence), value_text(row.at), row.person ? value_integer(row.person) : VALUE_NONE,
		value_text(row.kind), value_text(row.subject), value_text(body), value_text(row.previous), value_word(hash),
	};
	return database_run(registry->database, "INSERT INTO event (sequence, at, person, kind, subject, body, previous, hash)"
						" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", values, 8);
}

enum outcome event_end(struct event *event)
{
	json_array_close(&event->json);
	enum outcome written = json_done(&event->json), outcome = event->outcome != DONE ? event->outcome : written;
	if (outcome == DONE)
		outcome = append_event(event, span_trim(buffer_span(&event->body)));
	buffer_done(&event->body);
	return registry_done(event->registry, outcome, event->kind);
}

enum outcome event_cancel(struct event *event)
{
	buffer_done(&event->body);
	return registry_done(event->registry, event->outcome, event->kind);
}
