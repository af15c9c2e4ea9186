#include "vuln/release_name.h"

#include "base/embedded.h"

struct span release_number(const char *family, struct span code_name)
{
	struct span rest = embedded("vulnerabilities/releases.tsv"), line;
	while (span_next_line(&rest, &line)) {
		struct span of, number = SPAN_NONE, name = SPAN_NONE;
		bool whole = span_next_field(&line, '\t', &of) && span_next_field(&line, '\t', &number) &&
			     span_next_field(&line, '\t', &name);
		if (whole && span_equal_text(of, family) && span_equal(name, code_name))
			return number;
	}
	return SPAN_NONE;
}
