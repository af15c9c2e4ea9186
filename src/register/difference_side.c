#include "register/difference_side.h"

#include "register/as_of.h"

#define CURRENT " JOIN result ON result.artifact = artifact.sha256 AND result.current = 1"
#define HELD                                                                                                           \
	CURRENT " JOIN set_component ON set_component.component_set = result.component_set"                            \
	" JOIN component ON component.id = set_component.component"                                                    \
	" LEFT JOIN component_match ON component_match.component = component.id"

static const char facts[] =
	"SELECT min(product.name), min(version.name), count(artifact.id), count(result.id), min(result.grade),"
	" coalesce(sum(result.unread), 0), min(result.understood), count(CASE WHEN result.id IS NOT NULL AND NOT EXISTS"
	" (SELECT 1 FROM set_component WHERE set_component.component_set = result.component_set) THEN 1 END)"
	" FROM version JOIN product ON product.id = version.product"
	" LEFT JOIN artifact ON artifact.version = version.id"
	" LEFT JOIN result ON result.artifact = artifact.sha256 AND result.current = 1 WHERE version.id = ?1";

/* The worst of each vulnerability comes first. */
static const char vulnerabilities[] =
	"SELECT vulnerability.name, vulnerability.severity, vulnerability.exploited, match.status,"
	" component.name || coalesce(' ' || component.version, ''), component.name, match.reason,"
	" " AS_OF("component_match")
	" FROM artifact" HELD " JOIN match ON match.component = component.id"
	" JOIN vulnerability ON vulnerability.id = match.vulnerability WHERE artifact.version = ?1 ORDER BY vulnerability.name,"
	" CASE match.status WHEN 'affected' THEN 0 WHEN 'under review' THEN 1 WHEN 'fixed' THEN 2 ELSE 3 END,"
	" component.name, coalesce(component.version, ''), component.variant";

static const char components[] =
	"SELECT DISTINCT component.name, coalesce(component.version, 'of unknown version'), component.variant,"
	" CASE WHEN component_match.component IS NULL THEN 0 ELSE 1 END, coalesce(" AS_OF("component_match") ", '')"
	" FROM artifact" HELD
	" WHERE artifact.version = ?1 ORDER BY 1, 2, 3";

static const char sightings[] =
	"SELECT sighting.kind, sighting.value, min(sighting.path) FROM artifact" CURRENT
	" JOIN sighting ON sighting.result = result.id WHERE artifact.version = ?1"
	" AND sighting.kind IN ('finding', 'key', 'certificate', 'host') GROUP BY sighting.kind, sighting.value ORDER BY 1, 2";

/* Reads the rows of a statement about a version, each by a function. */
struct reading {
	struct arena *arena;
	struct side *side;
	size_t capacity;
};

static enum outcome read_rows(struct registry *registry, const char *sql, const struct view_of *of, struct reading *reading,
			      enum outcome (*take)(struct reading *reading, const struct rows *rows))
{
	enum outcome outcome = DONE;
	struct rows rows = rows_start(registry->database, sql);
	reading->capacity = 0;
	rows_bind(&rows, 1, value_integer(of->version));
	while (outcome == DONE && rows_next(&rows))
		outcome = take(reading, &rows);
	enum outcome read = rows_end(&rows);
	return registry_done(registry, outcome != DONE ? outcome : read, "comparing versions");
}

static struct span text(const struct reading *reading, const struct rows *rows, int column)
{
	return arena_copy(reading->arena, rows_text(rows, column));
}

static enum outcome take_facts(struct reading *reading, const struct rows *rows)
{
	int64_t files = rows_integer(rows, 2), assayed = rows_integer(rows, 3);
	bool all = files > 0 && files == assayed;
	reading->side->facts = (struct difference_side){
		.product = text(reading, rows, 0), .version = text(reading, rows, 1),
		.grade = all && rows_value(rows, 4).type != VALUE_NULL ? rows_integer(rows, 4) : -1,
		.whole = all && rows_real(rows, 5) == 0 && rows_real(rows, 6) >= 0.9 && rows_integer(rows, 7) == 0,
	};
	return assayed > 0 ? DONE : NOT_THIS;
}

