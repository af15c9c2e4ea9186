#include "vuln/beginnings.h"

#include <stdio.h>

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/identifier.h"
#include "vuln/version.h"

enum { KEY_SIZE = 128 };

struct span beginnings_text(void)
{
	return embedded("vulnerabilities/beginnings.tsv");
}

struct beginning beginning_find(struct span component, int64_t vulnerability)
{
	struct beginning found = { .by = SPAN_NONE };
	char name[IDENTIFIER_TEXT_SIZE], key[KEY_SIZE];
	struct span rest;
	identifier_format(vulnerability, name);
	int size = snprintf(key, sizeof key, "%.*s %s", SPAN_FORMAT(component), name);
	if (size < 0 || (size_t)size >= sizeof key || !lookup_line(beginnings_text(), span_of_text(key), &rest))
		return found;
	found.missing = lookup_field(&rest);
	found.patched = lookup_field(&rest);
	found.by = lookup_field(&rest);
	return found;
}

bool beginning_is_before(const struct beginning *beginning, enum version_order order, struct span version)
{
	return beginning->patched.size > 0 && version_compare(order, beginning->patched, version) <= 0;
}

bool beginning_is_behind(const struct beginning *beginning, enum version_order order, struct span version)
{
	return beginning->missing.size > 0 && version_compare(order, version, beginning->missing) <= 0;
}
