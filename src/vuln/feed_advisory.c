/*
 * Advisories as two services give them:
 *   GitHub's REST API (/advisories; https://docs.github.com/rest/security-advisories/global-advisories): "ghsa_id", "cve_id",
 *   "vulnerabilities" of a "package" {ecosystem, name} with a "vulnerable_version_range" (">= 1.0, < 2.0");
 *   the European Union's database (https://euvd.enisa.europa.eu/apidoc): "aliases", one a line, "enisaIdVendor",
 *   "enisaIdProduct" with a "product_version" ("1.0 <2.0", "1.0 ≤1.9").
 */
#include "base/scoped.h"
#include "vuln/advisory.h"
#include "vuln/cve5_version.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/package_product.h"
#include "vuln/product.h"
#include "vuln/product_names.h"

enum { PRODUCT_SIZE_MAX = 4096, DAY_MEMORY = 4096 };

static void offer_score(const struct json_value *score, struct builder_facts *facts)
{
	builder_offer_vector(facts, SCORE_OTHER, feed_json_number(score, "score"), feed_json_text(score, "vector_string"));
}

static enum outcome add_package(struct builder *builder, struct buffer *product, const struct json_value *one)
{
	const struct json_value *package = json_value_member(one, "package");
	const struct cve5_version version = { .status = SPAN_LITERAL("affected"),
					      .version = feed_json_text(one, "vulnerable_version_range") };
	struct cve5_entry entry = { .builder = builder };
	enum outcome outcome =
		package_ecosystem(product, feed_json_text(package, "ecosystem"), feed_json_text(package, "name"));
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
	entry.product = buffer_span(product);
	return cve5_version_add(&entry, &version, false);
}

static enum outcome add_packages(struct builder *builder, const struct json_value *packages)
{
	SCOPED(buffer) product = { 0 };
	buffer_init(&product, PRODUCT_SIZE_MAX, NULL);
	JSON_EACH(one, packages)
		TRY(add_package(builder, &product, one));
	return DONE;
}

enum outcome feed_ghsa(struct builder *builder, const struct json_value *document)
{
	const struct json_value *scores = json_value_member(document, "cvss_severities");
	int64_t id = identifier_parse(feed_json_text(document, "cve_id"));
	struct span updated = feed_json_text(document, "updated_at");
	struct builder_facts facts = builder_facts_of(id);
	if (id == 0 || feed_json_text(document, "withdrawn_at").size > 0)
		return DONE;
	TRY(builder_feed(builder, SPAN_LITERAL("ghsa")));
	TRY(builder_date(builder, updated));
	facts.published = feed_json_text(document, "published_at");
	facts.severity = advisory_severity(feed_json_text(document, "severity"));
	facts.weakness = feed_json_text(json_value_first(json_value_member(document, "cwes")), "cwe_id");
	offer_score(json_value_member(scores, "cvss_v3"), &facts);
	offer_score(json_value_member(scores, "cvss_v4"), &facts);
	offer_score(json_value_member(document, "cvss"), &facts);
	TRY(builder_vulnerability(builder, &facts));
	TRY(builder_record_begin(builder, id, SOURCE_ADVISORY, updated));
	TRY(add_packages(builder, json_value_member(document, "vulnerabilities")));
	return builder_record_add(builder); /* GitHub splits some CVEs into several advisories */
}

/* By the one maker that the record names, or by a name that is surely known. */
static enum outcome name_product(struct builder *builder, struct buffer *out, const struct json_value *document,
				 struct span product)
{
	const struct json_value *makers = json_value_member(document, "enisaIdVendor");
	struct span maker = feed_json_text(json_value_member(json_value_first(makers), "vendor"), "name");
	struct span known = product_names_of(builder_names(builder), product);
	if (known.size > 0) {
		buffer_clear(out);
		return buffer_append(out, known);
	}
	return feed_json_count(makers) == 1 ? product_name(out, maker, product) : NOT_THIS;
}

/* Only what has an end: the database also lists versions that it does not call affected. */
static enum outcome add_product(struct builder *builder, struct buffer *name, const struct json_value *document,
				const struct json_value *one)
{
	const struct cve5_version version = cve5_version_badge(feed_json_text(one, "product_version"));
	struct cve5_entry entry = { .builder = builder };
	if (version.below.size == 0 && version.up_to.size == 0)
		return DONE;
	enum outcome outcome =
		name_product(builder, name, document, feed_json_text(json_value_member(one, "product"), "name"));
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
	entry.product = buffer_span(name);
	return cve5_version_add(&entry, &version, false);
}

static enum outcome add_products(struct builder *builder, const struct json_value *document)
{
	SCOPED(buffer) name = { 0 };
	buffer_init(&name, PRODUCT_SIZE_MAX, NULL);
	JSON_EACH(one, json_value_member(document, "enisaIdProduct"))
		TRY(add_product(builder, &name, document, one));
	return DONE;
}

static enum outcome state_euvd(struct builder *builder, const struct json_value *document, int64_t id, struct arena *arena)
{
	struct span updated = advisory_day(arena, feed_json_text(document, "dateUpdated"));
	struct builder_facts facts = builder_facts_of(id);
	facts.published = advisory_day(arena, feed_json_text(document, "datePublished"));
	builder_offer_vector(&facts, SCORE_OTHER, feed_json_number(document, "baseScore"),
			     feed_json_text(document, "baseScoreVector"));
	TRY(builder_date(builder, updated));
	TRY(builder_vulnerability(builder, &facts));
	TRY(builder_record_begin(builder, id, SOURCE_ADVISORY, updated));
	TRY(add_products(builder, document));
	return builder_record_end(builder);
}

enum outcome feed_euvd(struct builder *builder, const struct json_value *document)
{
	struct span names = feed_json_text(document, "aliases"), name;
	int64_t id = 0;
	while (id == 0 && span_next_line(&names, &name))
		id = identifier_parse(span_trim(name));
	if (id == 0)
		return DONE; /* of its own, about no CVE */
	struct arena arena;
	TRY(builder_feed(builder, SPAN_LITERAL("euvd")));
	arena_init(&arena, DAY_MEMORY);
	enum outcome outcome = state_euvd(builder, document, id, &arena);
	arena_done(&arena);
	return outcome;
}
