/* The JSON result: data/schema/assay-result.schema.json says what every member means. */
#include "base/clock.h"
#include "base/json.h"
#include "evidence/query.h"
#include "report/registry.h"
#include "report/views.h"

/* A column of a query as a member: NULL becomes null, and integers marked as truth become booleans. */
enum member_type { MEMBER_VALUE, MEMBER_TRUTH };

struct member {
	const char *key;
	enum member_type type;
};

static void write_value(struct json *json, const struct query *query, int column, enum member_type type)
{
	switch (sqlite3_column_type(query->statement, column)) {
	case SQLITE_NULL:
		json_null(json);
		break;
	case SQLITE_INTEGER:
		if (type == MEMBER_TRUTH)
			json_boolean(json, query_integer(query, column) != 0);
		else
			json_integer(json, query_integer(query, column));
		break;
	case SQLITE_FLOAT:
		json_number(json, query_real(query, column), 6);
		break;
	default:
		json_string(json, query_text(query, column));
	}
}

static void write_members(struct json *json, const struct query *query, const struct member *members, int count)
{
	for (int i = 0; i < count; i++) {
		json_key(json, members[i].key);
		write_value(json, query, i, members[i].type);
	}
}

/* An array of flat objects. */
static enum outcome write_objects(struct json *json, sqlite3 *database, const char *key, const char *sql,
				  const struct member *members, int count)
{
	struct query query = query_start(database, sql);
	json_key(json, key);
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		write_members(json, &query, members, count);
		json_object_close(json);
	}
	json_array_close(json);
	return query_end(&query);
}
#define COUNT(members) (int)(sizeof(members) / sizeof *(members))

/* The first row as an object, or null. */
static enum outcome write_object(struct json *json, sqlite3 *database, const char *key, const char *sql,
				 const struct member *members, int count)
{
	struct query query = query_start(database, sql);
	json_key(json, key);
	if (query_next(&query)) {
		json_object_open(json);
		write_members(json, &query, members, count);
		json_object_close(json);
	} else {
		json_null(json);
	}
	return query_end(&query);
}

static enum outcome write_image(struct json *json, sqlite3 *database, int64_t time)
{
	static const struct member image[] = { { "name", 0 }, { "size", 0 }, { "sha256", 0 }, { "kind", 0 }, { "title", 0 },
					       { "vendor", 0 }, { "model", 0 }, { "hardware", 0 }, { "version", 0 },
					       { "dated", 0 }, { "system", 0 } };
	static const struct member coverage[] = { { "understood", 0 }, { "opaque", 0 }, { "padding", 0 } };
	char date[21];
	clock_format_utc(time, date);
	json_key(json, "tool");
	json_object_open(json);
	json_member_text(json, "name", "assay");
	json_member_text(json, "version", ASSAY_VERSION);
	json_object_close(json);
	json_member_text(json, "created", date);
	struct query query = query_start(database, "SELECT name, size, sha256, kind, title, vendor, model, "
						   "hardware, version, dated, system, "
						   "1.0 * understood / max(size, 1), 1.0 * opaque / max(size, 1), "
						   "1.0 * padding / max(size, 1), opaque_content FROM image");
	if (query_next(&query)) {
		json_key(json, "image");
		json_object_open(json);
		write_members(json, &query, image, COUNT(image));
		json_object_close(json);
		json_key(json, "coverage");
		json_object_open(json);
		for (int i = 0; i < COUNT(coverage); i++) {
			json_key(json, coverage[i].key);
			json_number(json, query_real(&query, COUNT(image) + i), 6);
		}
		json_key(json, "opaque_content");
		write_value(json, &query, COUNT(image) + COUNT(coverage), 0);
		json_object_close(json);
	}
	return query_end(&query);
}

