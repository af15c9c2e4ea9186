/*
 * CSAF 2.0, profile security advisory (section 4.4): https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html
 * Every version that was ever shipped stands in its tree, with the digests of its files.
 */
#include <stdlib.h>

#include "assay/assay.h"
#include "base/clock.h"
#include "base/json.h"
#include "register/case_output.h"
#include "register/case_state.h"

/* A version, by its number in the register: it keeps its id from one advisory to the next. */
struct item {
	const struct place *place;
	int64_t version;
};

struct advisory {
	struct registry *registry;
	const struct case_file *file;
	const struct case_values *values;
	struct arena *arena;
	struct json *json;
	struct item *items; /* by product, then version */
	size_t count;
};

static int by_product(const void *left, const void *right)
{
	const struct place *a = ((const struct item *)left)->place, *b = ((const struct item *)right)->place;
	int order = span_compare(a->product, b->product);
	return order ? order : span_compare(a->version, b->version);
}

static struct rows rows_of(struct registry *registry, const char *sql, const struct place *place)
{
	struct rows rows = rows_start(registry->database, sql);
	rows_bind(&rows, 1, value_text(place->product));
	rows_bind(&rows, 2, value_text(place->version));
	return rows;
}

static enum outcome collect(struct advisory *advisory)
{
	const struct places *places = &advisory->values->places;
	advisory->items = ARENA_NEW(advisory->arena, struct item, places->count);
	if (!advisory->items)
		return NO_MEMORY;
	for (size_t i = 0; i < places->count; i++) {
		struct rows rows = rows_of(advisory->registry,
			"SELECT version.id FROM version JOIN product ON product.id = version.product"
			" WHERE product.name = ?1 AND version.name = ?2", &places->all[i]);
		int64_t version = rows_next(&rows) ? rows_integer(&rows, 0) : 0;
		TRY(registry_done(advisory->registry, rows_end(&rows), "writing an advisory"));
		advisory->items[advisory->count++] = (struct item){ &places->all[i], version };
	}
	qsort(advisory->items, advisory->count, sizeof *advisory->items, by_product);
	return DONE;
}

static void write_id(const struct advisory *advisory, const struct item *item)
{
	json_string(advisory->json, arena_format(advisory->arena, "version-%lld", (long long)item->version));
}

/* An array of one product id. */
static void write_ids(const struct advisory *advisory, const struct item *item)
{
	json_key(advisory->json, "product_ids");
	json_array_open(advisory->json);
	write_id(advisory, item);
	json_array_close(advisory->json);
}

static bool is_disclosed(const struct case_file *file)
{
	enum case_state state = case_state_named(file->state);
	return state == CASE_DISCLOSED || state == CASE_CLOSED;
}

static void write_tracking(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	char now[21];
	clock_format_utc(clock_report_time(), now);
	json_key(json, "tracking");
	json_object_open(json);
	json_member_string(json, "id", arena_format(advisory->arena, "case-%lld", (long long)advisory->file->number));
	json_member_text(json, "status", is_disclosed(advisory->file) ? "final" : "draft");
	json_member_text(json, "version", "1");
	json_member_text(json, "initial_release_date", now);
	json_member_text(json, "current_release_date", now);
	json_key(json, "revision_history");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "date", now);
	json_member_text(json, "number", "1");
	json_member_text(json, "summary", "as the register is");
	json_object_close(json);
	json_array_close(json);
	json_key(json, "generator");
	json_object_open(json);
	json_key(json, "engine");
	json_object_open(json);
	json_member_text(json, "name", "assay");
	json_member_text(json, "version", assay_version());
	json_object_close(json);
	json_object_close(json);
	json_object_close(json);
}

static struct span or_else(struct span text, const char *otherwise)
{
	return text.size > 0 ? text : span_of_text(otherwise);
}

/* Named only where they wish it. */
static void write_credit(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	if (advisory->file->reporter.size == 0 || !span_equal_text(advisory->file->credit, "name"))
		return;
	json_key(json, "acknowledgments");
	json_array_open(json);
	json_object_open(json);
	json_key(json, "names");
	json_array_open(json);
	json_string(json, advisory->file->reporter);
	json_array_close(json);
	json_object_close(json);
	json_array_close(json);
}

