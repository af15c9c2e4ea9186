/* CycloneDX 1.4 to 1.6 (ECMA-424), JSON: `analysis` of vulnerabilities. https://cyclonedx.org/docs/1.6/json/ */
#include <stdlib.h>

#include "base/json_tree.h"
#include "vuln/vex.h"
#include "vuln/vex_words.h"

/* A component of the BOM, by its bom-ref. */
struct referred {
	struct span reference;
	const struct json_tree *component;
	bool product; /* the one that the document is about */
};

struct references {
	struct arena *arena;
	struct referred *all;
	size_t count, capacity;
};

static enum outcome collect(struct references *references, const struct json_tree *component, bool product, int depth)
{
	struct span reference = json_tree_text(component, "bom-ref");
	if (reference.size > 0) {
		struct referred *grown = arena_grow(references->arena, references->all, references->count,
						    &references->capacity, sizeof *grown);
		if (!grown)
			return NO_MEMORY;
		references->all = grown;
		grown[references->count++] = (struct referred){ reference, component, product };
	}
	for (const struct json_tree *inner = json_tree_elements(component, "components"); inner && depth > 0; inner = inner->next)
		TRY(collect(references, inner, false, depth - 1));
	return DONE;
}

static int compare(const void *left, const void *right)
{
	const struct referred *a = left, *b = right;
	return span_compare(a->reference, b->reference);
}

static const struct referred *find(const struct references *references, struct span reference)
{
	const struct referred key = { .reference = reference };
	return references->count == 0 ? NULL : bsearch(&key, references->all, references->count, sizeof key, compare);
}

static struct span property(const struct json_tree *node, const char *name)
{
	for (const struct json_tree *one = json_tree_elements(node, "properties"); one; one = one->next)
		if (span_equal_text(json_tree_text(one, "name"), name))
			return json_tree_text(one, "value");
	return SPAN_NONE;
}

static struct span digest_of(const struct json_tree *component)
{
	for (const struct json_tree *hash = json_tree_elements(component, "hashes"); hash; hash = hash->next)
		if (span_equal_text(json_tree_text(hash, "alg"), "SHA-256"))
			return json_tree_text(hash, "content");
	return SPAN_NONE;
}

/* Its package URL, its CPE name, or its name, which for a component says its version too. */
static struct span name_of(struct arena *arena, const struct json_tree *component, bool product)
{
	struct span purl = json_tree_text(component, "purl"), cpe = json_tree_text(component, "cpe");
	struct span name = json_tree_text(component, "name"), version = json_tree_text(component, "version");
	if (purl.size > 0 || cpe.size > 0)
		return purl.size > 0 ? purl : cpe;
	if (version.size == 0)
		return name;
	return product ? arena_format(arena, "%.*s %.*s", SPAN_FORMAT(name), SPAN_FORMAT(version)) : name;
}

/* "urn:cdx:serial/version#reference" (BOM-Link): what stands behind the '#'. */
static struct span linked(struct span reference)
{
	size_t hash = span_starts_text(reference, "urn:cdx:") ? span_find_byte(reference, '#', 0) : SPAN_NOT_FOUND;
	return hash == SPAN_NOT_FOUND ? SPAN_NONE : span_from(reference, hash + 1);
}

/* The product that the BOM is about, and the component within it. */
static enum outcome scope(struct vex_reader *reader, const struct references *references, const struct json_tree *affects,
			  struct vex_statement *statement)
{
	struct span reference = json_tree_text(affects, "ref"), behind = linked(reference);
	const struct json_tree *given = json_tree_member(affects, "ref");
	const struct referred *found = find(references, reference);
	if (!found && behind.size > 0)
		found = find(references, behind);
	struct span name = behind.size > 0 ? behind : reference;
	if (found && found->product) {
		statement->component = SPAN_NONE;
	} else if (found) {
		statement->component = name_of(reader->arena, found->component, false);
		if (json_tree_text(found->component, "purl").size == 0)
			statement->version = json_tree_text(found->component, "version");
	} else if (span_starts_text(name, "pkg:") || span_starts_text(name, "cpe:") || behind.size > 0) {
		statement->component = name;
	} else {
		return vex_fail(reader, given ? given->line : affects->line, "nothing in the document has the bom-ref '%.*s'",
				SPAN_FORMAT(reference));
	}
	return DONE;
}

/* Whether the analysis is about versions that are marked so. */
static bool concerns(const struct vex_statement *statement, struct span mark)
{
	bool affected = span_equal_text(span_of_text(statement->status), "affected");
	return affected ? !span_equal_text(mark, "unaffected") : mark.size == 0 || !span_equal_text(mark, "affected");
}

static enum outcome add_affected(struct vex_reader *reader, const struct references *references,
				 const struct json_tree *affects, struct vex_statement statement)
{
	TRY(scope(reader, references, affects, &statement));
	const struct json_tree *versions = json_tree_elements(affects, "versions");
	if (!versions)
		return vex_add(reader, &statement);
	for (; versions; versions = versions->next) {
		struct span range = json_tree_text(versions, "range");
		statement.version = range.size > 0 ? range : json_tree_text(versions, "version");
		statement.line = versions->line;
		if (concerns(&statement, json_tree_text(versions, "status")))
			TRY(vex_add(reader, &statement));
	}
	return DONE;
}

