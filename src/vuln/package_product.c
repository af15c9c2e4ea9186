#include "vuln/package_product.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/cpe.h"

/* "owner:name" as a key of the table of aliases; false where that has none. */
static enum outcome alias_of(struct buffer *out, struct span owner, struct span name)
{
	struct span alias;
	buffer_clear(out);
	TRY(cpe_append_plain(out, owner));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	TRY(cpe_append_plain(out, name));
	if (!lookup_line(embedded("vulnerabilities/aliases.tsv"), buffer_span(out), &alias))
		return NOT_THIS;
	buffer_clear(out);
	return buffer_append(out, lookup_field(&alias));
}

static struct span without(struct span text, uint8_t mark)
{
	return span_slice(text, 0, span_find_byte(text, mark, 0));
}

/* A repository is known by the table, and else by its own two names, which are those of many CPE names. */
static enum outcome repository(struct buffer *out, struct span owner, struct span name)
{
	if (span_ends_text(name, ".git"))
		name.size -= 4;
	if (owner.size == 0 || name.size == 0)
		return NOT_THIS;
	enum outcome outcome = alias_of(out, owner, name);
	if (outcome != NOT_THIS)
		return outcome;
	buffer_clear(out);
	TRY(cpe_append_plain(out, owner));
	TRY(buffer_append(out, SPAN_LITERAL(":")));
	return cpe_append_plain(out, name);
}

enum outcome package_ecosystem(struct buffer *out, struct span ecosystem, struct span name)
{
	return name.size > 0 ? alias_of(out, ecosystem, name) : NOT_THIS;
}

enum outcome package_product(struct buffer *out, struct span purl)
{
	struct span kind, owner;
	if (!span_starts_text(purl, "pkg:"))
		return NOT_THIS;
	purl = without(without(without(span_from(purl, 4), '?'), '#'), '@');
	if (!span_next_field(&purl, '/', &kind))
		return NOT_THIS;
	if (!span_equal_text(kind, "github") && !span_equal_text(kind, "gitlab"))
		return package_ecosystem(out, kind, purl);
	if (!span_next_field(&purl, '/', &owner))
		return NOT_THIS;
	return repository(out, owner, purl);
}

enum outcome package_repository(struct buffer *out, struct span url)
{
	struct span host, owner;
	size_t scheme = span_find_text(url, "://", 0);
	if (scheme == SPAN_NOT_FOUND)
		return NOT_THIS;
	url = span_from(url, scheme + 3);
	if (!span_next_field(&url, '/', &host) || !span_next_field(&url, '/', &owner))
		return NOT_THIS;
	if (url.size > 0)
		return repository(out, owner, without(url, '/'));
	return alias_of(out, SPAN_LITERAL("n/a"), without(owner, '.')); /* a maker's own server: "https://host/name.git" */
}