static void write_document(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	const struct span *all = advisory->values->all;
	json_key(json, "document");
	json_object_open(json);
	write_credit(advisory);
	json_member_text(json, "category", "csaf_security_advisory");
	json_member_text(json, "csaf_version", "2.0");
	json_key(json, "distribution");
	json_object_open(json);
	json_key(json, "tlp");
	json_object_open(json);
	json_member_text(json, "label", is_disclosed(advisory->file) ? "WHITE" : "AMBER");
	json_object_close(json);
	json_object_close(json);
	json_member_text(json, "lang", "en");
	json_key(json, "notes");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "category", "summary");
	json_member_string(json, "text", all[FIELD_DESCRIPTION].size > 0 ? all[FIELD_DESCRIPTION]
					 : advisory->file->title);
	json_object_close(json);
	json_array_close(json);
	json_key(json, "publisher");
	json_object_open(json);
	json_member_text(json, "category", "vendor");
	json_member_string(json, "name", or_else(all[FIELD_MANUFACTURER], "not named"));
	json_member_string(json, "namespace", or_else(all[FIELD_PUBLISHER_URL], "urn:assay"));
	json_object_close(json);
	json_member_string(json, "title", advisory->file->title);
	write_tracking(advisory);
	json_object_close(json);
}

static void branch_open(struct json *json, const char *category, struct span name)
{
	json_object_open(json);
	json_member_text(json, "category", category);
	json_member_string(json, "name", name);
}

static void write_hash(struct json *json, struct span name, struct span sha256)
{
	json_object_open(json);
	json_key(json, "file_hashes");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "algorithm", "sha256");
	json_member_string(json, "value", sha256);
	json_object_close(json);
	json_array_close(json);
	json_member_string(json, "filename", name);
	json_object_close(json);
}

static enum outcome write_hashes(const struct advisory *advisory, const struct item *item)
{
	bool any = false;
	struct rows rows = rows_of(advisory->registry,
		"SELECT artifact.name, artifact.sha256 FROM artifact JOIN version ON version.id = artifact.version"
		" JOIN product ON product.id = version.product WHERE product.name = ?1 AND version.name = ?2"
		" ORDER BY artifact.name, artifact.sha256", item->place);
	while (rows_next(&rows)) {
		if (!any)
			json_key(advisory->json, "product_identification_helper"), json_object_open(advisory->json);
		json_list_element(advisory->json, "hashes", &any);
		write_hash(advisory->json, rows_text(&rows, 0), rows_text(&rows, 1));
	}
	json_list_close(advisory->json, any);
	if (any)
		json_object_close(advisory->json);
	return registry_done(advisory->registry, rows_end(&rows), "writing an advisory");
}

/* No version may be called by what could be a range of them (6.1.31); such a one is called by its whole name. */
static bool could_be_range(struct arena *arena, struct span version)
{
	static const char *const parts[] = { "<", ">", "after", "all", "before", "earlier", "later", "prior", "versions" };
	struct span small = arena_small_letters(arena, version);
	bool could = false;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		could = could || span_find_text(small, parts[i], 0) != SPAN_NOT_FOUND;
	return could;
}

static enum outcome write_version(const struct advisory *advisory, const struct item *item)
{
	struct json *json = advisory->json;
	struct span version = item->place->version;
	struct span name = arena_format(advisory->arena, "%.*s %.*s", SPAN_FORMAT(item->place->product), SPAN_FORMAT(version));
	bool range = could_be_range(advisory->arena, version);
	branch_open(json, range ? "product_name" : "product_version", range ? name : version);
	json_key(json, "product");
	json_object_open(json);
	json_member_string(json, "name", name);
	json_key(json, "product_id");
	write_id(advisory, item);
	TRY(write_hashes(advisory, item));
	json_object_close(json);
	json_object_close(json);
	return DONE;
}

static enum outcome write_tree(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	json_key(json, "product_tree");
	json_object_open(json);
	json_key(json, "branches");
	json_array_open(json);
	branch_open(json, "vendor", or_else(advisory->values->all[FIELD_MANUFACTURER], "not named"));
	json_key(json, "branches");
	json_array_open(json);
	for (size_t i = 0; i < advisory->count;) {
		struct span product = advisory->items[i].place->product;
		branch_open(json, "product_name", product);
		json_key(json, "branches");
		json_array_open(json);
		for (; i < advisory->count && span_equal(advisory->items[i].place->product, product); i++)
			TRY(write_version(advisory, &advisory->items[i]));
		json_array_close(json);
		json_object_close(json);
	}
	json_array_close(json);
	json_object_close(json);
	json_array_close(json);
	json_object_close(json);
	return DONE;
}

