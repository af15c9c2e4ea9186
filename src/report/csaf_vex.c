/* CSAF 2.0, profile VEX (section 4.5): https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html */
#include <stdio.h>

#include "base/json.h"
#include "report/registry.h"
#include "report/vex.h"
#include "report/views.h"

enum { WORDS_MEMORY = 16 * 1024 * 1024, ID_SIZE = 32 };

struct csaf {
	struct json *json;
	sqlite3 *database;
	struct vex_head head;
	struct arena arena, words; /* for the document; for one item */
	struct query of_status, of_id; /* rows of a vulnerability */
};

static void member_id(struct json *json, const char *key, const char *prefix, int64_t component)
{
	char id[ID_SIZE];
	(void)snprintf(id, sizeof id, "%s%lld", prefix, (long long)component);
	if (key)
		json_member_text(json, key, id);
	else
		json_text(json, id);
}

static void write_ids(struct json *json, int64_t component)
{
	json_key(json, "product_ids");
	json_array_open(json);
	member_id(json, NULL, "product:component-", component);
	json_array_close(json);
}

static void write_tracking(struct csaf *csaf)
{
	struct json *json = csaf->json;
	char uuid[48];
	vex_uuid(csaf->head.sha256, uuid);
	json_key(json, "tracking");
	json_object_open(json);
	json_member_string(json, "id", arena_format(&csaf->arena, "assay-%s", uuid[0] ? uuid : "unknown"));
	json_member_text(json, "status", "final");
	json_member_text(json, "version", "1");
	json_member_text(json, "initial_release_date", csaf->head.time);
	json_member_text(json, "current_release_date", csaf->head.time);
	json_key(json, "revision_history");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "date", csaf->head.time);
	json_member_text(json, "number", "1");
	json_member_text(json, "summary", "as assayed");
	json_object_close(json);
	json_array_close(json);
	json_key(json, "generator");
	json_object_open(json);
	json_key(json, "engine");
	json_object_open(json);
	json_member_text(json, "name", "assay");
	json_member_text(json, "version", ASSAY_VERSION);
	json_object_close(json);
	json_object_close(json);
	json_object_close(json);
}

/* Whoever reads the statements learns what is wrong with the data that they rest on. */
static void write_remarks(struct csaf *csaf)
{
	struct json *json = csaf->json;
	struct query warnings = query_start(csaf->database, VIEW_STORE_WARNINGS);
	bool any = false;
	while (query_next(&warnings)) {
		json_list_element(json, "notes", &any);
		json_object_open(json);
		json_member_text(json, "category", "general");
		json_member_string(json, "text", query_text(&warnings, 0));
		json_object_close(json);
	}
	json_list_close(json, any);
	(void)!query_end(&warnings);
}

static void write_head(struct csaf *csaf)
{
	struct json *json = csaf->json;
	json_key(json, "document");
	json_object_open(json);
	json_member_text(json, "category", "csaf_vex");
	json_member_text(json, "csaf_version", "2.0");
	write_remarks(csaf);
	json_member_string(json, "title", arena_format(&csaf->arena, "Known vulnerabilities of %.*s", SPAN_FORMAT(csaf->head.name)));
	json_key(json, "publisher");
	json_object_open(json);
	json_member_text(json, "category", csaf->head.declared ? "vendor" : "other");
	json_member_string(json, "name", csaf->head.author);
	json_member_text(json, "namespace", "urn:assay");
	json_object_close(json);
	write_tracking(csaf);
	json_object_close(json);
}

/*
 * A full_product_name_t. Other tools know it by its package URL, which has the image's digest: `hashes` would say it once more,
 * and gocsaf, with which many read, takes no document that has them.
 */
static void write_name(struct json *json, struct span name, const char *prefix, int64_t id, struct span purl)
{
	json_object_open(json);
	json_member_string(json, "name", name);
	if (id > 0)
		member_id(json, "product_id", prefix, id);
	else
		json_member_text(json, "product_id", prefix);
	json_key(json, "product_identification_helper");
	json_object_open(json);
	json_member_string(json, "purl", purl);
	json_object_close(json);
	json_object_close(json);
}

