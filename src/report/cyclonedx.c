/* CycloneDX 1.6 (ECMA-424), JSON: the SBOM with its vulnerabilities. https://cyclonedx.org/docs/1.6/json/ */
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/query.h"
#include "report/cyclonedx.h"
#include "report/registry.h"
#include "report/vex.h"

static void write_serial(struct json *json, struct span sha256)
{
	char uuid[48], text[64];
	vex_uuid(sha256, uuid);
	if (!uuid[0]) /* time was up before it was known */
		return;
	(void)snprintf(text, sizeof text, "urn:uuid:%s", uuid);
	json_member_text(json, "serialNumber", text);
}

static void write_hash(struct json *json, struct span sha256)
{
	if (sha256.size == 0)
		return;
	json_key(json, "hashes");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "alg", "SHA-256");
	json_member_string(json, "content", sha256);
	json_object_close(json);
	json_array_close(json);
}

static void write_tool(struct json *json)
{
	json_key(json, "tools");
	json_object_open(json);
	json_key(json, "components");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "type", "application");
	json_member_text(json, "name", "assay");
	json_member_text(json, "version", ASSAY_VERSION);
	json_object_close(json);
	json_array_close(json);
	json_object_close(json);
}

/* The schema's limit, in characters. What is longer goes, whole, into a property: half of it would be another version. */
enum { VERSION_MAX = 1024 };

static bool fits_version(struct span version)
{
	return text_utf8_count(version) <= VERSION_MAX;
}

/* The first property opens the list; *any tells whether it is open. */
static void write_property(struct json *json, const char *name, struct span value, bool *any)
{
	json_list_element(json, "properties", any);
	json_object_open(json);
	json_member_text(json, "name", name);
	json_member_string(json, "value", value);
	json_object_close(json);
}

static void write_version(struct json *json, struct span version)
{
	bool any = false;
	if (fits_version(version))
		json_member_string(json, "version", version);
	else
		write_property(json, "assay:version", version, &any);
	json_list_close(json, any);
}

/* The files that the product was given as, where they are several. */
static enum outcome write_artifacts(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database,
					 "SELECT 'artifact-' || id, name, sha256, kind, CASE kind WHEN 'app' THEN 'application'"
					 " WHEN 'container image' THEN 'container' WHEN 'document' THEN 'file' WHEN 'sbom' THEN 'file'"
					 " ELSE 'firmware' END FROM artifact WHERE (SELECT count(*) FROM artifact) > 1 ORDER BY id");
	bool any = false;
	while (query_next(&query)) {
		bool properties = false;
		json_list_element(json, "components", &any);
		json_object_open(json);
		json_member_string(json, "type", query_text(&query, 4));
		json_member_string(json, "bom-ref", query_text(&query, 0));
		json_member_string(json, "name", query_text(&query, 1));
		if (!query_is_null(&query, 2))
			write_hash(json, query_text(&query, 2));
		write_property(json, "assay:kind", query_text(&query, 3), &properties);
		json_list_close(json, properties);
		json_object_close(json);
	}
	json_list_close(json, any);
	return query_end(&query);
}

/* The data that vulnerabilities were matched with, who vouches for it, and what is wrong with it. */
static enum outcome write_store(struct json *json, sqlite3 *database)
{
	static const char *const names[] = { "assay:store", "assay:store-date", "assay:store-sha256", "assay:store-signature",
					     "assay:store-signer", "assay:store-warning", "assay:store-less" };
	bool any = false;
	struct query row = query_start(database, "SELECT name, date, sha256, signature, signer, warning, less"
						 " FROM vulnerability_store");
	if (query_next(&row))
		for (int i = 0; i < (int)(sizeof names / sizeof *names); i++)
			if (query_text(&row, i).size > 0)
				write_property(json, names[i], query_text(&row, i), &any);
	TRY(query_end(&row));
	row = query_start(database, "SELECT name || coalesce(' ' || date, '') FROM vulnerability_feed ORDER BY rowid");
	while (query_next(&row))
		write_property(json, "assay:store-feed", query_text(&row, 0), &any);
	json_list_close(json, any);
	return query_end(&row);
}

