/* SARIF 2.1.0 (OASIS): findings and exploited vulnerabilities as results for code-scanning tools. */
#include "base/json.h"
#include "evidence/query.h"
#include "report/registry.h"

static const char *level_of(struct span severity)
{
	if (span_equal_text(severity, "critical") || span_equal_text(severity, "high"))
		return "error";
	return span_equal_text(severity, "medium") ? "warning" : "note";
}

/* GitHub's scale for sorting security results. */
static const char *score_of(struct span severity)
{
	static const char *const scores[][2] = { { "critical", "9.5" }, { "high", "8.0" }, { "medium", "5.5" } };
	for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
		if (span_equal_text(severity, scores[i][0]))
			return scores[i][1];
	return "2.0";
}

static void write_message(struct json *json, const char *key, struct span text)
{
	json_key(json, key);
	json_object_open(json);
	json_member_string(json, "text", text);
	json_object_close(json);
}

/* One rule for each that found something, and one for vulnerable components. */
static const char rules_sql[] =
	"SELECT rule, title, severity, max(advice) FROM finding GROUP BY rule, title, severity"
	" UNION ALL SELECT 'known-vulnerability', 'A component has a vulnerability that is known to be exploited', 'critical',"
	" 'Update the component, or state in product.yaml why it does not apply.'"
	" WHERE EXISTS (SELECT 1 FROM vulnerability WHERE known_exploited = 1 AND status IN ('affected', 'under review'))"
	" ORDER BY 1";

static enum outcome write_driver(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database, rules_sql);
	json_key(json, "tool");
	json_object_open(json);
	json_key(json, "driver");
	json_object_open(json);
	json_member_text(json, "name", "assay");
	json_member_text(json, "version", ASSAY_VERSION);
	json_key(json, "rules");
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		json_member_string(json, "id", query_text(&query, 0));
		write_message(json, "shortDescription", query_text(&query, 1));
		if (!query_is_null(&query, 3))
			write_message(json, "help", query_text(&query, 3));
		json_key(json, "properties");
		json_object_open(json);
		json_member_text(json, "security-severity", score_of(query_text(&query, 2)));
		json_object_close(json);
		json_object_close(json);
	}
	json_array_close(json);
	json_object_close(json);
	json_object_close(json);
	return query_end(&query);
}

/* RFC 3986: what is no unreserved character or '/' is written as %XX. */
static void write_uri(struct json *json, struct arena *arena, struct span path)
{
	static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/@!";
	struct buffer uri;
	buffer_init(&uri, 64 * 1024, NULL);
	enum outcome outcome = DONE;
	while (span_byte(path, 0) == '/')
		path = span_from(path, 1);
	for (size_t i = 0; i < path.size && outcome == DONE; i++) {
		uint8_t byte = span_byte(path, i);
		bool plain = byte != 0 && strchr(unreserved, byte);
		outcome = buffer_append(&uri, plain ? span_slice(path, i, 1) : arena_format(arena, "%%%02X", byte));
	}
	json_member_string(json, "uri", buffer_span(&uri));
	buffer_done(&uri);
}

static void write_location(struct json *json, struct arena *arena, struct span path, int64_t line)
{
	json_key(json, "locations");
	json_array_open(json);
	json_object_open(json);
	json_key(json, "physicalLocation");
	json_object_open(json);
	json_key(json, "artifactLocation");
	json_object_open(json);
	write_uri(json, arena, path);
	json_member_text(json, "uriBaseId", "IMAGE");
	json_object_close(json);
	if (line > 0) {
		json_key(json, "region");
		json_object_open(json);
		json_member_integer(json, "startLine", line);
		json_object_close(json);
	}
	json_object_close(json);
	json_object_close(json);
	json_array_close(json);
}

/* The files that the product was given as. */
static enum outcome write_artifacts(struct json *json, struct arena *arena, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT name, size, sha256, kind FROM artifact ORDER BY id");
	json_key(json, "artifacts");
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		json_key(json, "location");
		json_object_open(json);
		write_uri(json, arena, query_text(&query, 0));
		json_object_close(json);
		json_member_integer(json, "length", query_integer(&query, 1));
		if (!query_is_null(&query, 2)) {
			json_key(json, "hashes");
			json_object_open(json);
			json_member_string(json, "sha-256", query_text(&query, 2));
			json_object_close(json);
		}
		json_key(json, "description");
		json_object_open(json);
		json_member_string(json, "text", query_text(&query, 3));
		json_object_close(json);
		json_object_close(json);
	}
	json_array_close(json);
	return query_end(&query);
}

