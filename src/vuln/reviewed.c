#include "vuln/reviewed.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/version.h"

struct span reviewed_text(void)
{
	return embedded("vulnerabilities/reviewed.tsv");
}

bool reviewed_next(struct span *rest, struct span *product, struct span *version)
{
	struct span line;
	if (!lookup_next(rest, &line))
		return false;
	*product = lookup_field(&line);
	*version = lookup_field(&line);
	return true;
}

bool reviewed_is_beyond(struct span product, enum version_order order, struct span version)
{
	struct span rest = reviewed_text(), name, least;
	while (reviewed_next(&rest, &name, &least))
		if (span_equal(name, product))
			return version_compare(order, version, least) < 0;
	return false;
}
