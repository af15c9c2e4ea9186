#include "register/take_content.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "register/content.h"
#include "register/matches.h"
#include "register/variant.h"

enum { SET_CEILING = 64 << 20 };

/* Of a component that is new. */
static enum outcome take_matches(struct event *event, struct assay *assay, int64_t of, int64_t component, struct arena *arena)
{
	struct matches matches;
	int64_t vulnerability;
	TRY(matches_of_result(assay, of, arena, &matches));
	for (size_t i = 0; i < matches.count; i++)
		TRY(matches_insert(event, component, &matches.all[i], &vulnerability));
	return DONE;
}

/* The names by which a component of the evidence asks; assay_questions() has been called. */
static enum outcome take_questions(struct event *event, struct assay *assay, int64_t of, int64_t component,
				   struct arena *arena)
{
	static const char format[] = "SELECT DISTINCT product FROM question WHERE component = %lld ORDER BY product";
	char sql[sizeof format + 24], digest[CONTENT_DIGEST_ROOM];
	struct assay_rows *rows = NULL;
	enum outcome outcome = DONE;
	(void)snprintf(sql, sizeof sql, format, (long long)of);
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	while (outcome == DONE && assay_rows_next(rows)) {
		const struct value row[] = { value_integer(component), matches_value(rows, 0, arena) };
		outcome = database_run(event->registry->database, "INSERT INTO component_question (component, product)"
				       " VALUES (?1, ?2) ON CONFLICT DO NOTHING", row, 2);
	}
	if (assay_rows_end(rows) != ASSAY_DONE)
		return MALFORMED;
	TRY(outcome);
	TRY(content_of_questions(event->registry, component, digest));
	event_update(event, "component", (const struct field[]){
		{ "id", value_integer(component) }, { "questions", value_word(digest) } }, 2);
	return event->outcome;
}

struct taking {
	struct event *event;
	struct assay *assay;
	struct span saved;
	const struct taken_store *store;
	struct arena *arena;
};

static enum outcome take_component(const struct taking *taking, const struct variant *variant, int64_t *out)
{
	struct event *event = taking->event;
	struct registry *registry = event->registry;
	char at[21], digest[CONTENT_DIGEST_ROOM];
	*out = registry_find(registry, "SELECT id FROM component WHERE variant = ?1", variant->digest);
	if (*out != 0)
		return DONE;
	*out = registry_next(registry, "component");
	event_insert(event, "component", (const struct field[]){
		{ "id", value_integer(*out) }, { "name", value_text(variant->name) }, { "version", value_text_if(variant->version) },
		{ "variant", value_text(variant->digest) }, { "saved", value_text(taking->saved) },
		{ "questions", value_word("") } }, 6);
	TRY(event->outcome);
	TRY(take_questions(event, taking->assay, variant->component, *out, taking->arena));
	TRY(take_matches(event, taking->assay, variant->component, *out, taking->arena));
	TRY(content_of_component(registry, *out, digest));
	clock_format_utc(clock_report_time(), at);
	event_insert(event, "component_match", (const struct field[]){
		{ "component", value_integer(*out) }, { "at", value_word(at) },
		{ "store", taking->store->name }, { "store_date", taking->store->date }, { "matches", value_word(digest) },
		{ "followed", value_integer(taking->store->followed) } }, 6);
	return event->outcome;
}

static int compare_digests(const void *left, const void *right)
{
	const struct variant *a = left, *b = right;
	return span_compare(a->digest, b->digest);
}

/* As content_of_set() will have it. */
static enum outcome digest_of(const struct variants *variants, char out[static CONTENT_DIGEST_ROOM])
{
	struct buffer text;
	struct json json;
	uint8_t digest[SHA256_SIZE];
	buffer_init(&text, SET_CEILING, NULL);
	json_init(&json, &text, true);
	json_array_open(&json);
	for (size_t i = 0; i < variants->count; i++)
		json_string(&json, variants->all[i].digest);
	json_array_close(&json);
	enum outcome outcome = json_done(&json);
	digest_sha256(buffer_span(&text), digest);
	digest_write_hex(span_of(digest, sizeof digest), out);
	buffer_done(&text);
	return outcome;
}

/* Sorted, each once. */
static void sort(struct variants *variants)
{
	size_t kept = 0;
	if (variants->count > 1)
		qsort(variants->all, variants->count, sizeof *variants->all, compare_digests);
	for (size_t i = 0; i < variants->count; i++)
		if (kept == 0 || !span_equal(variants->all[kept - 1].digest, variants->all[i].digest))
			variants->all[kept++] = variants->all[i];
	variants->count = kept;
}

static enum outcome take_set(const struct taking *taking, const struct variants *variants, int64_t *set)
{
	struct event *event = taking->event;
	char digest[CONTENT_DIGEST_ROOM];
	TRY(digest_of(variants, digest));
	*set = registry_find(event->registry, "SELECT id FROM component_set WHERE sha256 = ?1", span_of_text(digest));
	if (*set != 0)
		return DONE;
	*set = registry_next(event->registry, "component_set");
	event_insert(event, "component_set", (const struct field[]){
		{ "id", value_integer(*set) }, { "sha256", value_word(digest) } }, 2);
	for (size_t i = 0; i < variants->count && event->outcome == DONE; i++) {
		int64_t component = 0;
		TRY(take_component(taking, &variants->all[i], &component));
		const struct value row[] = { value_integer(*set), value_integer(component) };
		TRY(database_run(event->registry->database,
				 "INSERT INTO set_component (component_set, component) VALUES (?1, ?2)", row, 2));
	}
	return event->outcome;
}

enum outcome take_components(struct event *event, struct assay *assay, struct span saved,
			     const struct taken_store *store, struct arena *arena, int64_t *set)
{
	const struct taking taking = { event, assay, saved, store, arena };
	struct variants variants;
	if (assay_questions(assay) != ASSAY_DONE)
		return MALFORMED;
	TRY(variants_of(assay, arena, &variants));
	sort(&variants);
	return take_set(&taking, &variants, set);
}

enum outcome take_sightings(struct event *event, struct assay *assay, int64_t result, struct arena *arena)
{
	static const char sql[] =
		"SELECT kind, value, min(path) FROM ("
		"SELECT 'key' AS kind, fingerprint AS value, file.path AS path FROM key JOIN file ON file.id = key.file"
		" WHERE fingerprint IS NOT NULL"
		" UNION ALL SELECT 'certificate', fingerprint, file.path FROM certificate JOIN file ON file.id = certificate.file"
		" WHERE fingerprint IS NOT NULL"
		" UNION ALL SELECT 'host', lower(host), file.path FROM endpoint JOIN file ON file.id = endpoint.file"
		" UNION ALL SELECT 'finding', rule, path FROM finding"
		" UNION ALL SELECT 'product', product, NULL FROM question WHERE component IS NULL)"
		" GROUP BY kind, value ORDER BY kind, value";
	struct assay_rows *rows = NULL;
	enum outcome outcome = DONE;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	while (outcome == DONE && assay_rows_next(rows)) {
		const struct value row[] = { value_integer(result), matches_value(rows, 0, arena), matches_value(rows, 1, arena),
					     matches_value(rows, 2, arena) };
		outcome = database_run(event->registry->database, "INSERT INTO sighting (result, kind, value, path)"
				       " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", row, 4);
	}
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}
