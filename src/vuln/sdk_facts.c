#include "vuln/sdk_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/identifier.h"

enum { PRODUCT_SIZE_MAX = 128 };

struct span sdk_facts_text(void)
{
	return embedded("vulnerabilities/sdk-facts.tsv");
}

bool sdk_facts_next(struct span *rest, struct sdk_fact *out)
{
	struct span line;
	if (!lookup_next(rest, &line))
		return false;
	out->id = identifier_parse(lookup_field(&line));
	out->sdk = lookup_field(&line);
	out->mark = lookup_field(&line);
	out->known = lookup_field(&line);
	out->what = line;
	return true;
}

enum outcome sdk_facts_state(struct builder *builder)
{
	struct span rest = sdk_facts_text();
	struct sdk_fact fact;
	struct buffer product;
	enum outcome outcome = DONE;
	buffer_init(&product, PRODUCT_SIZE_MAX, NULL);
	for (int64_t number = 1; outcome == DONE && sdk_facts_next(&rest, &fact); number++) {
		const struct builder_scope scope = { .part = fact.mark, .release = fact.known, .why = fact.what, .entry = number };
		buffer_clear(&product);
		outcome = buffer_append(&product, SPAN_LITERAL(SDK_PRODUCT));
		if (outcome == DONE)
			outcome = buffer_append(&product, fact.sdk);
		if (outcome == DONE)
			outcome = builder_affected(builder, buffer_span(&product), fact.id, SOURCE_REVIEW, SPAN_LITERAL("[*,*]"), &scope);
	}
	buffer_done(&product);
	return outcome;
}
