/* NVD API 2.0 (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema). */
#include "vuln/cpe.h"
#include "vuln/device_feed.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/kernel_subject.h"
#include "vuln/platform.h"

#define LIST "vulnerabilities"

enum { TEXT_MAX = 64 * 1024, NODE_DEPTH_MAX = 8, PLATFORM_TEXT_MAX = 60 };

struct reading {
	struct builder *builder;
	struct buffer product, version, platform;
	struct device_feed devices;
	struct buffer files; /* of Linux, that the description names */
};

static void reading_init(struct reading *reading, struct builder *builder)
{
	reading->builder = builder;
	device_feed_init(&reading->devices, builder);
	buffer_init(&reading->product, TEXT_MAX, NULL);
	buffer_init(&reading->version, TEXT_MAX, NULL);
	buffer_init(&reading->platform, TEXT_MAX, NULL);
	buffer_init(&reading->files, TEXT_MAX, NULL);
}

static void reading_done(struct reading *reading)
{
	buffer_done(&reading->product);
	buffer_done(&reading->version);
	buffer_done(&reading->platform);
	device_feed_done(&reading->devices);
	buffer_done(&reading->files);
}

static void read_scores(const struct json_value *metrics, struct builder_facts *facts)
{
	static const char *const kinds[] = { "cvssMetricV31", "cvssMetricV40", "cvssMetricV30", "cvssMetricV2" };
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		const struct json_value *list = json_value_member(metrics, kinds[k]);
		JSON_EACH(metric, list) {
			const struct json_value *data = json_value_member(metric, "cvssData");
			struct span source = feed_json_text(metric, "source");
			bool cisa = span_starts_text(source, "134c704f");
			enum score_origin origin = span_equal_text(source, "nvd@nist.gov") ? SCORE_NVD
						   : cisa                                  ? SCORE_OTHER
											   : SCORE_CNA;
			builder_offer_score(facts, origin, feed_json_text(data, "version"),
					    feed_json_number(data, "baseScore"), feed_json_text(data, "vectorString"));
		}
	}
}

static void read_weakness(const struct json_value *weaknesses, struct builder_facts *facts)
{
	JSON_EACH(weakness, weaknesses) {
		const struct json_value *words = json_value_member(weakness, "description");
		struct span value = feed_json_text(feed_json_at(words, 0), "value");
		bool primary = span_equal_text(feed_json_text(weakness, "type"), "Primary");
		if (span_starts_text(value, "CWE-") && (primary || facts->weakness.size == 0))
			facts->weakness = value;
	}
}

/* The range, or the single version, that a match states; without bounds where it speaks of every version, or of none. */
static enum outcome read_range(struct reading *r, const struct json_value *match, const struct cpe *cpe, struct range *out)
{
	struct range range = { .start = feed_json_text(match, "versionStartIncluding"),
			       .end = feed_json_text(match, "versionEndIncluding") };
	struct span start_excluding = feed_json_text(match, "versionStartExcluding");
	struct span end_excluding = feed_json_text(match, "versionEndExcluding");
	if (start_excluding.size > 0) {
		range.start = start_excluding;
		range.start_excluded = true;
	}
	if (end_excluding.size > 0) {
		range.end = end_excluding;
		range.end_excluded = true;
	}
	if (range.start.size == 0 && range.end.size == 0 && !cpe_is_open(cpe->version)) {
		TRY(cpe_version(&r->version, cpe));
		range.single = true;
		range.start = range.end = buffer_span(&r->version);
	}
	*out = range;
	return DONE;
}

/* One CPE match that is vulnerable; every version, or none, is no claim about any one, but for a device. */
static enum outcome add_match(struct reading *r, const struct json_value *match, const struct cpe *cpe)
{
	struct range range;
	TRY(read_range(r, match, cpe, &range));
	TRY(device_feed_match(&r->devices, cpe, &range));
	bool open = range.start.size == 0 && range.end.size == 0;
	if (open || cpe->part == 'h' || !platform_target_fits(cpe->target_software))
		return DONE;
	TRY(cpe_product(&r->product, cpe));
	bool kernel = span_equal_text(buffer_span(&r->product), "linux:linux_kernel");
	const struct builder_scope scope = { .platform = buffer_span(&r->platform),
					     .files = kernel ? buffer_span(&r->files) : SPAN_NONE };
	return builder_record_range(r->builder, buffer_span(&r->product), &range, &scope);
}

static enum outcome add_node(struct reading *r, const struct json_value *node, int depth)
{
	const struct json_value *matches = json_value_member(node, "cpeMatch");
	if (feed_json_true(node, "negate") || depth > NODE_DEPTH_MAX)
		return DONE;
	JSON_EACH(match, matches) {
		struct cpe cpe;
		if (feed_json_true(match, "vulnerable") && cpe_parse(feed_json_text(match, "criteria"), &cpe))
			TRY(add_match(r, match, &cpe));
	}
	const struct json_value *children = json_value_member(node, "children");
	JSON_EACH(child, children)
		TRY(add_node(r, child, depth + 1));
	return DONE;
}

/* What a node of platforms comes to. */
struct platforms {
	size_t count, foreign, vulnerable;
	bool linux; /* Linux itself is one of them: that asks for nothing here */
};

static enum outcome name_platform(struct reading *r, const struct cpe *cpe, struct platforms *seen)
{
	seen->count++;
	seen->foreign += platform_is_foreign(cpe->product);
	TRY(cpe_product(&r->product, cpe));
	struct span product = buffer_span(&r->product);
	seen->linux = seen->linux || span_equal_text(product, "linux:linux_kernel");
	bool repeated = span_find(buffer_span(&r->platform), product, 0) != SPAN_NOT_FOUND;
	if (repeated || r->platform.size > PLATFORM_TEXT_MAX)
		return DONE;
	if (r->platform.size > 0)
		TRY(buffer_append(&r->platform, SPAN_LITERAL(", ")));
	return buffer_append(&r->platform, product);
}

