/*
 * The register's memory: a chain of events. An event says what happened, to what, when and by whom, and holds the
 * rows that it wrote. Its hash is the SHA-256 of a JSON array of its columns and of the hash before it, so that no
 * event can be altered, taken out or put in between without all that follow telling.
 *
 * Rows of content that is large and cannot change (which components a set has, what matched) stand in no event;
 * the row that owns them carries their digest (src/register/content.h), and that row does.
 */
#ifndef ASSAY_REGISTER_EVENT_H
#define ASSAY_REGISTER_EVENT_H

#include "base/json.h"
#include "register/registry.h"

struct field {
	const char *column;
	struct value value;
};

/* An event that is being written, within a transaction. */
struct event {
	struct registry *registry;
	const char *kind;
	struct span subject;
	struct buffer body;
	struct json json;
	enum outcome outcome; /* the first that was not DONE */
};

/* kind and subject are borrowed until event_end(). */
void event_begin(struct event *event, struct registry *registry, const char *kind, struct span subject);
/*
 * Writes a new row. The first field is the key of the table. Names of tables and columns are the program's own,
 * never input.
 */
void event_insert(struct event *event, const char *table, const struct field *fields, size_t count);
/* Changes a row: the first field is its key, the others are what changes. */
void event_update(struct event *event, const char *table, const struct field *fields, size_t count);
/* The number that it will have in the chain. */
int64_t event_number(const struct event *event);
/* Appends it to the chain; what failed meanwhile, with words in the registry. Roll back then. */
enum outcome event_end(struct event *event) MUST_CHECK;

/* Ends one that turned out to be about nothing: no row was written. What failed meanwhile, as event_end(). */
enum outcome event_cancel(struct event *event) MUST_CHECK;

enum { EVENT_HASH_ROOM = 65 };

/* The columns of an event that its hash covers. */
struct event_row {
	int64_t sequence;
	struct span at;
	int64_t person; /* 0: none */
	struct span kind, subject, body, previous;
};
/* The hash in hexadecimal. */
enum outcome event_hash(const struct event_row *row, char out[static EVENT_HASH_ROOM]) MUST_CHECK;
/* Hash before the first event. */
#define EVENT_ORIGIN "0000000000000000000000000000000000000000000000000000000000000000"

/* Writes a row, or changes one, as event_insert() and event_update() do, and tells no chain. */
enum outcome event_do_row(struct database *database, bool insert, const char *table, const struct field *fields,
			  size_t count) MUST_CHECK;

#endif