static enum outcome take_vulnerability(struct reading *reading, const struct rows *rows)
{
	struct side *side = reading->side;
	if (side->vulnerability_count > 0 &&
	    span_equal(side->vulnerabilities[side->vulnerability_count - 1].name, rows_text(rows, 0)))
		return DONE;
	struct side_vulnerability *all = arena_grow(reading->arena, side->vulnerabilities, side->vulnerability_count,
						    &reading->capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	side->vulnerabilities = all;
	all[side->vulnerability_count++] = (struct side_vulnerability){
		.name = text(reading, rows, 0), .severity = text(reading, rows, 1), .exploited = text(reading, rows, 2),
		.status = text(reading, rows, 3), .component = text(reading, rows, 4), .component_name = text(reading, rows, 5),
		.reason = text(reading, rows, 6), .store_date = text(reading, rows, 7),
	};
	return DONE;
}

/* A further one of that name. */
static void join(struct reading *reading, struct side_component *component, const struct rows *rows)
{
	struct arena *arena = reading->arena;
	struct span version = rows_text(rows, 1), store_date = rows_text(rows, 4);
	size_t length = version.size, size = component->versions.size;
	bool last = size >= length && span_equal(span_from(component->versions, size - length), version);
	if (!last) /* they come in the order of their versions */
		component->versions = arena_format(arena, "%.*s, %.*s", SPAN_FORMAT(component->versions), SPAN_FORMAT(version));
	component->variants = arena_format(arena, "%.*s %.*s", SPAN_FORMAT(component->variants), SPAN_FORMAT(rows_text(rows, 2)));
	component->matched = component->matched && rows_integer(rows, 3);
	if (span_compare(store_date, component->store_date) < 0)
		component->store_date = arena_copy(arena, store_date);
}

static void widen(struct reading *reading, const struct rows *rows)
{
	struct difference_side *facts_of = &reading->side->facts;
	struct span day = rows_text(rows, 4);
	if (day.size == 0)
		return;
	if (facts_of->store_first.size == 0 || span_compare(day, facts_of->store_first) < 0)
		facts_of->store_first = arena_copy(reading->arena, day);
	if (span_compare(day, facts_of->store_last) > 0)
		facts_of->store_last = arena_copy(reading->arena, day);
}

static enum outcome take_component(struct reading *reading, const struct rows *rows)
{
	struct side *side = reading->side;
	size_t count = side->component_count;
	widen(reading, rows);
	if (count > 0 && span_equal(side->components[count - 1].name, rows_text(rows, 0))) {
		join(reading, &side->components[count - 1], rows);
		return DONE;
	}
	struct side_component *all = arena_grow(reading->arena, side->components, count, &reading->capacity, sizeof *all);
	if (!all)
		return NO_MEMORY;
	side->components = all;
	all[side->component_count++] = (struct side_component){
		.name = text(reading, rows, 0), .versions = text(reading, rows, 1), .variants = text(reading, rows, 2),
		.matched = rows_integer(rows, 3) != 0, .store_date = text(reading, rows, 4),
	};
	return DONE;
}

static enum outcome take_sighting(struct reading *reading, const struct rows *rows)
{
	struct side *side = reading->side;
	struct side_sighting *all = arena_grow(reading->arena, side->sightings, side->sighting_count, &reading->capacity,
					       sizeof *all);
	if (!all)
		return NO_MEMORY;
	side->sightings = all;
	all[side->sighting_count++] = (struct side_sighting){
		.kind = text(reading, rows, 0), .value = text(reading, rows, 1), .path = text(reading, rows, 2),
	};
	return DONE;
}

enum outcome side_read(struct registry *registry, const struct view_of *of, struct arena *arena, struct side *out)
{
	struct reading reading = { .arena = arena, .side = out };
	*out = (struct side){ 0 };
	enum outcome outcome = read_rows(registry, facts, of, &reading, take_facts);
	if (outcome == NOT_THIS)
		return registry_fail(registry, MALFORMED, "%.*s %.*s was never assayed, or could not be: it cannot be compared",
				     SPAN_FORMAT(out->facts.product), SPAN_FORMAT(out->facts.version));
	TRY(outcome);
	TRY(read_rows(registry, vulnerabilities, of, &reading, take_vulnerability));
	TRY(read_rows(registry, components, of, &reading, take_component));
	TRY(read_rows(registry, sightings, of, &reading, take_sighting));
	return arena->refused ? registry_fail(registry, NO_MEMORY, "comparing versions: out of memory") : DONE;
}

const struct side_component *side_component_of(const struct side *side, struct span name)
{
	for (size_t i = 0; i < side->component_count; i++)
		if (span_equal(side->components[i].name, name))
			return &side->components[i];
	return NULL;
}
