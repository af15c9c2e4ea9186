/* manifest_read(): what a store says of itself is believed only in the form that it has, and where its tables say the same. */
#include "evidence/query.h"
#include "vuln/manifest.h"

static bool is_number(const struct json_tree *node)
{
	uint64_t value;
	return node && node->kind == JSON_NUMBER && span_to_number(node->text, INT64_MAX, &value);
}

static bool is_text(const struct json_tree *node)
{
	return node && node->kind == JSON_STRING;
}

static bool has(const struct json_tree *node, const char *key, enum json_kind kind)
{
	const struct json_tree *member = json_tree_member(node, key);
	return member && member->kind == kind && (kind != JSON_NUMBER || is_number(member));
}

static bool are_texts(const struct json_tree *node, const char *key)
{
	const struct json_tree *list = json_tree_member(node, key);
	bool fine = list && list->kind == JSON_ARRAY;
	for (const struct json_tree *one = json_tree_first(list); fine && one; one = one->next)
		fine = is_text(one);
	return fine;
}

static bool is_source(const struct json_tree *source)
{
	const struct json_tree *read = json_tree_member(source, "read"), *built_in = json_tree_member(source, "built_in");
	bool fine = has(source, "name", JSON_STRING) && has(source, "date", JSON_STRING) && has(source, "records", JSON_NUMBER) &&
		    read && (read->kind == JSON_NULL || is_number(read)) && built_in &&
		    (built_in->kind == JSON_TRUE || built_in->kind == JSON_FALSE) && are_texts(source, "files") &&
		    has(source, "left_out", JSON_ARRAY);
	for (const struct json_tree *one = json_tree_elements(source, "left_out"); fine && one; one = one->next)
		fine = has(one, "count", JSON_NUMBER) && has(one, "why", JSON_STRING);
	return fine;
}

static bool is_input(const struct json_tree *input)
{
	return has(input, "name", JSON_STRING) && has(input, "bytes", JSON_NUMBER) && has(input, "sha256", JSON_STRING) &&
	       json_tree_text(input, "sha256").size == 64 && are_texts(input, "sources") && has(input, "documents", JSON_NUMBER) &&
	       has(input, "left_out", JSON_NUMBER) && has(input, "why", JSON_STRING);
}

static bool is_manifest(const struct json_tree *root)
{
	size_t sources = 0, inputs = 0;
	bool fine = root->kind == JSON_OBJECT && has(root, "store_format", JSON_STRING) && has(root, "made_by", JSON_STRING) &&
		    has(root, "date", JSON_STRING) && has(root, "vulnerabilities", JSON_NUMBER) && has(root, "rows", JSON_NUMBER) &&
		    has(root, "sources", JSON_ARRAY) && has(root, "inputs", JSON_ARRAY) && json_tree_member(root, "further_inputs");
	for (const struct json_tree *one = json_tree_elements(root, "sources"); fine && one; one = one->next)
		fine = ++sources <= MANIFEST_SOURCES_MAX && is_source(one);
	for (const struct json_tree *one = json_tree_elements(root, "inputs"); fine && one; one = one->next)
		fine = ++inputs <= MANIFEST_INPUTS_MAX && is_input(one);
	return fine;
}

static const struct json_tree *source_of(const struct json_tree *root, struct span name)
{
	for (const struct json_tree *one = json_tree_elements(root, "sources"); one; one = one->next)
		if (span_equal(json_tree_text(one, "name"), name))
			return one;
	return NULL;
}

/* As many sources, of the same dates and numbers. */
static bool agrees(const struct json_tree *root, sqlite3 *database, struct arena *arena, struct span *error)
{
	struct query feeds = query_start(database, "SELECT name, coalesce(date, ''), CAST(records AS TEXT) FROM feed"
						   " WHERE name <> 'assay' ORDER BY name");
	size_t told = 0, there = 0;
	bool same = true;
	for (const struct json_tree *one = json_tree_elements(root, "sources"); one; one = one->next)
		told++;
	for (; same && query_next(&feeds); there++) {
		const struct json_tree *source = source_of(root, query_text(&feeds, 0)), *records = json_tree_member(source, "records");
		same = source && span_equal(json_tree_text(source, "date"), query_text(&feeds, 1)) &&
		       span_equal(records->text, query_text(&feeds, 2));
		if (!same)
			*error = arena_format(arena, "what the store's manifest says of %.*s is not what is in it",
					      SPAN_FORMAT(query_text(&feeds, 0)));
	}
	if (query_end(&feeds) != DONE || (same && told != there)) {
		*error = SPAN_LITERAL("the store's manifest names sources that are not in it");
		return false;
	}
	return same;
}

enum outcome manifest_read(struct span text, sqlite3 *database, struct arena *arena, const struct json_tree **out,
			   struct span *error)
{
	enum outcome outcome = json_tree_read(text, arena, out, error);
	if (outcome == DONE && !is_manifest(*out))
		outcome = MALFORMED;
	if (outcome != DONE) {
		*error = SPAN_LITERAL("the store's manifest cannot be read");
		return outcome == NO_MEMORY ? NO_MEMORY : MALFORMED;
	}
	return agrees(*out, database, arena, error) ? DONE : MALFORMED;
}
