#include "register/view.h"

#define RESULTS                                                                                                       \
	" LEFT JOIN artifact ON artifact.version = version.id"                                                        \
	" LEFT JOIN result ON result.artifact = artifact.sha256 AND result.current = 1"

/*
 * What the files of a version come to together: the lowest, and nothing where one of them has no result; nobody knows
 * then what it would have been. Of files that have no grade by what they are (an app), the others' counts.
 */
#define TOGETHER                                                                                                      \
	" CASE WHEN count(artifact.id) = count(result.id) THEN min(result.grade) END AS grade,"                      \
	" CASE WHEN count(artifact.id) = count(result.id) THEN min(result.understood) END AS understood,"            \
	" count(artifact.id) AS files"

struct rows view_versions(struct registry *registry)
{
	return rows_start(registry->database,
		"SELECT product.name AS product, version.name AS version, version.state, version.shipped, version.supported_until,"
		" version.units," TOGETHER " FROM version JOIN product ON product.id = version.product" RESULTS
		" GROUP BY product.id, version.id ORDER BY product.name, version.name");
}

/* Who: by name where it is still known. A version is the subject of what was written of it. */
#define EVENTS                                                                                                        \
	"SELECT event.sequence, event.at, event.kind, event.subject, CASE WHEN event.person IS NULL THEN 'the program'" \
	" ELSE coalesce(person_private.name, 'a person whose name was blanked') END AS who"                           \
	" FROM event LEFT JOIN person_private ON person_private.person = event.person WHERE event.subject IN"         \
	" (SELECT product.name || ' ' || version.name FROM version JOIN product ON product.id = version.product WHERE "

const struct view_part view_product_parts[] = {
	{ "product", true,
	  "SELECT product.name, product.model, organisation.name AS organisation, product.category, product.cra_class,"
	  " product.contact FROM product LEFT JOIN organisation ON organisation.id = product.organisation WHERE product.id = ?1" },
	{ "versions", false,
	  "SELECT version.name AS version, version.state, version.shipped, version.supported_until, version.markets, version.units,"
	  TOGETHER " FROM version" RESULTS " WHERE version.product = ?1 GROUP BY version.id ORDER BY version.name" },
	{ "events", false, EVENTS "product.id = ?1) ORDER BY event.sequence" },
	{ 0 },
};

/*
 * A component that two files of the version hold counts once; of one that was never matched nothing is known, which
 * is not 0.
 */
#define COUNT(status, as)                                                                                             \
	", CASE WHEN component_match.component IS NOT NULL THEN count(DISTINCT CASE WHEN match.status = '" status     \
	"' THEN match.vulnerability END) END AS " as

const struct view_part view_version_parts[] = {
	{ "version", true,
	  "SELECT product.name AS product, version.name AS version, version.state, version.shipped, version.supported_until,"
	  " version.markets, version.units FROM version JOIN product ON product.id = version.product WHERE version.id = ?1" },
	{ "artifacts", false,
	  "SELECT artifact.name, artifact.sha256, artifact.size, result.at AS assayed, result.program, result.store,"
	  " result.store_date, result.grade, result.ceiling, result.understood, result.unread FROM artifact"
	  " LEFT JOIN result ON result.artifact = artifact.sha256 AND result.current = 1 WHERE artifact.version = ?1"
	  " ORDER BY artifact.name, artifact.sha256" },
	{ "components", false,
	  "SELECT component.name, component.version" COUNT("affected", "affected") COUNT("under review", "under_review")
	  COUNT("fixed", "fixed") COUNT("not affected", "not_affected")
	  ", component_match.store, component_match.store_date FROM artifact"
	  " JOIN result ON result.artifact = artifact.sha256 AND result.current = 1"
	  " JOIN set_component ON set_component.component_set = result.component_set"
	  " JOIN component ON component.id = set_component.component"
	  " LEFT JOIN component_match ON component_match.component = component.id"
	  " LEFT JOIN match ON match.component = component.id WHERE artifact.version = ?1"
	  " GROUP BY component.id, component_match.component ORDER BY component.name,"
	  " coalesce(component.version, ''), component.variant" },
	{ "sightings", false,
	  "SELECT sighting.kind, sighting.value, min(sighting.path) AS path FROM artifact"
	  " JOIN result ON result.artifact = artifact.sha256 AND result.current = 1 JOIN sighting ON sighting.result = result.id"
	  " WHERE artifact.version = ?1 AND sighting.kind <> 'product'"
	  " GROUP BY sighting.kind, sighting.value ORDER BY sighting.kind, sighting.value" },
	{ "declarations", false, "SELECT key, value FROM declaration WHERE version = ?1 ORDER BY key" },
	{ "events", false, EVENTS "version.id = ?1) ORDER BY event.sequence" },
	{ 0 },
};

struct rows view_rows(struct registry *registry, const struct view_part *part, const struct view_of *of)
{
	struct rows rows = rows_start(registry->database, part->sql);
	rows_bind(&rows, 1, value_integer(of->version ? of->version : of->product));
	return rows;
}

enum outcome view_find(struct registry *registry, struct span product, struct span version, struct view_of *out)
{
	*out = (struct view_of){ .product = registry_find(registry, "SELECT id FROM product WHERE name = ?1", product) };
	if (out->product == 0)
		return registry_fail(registry, NOT_THIS, "the register has no product '%.*s'; 'assay register list' names them",
				     SPAN_FORMAT(product));
	if (version.size == 0)
		return DONE;
	struct rows rows = rows_start(registry->database, "SELECT id FROM version WHERE product = ?1 AND name = ?2");
	rows_bind(&rows, 1, value_integer(out->product));
	rows_bind(&rows, 2, value_text(version));
	out->version = rows_next(&rows) ? rows_integer(&rows, 0) : 0;
	TRY(registry_done(registry, rows_end(&rows), "looking for a version"));
	return out->version ? DONE : registry_fail(registry, NOT_THIS, "the register has no version '%.*s' of '%.*s'",
						   SPAN_FORMAT(version), SPAN_FORMAT(product));
}

enum outcome view_find_at(struct registry *registry, struct span words, struct view_of *out)
{
	size_t ways = 0, ats = 0;
	*out = (struct view_of){ 0 };
	for (size_t i = 1; i + 1 < words.size; i++) {
		struct view_of found;
		if (span_byte(words, i) != '@')
			continue;
		ats++;
		enum outcome outcome = view_find(registry, span_slice(words, 0, i), span_from(words, i + 1), &found);
		if (outcome == NOT_THIS)
			continue;
		TRY(outcome);
		*out = found;
		ways++;
	}
	if (ways > 1)
		return registry_fail(registry, MALFORMED, "'%.*s' may be more than one version", SPAN_FORMAT(words));
	if (ats == 0)
		return registry_fail(registry, NOT_THIS, "a version is named as PRODUCT@VERSION, not '%.*s'", SPAN_FORMAT(words));
	return ways == 1 ? DONE : NOT_THIS;
}
