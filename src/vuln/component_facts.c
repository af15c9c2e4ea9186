#include "vuln/component_facts.h"

#include "base/embedded.h"
#include "vuln/identifier.h"

static struct span take(struct span *rest)
{
	struct span field;
	return span_next_field(rest, '\t', &field) && !span_equal_text(field, "-") ? field : SPAN_NONE;
}

struct span component_facts_text(void)
{
	return embedded("vulnerabilities/component-facts.tsv");
}

bool component_facts_next(struct span *rest, struct component_fact *out)
{
	struct span line;
	while (span_next_line(rest, &line)) {
		if (line.size == 0 || span_byte(line, 0) == '#')
			continue;
		out->id = identifier_parse(take(&line));
		out->product = take(&line);
		out->ranges = take(&line);
		out->part = take(&line);
		out->why = take(&line);
		return true;
	}
	return false;
}
