#include "register/where.h"

#include <stdlib.h>

const char *standing_name(enum standing standing)
{
	static const char *const names[] = { "affected", "under review", "unknown", "fixed", "not affected" };
	return names[standing];
}

static enum standing standing_of(struct span status)
{
	for (enum standing standing = 0; standing < STANDING_COUNT; standing++)
		if (span_equal_text(status, standing_name(standing)))
			return standing;
	return STANDING_UNKNOWN;
}

/* Of every version that holds a component which matches; one row for each. */
#define HOLDING \
	" JOIN set_component ON set_component.component = component.id" \
	" JOIN result ON result.component_set = set_component.component_set AND result.current = 1" \
	" JOIN artifact ON artifact.sha256 = result.artifact JOIN version ON version.id = artifact.version" \
	" JOIN product ON product.id = version.product"

static const char of_vulnerability[] =
	"SELECT product.name, version.name, version.shipped, version.supported_until,"
	" component.name || coalesce(' ' || component.version, ''), match.status, match.reason, component_match.store_date"
	" FROM vulnerability JOIN match ON match.vulnerability = vulnerability.id JOIN component ON component.id = match.component"
	" LEFT JOIN component_match ON component_match.component = component.id" HOLDING " WHERE vulnerability.name = ?1";

/*
 * Versions of which a match does not speak, or not for all that they are: never read, read in part, matched with a
 * store of before the vulnerability's year. What was read whole and matched with a store that knows it holds
 * nothing that it is about.
 */
static const char without_match[] =
	"SELECT product.name, version.name, version.shipped, version.supported_until, '',"
	" CASE WHEN result.id IS NULL OR result.understood < 0.9 OR coalesce(result.store_date, '') < ?1 OR ?2 = 0"
	" OR NOT EXISTS (SELECT 1 FROM set_component WHERE set_component.component_set = result.component_set) THEN 'unknown'"
	" ELSE 'not affected' END,"
	" CASE WHEN result.id IS NULL THEN 'it was never assayed, or could not be'"
	" WHEN result.understood < 0.9 THEN 'more than a tenth of it could not be read'"
	" WHEN NOT EXISTS (SELECT 1 FROM set_component WHERE set_component.component_set = result.component_set)"
	" THEN 'no component was found in it'"
	" WHEN coalesce(result.store_date, '') < ?1 THEN 'it was matched with a store that is older than the vulnerability'"
	" WHEN ?2 = 0 THEN 'no version holds anything that the stores match with it: they may not know it'"
	" ELSE 'it holds no component that it is about' END, result.store_date"
	" FROM version JOIN product ON product.id = version.product LEFT JOIN artifact ON artifact.version = version.id"
	" LEFT JOIN result ON result.artifact = artifact.sha256 AND result.current = 1";

static const char of_component[] =
	"SELECT product.name, version.name, version.shipped, version.supported_until,"
	" component.name || coalesce(' ' || component.version, ''), 'affected', 'it holds it', result.store_date"
	" FROM component" HOLDING " WHERE component.name = ?1 AND (?2 = '' OR component.version = ?2)";

static const char of_sighting[] =
	"SELECT product.name, version.name, version.shipped, version.supported_until, '', 'affected', coalesce(sighting.path, ''),"
	" result.store_date FROM sighting JOIN result ON result.id = sighting.result AND result.current = 1"
	" JOIN artifact ON artifact.sha256 = result.artifact JOIN version ON version.id = artifact.version"
	" JOIN product ON product.id = version.product WHERE sighting.kind = ?1 AND sighting.value = ?2";

static const char of_file[] =
	"SELECT product.name, version.name, version.shipped, version.supported_until, '', 'affected', artifact.name, ''"
	" FROM artifact JOIN version ON version.id = artifact.version JOIN product ON product.id = version.product"
	" WHERE ?1 = 'sha256' AND artifact.sha256 = ?2";

struct gathering {
	struct arena *arena;
	struct places *out;
	size_t capacity;
};

