/* NVD API 2.0 (https://csrc.nist.gov/schema/nvd/api/2.0/cve_api_json_2.0.schema). */
#include "vuln/cpe_configuration.h"
#include "vuln/description.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/kernel_subject.h"

enum { FILES_SIZE_MAX = 64 * 1024 };
#define LIST "vulnerabilities"

struct reading {
	struct builder *builder;
	struct cpe_reader cpes;
	struct buffer files; /* of Linux, that the description names */
	int64_t said, total; /* entries that the page, and all pages, say they have; negative where they do not */
	int64_t there;
};

static void reading_init(struct reading *reading, struct builder *builder)
{
	*reading = (struct reading){ .builder = builder, .said = -1, .total = -1 };
	cpe_reader_init(&reading->cpes, builder);
	buffer_init(&reading->files, FILES_SIZE_MAX, NULL);
}

static void reading_done(struct reading *reading)
{
	cpe_reader_done(&reading->cpes);
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

static enum outcome add_configurations(struct reading *r, const struct json_value *cve, int64_t id,
				       enum store_source source, struct span stamp)
{
	const struct json_value *configurations = json_value_member(cve, "configurations");
	if (feed_json_count(configurations) == 0)
		return DONE;
	TRY(builder_record_begin(r->builder, id, source, stamp));
	TRY(cpe_reader_take(&r->cpes, configurations, &(struct builder_scope){ .files = buffer_span(&r->files) }));
	if (r->cpes.foreign && builder_record_count(r->builder) == 0)
		TRY(builder_left_out(r->builder, id, "foreign"));
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

/* Its description in English; empty where it has none. */
static struct span description_of(const struct json_value *cve)
{
	JSON_EACH(one, json_value_member(cve, "descriptions"))
		if (span_equal_text(feed_json_text(one, "lang"), "en"))
			return feed_json_text(one, "value");
	return SPAN_NONE;
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
	struct span description = description_of(cve), stamp = feed_json_text(cve, "lastModified");
	if (is_disputed(cve) || description_disputed(description))
		TRY(builder_disputed(r->builder, id));
	struct span listed = feed_json_text(cve, "cisaExploitAdd");
	if (listed.size > 0)
		TRY(builder_exploited(r->builder, id, listed));
	/* NVD does not analyse every record: then its words are all that there is. */
	if (feed_json_count(json_value_member(cve, "configurations")) == 0)
		return description_record(r->builder, id, stamp, description);
	buffer_clear(&r->files);
	TRY(kernel_subject_named(description, &r->files));
	return add_configurations(r, cve, id, SOURCE_NVD, stamp);
}

static enum outcome read_item(void *context, struct span key, const struct json_value *value)
{
	struct reading *reading = context;
	if (span_equal_text(key, "timestamp"))
		return builder_date(reading->builder, json_value_text(value));
	if (span_equal_text(key, "resultsPerPage"))
		reading->said = feed_json_whole(value);
	if (span_equal_text(key, "totalResults"))
		reading->total = feed_json_whole(value);
	if (!span_equal_text(key, LIST))
		return DONE;
	reading->there++;
	return read_cve(reading, json_value_member(value, "cve"));
}

enum outcome feed_nvd_page(struct builder *builder, struct span document)
{
	TRY(builder_feed(builder, SPAN_LITERAL("nvd")));
	struct reading reading;
	reading_init(&reading, builder);
	enum outcome outcome = json_scan_list(builder_json(builder), document, LIST, read_item, &reading);
	if (outcome == DONE && reading.said >= 0)
		outcome = builder_listed(builder, reading.said, reading.there, reading.total > reading.said ? reading.total : 0);
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
