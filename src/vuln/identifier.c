#include "vuln/identifier.h"

#include <inttypes.h>
#include <stdio.h>

/* year * PER_YEAR + number; numbers of the OSV list are negative. */
#define PER_YEAR INT64_C(1000000000)

int64_t identifier_parse(struct span text)
{
	bool osv = span_starts_text(text, "OSV-");
	if (!osv && !span_starts_text(text, "CVE-"))
		return 0;
	uint64_t year, number;
	bool valid = span_byte(text, 8) == '-' && span_to_number(span_slice(text, 4, 4), 9999, &year) &&
		     span_to_number(span_from(text, 9), PER_YEAR - 1, &number);
	if (!valid || year == 0)
		return 0;
	int64_t identifier = (int64_t)year * PER_YEAR + (int64_t)number;
	return osv ? -identifier : identifier;
}

void identifier_format(int64_t identifier, char out[static IDENTIFIER_TEXT_SIZE])
{
	int64_t positive = identifier < 0 ? -identifier : identifier;
	(void)snprintf(out, IDENTIFIER_TEXT_SIZE, "%s-%04" PRId64 "-%04" PRId64, identifier < 0 ? "OSV" : "CVE",
		       positive / PER_YEAR % 10000, positive % PER_YEAR);
}
