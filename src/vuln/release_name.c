#include "vuln/release_name.h"

#include "base/embedded.h"
#include "base/lookup.h"

struct span release_number(const char *family, struct span code_name)
{
	struct span rest = embedded("vulnerabilities/releases.tsv"), line;
	while (lookup_next(&rest, &line)) {
		struct span of = lookup_field(&line), number = lookup_field(&line);
		if (span_equal_text(of, family) && span_equal(lookup_field(&line), code_name))
			return number;
	}
	return SPAN_NONE;
}
