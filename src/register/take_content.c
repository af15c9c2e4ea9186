#include "register/take_content.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "register/content.h"
#include "register/variant.h"

enum { SET_CEILING = 64 << 20 };

struct value take_value(const struct assay_rows *rows, int column, struct arena *arena)
{
	size_t size = 0;
	const char *text;
	switch (assay_rows_type(rows, column)) {
	case ASSAY_NULL:
		return VALUE_NONE;
	case ASSAY_INTEGER:
		return value_integer(assay_rows_integer(rows, column));
	case ASSAY_REAL:
		return value_real(assay_rows_real(rows, column));
	case ASSAY_TEXT:
		break;
	}
	text = assay_rows_text(rows, column, &size);
	return value_text(text_printable(arena, span_of(text, size)));
}

/* A vulnerability by its name, with what the store says of it today: new, or changed where that differs. */
static int64_t vulnerability_of(struct event *event, const struct value *facts)
{
	enum { NAME, SEVERITY, CVSS, EPSS, EXPLOITED };
	struct registry *registry = event->registry;
	struct rows rows = rows_start(registry->database, "SELECT id, exploited, epss, severity FROM vulnerability WHERE name = ?1");
	int64_t id = 0;
	bool same = true;
	rows_bind(&rows, 1, facts[NAME]);
	if (rows_next(&rows)) {
		id = rows_integer(&rows, 0);
		double moved = rows_real(&rows, 2) - facts[EPSS].real;
		same = span_equal(rows_text(&rows, 1), facts[EXPLOITED].text) &&
		       span_equal(rows_text(&rows, 3), facts[SEVERITY].text) && moved < 1e-9 && moved > -1e-9;
	}
	if (rows_end(&rows) != DONE || (id != 0 && same))
		return id;
	const struct field fields[] = {
		{ "id", value_integer(id ? id : registry_next(registry, "vulnerability")) }, { "name", facts[NAME] },
		{ "severity", facts[SEVERITY] }, { "cvss", facts[CVSS] }, { "epss", facts[EPSS] }, { "exploited", facts[EXPLOITED] },
	};
	if (id)
		event_update(event, "vulnerability", fields, sizeof fields / sizeof *fields);
	else
		event_insert(event, "vulnerability", fields, sizeof fields / sizeof *fields);
	return fields[0].value.integer;
}

static const char add_match[] =
	"INSERT INTO match (component, vulnerability, status, justification, reason, fixed_in) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/* Of a component of the evidence; one row for a vulnerability, the worst where it stands twice. */
static enum outcome take_matches(struct event *event, struct assay *assay, int64_t of, int64_t component, struct arena *arena)
{
	enum { NAME, SEVERITY, CVSS, EPSS, EXPLOITED, STATUS, JUSTIFICATION, REASON, FIXED_IN, COLUMNS };
	static const char format[] =
		"SELECT id, severity, round(cvss, 1), round(epss, 6), exploited_since, status, justification,"
		" coalesce(question, reason), fixed_in,"
		" min(CASE status WHEN 'affected' THEN 0 WHEN 'under review' THEN 1 WHEN 'fixed' THEN 2 ELSE 3 END)"
		" FROM vulnerability WHERE component = %lld GROUP BY id ORDER BY id";
	char sql[sizeof format + 24];
	struct assay_rows *rows = NULL;
	enum outcome outcome = DONE;
	(void)snprintf(sql, sizeof sql, format, (long long)of);
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	while (outcome == DONE && assay_rows_next(rows)) {
		struct value values[COLUMNS];
		for (int i = 0; i < COLUMNS; i++)
			values[i] = take_value(rows, i, arena);
		const struct value row[] = { value_integer(component), value_integer(vulnerability_of(event, values)),
					     values[STATUS], values[JUSTIFICATION], values[REASON], values[FIXED_IN] };
		outcome = event->outcome != DONE ? event->outcome : database_run(event->registry->database, add_match, row, 6);
	}
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}

struct taking {
	struct event *event;
	struct assay *assay;
	struct span saved;
	struct value store, store_date;
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
		{ "variant", value_text(variant->digest) }, { "saved", value_text(taking->saved) } }, 5);
	TRY(event->outcome);
	TRY(take_matches(event, taking->assay, variant->component, *out, taking->arena));
	TRY(content_of_component(registry, *out, digest));
	clock_format_utc(clock_report_time(), at);
	event_insert(event, "component_match", (const struct field[]){
		{ "component", value_integer(*out) }, { "at", value_word(at) },
		{ "store", taking->store.type == VALUE_TEXT ? taking->store : value_word("none") }, { "store_date", taking->store_date },
		{ "matches", value_word(digest) } }, 5);
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

enum outcome take_components(struct event *event, struct assay *assay, struct span saved, struct value store,
			     struct value store_date, struct arena *arena, int64_t *set)
{
	const struct taking taking = { event, assay, saved, store, store_date, arena };
	struct variants variants;
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
		" UNION ALL SELECT 'finding', rule, path FROM finding) GROUP BY kind, value ORDER BY kind, value";
	struct assay_rows *rows = NULL;
	enum outcome outcome = DONE;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return MALFORMED;
	while (outcome == DONE && assay_rows_next(rows)) {
		const struct value row[] = { value_integer(result), take_value(rows, 0, arena), take_value(rows, 1, arena),
					     take_value(rows, 2, arena) };
		outcome = database_run(event->registry->database, "INSERT INTO sighting (result, kind, value, path)"
				       " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", row, 4);
	}
	return assay_rows_end(rows) == ASSAY_DONE ? outcome : MALFORMED;
}
