#include "vuln/kernel_facts.h"

#include "base/embedded.h"
#include "vuln/identifier.h"

static struct span take(struct span *rest)
{
	struct span field;
	if (!span_next_field(rest, '\t', &field) || span_equal_text(field, "-"))
		return SPAN_NONE;
	return field;
}

void kernel_facts_read(struct kernel_facts *out)
{
	struct span rest = embedded("vulnerabilities/kernel-facts.tsv"), line;
	out->count = 0;
	while (out->count < KERNEL_FACTS_MAX && span_next_line(&rest, &line)) {
		struct kernel_fact fact = { .id = identifier_parse(take(&line)) };
		if (fact.id == 0)
			continue; /* a comment */
		fact.first = take(&line);
		fact.ranges = take(&line);
		fact.machines = take(&line);
		fact.options = take(&line);
		fact.why = take(&line);
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