/* Exploited vulnerabilities that apply fail; those under review are told as what a person has to decide. */
static const char results_sql[] =
	"SELECT rule, severity, detail, path, line, review FROM (SELECT rule, severity, detail, path, line, 0 AS review"
	" FROM finding UNION ALL SELECT 'known-vulnerability', 'critical', v.id || ' in ' || c.name || ' ' ||"
	" coalesce(c.version, '') || ' is exploited in the wild' || CASE v.status WHEN 'affected' THEN ': ' ELSE"
	" '; whether it applies is under review: ' END || v.reason, c.path, NULL, v.status <> 'affected' FROM vulnerability v"
	" JOIN component c ON c.id = v.component WHERE v.known_exploited = 1 AND v.status IN ('affected', 'under review'))"
	" ORDER BY 1, 4, 5, 3";

static enum outcome write_results(struct json *json, struct arena *arena, sqlite3 *database)
{
	struct query query = query_start(database, results_sql);
	struct span image = SPAN_LITERAL("image");
	struct query name = query_start(database, "SELECT name FROM image");
	if (query_next(&name))
		image = arena_copy(arena, query_text(&name, 0));
	TRY(query_end(&name));
	json_key(json, "results");
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		json_member_string(json, "ruleId", query_text(&query, 0));
		bool review = query_integer(&query, 5) != 0;
		if (review) /* of a result that does not fail, the level is none (SARIF 2.1.0, 3.27.10) */
			json_member_text(json, "kind", "review");
		json_member_text(json, "level", review ? "none" : level_of(query_text(&query, 1)));
		write_message(json, "message", query_text(&query, 2));
		write_location(json, arena, query_is_null(&query, 3) ? image : query_text(&query, 3),
			       query_integer(&query, 4));
		json_object_close(json);
	}
	json_array_close(json);
	return query_end(&query);
}

/* What it is, whether it was judged, and what was not read: without them few results look like a good one. */
static enum outcome write_device(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT words, judged, unread, (SELECT warning FROM vulnerability_store),"
							 " (SELECT less FROM vulnerability_store) FROM device");
	if (query_next(&query)) {
		json_key(json, "properties");
		json_object_open(json);
		json_member_text(json, "device", query_string(&query, 0));
		json_key(json, "judged");
		json_boolean(json, query_integer(&query, 1) != 0);
		if (!query_is_null(&query, 2))
			json_member_text(json, "unread", query_string(&query, 2));
		for (int column = 3; column <= 4; column++)
			if (!query_is_null(&query, column))
				json_member_text(json, column == 3 ? "store_warning" : "store_less", query_string(&query, column));
		json_object_close(json);
	}
	return query_end(&query);
}

static enum outcome write_log(struct json *json, struct arena *arena, sqlite3 *database)
{
	json_object_open(json);
	json_member_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	json_member_text(json, "version", "2.1.0");
	json_key(json, "runs");
	json_array_open(json);
	json_object_open(json);
	TRY(write_driver(json, database));
	json_member_text(json, "columnKind", "utf16CodeUnits");
	TRY(write_artifacts(json, arena, database));
	TRY(write_results(json, arena, database));
	TRY(write_device(json, database));
	json_object_close(json);
	json_array_close(json);
	json_object_close(json);
	return json_done(json);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	struct arena arena;
	struct json json;
	(void)options;
	arena_init(&arena, 64 * 1024 * 1024);
	json_init(&json, out, false);
	enum outcome outcome = write_log(&json, &arena, evidence_database(evidence));
	arena_done(&arena);
	return outcome;
}

const struct reporter reporter_sarif = {
	.name = "sarif",
	.option = "--sarif",
	.file_name = "assay.sarif",
	.summary = "findings for code-scanning tools, SARIF 2.1.0",
	.write = write,
};