static enum outcome write_components(struct csaf *csaf, bool related)
{
	struct json *json = csaf->json;
	struct query row = query_start(csaf->database, VEX_ROWS " GROUP BY c.id ORDER BY c.id");
	for (; query_next(&row); arena_reset(&csaf->words)) {
		struct span name = arena_format(&csaf->words, "%.*s %.*s", SPAN_FORMAT(query_text(&row, VEX_NAME)),
						SPAN_FORMAT(query_text(&row, VEX_VERSION)));
		int64_t id = query_integer(&row, VEX_COMPONENT);
		if (!related) {
			write_name(json, name, "component-", id, query_text(&row, VEX_PURL));
			continue;
		}
		json_object_open(json);
		json_member_text(json, "category", "default_component_of");
		member_id(json, "product_reference", "component-", id);
		json_member_text(json, "relates_to_product_reference", "product");
		json_key(json, "full_product_name");
		write_name(json, arena_format(&csaf->words, "%.*s of %.*s", SPAN_FORMAT(name), SPAN_FORMAT(csaf->head.name)),
			   "product:component-", id, query_text(&row, VEX_PURL));
		json_object_close(json);
	}
	return query_end(&row);
}

static enum outcome write_tree(struct csaf *csaf)
{
	struct json *json = csaf->json;
	json_key(json, "product_tree");
	json_object_open(json);
	json_key(json, "full_product_names");
	json_array_open(json);
	write_name(json, csaf->head.name, "product", 0, csaf->head.purl);
	TRY(write_components(csaf, false));
	json_array_close(json);
	if (query_number(csaf->database, "SELECT count(*) FROM vulnerability") > 0) {
		json_key(json, "relationships");
		json_array_open(json);
		TRY(write_components(csaf, true));
		json_array_close(json);
	}
	json_object_close(json);
	return DONE;
}

static struct query *rows_of(struct csaf *csaf, struct span id, const char *status)
{
	struct query *rows = status ? &csaf->of_status : &csaf->of_id;
	query_rewind(rows);
	query_bind_text(rows, 1, id);
	if (status)
		query_bind_text(rows, 2, span_of_text(status));
	return rows;
}

static void write_status(struct csaf *csaf, struct span id)
{
	static const char *const lists[][2] = {
		{ "fixed", "fixed" }, { "known_affected", "affected" }, { "known_not_affected", "not affected" },
		{ "under_investigation", "under review" },
	};
	json_key(csaf->json, "product_status");
	json_object_open(csaf->json);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct query *rows = rows_of(csaf, id, lists[i][1]);
		bool any = false;
		while (query_next(rows)) {
			json_list_element(csaf->json, lists[i][0], &any);
			member_id(csaf->json, NULL, "product:component-", query_integer(rows, VEX_COMPONENT));
		}
		json_list_close(csaf->json, any);
	}
	json_object_close(csaf->json);
}

/* The lists of a vulnerability beside its status, each with items for the rows that have something to say there. */
static const struct csaf_list {
	enum list { FLAGS, NOTES, REMEDIATIONS, THREATS } list;
	const char *key, *words_key;
	const char *status; /* of the rows that it is for; NULL for all */
} csaf_lists[] = {
	{ FLAGS, "flags", "label", "not affected" },
	{ NOTES, "notes", "text", NULL },
	{ REMEDIATIONS, "remediations", "details", "affected" },
	{ THREATS, "threats", "details", NULL },
};

static struct span words_of(enum list list, const struct query *row, struct arena *arena)
{
	switch (list) {
	case FLAGS:
		return query_text(row, VEX_JUSTIFICATION);
	case NOTES:
		return vex_both(arena, row);
	case REMEDIATIONS:
		return vex_action(arena, row);
	case THREATS:
		break;
	}
	return vex_reason(row);
}