static enum outcome read_justification(struct vex_reader *reader, const struct json_tree *analysis,
				       const struct json_tree *vulnerability, struct vex_statement *statement)
{
	const struct json_tree *given = json_tree_member(analysis, "justification");
	struct span word = json_tree_text(analysis, "justification"), ours = property(vulnerability, "assay:justification");
	const char *meant = vex_justification_of_cyclonedx(word);
	if (given && !meant)
		return vex_fail(reader, given->line, "'%.*s' is no justification of CycloneDX", SPAN_FORMAT(word));
	/* Where it is no "not affected", a justification means nothing. */
	if (!span_equal_text(span_of_text(statement->status), "not affected"))
		return DONE;
	statement->justification = ours.size > 0 ? ours : span_of_text(meant);
	if (given)
		statement->justified = given->line;
	return DONE;
}

static struct span action_of(struct arena *arena, const struct json_tree *analysis, const struct json_tree *vulnerability)
{
	struct span words = json_tree_text(vulnerability, "recommendation");
	if (words.size == 0)
		words = json_tree_text(vulnerability, "workaround");
	for (const struct json_tree *one = json_tree_elements(analysis, "response"); one && words.size == 0; one = one->next)
		if (one->kind == JSON_STRING)
			words = arena_format(arena, "response: %.*s", SPAN_FORMAT(one->text));
	return words;
}

static struct span time_of(const struct json_tree *analysis, const struct json_tree *vulnerability)
{
	const struct span times[] = { json_tree_text(analysis, "lastUpdated"), json_tree_text(analysis, "firstIssued"),
				      json_tree_text(vulnerability, "updated") };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		if (times[i].size > 0)
			return times[i];
	return SPAN_NONE;
}

static enum outcome read_vulnerability(struct vex_reader *reader, const struct references *references,
				       const struct json_tree *node, const struct vex_statement *about)
{
	const struct json_tree *analysis = json_tree_member(node, "analysis");
	const struct json_tree *state = json_tree_member(analysis, "state");
	struct vex_statement statement = *about;
	if (!state) /* listed, and not analysed */
		return DONE;
	statement.line = node->line;
	statement.vulnerability = json_tree_text(node, "id");
	if (statement.vulnerability.size == 0)
		return vex_fail(reader, node->line, "a vulnerability has no 'id'");
	statement.status = vex_status_of_cyclonedx(json_tree_text(analysis, "state"));
	if (!statement.status)
		return vex_fail(reader, state->line, "'%.*s' is no state: it is exploitable, in_triage, resolved, "
						     "resolved_with_pedigree, false_positive or not_affected",
				SPAN_FORMAT(json_tree_text(analysis, "state")));
	statement.reason = json_tree_text(analysis, "detail");
	statement.action = action_of(reader->arena, analysis, node);
	statement.issued = time_of(analysis, node);
	statement.part = property(node, "assay:part");
	statement.expires = property(node, "assay:expires");
	TRY(read_justification(reader, analysis, node, &statement));
	const struct json_tree *affects = json_tree_elements(node, "affects");
	if (!affects)
		return vex_add(reader, &statement);
	for (; affects; affects = affects->next)
		TRY(add_affected(reader, references, affects, statement));
	return DONE;
}

static struct span author_of(const struct json_tree *metadata)
{
	static const char *const organisations[] = { "manufacturer", "manufacture", "supplier" };
	for (const struct json_tree *one = json_tree_elements(metadata, "authors"); one; one = one->next)
		if (json_tree_text(one, "name").size > 0)
			return json_tree_text(one, "name");
	for (size_t i = 0; i < sizeof organisations / sizeof *organisations; i++) {
		struct span name = json_tree_text(json_tree_member(metadata, organisations[i]), "name");
		if (name.size > 0)
			return name;
	}
	return json_tree_text(json_tree_member(metadata, "component"), "publisher");
}

enum outcome vex_cyclonedx(struct vex_reader *reader, const struct json_tree *document)
{
	const struct json_tree *metadata = json_tree_member(document, "metadata");
	const struct json_tree *product = json_tree_member(metadata, "component");
	struct references references = { .arena = reader->arena };
	struct vex_statement about = { 0 };
	reader->format = "CycloneDX";
	reader->author = author_of(metadata);
	reader->issued = json_tree_text(metadata, "timestamp");
	if (product) {
		about.product = name_of(reader->arena, product, true);
		about.digest = digest_of(product);
		TRY(collect(&references, product, true, JSON_TREE_DEPTH_MAX));
	}
	for (const struct json_tree *one = json_tree_elements(document, "components"); one; one = one->next)
		TRY(collect(&references, one, false, JSON_TREE_DEPTH_MAX));
	if (references.count > 0)
		qsort(references.all, references.count, sizeof *references.all, compare);
	for (const struct json_tree *one = json_tree_elements(document, "vulnerabilities"); one; one = one->next)
		TRY(read_vulnerability(reader, &references, one, &about));
	return DONE;
}
