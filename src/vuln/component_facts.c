#include "vuln/component_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/identifier.h"

#define NO_VERSION "![*,*]"

static void read_fact(struct span line, struct component_fact *out)
{
	*out = (struct component_fact){ .id = identifier_parse(lookup_field(&line)) };
	out->product = lookup_field(&line);
	out->ranges = lookup_field(&line);
	if (out->ranges.size == 0)
		out->ranges = SPAN_LITERAL(NO_VERSION);
	out->part = lookup_field(&line);
	out->usual = span_starts_text(out->part, "+");
	if (out->usual)
		out->part = span_from(out->part, 1);
	out->why = lookup_field(&line);
	if (!span_to_decimal(lookup_field(&line), &out->score))
		out->score = -1.0;
	if (out->score >= 0.0) {
		out->cvss = SPAN_LITERAL("3.1");
		out->vector = lookup_field(&line);
	}
}

struct span component_facts_text(void)
{
	return embedded("vulnerabilities/component-facts.tsv");
}

bool component_facts_next(struct span *rest, struct component_fact *out)
{
	struct span line;
	if (!lookup_next(rest, &line))
		return false;
	read_fact(line, out);
	return true;
}