static enum outcome write_metadata(struct json *json, sqlite3 *database, int64_t time)
{
	char date[21];
	struct query query = query_start(database,
					 "SELECT coalesce((SELECT value FROM declaration WHERE key = 'product.model'), model, title, name),"
					 " sha256, coalesce((SELECT value FROM declaration WHERE key = 'product.version'), version),"
					 " coalesce((SELECT value FROM declaration WHERE key = 'product.vendor'), vendor) FROM image");
	clock_format_utc(time, date);
	if (query_next(&query)) {
		write_serial(json, query_text(&query, 1));
		json_member_integer(json, "version", 1);
		json_key(json, "metadata");
		json_object_open(json);
		json_member_text(json, "timestamp", date);
		write_tool(json);
		json_key(json, "component");
		json_object_open(json);
		json_member_text(json, "type", "firmware");
		json_member_text(json, "bom-ref", "image");
		json_member_string(json, "name", query_text(&query, 0));
		if (!query_is_null(&query, 2))
			write_version(json, query_text(&query, 2));
		cyclonedx_text(json, "publisher", &query, 3);
		write_hash(json, query_text(&query, 1));
		TRY(write_artifacts(json, database));
		json_object_close(json);
		TRY(write_store(json, database));
		json_object_close(json);
	}
	return query_end(&query);
}

static const char *method_of(const char *witness)
{
	static const char *const methods[][2] = {
		{ "package", "manifest-analysis" }, { "banner", "binary-analysis" }, { "kernel", "binary-analysis" },
		{ "boot loader", "binary-analysis" }, { "symbol", "binary-analysis" }, { "file name", "filename" },
		{ "library name", "filename" },
	};
	for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
		if (strcmp(methods[i][0], witness) == 0)
			return methods[i][1];
	return "other";
}

/* What shows a component, and where: each method with its words once, and each place once. */
struct sights {
	struct query methods, places, parts;
};

static void write_occurrences(struct json *json, struct query *places, int64_t component)
{
	query_rewind(places);
	query_bind_integer(places, 1, component);
	json_key(json, "occurrences");
	json_array_open(json);
	while (query_next(places)) {
		json_object_open(json);
		json_member_string(json, "location", query_text(places, 0));
		json_object_close(json);
	}
	json_array_close(json);
}

/* evidence: how the component was identified, and where it was seen. */
static void write_evidence(struct json *json, struct sights *sights, int64_t component, const char *field, double confidence)
{
	query_rewind(&sights->methods);
	query_bind_integer(&sights->methods, 1, component);
	json_key(json, "evidence");
	json_object_open(json);
	json_key(json, "identity");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "field", field);
	json_key(json, "confidence");
	json_number(json, confidence, 2);
	json_key(json, "methods");
	json_array_open(json);
	while (query_next(&sights->methods)) {
		json_object_open(json);
		json_member_text(json, "technique", method_of(query_string(&sights->methods, 0)));
		json_key(json, "confidence");
		json_number(json, query_real(&sights->methods, 2) / 100, 2);
		json_member_string(json, "value", query_text(&sights->methods, 3));
		json_object_close(json);
	}
	json_array_close(json);
	json_object_close(json);
	json_array_close(json);
	write_occurrences(json, &sights->places, component);
	json_object_close(json);
}

/* Which parts of it are there, and which surely are not, by their names. */
static void write_parts(struct json *json, struct query *parts, int64_t component, bool *any)
{
	query_rewind(parts);
	query_bind_integer(parts, 1, component);
	while (query_next(parts))
		write_property(json, query_integer(parts, 0) ? "assay:parts" : "assay:parts-missing", query_text(parts, 1), any);
}

