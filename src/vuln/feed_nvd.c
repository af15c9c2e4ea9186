/* NVD API 2.0 (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema). */
#include "vuln/cpe.h"
#include "vuln/device_feed.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/kernel_subject.h"
#include "vuln/platform.h"

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

static void read_scores(struct json_object *metrics, struct builder_facts *facts)
{
	static const char *const kinds[] = { "cvssMetricV31", "cvssMetricV40", "cvssMetricV30", "cvssMetricV2" };
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct json_object *list = feed_json_member(metrics, kinds[k]);
		for (size_t i = 0; i < feed_json_count(list); i++) {
			struct json_object *metric = feed_json_at(list, i), *data = feed_json_member(metric, "cvssData");
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

static void read_weakness(struct json_object *weaknesses, struct builder_facts *facts)
{
	for (size_t i = 0; i < feed_json_count(weaknesses); i++) {
		struct json_object *weakness = feed_json_at(weaknesses, i);
		struct json_object *words = feed_json_member(weakness, "description");
		struct span value = feed_json_text(feed_json_at(words, 0), "value");
		bool primary = span_equal_text(feed_json_text(weakness, "type"), "Primary");
		if (span_starts_text(value, "CWE-") && (primary || facts->weakness.size == 0))
			facts->weakness = value;
	}
}

/* The range, or the single version, that a match states; without bounds where it speaks of every version, or of none. */
static enum outcome read_range(struct reading *r, struct json_object *match, const struct cpe *cpe, struct range *out)
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
static enum outcome add_match(struct reading *r, struct json_object *match, const struct cpe *cpe)
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

static enum outcome add_node(struct reading *r, struct json_object *node, int depth)
{
	struct json_object *matches = feed_json_member(node, "cpeMatch");
	if (feed_json_true(node, "negate") || depth > NODE_DEPTH_MAX)
		return DONE;
	for (size_t i = 0; i < feed_json_count(matches); i++) {
		struct json_object *match = feed_json_at(matches, i);
		struct cpe cpe;
		if (feed_json_true(match, "vulnerable") && cpe_parse(feed_json_text(match, "criteria"), &cpe))
			TRY(add_match(r, match, &cpe));
	}
	struct json_object *children = feed_json_member(node, "children");
	for (size_t i = 0; i < feed_json_count(children); i++)
		TRY(add_node(r, feed_json_at(children, i), depth + 1));
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

static enum outcome read_platform_node(struct reading *r, struct json_object *node, struct platforms *seen)
{
	struct json_object *matches = feed_json_member(node, "cpeMatch");
	*seen = (struct platforms){ 0 };
	for (size_t i = 0; i < feed_json_count(matches); i++) {
		struct json_object *match = feed_json_at(matches, i);
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
static enum outcome add_configuration(struct reading *r, struct json_object *configuration)
{
	struct json_object *nodes = feed_json_member(configuration, "nodes");
	bool together = span_equal_text(feed_json_text(configuration, "operator"), "AND");
	buffer_clear(&r->platform);
	if (feed_json_true(configuration, "negate"))
		return DONE;
	device_feed_configuration(&r->devices, configuration);
	for (size_t i = 0; together && i < feed_json_count(nodes); i++) {
		struct platforms seen;
		size_t before = r->platform.size;
		TRY(read_platform_node(r, feed_json_at(nodes, i), &seen));
		bool platform = seen.vulnerable == 0 && seen.count > 0;
		if (platform && seen.foreign == seen.count)
			return DONE;
		if (!platform || seen.linux)
			r->platform.size = before;
	}
	for (size_t i = 0; i < feed_json_count(nodes); i++)
		TRY(add_node(r, feed_json_at(nodes, i), 0));
	return DONE;
}

static enum outcome add_configurations(struct reading *r, struct json_object *cve, int64_t id,
				       enum store_source source, struct span stamp)
{
	struct json_object *configurations = feed_json_member(cve, "configurations");
	if (feed_json_count(configurations) == 0)
		return DONE;
	enum outcome outcome = builder_record_begin(r->builder, id, source, stamp);
	if (outcome == NOT_THIS)
		return DONE;
	TRY(outcome);
	for (size_t i = 0; i < feed_json_count(configurations); i++)
		TRY(add_configuration(r, feed_json_at(configurations, i)));
	return builder_record_end(r->builder);
}

/* "cveTags": [{"sourceIdentifier", "tags": ["disputed"]}]. */
static bool is_disputed(struct json_object *cve)
{
	struct json_object *sources = feed_json_member(cve, "cveTags");
	for (size_t i = 0; i < feed_json_count(sources); i++)
		if (feed_json_has(feed_json_member(feed_json_at(sources, i), "tags"), "disputed"))
			return true;
	return false;
}

/* The files that its description in English names. */
static enum outcome read_files(struct reading *r, struct json_object *descriptions)
{
	buffer_clear(&r->files);
	for (size_t i = 0; i < feed_json_count(descriptions); i++) {
		struct json_object *one = feed_json_at(descriptions, i);
		if (span_equal_text(feed_json_text(one, "lang"), "en"))
			TRY(kernel_subject_named(feed_json_text(one, "value"), &r->files));
	}
	return DONE;
}

static enum outcome read_cve(struct reading *r, struct json_object *cve)
{
	int64_t id = identifier_parse(feed_json_text(cve, "id"));
	if (id == 0)
		return MALFORMED;
	if (span_equal_text(feed_json_text(cve, "vulnStatus"), "Rejected"))
		return builder_reject(r->builder, id);
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(cve, "published");
	read_scores(feed_json_member(cve, "metrics"), &facts);
	read_weakness(feed_json_member(cve, "weaknesses"), &facts);
	TRY(builder_vulnerability(r->builder, &facts));
	if (is_disputed(cve))
		TRY(builder_disputed(r->builder, id));
	struct span listed = feed_json_text(cve, "cisaExploitAdd");
	if (listed.size > 0)
		TRY(builder_exploited(r->builder, id, listed));
	TRY(read_files(r, feed_json_member(cve, "descriptions")));
	return add_configurations(r, cve, id, SOURCE_NVD, feed_json_text(cve, "lastModified"));
}

enum outcome feed_nvd_page(struct builder *builder, struct span document)
{
	size_t array = span_find_text(document, "\"vulnerabilities\"", 0);
	if (array == SPAN_NOT_FOUND)
		return MALFORMED;
	TRY(builder_feed(builder, SPAN_LITERAL("nvd")));
	size_t stamp = span_find_text(span_slice(document, 0, array), "\"timestamp\"", 0);
	if (stamp != SPAN_NOT_FOUND) {
		size_t quote = span_find_byte(document, '"', stamp + 11);
		if (quote != SPAN_NOT_FOUND)
			TRY(builder_date(builder, span_from(document, quote + 1)));
	}
	struct span rest = span_from(document, span_find_byte(document, '[', array)), element;
	struct reading reading;
	reading_init(&reading, builder);
	enum outcome outcome = DONE;
	size_t broken = 0;
	while (outcome == DONE && feed_json_element(&rest, &element)) {
		struct json_object *item = feed_json_parse(element);
		outcome = item ? read_cve(&reading, feed_json_member(item, "cve")) : MALFORMED;
		(void)json_object_put(item);
		if (outcome == MALFORMED) {
			broken++;
			outcome = DONE;
		}
	}
	reading_done(&reading);
	bool whole = span_byte(span_trim(rest), 0) == ']';
	return outcome == DONE && (broken > 0 || !whole) ? MALFORMED : outcome;
}

enum outcome feed_nvd_override(struct builder *builder, struct json_object *document, struct span name)
{
	struct json_object *cve = feed_json_member(document, "cve");
	struct json_object *annotation = feed_json_member(document, "_annotation");
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