/* NULL where the list's items have none. */
static const char *category_of(enum list list, const struct query *row)
{
	if (list == REMEDIATIONS)
		return query_is_null(row, VEX_FIXED) ? "none_available" : "vendor_fix";
	return list == THREATS ? "impact" : list == NOTES ? "details" : NULL;
}

static void write_item(struct json *json, const struct csaf_list *list, const struct query *row, struct span words)
{
	const char *category = category_of(list->list, row);
	json_object_open(json);
	if (category)
		json_member_text(json, "category", category);
	json_member_string(json, list->words_key, words);
	if (list->list == NOTES)
		json_member_string(json, "title", query_text(row, VEX_NAME));
	else
		write_ids(json, query_integer(row, VEX_COMPONENT));
	json_object_close(json);
}

static void write_items(struct csaf *csaf, const struct csaf_list *list, struct span id)
{
	struct query *rows = rows_of(csaf, id, list->status);
	bool any = false;
	for (; query_next(rows); arena_reset(&csaf->words)) {
		struct span words = words_of(list->list, rows, &csaf->words);
		if (words.size == 0)
			continue;
		json_list_element(csaf->json, list->key, &any);
		write_item(csaf->json, list, rows, words);
	}
	json_list_close(csaf->json, any);
}

static enum outcome write_vulnerabilities(struct csaf *csaf)
{
	struct json *json = csaf->json;
	struct query ids = query_start(csaf->database, "SELECT DISTINCT id FROM vulnerability ORDER BY id");
	json_key(json, "vulnerabilities");
	json_array_open(json);
	while (query_next(&ids)) {
		struct span id = query_text(&ids, 0);
		json_object_open(json);
		if (span_starts_text(id, "CVE-")) {
			json_member_string(json, "cve", id);
		} else {
			json_key(json, "ids");
			json_array_open(json);
			json_object_open(json);
			json_member_text(json, "system_name", "OSV");
			json_member_string(json, "text", id);
			json_object_close(json);
			json_array_close(json);
		}
		write_status(csaf, id);
		for (size_t i = 0; i < sizeof csaf_lists / sizeof *csaf_lists; i++)
			write_items(csaf, &csaf_lists[i], id);
		json_object_close(json);
	}
	json_array_close(json);
	return query_end(&ids);
}

static enum outcome write_document(struct csaf *csaf, int64_t time)
{
	TRY(vex_head(&csaf->head, csaf->database, &csaf->arena, time));
	json_object_open(csaf->json);
	write_head(csaf);
	TRY(write_tree(csaf));
	TRY(write_vulnerabilities(csaf));
	json_object_close(csaf->json);
	return json_done(csaf->json);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	struct json json;
	struct csaf csaf = { .json = &json, .database = evidence_database(evidence) };
	json_init(&json, out, false);
	arena_init(&csaf.arena, WORDS_MEMORY);
	arena_init(&csaf.words, WORDS_MEMORY);
	csaf.of_status = query_start(csaf.database, VEX_ROWS " WHERE v.id = ?1 AND v.status = ?2 GROUP BY c.id ORDER BY c.id");
	csaf.of_id = query_start(csaf.database, VEX_ROWS " WHERE v.id = ?1 GROUP BY c.id ORDER BY c.id");
	enum outcome outcome = write_document(&csaf, options->time);
	enum outcome status = query_end(&csaf.of_status), id = query_end(&csaf.of_id);
	arena_done(&csaf.arena);
	arena_done(&csaf.words);
	return outcome != DONE ? outcome : status != DONE ? status : id;
}

const struct reporter reporter_csaf_vex = {
	.name = "csaf-vex",
	.option = "--csaf-vex",
	.file_name = "csaf-vex.json",
	.summary = "the status of every known vulnerability, CSAF 2.0",
	.write = write,
};