static enum outcome write_volumes(struct json *json, sqlite3 *database)
{
	static const struct member artifacts[] = { { "id", 0 }, { "parent", 0 }, { "name", 0 }, { "size", 0 }, { "sha256", 0 },
						   { "kind", 0 }, { "reason", 0 }, { "understood", 0 }, { "opaque", 0 },
						   { "padding", 0 } };
	static const struct member volumes[] = { { "id", 0 }, { "artifact", 0 }, { "parent", 0 }, { "format", 0 }, { "detail", 0 },
						 { "label", 0 }, { "offset", 0 }, { "image_offset", 0 }, { "size", 0 }, { "files", 0 },
						 { "state", 0 }, { "understood", 0 }, { "opaque", 0 }, { "padding", 0 } };
	static const struct member ranges[] = { { "artifact", 0 }, { "offset", 0 }, { "size", 0 }, { "kind", 0 }, { "label", 0 },
						{ "volume", 0 }, { "entropy", 0 }, { "opaque", 0 }, { "within", 0 } };
	TRY(write_objects(json, database, "artifacts",
			  "SELECT id, parent, name, size, sha256, kind, reason, understood, opaque, padding FROM artifact"
			  " ORDER BY id", artifacts, COUNT(artifacts)));
	TRY(write_objects(json, database, "volumes",
			  "SELECT id, artifact, parent, format, detail, label, offset, image_offset, size, files, state,"
			  " understood, opaque, padding FROM volume ORDER BY id", volumes, COUNT(volumes)));
	TRY(write_objects(json, database, "ranges",
			  "SELECT artifact, offset, size, kind, label, volume, entropy, opaque FROM range WHERE within IS NULL"
			  " ORDER BY artifact, offset", ranges, COUNT(ranges) - 1));
	return write_objects(json, database, "inner_ranges",
			     "SELECT artifact, offset, size, kind, label, volume, entropy, opaque, within FROM range"
			     " WHERE within IS NOT NULL ORDER BY within, offset", ranges, COUNT(ranges));
}

/* The witnesses of one component. */
static enum outcome write_witnesses(struct json *json, struct query *witnesses, int64_t component)
{
	static const struct member members[] = { { "method", 0 }, { "path", 0 }, { "offset", 0 }, { "line", 0 },
						 { "detail", 0 }, { "confidence", 0 } };
	query_rewind(witnesses);
	query_bind_integer(witnesses, 1, component);
	json_key(json, "evidence");
	json_array_open(json);
	while (query_next(witnesses)) {
		json_object_open(json);
		write_members(json, witnesses, members, COUNT(members));
		json_object_close(json);
	}
	json_array_close(json);
	return DONE;
}

/* Names of its parts that are there, or surely are not. */
static void write_parts(struct json *json, struct query *parts, int64_t component, bool present)
{
	query_rewind(parts);
	query_bind_integer(parts, 1, component);
	query_bind_integer(parts, 2, present);
	json_key(json, present ? "parts" : "missing_parts");
	json_array_open(json);
	while (query_next(parts))
		json_string(json, query_text(parts, 0));
	json_array_close(json);
}

static enum outcome write_components(struct json *json, sqlite3 *database)
{
	static const struct member members[] = { { "name", 0 }, { "version", 0 }, { "package_version", 0 }, { "type", 0 },
						 { "purl", 0 }, { "cpe", 0 }, { "licence", 0 }, { "confidence", 0 },
						 { "path", 0 }, { "supported_until", 0 }, { "last_release", 0 } };
	struct query query = query_start(database,
					 "SELECT name, version, package_version, type, purl, cpe, licence, confidence, path,"
					 " (SELECT until FROM support WHERE component = c.id AND announced),"
					 " (SELECT until FROM support WHERE component = c.id AND NOT announced), id"
					 " FROM component c ORDER BY id");
	struct query witnesses = query_start(database,
					     "SELECT w.method, f.path, w.offset, w.line, w.detail, w.confidence"
					     " FROM component_witness c JOIN witness w ON w.rowid = c.witness"
					     " JOIN file f ON f.id = w.file WHERE c.component = ?1"
					     " ORDER BY w.confidence DESC, w.rowid");
	struct query parts = query_start(database, "SELECT name FROM part WHERE component = ?1 AND present = ?2 ORDER BY name");
	json_key(json, "components");
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		write_members(json, &query, members, COUNT(members));
		TRY(write_witnesses(json, &witnesses, query_integer(&query, COUNT(members))));
		write_parts(json, &parts, query_integer(&query, COUNT(members)), true);
		write_parts(json, &parts, query_integer(&query, COUNT(members)), false);
		json_object_close(json);
	}
	json_array_close(json);
	TRY(query_end(&parts));
	TRY(query_end(&witnesses));
	return query_end(&query);
}

