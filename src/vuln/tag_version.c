#include "vuln/tag_version.h"

struct span tag_version(struct arena *arena, struct span tag)
{
	size_t start = 0;
	while (start < tag.size && (span_byte(tag, start) < '0' || span_byte(tag, start) > '9'))
		start++;
	struct span version = span_from(tag, start);
	struct span out = SPAN_NONE, part;
	if (span_find_byte(version, '.', 0) != SPAN_NOT_FOUND)
		return version;
	while (span_next_field(&version, '_', &part))
		out = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(out), out.size ? "." : "", SPAN_FORMAT(part));
	return span_find_byte(out, '.', 0) == SPAN_NOT_FOUND ? SPAN_NONE : out;
}