static enum outcome add(struct gathering *gathering, const struct rows *rows)
{
	struct places *out = gathering->out;
	struct arena *arena = gathering->arena;
	struct place *all = arena_grow(arena, out->all, out->count, &gathering->capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	out->all = all;
	all[out->count++] = (struct place){
		.standing = standing_of(rows_text(rows, 5)),
		.product = arena_copy(arena, rows_text(rows, 0)),
		.version = arena_copy(arena, rows_text(rows, 1)),
		.shipped = arena_copy(arena, rows_text(rows, 2)),
		.supported_until = arena_copy(arena, rows_text(rows, 3)),
		.component = arena_copy(arena, rows_text(rows, 4)),
		.reason = arena_copy(arena, rows_text(rows, 6)),
		.as_of = arena_copy(arena, rows_text(rows, 7)),
	};
	return DONE;
}

static enum outcome gather(struct registry *registry, struct gathering *gathering, struct rows *rows)
{
	enum outcome outcome = DONE;
	while (outcome == DONE && rows_next(rows))
		outcome = add(gathering, rows);
	enum outcome read = rows_end(rows);
	return registry_done(registry, outcome != DONE ? outcome : read, "asking the register");
}

/* Of one version together, the worst first, which is what stands for it. */
static int compare_versions(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = span_compare(a->product, b->product);
	if (order == 0)
		order = span_compare(a->version, b->version);
	if (order == 0 && a->standing != b->standing)
		order = a->standing < b->standing ? -1 : 1;
	if (order == 0) /* a component that says so before one that is not there */
		order = (a->component.size == 0) - (b->component.size == 0);
	return order ? order : span_compare(a->reason, b->reason);
}

static int compare_standings(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	return a->standing != b->standing ? (a->standing < b->standing ? -1 : 1) : compare_versions(left, right);
}

/* Each version once. */
static void settle(struct places *places)
{
	size_t kept = 0;
	if (places->count == 0)
		return;
	qsort(places->all, places->count, sizeof *places->all, compare_versions);
	for (size_t i = 0; i < places->count; i++) {
		const struct place *last = kept ? &places->all[kept - 1] : NULL, *place = &places->all[i];
		if (!last || !span_equal(last->product, place->product) || !span_equal(last->version, place->version))
			places->all[kept++] = *place;
	}
	places->count = kept;
	qsort(places->all, places->count, sizeof *places->all, compare_standings);
	for (size_t i = 0; i < places->count; i++)
		places->counts[places->all[i].standing]++;
}

/* "2024" of "CVE-2024-1234", a day before which no store knows it; empty for other names. */
static struct span year_of(struct span name)
{
	uint64_t year;
	struct span digits = span_slice(name, 4, 4);
	return span_starts_text(name, "CVE-") && span_to_number(digits, 9999, &year) ? digits : SPAN_LITERAL("");
}

enum outcome where_vulnerability(struct registry *registry, struct span name, struct arena *arena, struct places *out)
{
	struct gathering gathering = { .arena = arena, .out = out };
	*out = (struct places){ 0 };
	struct rows rows = rows_start(registry->database, of_vulnerability);
	rows_bind(&rows, 1, value_text(name));
	TRY(gather(registry, &gathering, &rows));
	rows = rows_start(registry->database, without_match);
	rows_bind(&rows, 1, value_text(year_of(name)));
	rows_bind(&rows, 2, value_integer(out->count > 0));
	TRY(gather(registry, &gathering, &rows));
	settle(out);
	return DONE;
}

enum outcome where_component(struct registry *registry, struct span name, struct span version, struct arena *arena,
			     struct places *out)
{
	struct gathering gathering = { .arena = arena, .out = out };
	*out = (struct places){ 0 };
	struct rows rows = rows_start(registry->database, of_component);
	rows_bind(&rows, 1, value_text(name));
	rows_bind(&rows, 2, value_text(version));
	TRY(gather(registry, &gathering, &rows));
	settle(out);
	return DONE;
}

enum outcome where_sighting(struct registry *registry, const char *kind, struct span value, struct arena *arena,
			    struct places *out)
{
	struct gathering gathering = { .arena = arena, .out = out };
	*out = (struct places){ 0 };
	const char *const queries[] = { of_sighting, of_file };
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		struct rows rows = rows_start(registry->database, queries[i]);
		rows_bind(&rows, 1, value_word(kind));
		rows_bind(&rows, 2, value_text(value));
		TRY(gather(registry, &gathering, &rows));
	}
	settle(out);
	return DONE;
}
