/*
 * What product.yaml says under `vulnerabilities` (docs/vex.md), as statements: vulnerabilities.<id>.<field>, or
 * vulnerabilities.<id>.<number>.<field> where several stand in a list.
 */
#include "vuln/vex.h"

#include "vuln/vex_words.h"

/* Where a value of that name goes; NULL where there is none. */
static struct span *field_of(struct vex_statement *statement, struct span name)
{
	const struct {
		const char *name;
		struct span *field;
	} fields[] = {
		{ "justification", &statement->justification }, { "reason", &statement->reason },
		{ "action", &statement->action },   { "component", &statement->component },
		{ "version", &statement->version }, { "part", &statement->part },
		{ "product", &statement->product }, { "author", &statement->author },
		{ "issued", &statement->issued },   { "expires", &statement->expires },
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (span_equal_text(name, fields[i].name))
			return fields[i].field;
	return NULL;
}

static enum outcome set_status(struct vex_reader *reader, struct vex_statement *statement, struct span value, uint32_t line)
{
	statement->status = vex_status_named(value);
	return statement->status ? DONE : vex_fail(reader, line, "must be not affected, fixed, under review or affected: %.*s",
						   SPAN_FORMAT(value));
}

/* A sentence where a word of VEX is asked for is the reason: "the module is not built". */
static void settle_justification(struct vex_statement *statement)
{
	if (span_find_byte(statement->justification, ' ', 0) == SPAN_NOT_FOUND)
		return;
	if (statement->reason.size == 0)
		statement->reason = statement->justification;
	statement->justification = SPAN_NONE;
}

static enum outcome finish(struct vex_reader *reader, struct vex_statement *statement)
{
	if (statement->vulnerability.size == 0)
		return DONE;
	if (!statement->status)
		return vex_fail(reader, statement->line, "vulnerabilities.%.*s has no status",
				SPAN_FORMAT(statement->vulnerability));
	settle_justification(statement);
	return vex_add(reader, statement);
}

/* Whose keys these are: "CVE-2021-1234", and the number in a list where there is one. */
struct place {
	struct span id, number, field;
};

static bool is_number(struct span text)
{
	uint64_t number;
	return span_to_number(text, UINT32_MAX, &number);
}

static struct place split(struct span key)
{
	struct place place = { .id = key };
	size_t dot = span_find_byte(key, '.', 0);
	if (dot == SPAN_NOT_FOUND)
		return place;
	place.id = span_slice(key, 0, dot);
	place.field = span_from(key, dot + 1);
	size_t next = span_find_byte(place.field, '.', 0);
	if (next != SPAN_NOT_FOUND && is_number(span_slice(place.field, 0, next))) {
		place.number = span_slice(place.field, 0, next);
		place.field = span_from(place.field, next + 1);
	}
	return place;
}

static enum outcome take(struct vex_reader *reader, struct vex_statement *statement, const struct place *place,
			 struct span value, uint32_t line)
{
	if (span_equal_text(place->field, "status"))
		return set_status(reader, statement, value, line);
	if (place->field.size == 0)
		return vex_fail(reader, line, "vulnerabilities.%.*s is '%.*s': write it as { status: … }", SPAN_FORMAT(place->id),
				SPAN_FORMAT(value));
	struct span *field = field_of(statement, place->field);
	if (!field)
		return vex_fail(reader, line, "'%.*s' is nothing that vulnerabilities.%.*s says: it has status, justification, "
					      "reason, action, component, version, part, product, author, issued, expires",
				SPAN_FORMAT(place->field), SPAN_FORMAT(place->id));
	if (field == &statement->version)
		statement->ranged = line;
	if (field == &statement->part)
		statement->parted = line;
	*field = arena_copy(reader->arena, value);
	return field->data ? DONE : NO_MEMORY;
}

static bool same(const struct place *place, struct span id, struct span number)
{
	return span_equal(place->id, id) && span_equal(place->number, number);
}

enum outcome vex_declared(struct evidence *evidence, struct span name, struct arena *arena, struct span *error)
{
	sqlite3 *database = evidence_database(evidence);
	struct span maker = SPAN_NONE, number = SPAN_NONE;
	struct vex_statement statement = { 0 };
	enum outcome outcome = query_run(database, "DELETE FROM statement WHERE format = 'product.yaml'");
	struct query insert = vex_insert(database);
	struct query keys = query_start(database, "SELECT substr(key, 17), value, line, (SELECT value FROM declaration WHERE key ="
						  " 'product.vendor') FROM declaration WHERE key GLOB 'vulnerabilities.*'"
						  " ORDER BY rowid");
	struct vex_reader reader = { .arena = arena, .error = error, .document = name, .format = "product.yaml",
				     .insert = &insert, .count = query_number(database, "SELECT count(*) FROM statement") };
	while (outcome == DONE && query_next(&keys)) {
		struct place place = split(query_text(&keys, 0));
		uint32_t line = (uint32_t)query_integer(&keys, 2);
		if (maker.size == 0)
			reader.author = maker = arena_copy(arena, query_text(&keys, 3));
		if (!same(&place, statement.vulnerability, number)) {
			outcome = finish(&reader, &statement);
			number = arena_copy(arena, place.number);
			statement = (struct vex_statement){ .line = line, .vulnerability = arena_copy(arena, place.id) };
		}
		if (outcome == DONE)
			outcome = take(&reader, &statement, &place, query_text(&keys, 1), line);
	}
	if (outcome == DONE)
		outcome = finish(&reader, &statement);
	enum outcome read = query_end(&keys), written = query_end(&insert);
	return outcome != DONE ? outcome : read != DONE ? read : written;
}
