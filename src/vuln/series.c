#include "vuln/series.h"

#include "base/embedded.h"

bool series_holds(struct span name, struct span version)
{
	uint8_t next = span_byte(version, name.size);
	return name.size > 0 && span_equal(span_slice(version, 0, name.size), name) && (next < '0' || next > '9');
}

/* Lines of component, series and last day; what follows is a remark. */
static void search(struct span table, struct span component, struct span version, struct series *found)
{
	struct span line, fields[3];
	while (span_next_line(&table, &line)) {
		size_t count = 0;
		while (count < 3 && span_next_field(&line, '\t', &fields[count]))
			count++;
		bool mine = count == 3 && span_equal(fields[0], component) && series_holds(fields[1], version);
		if (mine && fields[1].size >= found->name.size)
			*found = (struct series){ .name = fields[1], .until = fields[2] };
	}
}

struct series series_of(struct span component, struct span version)
{
	struct series found = { 0 };
	search(embedded("support/series.tsv"), component, version, &found);
	search(embedded("vulnerabilities/spoken.tsv"), component, version, &found);
	return found;
}
