#include "vuln/own_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/component_facts.h"
#include "vuln/device_facts.h"
#include "vuln/identifier.h"
#include "vuln/kernel_facts.h"
#include "vuln/sdk_facts.h"
#include "vuln/store_writer.h"

/* Ranges of what is exploited, and of what is well known though the feeds do not have it. */
static enum outcome state_kernel(struct builder *b)
{
	struct kernel_facts facts;
	TRY(builder_feed(b, SPAN_LITERAL("assay")));
	kernel_facts_read(&facts);
	for (size_t i = 0; i < facts.count; i++) {
		const struct kernel_fact *fact = &facts.all[i];
		struct builder_facts none = builder_facts_of(fact->id);
		if (fact->ranges.size == 0)
			continue;
		TRY(builder_vulnerability(b, &none));
		TRY(builder_affected(b, SPAN_LITERAL("linux:linux_kernel"), fact->id, SOURCE_REVIEW, fact->ranges, NULL));
	}
	return DONE;
}

static enum outcome state_components(struct builder *b)
{
	struct span rest = component_facts_text();
	struct component_fact fact;
	while (component_facts_next(&rest, &fact)) {
		const struct builder_scope scope = { .part = fact.part, .usual = fact.usual, .why = fact.why };
		struct builder_facts facts = builder_facts_of(fact.id);
		builder_offer_score(&facts, SCORE_OTHER, fact.cvss, fact.score, fact.vector);
		TRY(builder_vulnerability(b, &facts));
		TRY(builder_affected(b, fact.product, fact.id, SOURCE_REVIEW, fact.ranges, &scope));
	}
	return DONE;
}

bool own_scores_next(struct span *rest, struct own_score *out)
{
	struct span line;
	if (!lookup_next(rest, &line))
		return false;
	out->id = identifier_parse(lookup_field(&line));
	if (!span_to_decimal(lookup_field(&line), &out->score))
		out->score = -1.0;
	out->vector = lookup_field(&line);
	return true;
}

struct span own_scores_text(void)
{
	return embedded("vulnerabilities/scores.tsv");
}

static enum outcome state_scores(struct builder *b)
{
	struct span rest = own_scores_text();
	struct own_score score;
	while (own_scores_next(&rest, &score)) {
		struct builder_facts facts = builder_facts_of(score.id);
		builder_offer_vector(&facts, SCORE_OTHER, score.score, score.vector);
		TRY(builder_vulnerability(b, &facts));
	}
	return DONE;
}

enum outcome own_facts_state(struct builder *b)
{
	TRY(state_kernel(b));
	TRY(state_components(b));
	TRY(state_scores(b));
	TRY(device_facts_state(b));
	return sdk_facts_state(b);
}