static enum outcome write_vulnerabilities(struct json *json, sqlite3 *database)
{
	static const struct member store[] = { { "date", 0 }, { "name", 0 }, { "vulnerabilities", 0 }, { "old", MEMBER_TRUTH },
					       { "sha256", 0 }, { "signature", 0 }, { "signer", 0 }, { "warning", 0 },
					       { "less", 0 } };
	static const struct member feeds[] = { { "name", 0 }, { "date", 0 }, { "records", 0 }, { "old", MEMBER_TRUTH } };
	static const struct member members[] = { { "id", 0 }, { "component", 0 }, { "version", 0 }, { "severity", 0 },
						 { "cvss", 0 }, { "cvss_version", 0 }, { "vector", 0 }, { "epss", 0 },
						 { "known_exploited", MEMBER_TRUTH }, { "weakness", 0 },
						 { "fixed_in", 0 }, { "last_affected", 0 }, { "status", 0 }, { "reason", 0 }, { "source", 0 },
						 { "exploited_since", 0 }, { "reachable", 0 }, { "ssvc", 0 },
						 { "justification", 0 }, { "question", 0 }, { "part", 0 }, { "own_status", 0 } };
	static const struct member statements[] = { { "author", 0 }, { "format", 0 }, { "document", 0 }, { "line", 0 },
						    { "vulnerability", 0 }, { "product", 0 }, { "component", 0 },
						    { "version", 0 }, { "part", 0 }, { "status", 0 }, { "justification", 0 },
						    { "reason", 0 }, { "action", 0 }, { "issued", 0 }, { "expires", 0 },
						    { "applied", MEMBER_TRUTH }, { "stopped", MEMBER_TRUTH }, { "unmet", MEMBER_TRUTH },
						    { "why", 0 } };
	TRY(write_object(json, database, "vulnerability_store",
			 "SELECT date, name, vulnerabilities, old, sha256, signature, signer, warning, less"
			 " FROM vulnerability_store", store, COUNT(store)));
	TRY(write_objects(json, database, "vulnerability_feeds",
			  "SELECT name, date, records, old FROM vulnerability_feed ORDER BY rowid", feeds, COUNT(feeds)));
	TRY(write_objects(json, database, "statements",
			  "SELECT author, format, document, line, vulnerability, product, component, version, part, status,"
			  " justification, reason, action, issued, expires, applied, stopped, unmet, why FROM statement ORDER BY rowid",
			  statements, COUNT(statements)));
	return write_objects(json, database, "vulnerabilities",
			     VIEW_REACHED
			     "SELECT v.id, c.name, c.version, v.severity, v.cvss, v.cvss_version, v.vector, v.epss,"
			     " v.known_exploited, v.weakness, v.fixed_in, v.last_affected, v.status, v.reason, v.source, v.exploited_since,"
			     " nullif(" VIEW_REACHABLE ", ''), " VIEW_SSVC ", v.justification, v.question, v.part, v.own_status"
			     " FROM vulnerability v JOIN component c ON c.id = v.component ORDER BY " VIEW_URGENCY ", c.id",
			     members, COUNT(members));
}

/* Rows of another table that stand with a requirement. */
static void write_rows_of(struct json *json, const char *key, struct query *rows, const struct query *requirement,
			  const struct member *members, int count)
{
	query_rewind(rows);
	query_bind_text(rows, 1, query_text(requirement, 0));
	query_bind_text(rows, 2, query_text(requirement, 1));
	json_key(json, key);
	json_array_open(json);
	while (query_next(rows)) {
		json_object_open(json);
		write_members(json, rows, members, count);
		json_object_close(json);
	}
	json_array_close(json);
}

static enum outcome write_requirements(struct json *json, sqlite3 *database)
{
	static const struct member catalogs[] = { { "id", 0 }, { "title", 0 }, { "publisher", 0 }, { "version", 0 } };
	static const struct member members[] = { { "catalog", 0 }, { "id", 0 }, { "title", 0 }, { "level", 0 },
						 { "verdict", 0 }, { "reason", 0 }, { "declaration", 0 },
						 { "contradicted", MEMBER_TRUTH } };
	static const struct member evidence[] = { { "role", 0 }, { "rule", 0 }, { "path", 0 }, { "line", 0 }, { "detail", 0 } };
	static const struct member mappings[] = { { "publication", 0 }, { "reference", 0 } };
	TRY(write_objects(json, database, "catalogs", "SELECT id, title, publisher, version FROM catalog ORDER BY id", catalogs,
			  COUNT(catalogs)));
	struct query query = query_start(database,
					 "SELECT r.catalog, r.id, r.title, r.level, v.verdict, v.reason, v.declaration,"
					 " v.contradicted FROM requirement r JOIN verdict v ON v.catalog = r.catalog"
					 " AND v.requirement = r.id ORDER BY v.contradicted DESC, r.catalog, r.ordinal");
	struct query rows = query_start(database, "SELECT role, rule, path, line, detail FROM verdict_evidence"
						  " WHERE catalog = ?1 AND requirement = ?2 ORDER BY rowid");
	struct query maps = query_start(database, "SELECT publication, reference FROM requirement_mapping"
						  " WHERE catalog = ?1 AND requirement = ?2 ORDER BY rowid");
	json_key(json, "requirements");
	json_array_open(json);
	while (query_next(&query)) {
		json_object_open(json);
		write_members(json, &query, members, COUNT(members));
		write_rows_of(json, "evidence", &rows, &query, evidence, COUNT(evidence));
		write_rows_of(json, "mappings", &maps, &query, mappings, COUNT(mappings));
		json_object_close(json);
	}
	json_array_close(json);
	enum outcome ended_rows = query_end(&rows), ended_maps = query_end(&maps), ended = query_end(&query);
	TRY(ended_rows);
	TRY(ended_maps);
	return ended;
}

