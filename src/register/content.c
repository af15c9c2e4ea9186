#include "register/content.h"

#include "base/digest.h"
#include "base/json.h"

enum { TEXT_CEILING = 1 << 30 };

/* All values of all rows, one after the other. */
static enum outcome write_rows(struct registry *registry, const char *sql, int64_t owner, struct json *json)
{
	struct rows rows = rows_start(registry->database, sql);
	rows_bind(&rows, 1, value_integer(owner));
	json_array_open(json);
	while (rows_next(&rows))
		for (int i = 0; i < rows_columns(&rows); i++)
			value_write(json, rows_value(&rows, i));
	json_array_close(json);
	enum outcome read = rows_end(&rows), written = json_done(json);
	return read != DONE ? read : written;
}

static enum outcome digest_rows(struct registry *registry, const char *sql, int64_t owner,
				char out[static CONTENT_DIGEST_ROOM])
{
	struct buffer text;
	struct json json;
	uint8_t digest[SHA256_SIZE];
	buffer_init(&text, TEXT_CEILING, NULL);
	json_init(&json, &text, true);
	enum outcome outcome = write_rows(registry, sql, owner, &json);
	digest_sha256(buffer_span(&text), digest);
	digest_write_hex(span_of(digest, sizeof digest), out);
	buffer_done(&text);
	return registry_done(registry, outcome, "summing up content");
}

enum outcome content_of_set(struct registry *registry, int64_t set, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT component.variant FROM set_component"
				     " JOIN component ON component.id = set_component.component"
				     " WHERE set_component.component_set = ?1 ORDER BY component.variant", set, out);
}

enum outcome content_of_result(struct registry *registry, int64_t result, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT kind, value, path FROM sighting WHERE result = ?1 ORDER BY kind, value", result,
			   out);
}

enum outcome content_of_component(struct registry *registry, int64_t component, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT vulnerability.name, status, justification, reason, fixed_in FROM match"
				     " JOIN vulnerability ON vulnerability.id = match.vulnerability WHERE component = ?1"
				     " ORDER BY vulnerability.name", component, out);
}

enum outcome content_of_questions(struct registry *registry, int64_t component, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT product FROM component_question WHERE component = ?1 ORDER BY product", component,
			   out);
}

enum outcome content_of_store(struct registry *registry, int64_t store, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT product, digest FROM store_product WHERE ?1 > 0 ORDER BY product", store, out);
}

enum outcome content_of_person(struct registry *registry, int64_t person, char out[static CONTENT_DIGEST_ROOM])
{
	return digest_rows(registry, "SELECT salt, name, email, unit, country FROM person_private WHERE person = ?1", person,
			   out);
}
