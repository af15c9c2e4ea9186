/* OpenVEX 0.2.0: what is known of each match. https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md */
#include "base/json.h"
#include "report/registry.h"
#include "report/vex.h"
#include "report/views.h"
#include "vuln/vex_words.h"

enum { WORDS_MEMORY = 16 * 1024 * 1024 };

static void text_unless_empty(struct json *json, const char *key, struct span text)
{
	if (text.size > 0)
		json_member_string(json, key, text);
}

enum { FILE_DIGEST = VEX_LAST + 1 };
/* Of the file that shows the component best. */
static const char rows_sql[] = VEX_ROWS_WITH(
	", (SELECT f.sha256 FROM component_witness cw JOIN witness w ON w.rowid = cw.witness JOIN file f ON f.id = w.file"
	" WHERE cw.component = c.id AND f.path = c.path AND f.sha256 IS NOT NULL ORDER BY f.id LIMIT 1)") " ORDER BY v.id, c.id";

static void write_digest(struct json *json, struct span sha256)
{
	json_key(json, "hashes");
	json_object_open(json);
	json_member_string(json, "sha-256", sha256);
	json_object_close(json);
}

/*
 * The component with the digest of its file, as a product by itself: readers of bills of materials (grype) know no firmware
 * that components are of.
 */
static void write_build(struct json *json, const struct query *row)
{
	if (query_is_null(row, FILE_DIGEST))
		return;
	json_object_open(json);
	json_member_string(json, "@id", query_text(row, VEX_PURL));
	write_digest(json, query_text(row, FILE_DIGEST));
	json_object_close(json);
}

/* The product, and of it the component. */
static void write_product(struct json *json, const struct vex_head *head, const struct query *row)
{
	json_key(json, "products");
	json_array_open(json);
	json_object_open(json);
	json_member_string(json, "@id", head->purl);
	if (head->sha256.size > 0)
		write_digest(json, head->sha256);
	json_key(json, "subcomponents");
	json_array_open(json);
	json_object_open(json);
	json_member_string(json, "@id", query_text(row, VEX_PURL));
	if (!query_is_null(row, VEX_CPE)) {
		json_key(json, "identifiers");
		json_object_open(json);
		json_member_string(json, "cpe23", query_text(row, VEX_CPE));
		json_object_close(json);
	}
	json_object_close(json);
	json_array_close(json);
	json_object_close(json);
	write_build(json, row);
	json_array_close(json);
}

static void write_statement(struct json *json, const struct vex_head *head, const struct query *row, struct arena *arena)
{
	struct span status = query_text(row, VEX_STATUS);
	json_object_open(json);
	json_key(json, "vulnerability");
	json_object_open(json);
	json_member_string(json, "name", query_text(row, VEX_ID));
	json_object_close(json);
	write_product(json, head, row);
	json_member_text(json, "status", vex_openvex_status(status));
	if (span_equal_text(status, "not affected")) {
		text_unless_empty(json, "justification", query_text(row, VEX_JUSTIFICATION));
		text_unless_empty(json, "impact_statement", vex_reason(row));
		text_unless_empty(json, "status_notes", vex_own(arena, row));
	} else {
		text_unless_empty(json, "status_notes", vex_both(arena, row));
	}
	if (span_equal_text(status, "affected"))
		json_member_string(json, "action_statement", vex_action(arena, row));
	json_object_close(json);
}

/* Whoever reads the statements learns what is wrong with the data that they rest on. */
static struct span tooling(sqlite3 *database, struct arena *arena)
{
	struct span words = SPAN_LITERAL("assay " ASSAY_VERSION);
	struct query warnings = query_start(database, VIEW_STORE_WARNINGS);
	while (query_next(&warnings))
		words = arena_format(arena, "%.*s. %.*s", SPAN_FORMAT(words), SPAN_FORMAT(query_text(&warnings, 0)));
	return query_end(&warnings) == DONE ? words : SPAN_LITERAL("assay " ASSAY_VERSION);
}

static enum outcome write_document(struct json *json, sqlite3 *database, const struct vex_head *head, struct arena *arena)
{
	char uuid[48];
	struct query row = query_start(database, rows_sql);
	vex_uuid(head->sha256, uuid);
	json_object_open(json);
	json_member_text(json, "@context", "https://openvex.dev/ns/v0.2.0");
	json_member_string(json, "@id", arena_format(arena, "urn:uuid:%s", uuid[0] ? uuid : "00000000-0000-8000-a000-000000000000"));
	json_member_string(json, "author", head->author);
	json_member_text(json, "timestamp", head->time);
	json_member_integer(json, "version", 1);
	json_key(json, "tooling");
	json_string(json, tooling(database, arena));
	json_key(json, "statements");
	json_array_open(json);
	struct arena words;
	arena_init(&words, WORDS_MEMORY);
	for (; query_next(&row); arena_reset(&words))
		write_statement(json, head, &row, &words);
	arena_done(&words);
	json_array_close(json);
	json_object_close(json);
	TRY(query_end(&row));
	return json_done(json);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	sqlite3 *database = evidence_database(evidence);
	struct vex_head head;
	struct arena arena;
	struct json json;
	if (query_number(database, "SELECT count(*) FROM vulnerability") == 0)
		return DONE; /* its schema asks for a statement at least: there is no document that says nothing */
	arena_init(&arena, WORDS_MEMORY);
	json_init(&json, out, false);
	enum outcome outcome = vex_head(&head, database, &arena, options->time);
	if (outcome == DONE)
		outcome = write_document(&json, database, &head, &arena);
	arena_done(&arena);
	return outcome;
}

const struct reporter reporter_openvex = {
	.name = "openvex",
	.option = "--openvex",
	.file_name = "openvex.json",
	.summary = "the status of every known vulnerability, OpenVEX 0.2",
	.write = write,
};
