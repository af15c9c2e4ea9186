#include "base/markup.h"

#include "base/shown.h"

static struct span entity_of(uint8_t byte)
{
	switch (byte) {
	case '&':
		return SPAN_LITERAL("&amp;");
	case '<':
		return SPAN_LITERAL("&lt;");
	case '>':
		return SPAN_LITERAL("&gt;");
	case '"':
		return SPAN_LITERAL("&quot;");
	case '\'':
		return SPAN_LITERAL("&#39;");
	case '\t':
	case '\n':
	case '\r':
		return SPAN_LITERAL(" ");
	default:
		return SPAN_NONE;
	}
}

enum outcome markup_append(struct buffer *out, struct span text)
{
	size_t run = 0;
	while (run < text.size) {
		bool safe;
		size_t length = shown_character(span_from(text, run), &safe);
		struct span entity = entity_of(span_byte(text, run));
		if (safe && entity.size == 0) {
			run += length;
			continue;
		}
		TRY(buffer_append(out, span_slice(text, 0, run)));
		TRY(buffer_append(out, entity.size > 0 ? entity : SHOWN_REPLACEMENT));
		text = span_from(text, run + length);
		run = 0;
	}
	return buffer_append(out, text);
}
