#include "vuln/part_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/identifier.h"

static void read_fact(struct span rest, struct part_fact *out)
{
	out->part = lookup_field(&rest);
	out->usual = span_starts_text(out->part, "+");
	if (out->usual)
		out->part = span_from(out->part, 1);
	out->why = lookup_field(&rest);
}

struct span part_facts_text(void)
{
	return embedded("vulnerabilities/part-facts.tsv");
}

bool part_facts_next(struct span *rest, struct part_fact *out)
{
	struct span line;
	*out = (struct part_fact){ 0 };
	if (!lookup_next(rest, &line))
		return false;
	out->key = lookup_field(&line);
	read_fact(line, out);
	return true;
}

bool part_facts_find(struct span component, int64_t vulnerability, struct arena *arena, struct part_fact *out)
{
	char name[IDENTIFIER_TEXT_SIZE];
	struct span rest;
	*out = (struct part_fact){ 0 };
	identifier_format(vulnerability, name);
	out->key = arena_format(arena, "%.*s %s", SPAN_FORMAT(component), name);
	if (!lookup_line(part_facts_text(), out->key, &rest))
		return false;
	read_fact(rest, out);
	return true;
}
