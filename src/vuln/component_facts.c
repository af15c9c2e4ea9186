#include "vuln/component_facts.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "vuln/identifier.h"

#define NO_VERSION "![*,*]"

static struct span take(struct span *rest)
{
	struct span field;
	return span_next_field(rest, '\t', &field) && !span_equal_text(field, "-") ? field : SPAN_NONE;
}

static double number(struct span field)
{
	char text[8];
	if (field.size == 0 || field.size >= sizeof text)
		return -1.0;
	memcpy(text, field.data, field.size);
	text[field.size] = 0;
	return strtod(text, NULL);
}

static void read_fact(struct span line, struct component_fact *out)
{
	*out = (struct component_fact){ .id = identifier_parse(take(&line)) };
	out->product = take(&line);
	out->ranges = take(&line);
	if (out->ranges.size == 0)
		out->ranges = SPAN_LITERAL(NO_VERSION);
	out->part = take(&line);
	out->usual = span_starts_text(out->part, "+");
	if (out->usual)
		out->part = span_from(out->part, 1);
	out->why = take(&line);
	out->score = number(take(&line));
	if (out->score >= 0.0) {
		out->cvss = SPAN_LITERAL("3.1");
		out->vector = take(&line);
	}
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
		read_fact(line, out);
		return true;
	}
	return false;
}