/* What is not known is under investigation: it is not said to be unaffected. */
static void write_statuses(const struct advisory *advisory)
{
	static const struct {
		const char *key;
		unsigned standings;
	} lists[] = {
		{ "fixed", 1u << STANDING_FIXED }, { "known_affected", 1u << STANDING_AFFECTED },
		{ "known_not_affected", 1u << STANDING_NOT_AFFECTED },
		{ "under_investigation", 1u << STANDING_REVIEW | 1u << STANDING_UNKNOWN },
	};
	json_key(advisory->json, "product_status");
	json_object_open(advisory->json);
	for (size_t list = 0; list < sizeof lists / sizeof *lists; list++) {
		bool any = false;
		for (size_t i = 0; i < advisory->count; i++) {
			if (!(lists[list].standings & (1u << advisory->items[i].place->standing)))
				continue;
			json_list_element(advisory->json, lists[list].key, &any);
			write_id(advisory, &advisory->items[i]);
		}
		json_list_close(advisory->json, any);
	}
	json_object_close(advisory->json);
}

static void write_remedies(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	struct span fix = advisory->values->all[FIELD_REMEDY], users = advisory->values->all[FIELD_USERS];
	bool any = false;
	for (size_t i = 0; i < advisory->count; i++) {
		if (advisory->items[i].place->standing != STANDING_AFFECTED)
			continue;
		json_list_element(json, "remediations", &any);
		json_object_open(json);
		json_member_text(json, "category", fix.size > 0 ? "vendor_fix" : users.size > 0 ? "mitigation" : "none_available");
		json_member_string(json, "details", fix.size > 0 ? fix : or_else(users, "There is no fix that this advisory knows."));
		write_ids(advisory, &advisory->items[i]);
		json_object_close(json);
	}
	json_list_close(json, any);
}

/* Why it does not matter to a version; and that it is exploited, where a person said so. */
static void write_threats(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	bool any = false;
	for (size_t i = 0; i < advisory->count; i++) {
		const struct place *place = advisory->items[i].place;
		if (place->standing != STANDING_NOT_AFFECTED || place->reason.size == 0)
			continue;
		json_list_element(json, "threats", &any);
		json_object_open(json);
		json_member_text(json, "category", "impact");
		json_member_string(json, "details", place->reason);
		write_ids(advisory, &advisory->items[i]);
		json_object_close(json);
	}
	if (case_aware(advisory->file)) {
		json_list_element(json, "threats", &any);
		json_object_open(json);
		json_member_text(json, "category", "exploit_status");
		json_member_text(json, "details", "It is actively exploited.");
		json_object_close(json);
	}
	json_list_close(json, any);
}

static void write_name(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	struct span name = advisory->file->vulnerability;
	if (span_starts_text(name, "CVE-")) {
		json_member_string(json, "cve", name);
		return;
	}
	json_key(json, "ids");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "system_name", "OSV");
	json_member_string(json, "text", name);
	json_object_close(json);
	json_array_close(json);
}

static void write_vulnerability(const struct advisory *advisory)
{
	struct json *json = advisory->json;
	const struct span *all = advisory->values->all;
	json_key(json, "vulnerabilities");
	json_array_open(json);
	json_object_open(json);
	write_name(advisory);
	json_key(json, "notes");
	json_array_open(json);
	json_object_open(json);
	json_member_text(json, "category", "description");
	json_member_string(json, "text", all[FIELD_NATURE].size > 0 ? all[FIELD_NATURE]
					 : all[FIELD_DESCRIPTION].size > 0 ? all[FIELD_DESCRIPTION] : advisory->file->title);
	json_object_close(json);
	json_array_close(json);
	write_statuses(advisory);
	write_remedies(advisory);
	write_threats(advisory);
	json_object_close(json);
	json_array_close(json);
}

enum outcome case_write_advisory(struct registry *registry, const struct case_file *file, const struct case_values *values,
				 struct arena *arena, struct buffer *out)
{
	struct json json;
	struct advisory advisory = { .registry = registry, .file = file, .values = values, .arena = arena, .json = &json };
	if (file->vulnerability.size == 0 || values->places.count == 0)
		return NOT_THIS;
	TRY(collect(&advisory));
	json_init(&json, out, false);
	json_object_open(&json);
	write_document(&advisory);
	TRY(write_tree(&advisory));
	write_vulnerability(&advisory);
	json_object_close(&json);
	return json_done(&json);
}