static enum outcome write_grade(struct json *json, sqlite3 *database)
{
	static const struct member members[] = { { "kind", 0 }, { "level", 0 }, { "text", 0 }, { "requirement", 0 } };
	struct query query = query_start(database, "SELECT level, ceiling FROM grade");
	enum outcome outcome = DONE;
	json_key(json, "grade");
	if (query_next(&query)) {
		json_object_open(json);
		json_member_integer(json, "level", query_integer(&query, 0));
		json_member_integer(json, "ceiling", query_integer(&query, 1));
		outcome = write_objects(json, database, "reasons",
					"SELECT kind, level, text, requirement FROM grade_reason ORDER BY ordinal", members,
					COUNT(members));
		json_object_close(json);
	} else {
		json_null(json);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

static enum outcome write_services(struct json *json, sqlite3 *database)
{
	static const struct member members[] = {
		{ "name", 0 },	  { "program", 0 },	   { "arguments", 0 }, { "protocol", 0 },
		{ "port", 0 },	  { "port_source", 0 },	   { "user", 0 },      { "listens", MEMBER_TRUTH },
		{ "starter", 0 }, { "enabled", MEMBER_TRUTH }, { "program_present", MEMBER_TRUTH },
		{ "path", 0 },	  { "line", 0 },	   { "offset", 0 },    { "why", 0 },
	};
	return write_objects(json, database, "services",
			     "SELECT s.name, s.program, s.arguments, s.protocol, s.port, s.port_source, s.user, s.listens,"
			     " s.starter, s.enabled, s.program_present, f.path, s.line, s.offset, s.why FROM service s"
			     " JOIN file f ON f.id = s.file ORDER BY s.listens IS NOT 1, s.enabled IS NOT 1, s.name, f.path,"
			     " s.line, s.rowid", members, COUNT(members));
}

static enum outcome write_result(struct json *json, sqlite3 *database, int64_t time)
{
	static const struct member findings[] = { { "rule", 0 }, { "title", 0 }, { "severity", 0 }, { "path", 0 },
						  { "line", 0 }, { "detail", 0 }, { "advice", 0 } };
	static const struct member notes[] = { { "severity", 0 }, { "code", 0 }, { "message", 0 }, { "path", 0 },
					       { "offset", 0 } };
	static const struct member device[] = { { "kind", 0 }, { "words", 0 }, { "judged", MEMBER_TRUTH }, { "unread", 0 } };
	static const struct member incomplete[] = { { "path", 0 }, { "missing", 0 }, { "cause", 0 }, { "amount", 0 },
						    { "offset", 0 }, { "code", 0 }, { "detail", 0 } };
	json_object_open(json);
	TRY(write_image(json, database, time));
	TRY(write_object(json, database, "device", "SELECT kind, words, judged, unread FROM device", device, COUNT(device)));
	TRY(write_grade(json, database));
	TRY(write_objects(json, database, "findings",
			  "SELECT rule, title, severity, path, line, detail, advice FROM finding ORDER BY CASE severity"
			  " WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END, rule, path, line, detail",
			  findings, COUNT(findings)));
	TRY(write_requirements(json, database));
	TRY(write_services(json, database));
	TRY(write_components(json, database));
	TRY(write_vulnerabilities(json, database));
	TRY(write_volumes(json, database));
	TRY(write_objects(json, database, "incomplete",
			  "SELECT path, missing, cause, amount, offset, code, detail FROM incomplete ORDER BY rowid", incomplete,
			  COUNT(incomplete)));
	TRY(write_objects(json, database, "notes", "SELECT severity, code, message, path, offset FROM note ORDER BY rowid",
			  notes, COUNT(notes)));
	json_object_close(json);
	return json_done(json);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	struct json json;
	json_init(&json, out, false);
	return write_result(&json, evidence_database(evidence), options->time);
}

const struct reporter reporter_json = {
	.name = "json",
	.option = "--json",
	.file_name = "assay.json",
	.summary = "the whole result for programs",
	.write = write,
};
