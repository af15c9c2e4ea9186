#include "vuln/product.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/cpe.h"

struct span product_aliases(void)
{
	return embedded("vulnerabilities/aliases.tsv");
}

bool product_alias_next(struct span *rest, struct product_alias *out)
{
	struct span line;
	return lookup_next(rest, &line) && span_next_field(&line, '\t', &out->words) &&
	       span_next_field(&line, '\t', &out->name);
}

enum outcome product_name(struct buffer *out, struct span vendor, struct span product)
{
	buffer_clear(out);
	if (product.size == 0 || span_equal_text(product, "n/a"))
		return NOT_THIS;
	TRY(cpe_append_plain(out, span_trim(vendor)));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	TRY(cpe_append_plain(out, span_trim(product)));
	struct product_alias alias;
	for (struct span rest = product_aliases(); product_alias_next(&rest, &alias);) {
		int order = span_compare(alias.words, buffer_span(out));
		if (order > 0)
			break;
		if (order < 0)
			continue;
		buffer_clear(out);
		return buffer_append(out, alias.name);
	}
	return DONE;
}