static enum outcome read_platform_node(struct reading *r, const struct json_value *node, struct platforms *seen)
{
	const struct json_value *matches = json_value_member(node, "cpeMatch");
	*seen = (struct platforms){ 0 };
	JSON_EACH(match, matches) {
		struct cpe cpe;
		if (!cpe_parse(feed_json_text(match, "criteria"), &cpe))
			continue;
		seen->vulnerable += feed_json_true(match, "vulnerable");
		if (!feed_json_true(match, "vulnerable"))
			TRY(name_platform(r, &cpe, seen));
	}
	return DONE;
}

/*
 * A configuration that asks for software AND a platform: the software counts, with
 * the platform named in the row; it does not where the platform is a foreign system.
 */
static enum outcome add_configuration(struct reading *r, const struct json_value *configuration)
{
	const struct json_value *nodes = json_value_member(configuration, "nodes");
	bool together = span_equal_text(feed_json_text(configuration, "operator"), "AND");
	buffer_clear(&r->platform);
	if (feed_json_true(configuration, "negate"))
		return DONE;
	device_feed_configuration(&r->devices, configuration);
	JSON_EACH(node, together ? nodes : NULL) {
		struct platforms seen;
		size_t before = r->platform.size;
		TRY(read_platform_node(r, node, &seen));
		bool platform = seen.vulnerable == 0 && seen.count > 0;
		if (platform && seen.foreign == seen.count)
			return DONE;
		if (!platform || seen.linux)
			r->platform.size = before;
	}
	JSON_EACH(node, nodes)
		TRY(add_node(r, node, 0));
	return DONE;
}

static enum outcome add_configurations(struct reading *r, const struct json_value *cve, int64_t id,
				       enum store_source source, struct span stamp)
{
	const struct json_value *configurations = json_value_member(cve, "configurations");
	if (feed_json_count(configurations) == 0)
		return DONE;
	TRY(builder_record_begin(r->builder, id, source, stamp));
	JSON_EACH(configuration, configurations)
		TRY(add_configuration(r, configuration));
	return builder_record_end(r->builder);
}

/* "cveTags": [{"sourceIdentifier", "tags": ["disputed"]}]. */
static bool is_disputed(const struct json_value *cve)
{
	const struct json_value *sources = json_value_member(cve, "cveTags");
	JSON_EACH(one, sources)
		if (feed_json_has(json_value_member(one, "tags"), "disputed"))
			return true;
	return false;
}

/* The files that its description in English names. */
static enum outcome read_files(struct reading *r, const struct json_value *descriptions)
{
	buffer_clear(&r->files);
	JSON_EACH(one, descriptions) {
		if (span_equal_text(feed_json_text(one, "lang"), "en"))
			TRY(kernel_subject_named(feed_json_text(one, "value"), &r->files));
	}
	return DONE;
}

static enum outcome read_cve(struct reading *r, const struct json_value *cve)
{
	int64_t id = identifier_parse(feed_json_text(cve, "id"));
	if (id == 0)
		return MALFORMED;
	if (span_equal_text(feed_json_text(cve, "vulnStatus"), "Rejected"))
		return builder_reject(r->builder, id);
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(cve, "published");
	read_scores(json_value_member(cve, "metrics"), &facts);
	read_weakness(json_value_member(cve, "weaknesses"), &facts);
	TRY(builder_vulnerability(r->builder, &facts));
	if (is_disputed(cve))
		TRY(builder_disputed(r->builder, id));
	struct span listed = feed_json_text(cve, "cisaExploitAdd");
	if (listed.size > 0)
		TRY(builder_exploited(r->builder, id, listed));
	TRY(read_files(r, json_value_member(cve, "descriptions")));
	return add_configurations(r, cve, id, SOURCE_NVD, feed_json_text(cve, "lastModified"));
}

static enum outcome read_item(void *context, struct span key, const struct json_value *value)
{
	struct reading *reading = context;
	if (span_equal_text(key, "timestamp"))
		return builder_date(reading->builder, json_value_text(value));
	return span_equal_text(key, LIST) ? read_cve(reading, json_value_member(value, "cve")) : DONE;
}

enum outcome feed_nvd_page(struct builder *builder, struct span document)
{
	TRY(builder_feed(builder, SPAN_LITERAL("nvd")));
	struct reading reading;
	reading_init(&reading, builder);
	enum outcome outcome = json_scan_list(builder_json(builder), document, LIST, read_item, &reading);
	reading_done(&reading);
	return outcome;
}

enum outcome feed_nvd_override(struct builder *builder, const struct json_value *document, struct span name)
{
	const struct json_value *cve = json_value_member(document, "cve");
	const struct json_value *annotation = json_value_member(document, "_annotation");
	int64_t id = identifier_parse(feed_json_text(cve, "id"));
	if (id == 0)
		id = identifier_parse(feed_json_text(annotation, "cve_id"));
	struct span base = span_basename(name);
	if (id == 0 && span_ends_text(base, ".json"))
		id = identifier_parse(span_slice(base, 0, base.size - 5));
	if (id == 0)
		return MALFORMED;
	TRY(builder_feed(builder, SPAN_LITERAL("nvd-overrides")));
	struct reading reading;
	reading_init(&reading, builder);
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(annotation, "published");
	enum outcome outcome = builder_vulnerability(builder, &facts);
	if (outcome == DONE)
		outcome = add_configurations(&reading, cve, id, SOURCE_NVD_OVERRIDE, SPAN_LITERAL("9999"));
	reading_done(&reading);
	return outcome;
}
