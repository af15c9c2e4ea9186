#include "vuln/series.h"

#include "base/embedded.h"
#include "base/lookup.h"

bool series_holds(struct span name, struct span version)
{
	uint8_t next = span_byte(version, name.size);
	return name.size > 0 && span_equal(span_slice(version, 0, name.size), name) && (next < '0' || next > '9');
}

/* Lines of component, series and last day; what follows is a remark. */
static void search(struct span table, struct span component, struct span version, struct series *found)
{
	struct span line;
	while (lookup_next(&table, &line)) {
		struct span of = lookup_field(&line), name = lookup_field(&line);
		if (span_equal(of, component) && series_holds(name, version) && name.size >= found->name.size)
			*found = (struct series){ .name = name, .until = lookup_field(&line) };
	}
}

struct series series_of(struct span component, struct span version)
{
	struct series found = { 0 };
	search(embedded("support/series.tsv"), component, version, &found);
	search(embedded("vulnerabilities/spoken.tsv"), component, version, &found);
	return found;
}