static void write_component(struct json *json, const struct query *query, struct sights *sights)
{
	json_object_open(json);
	json_member_string(json, "type", query_text(query, 4));
	cyclonedx_reference(json, "bom-ref", query_integer(query, 0));
	json_member_string(json, "name", query_text(query, 1));
	int version = !query_is_null(query, 3) ? 3 : 2;
	bool long_version = !query_is_null(query, version) && !fits_version(query_text(query, version)), any = false;
	if (!query_is_null(query, version) && !long_version)
		json_member_string(json, "version", query_text(query, version));
	if (!query_is_null(query, 7)) {
		json_key(json, "licenses");
		json_array_open(json);
		json_object_open(json);
		json_member_string(json, "expression", query_text(query, 7));
		json_object_close(json);
		json_array_close(json);
	}
	cyclonedx_text(json, "cpe", query, 6);
	cyclonedx_text(json, "purl", query, 5);
	const char *field = !query_is_null(query, 6) ? "cpe" : !query_is_null(query, 5) ? "purl" : "name";
	if (long_version)
		write_property(json, "assay:version", query_text(query, version), &any);
	write_parts(json, &sights->parts, query_integer(query, 0), &any);
	if (!query_is_null(query, 9))
		write_property(json, query_integer(query, 10) ? "assay:supported_until" : "assay:last_release",
			       query_text(query, 9), &any);
	json_list_close(json, any);
	write_evidence(json, sights, query_integer(query, 0), field, query_real(query, 8) / 100);
	json_object_close(json);
}

static enum outcome write_components(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT id, name, version, package_version, type, purl, cpe, licence, "
	       "confidence,"
						   " (SELECT until FROM support WHERE component = c.id),"
						   " (SELECT announced FROM support WHERE component = c.id)"
						   " FROM component c ORDER BY id");
	struct sights sights = {
		.methods = query_start(database, "SELECT w.method, f.path, max(w.confidence), w.detail FROM component_witness c"
						 " JOIN witness w ON w.rowid = c.witness JOIN file f ON f.id = w.file"
						 " WHERE c.component = ?1 GROUP BY w.method, f.path, w.detail"
						 " ORDER BY 3 DESC, 2, 4 LIMIT 20"),
		.places = query_start(database, "SELECT f.path FROM component_witness c JOIN witness w ON w.rowid = c.witness"
						" JOIN file f ON f.id = w.file WHERE c.component = ?1 GROUP BY f.path"
						" ORDER BY max(w.confidence) DESC, f.path LIMIT 20"),
		.parts = query_start(database, "SELECT present, group_concat(name, ' ') FROM (SELECT present, name FROM part"
					       " WHERE component = ?1 ORDER BY name) GROUP BY present ORDER BY present DESC"),
	};
	json_key(json, "components");
	json_array_open(json);
	while (query_next(&query))
		write_component(json, &query, &sights);
	json_array_close(json);
	enum outcome methods = query_end(&sights.methods), places = query_end(&sights.places), outcome = query_end(&query);
	enum outcome parts = query_end(&sights.parts);
	return methods != DONE ? methods : places != DONE ? places : parts != DONE ? parts : outcome;
}

/* The image depends on all that is in it; what depends on what inside is not known. */
static enum outcome write_dependencies(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT id FROM component ORDER BY id");
	json_key(json, "dependencies");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "ref", "image");
	json_key(json, "dependsOn");
	json_array_open(json);
	while (query_next(&query))
		cyclonedx_reference(json, NULL, query_integer(&query, 0));
	json_array_close(json);
	json_object_close(json);
	json_array_close(json);
	return query_end(&query);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	sqlite3 *database = evidence_database(evidence);
	struct json json;
	json_init(&json, out, false);
	json_object_open(&json);
	json_member_text(&json, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	json_member_text(&json, "bomFormat", "CycloneDX");
	json_member_text(&json, "specVersion", "1.6");
	TRY(write_metadata(&json, database, options->time));
	TRY(write_components(&json, database));
	TRY(write_dependencies(&json, database));
	TRY(cyclonedx_vulnerabilities(&json, database));
	json_object_close(&json);
	return json_done(&json);
}

const struct reporter reporter_cyclonedx = {
	.name = "cyclonedx",
	.option = "--sbom",
	.file_name = "sbom.cdx.json",
	.summary = "the bill of materials with vulnerabilities, CycloneDX 1.6",
	.write = write,
};
