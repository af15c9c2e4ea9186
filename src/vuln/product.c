#include "vuln/product.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/cpe.h"

enum outcome product_name(struct buffer *out, struct span vendor, struct span product)
{
	buffer_clear(out);
	if (product.size == 0 || span_equal_text(product, "n/a"))
		return NOT_THIS;
	TRY(cpe_append_plain(out, span_trim(vendor)));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	TRY(cpe_append_plain(out, span_trim(product)));
	struct span alias;
	if (!lookup_line(embedded("vulnerabilities/aliases.tsv"), buffer_span(out), &alias))
		return DONE;
	buffer_clear(out);
	return buffer_append(out, lookup_field(&alias));
}
