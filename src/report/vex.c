#include "report/vex.h"

#include <ctype.h>
#include <stdio.h>

#include "base/clock.h"
#include "vuln/vex.h"

/* Whether a statement was set against our own status. */
static bool is_set_against(const struct query *row)
{
	return !query_is_null(row, VEX_OWN_STATUS) &&
	       !span_equal(query_text(row, VEX_OWN_STATUS), query_text(row, VEX_STATUS));
}

struct span vex_reason(const struct query *row)
{
	return query_text(row, is_set_against(row) ? VEX_SAID : VEX_REASON);
}

struct span vex_action(struct arena *arena, const struct query *row)
{
	struct span name = query_text(row, VEX_NAME), fixed = query_text(row, VEX_FIXED);
	if (!query_is_null(row, VEX_ACTION))
		return query_text(row, VEX_ACTION);
	if (fixed.size > 0)
		return arena_format(arena, VEX_OWN_ACTION "update %.*s to %.*s or later", SPAN_FORMAT(name), SPAN_FORMAT(fixed));
	if (!query_is_null(row, VEX_LAST))
		return arena_format(arena, VEX_OWN_ACTION "update %.*s to a release after %.*s", SPAN_FORMAT(name),
				    SPAN_FORMAT(query_text(row, VEX_LAST)));
	return arena_format(arena, VEX_OWN_ACTION "no fixed version of %.*s is known; ask its maker, or do without it",
			    SPAN_FORMAT(name));
}

struct span vex_own(struct arena *arena, const struct query *row)
{
	if (!is_set_against(row))
		return SPAN_NONE;
	return arena_format(arena, VEX_OWN "%.*s (%.*s)", SPAN_FORMAT(query_text(row, VEX_OWN_STATUS)),
			    SPAN_FORMAT(query_text(row, VEX_OWN_REASON)));
}

struct span vex_both(struct arena *arena, const struct query *row)
{
	struct span reason = vex_reason(row), own = vex_own(arena, row);
	if (reason.size == 0 || own.size == 0)
		return reason.size > 0 ? reason : own;
	return arena_format(arena, "%.*s; %.*s", SPAN_FORMAT(reason), SPAN_FORMAT(own));
}

/* For a URL: everything but letters, digits and ".-_~" is percent-encoded. */
static struct span encode(struct arena *arena, struct span text)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = ARENA_NEW(arena, char, text.size * 3 + 1);
	size_t length = 0;
	for (size_t i = 0; out && i < text.size; i++) {
		uint8_t c = span_byte(text, i);
		if (c < 0x80 && (isalnum(c) || (c && strchr(".-_~", c)))) {
			out[length++] = (char)c;
			continue;
		}
		out[length++] = '%';
		out[length++] = digits[c >> 4];
		out[length++] = digits[c & 15];
	}
	return span_of(out, length);
}

enum outcome vex_head(struct vex_head *head, sqlite3 *database, struct arena *arena, int64_t time)
{
	struct query query = query_start(database,
		"SELECT (SELECT value FROM declaration WHERE key = 'product.vendor'),"
		" coalesce((SELECT value FROM declaration WHERE key = 'product.model'), model, title, name),"
		" coalesce((SELECT value FROM declaration WHERE key = 'product.version'), version), sha256 FROM image");
	*head = (struct vex_head){ .author = SPAN_LITERAL("assay") };
	clock_format_utc(time, head->time);
	if (query_next(&query)) {
		head->declared = !query_is_null(&query, 0);
		if (head->declared)
			head->author = arena_copy(arena, query_text(&query, 0));
		head->name = arena_copy(arena, query_text(&query, 1));
		head->version = arena_copy(arena, query_text(&query, 2));
		head->sha256 = arena_copy(arena, query_text(&query, 3));
		struct span name = encode(arena, head->name), version = encode(arena, head->version);
		head->purl = arena_format(arena, "pkg:generic/%.*s%s%.*s%s%.*s", SPAN_FORMAT(name), version.size ? "@" : "",
					  SPAN_FORMAT(version), head->sha256.size ? "?checksum=sha256:" : "",
					  SPAN_FORMAT(head->sha256));
	}
	return query_end(&query);
}

void vex_uuid(struct span sha256, char out[static 48])
{
	const char *hex = (const char *)sha256.data;
	out[0] = '\0';
	if (sha256.size >= 32)
		(void)snprintf(out, 48, "%.8s-%.4s-8%.3s-a%.3s-%.12s", hex, hex + 8, hex + 13, hex + 17, hex + 20);
}
