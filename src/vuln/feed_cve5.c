/* CVE record format 5.x (https://github.com/CVEProject/cve-schema): scores, weakness, and who else speaks in it. */
#include "vuln/cve5_affected.h"
#include "vuln/description.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

static void read_scores(const struct json_value *container, enum score_origin origin, struct builder_facts *facts)
{
	static const char *const kinds[] = { "cvssV3_1", "cvssV4_0", "cvssV3_0", "cvssV2_0" };
	const struct json_value *metrics = json_value_member(container, "metrics");
	JSON_EACH(metric, metrics)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			const struct json_value *data = json_value_member(metric, kinds[k]);
			if (data)
				builder_offer_score(facts, origin, feed_json_text(data, "version"),
						    feed_json_number(data, "baseScore"),
						    feed_json_text(data, "vectorString"));
		}
}

/* The word of a CNA that gives no score ("High", "Moderate"). */
static void read_severity(const struct json_value *container, struct builder_facts *facts)
{
	static const struct {
		const char *said, *word;
	} words[] = {
		{ "Critical", "critical" }, { "High", "high" }, { "Important", "high" },
		{ "Moderate", "medium" },   { "Medium", "medium" }, { "Low", "low" },
	};
	const struct json_value *metrics = json_value_member(container, "metrics");
	JSON_EACH(metric, metrics) {
		const struct json_value *other = json_value_member(metric, "other");
		const struct json_value *content = json_value_member(other, "content");
		struct span text = feed_json_text(content, "text");
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (span_equal_text(text, words[k].said))
				facts->severity = span_of_text(words[k].word);
	}
}

static void read_weakness(const struct json_value *container, struct builder_facts *facts)
{
	const struct json_value *types = json_value_member(container, "problemTypes");
	JSON_EACH(type, types) {
		const struct json_value *words = json_value_member(type, "descriptions");
		struct span cwe = feed_json_text(feed_json_at(words, 0), "cweId");
		if (facts->weakness.size == 0 && span_starts_text(cwe, "CWE-"))
			facts->weakness = cwe;
	}
}

/* CISA's mark in its own container that the vulnerability is exploited. */
static enum outcome read_exploited(struct builder *builder, int64_t id, const struct json_value *container)
{
	const struct json_value *metrics = json_value_member(container, "metrics");
	JSON_EACH(metric, metrics) {
		const struct json_value *other = json_value_member(metric, "other");
		struct span added = feed_json_text(json_value_member(other, "content"), "dateAdded");
		if (span_equal_text(feed_json_text(other, "type"), "kev") && added.size > 0)
			TRY(builder_exploited(builder, id, added));
	}
	return DONE;
}

/* An option of SSVC, in lower case; empty where its value is none of its words. */
static struct span ssvc_option(const struct json_value *options, const char *name, const char *const *words)
{
	JSON_EACH(option, options) {
		struct span said = feed_json_text(option, name);
		for (; *words && said.size > 0; words++)
			if (span_equal_text(said, *words))
				return said;
	}
	return SPAN_NONE;
}

/* CISA's decision points in its own container (Vulnrichment): https://github.com/cisagov/vulnrichment */
static enum outcome read_ssvc(struct builder *builder, int64_t id, const struct json_value *container)
{
	static const char *const exploitation[] = { "none", "poc", "active", NULL }, *const automatable[] = { "yes", "no", NULL };
	static const char *const impact[] = { "partial", "total", NULL };
	const struct json_value *metrics = json_value_member(container, "metrics");
	JSON_EACH(metric, metrics) {
		const struct json_value *other = json_value_member(metric, "other");
		const struct json_value *options = json_value_member(json_value_member(other, "content"), "options");
		if (span_equal_text(feed_json_text(other, "type"), "ssvc"))
			TRY(builder_ssvc(builder, id, ssvc_option(options, "Exploitation", exploitation),
					 ssvc_option(options, "Automatable", automatable),
					 ssvc_option(options, "Technical Impact", impact)));
	}
	return DONE;
}

/* Its description in English. */
static struct span description_of(const struct json_value *cna)
{
	JSON_EACH(one, json_value_member(cna, "descriptions"))
		if (span_starts_text(feed_json_text(one, "lang"), "en"))
			return feed_json_text(one, "value");
	return SPAN_NONE;
}

/* What the record's author says; what all others add to it; or, where nobody names versions as data, its words. */
static enum outcome state_record(struct builder *builder, struct cve5_reader *reader, int64_t id, struct span stamp,
				 const struct json_value *cna, const struct json_value *others)
{
	int64_t number = 0;
	TRY(builder_record_begin(builder, id, SOURCE_CNA, stamp));
	TRY(cve5_reader_take(reader, cna, &number));
	size_t stated = builder_record_count(builder);
	TRY(builder_record_end(builder));
	number = 0;
	TRY(builder_record_begin(builder, id, SOURCE_ADP, stamp));
	JSON_EACH(container, others)
		TRY(cve5_reader_take(reader, container, &number));
	stated += builder_record_count(builder);
	if (number > 0)
		TRY(builder_record_end(builder));
	return stated == 0 ? description_record(builder, id, stamp, description_of(cna)) : DONE;
}

static enum outcome add_containers(struct builder *builder, int64_t id, struct span stamp, const struct json_value *cna,
				   const struct json_value *others)
{
	struct cve5_reader *reader = cve5_reader_new(builder);
	if (!reader)
		return NO_MEMORY;
	enum outcome outcome = state_record(builder, reader, id, stamp, cna, others);
	cve5_reader_free(reader);
	return outcome;
}

enum outcome feed_cve5(struct builder *builder, const struct json_value *document)
{
	const struct json_value *metadata = json_value_member(document, "cveMetadata");
	const struct json_value *containers = json_value_member(document, "containers");
	const struct json_value *cna = json_value_member(containers, "cna");
	const struct json_value *others = json_value_member(containers, "adp");
	int64_t id = identifier_parse(feed_json_text(metadata, "cveId"));
	if (id == 0)
		return MALFORMED;
	if (span_equal_text(feed_json_text(metadata, "state"), "REJECTED"))
		return builder_reject(builder, id);
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(metadata, "datePublished");
	if (facts.published.size == 0)
		facts.published = feed_json_text(cna, "datePublic");
	/* A record without dates comes from the CNA's own repository, and is as new as the CNA's knowledge. */
	struct span stamp = feed_json_text(metadata, "dateUpdated");
	TRY(builder_feed(builder, SPAN_LITERAL("cve")));
	TRY(builder_date(builder, stamp));
	if (stamp.size == 0)
		stamp = SPAN_LITERAL("9999");
	if (feed_json_has(json_value_member(cna, "tags"), "disputed") || description_disputed(description_of(cna)))
		TRY(builder_disputed(builder, id));
	read_scores(cna, SCORE_CNA, &facts);
	read_severity(cna, &facts);
	read_weakness(cna, &facts);
	JSON_EACH(container, others) {
		read_scores(container, SCORE_OTHER, &facts);
		read_weakness(container, &facts);
		TRY(read_exploited(builder, id, container));
		TRY(read_ssvc(builder, id, container));
	}
	TRY(add_containers(builder, id, stamp, cna, others));
	return builder_vulnerability(builder, &facts);
}
