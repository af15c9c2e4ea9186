#include "vuln/own_facts.h"

#include "vuln/component_facts.h"
#include "vuln/device_facts.h"
#include "vuln/kernel_facts.h"
#include "vuln/sdk_facts.h"
#include "vuln/store_writer.h"

/* Ranges of what is exploited. */
static enum outcome state_kernel(struct builder *b)
{
	struct kernel_facts facts;
	struct store_writer *writer = builder_writer(b);
	if (!writer)
		return MALFORMED;
	TRY(builder_feed(b, SPAN_LITERAL("assay")));
	kernel_facts_read(&facts);
	for (size_t i = 0; i < facts.count; i++) {
		const struct kernel_fact *fact = &facts.all[i];
		if (fact->ranges.size > 0 && store_writer_is_exploited(writer, fact->id))
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
		facts.score = fact.score;
		facts.rank = builder_rank(fact.score < 0.0 ? SCORE_NONE : SCORE_OTHER, fact.cvss);
		facts.cvss = fact.cvss;
		facts.vector = fact.vector;
		TRY(builder_vulnerability(b, &facts));
		TRY(builder_affected(b, fact.product, fact.id, SOURCE_REVIEW, fact.ranges, &scope));
	}
	return DONE;
}

enum outcome own_facts_state(struct builder *b)
{
	TRY(state_kernel(b));
	TRY(state_components(b));
	TRY(device_facts_state(b));
	return sdk_facts_state(b);
}
