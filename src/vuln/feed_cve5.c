/* CVE record format 5.x (https://github.com/CVEProject/cve-schema): scores, weakness, and who else speaks in it. */
#include "vuln/cve5_affected.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

static void read_scores(struct json_object *container, enum score_origin origin, struct builder_facts *facts)
{
	static const char *const kinds[] = { "cvssV3_1", "cvssV4_0", "cvssV3_0", "cvssV2_0" };
	struct json_object *metrics = feed_json_member(container, "metrics");
	for (size_t i = 0; i < feed_json_count(metrics); i++)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			struct json_object *data = feed_json_member(feed_json_at(metrics, i), kinds[k]);
			if (data)
				builder_offer_score(facts, origin, feed_json_text(data, "version"),
						    feed_json_number(data, "baseScore"),
						    feed_json_text(data, "vectorString"));
		}
}

/* The word of a CNA that gives no score ("High", "Moderate"). */
static void read_severity(struct json_object *container, struct builder_facts *facts)
{
	static const struct {
		const char *said, *word;
	} words[] = {
		{ "Critical", "critical" }, { "High", "high" }, { "Important", "high" },
		{ "Moderate", "medium" },   { "Medium", "medium" }, { "Low", "low" },
	};
	struct json_object *metrics = feed_json_member(container, "metrics");
	for (size_t i = 0; i < feed_json_count(metrics); i++) {
		struct json_object *other = feed_json_member(feed_json_at(metrics, i), "other");
		struct json_object *content = feed_json_member(other, "content");
		struct span text = feed_json_text(content, "text");
		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (span_equal_text(text, words[k].said))
				facts->severity = span_of_text(words[k].word);
	}
}

static void read_weakness(struct json_object *container, struct builder_facts *facts)
{
	struct json_object *types = feed_json_member(container, "problemTypes");
	for (size_t i = 0; facts->weakness.size == 0 && i < feed_json_count(types); i++) {
		struct json_object *words = feed_json_member(feed_json_at(types, i), "descriptions");
		struct span cwe = feed_json_text(feed_json_at(words, 0), "cweId");
		if (span_starts_text(cwe, "CWE-"))
			facts->weakness = cwe;
	}
}

/* CISA's mark in its own container that the vulnerability is exploited. */
static enum outcome read_exploited(struct builder *builder, int64_t id, struct json_object *container)
{
	struct json_object *metrics = feed_json_member(container, "metrics");
	for (size_t i = 0; i < feed_json_count(metrics); i++) {
		struct json_object *other = feed_json_member(feed_json_at(metrics, i), "other");
		struct span added = feed_json_text(feed_json_member(other, "content"), "dateAdded");
		if (span_equal_text(feed_json_text(other, "type"), "kev") && added.size > 0)
			TRY(builder_exploited(builder, id, added));
	}
	return DONE;
}

/* An option of SSVC, in lower case; empty where its value is none of its words. */
static struct span ssvc_option(struct json_object *options, const char *name, const char *const *words)
{
	for (size_t i = 0; i < feed_json_count(options); i++) {
		struct span said = feed_json_text(feed_json_at(options, i), name);
		for (; *words && said.size > 0; words++)
			if (span_equal_text(said, *words))
				return said;
	}
	return SPAN_NONE;
}

/* CISA's decision points in its own container (Vulnrichment): https://github.com/cisagov/vulnrichment */
static enum outcome read_ssvc(struct builder *builder, int64_t id, struct json_object *container)
{
	static const char *const exploitation[] = { "none", "poc", "active", NULL }, *const automatable[] = { "yes", "no", NULL };
	static const char *const impact[] = { "partial", "total", NULL };
	struct json_object *metrics = feed_json_member(container, "metrics");
	for (size_t i = 0; i < feed_json_count(metrics); i++) {
		struct json_object *other = feed_json_member(feed_json_at(metrics, i), "other");
		struct json_object *options = feed_json_member(feed_json_member(other, "content"), "options");
		if (span_equal_text(feed_json_text(other, "type"), "ssvc"))
			TRY(builder_ssvc(builder, id, ssvc_option(options, "Exploitation", exploitation),
					 ssvc_option(options, "Automatable", automatable),
					 ssvc_option(options, "Technical Impact", impact)));
	}
	return DONE;
}

enum outcome feed_cve5(struct builder *builder, struct json_object *document)
{
	struct json_object *metadata = feed_json_member(document, "cveMetadata");
	struct json_object *containers = feed_json_member(document, "containers");
	struct json_object *cna = feed_json_member(containers, "cna");
	struct json_object *others = feed_json_member(containers, "adp");
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
	if (feed_json_has(feed_json_member(cna, "tags"), "disputed"))
		TRY(builder_disputed(builder, id));
	read_scores(cna, SCORE_CNA, &facts);
	read_severity(cna, &facts);
	read_weakness(cna, &facts);
	TRY(cve5_affected(builder, id, SOURCE_CNA, stamp, feed_json_member(cna, "affected")));
	for (size_t i = 0; i < feed_json_count(others); i++) {
		struct json_object *container = feed_json_at(others, i);
		read_scores(container, SCORE_OTHER, &facts);
		read_weakness(container, &facts);
		TRY(read_exploited(builder, id, container));
		TRY(read_ssvc(builder, id, container));
		if (feed_json_count(feed_json_member(container, "affected")) > 0)
			TRY(cve5_affected(builder, id, SOURCE_ADP, stamp, feed_json_member(container, "affected")));
	}
	return builder_vulnerability(builder, &facts);
}
