#include "vuln/kernel_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/identifier.h"

void kernel_facts_read(struct kernel_facts *out)
{
	struct span rest = embedded("vulnerabilities/kernel-facts.tsv"), line;
	out->count = 0;
	while (out->count < KERNEL_FACTS_MAX && lookup_next(&rest, &line)) {
		struct kernel_fact fact = { .id = identifier_parse(lookup_field(&line)) };
		fact.first = lookup_field(&line);
		fact.ranges = lookup_field(&line);
		fact.machines = lookup_field(&line);
		fact.options = lookup_field(&line);
		fact.why = lookup_field(&line);
		out->all[out->count++] = fact;
	}
}

const struct kernel_fact *kernel_facts_find(const struct kernel_facts *facts, int64_t id)
{
	for (size_t i = 0; i < facts->count; i++)
		if (facts->all[i].id == id)
			return &facts->all[i];
	return NULL;
}

struct span kernel_facts_code(int64_t id)
{
	char name[IDENTIFIER_TEXT_SIZE];
	struct span rest;
	identifier_format(id, name);
	return lookup_line(embedded("vulnerabilities/kernel-files.tsv"), span_of_text(name), &rest) ? lookup_field(&rest) : SPAN_NONE;
}
