#include "base/shown.h"

#include "base/text.h"

uint32_t shown_code_point(struct span character)
{
	uint32_t code = span_byte(character, 0);
	code &= character.size == 1 ? 0x7fu : 0xffu >> (character.size + 1);
	for (size_t i = 1; i < character.size; i++)
		code = code << 6 | (span_byte(character, i) & 0x3fu);
	return code;
}

struct code_range {
	uint32_t first, last;
};

/* C0 and C1 controls, marks and overrides of direction, line and paragraph separators, the byte order mark, tags. */
static const struct code_range unsafe[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f }, { 0x061c, 0x061c }, { 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },
	{ 0x2060, 0x206f },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe007f },
};

size_t shown_character(struct span text, bool *safe)
{
	size_t length = text_utf8_length(text);
	*safe = length > 0;
	if (length == 0)
		return 1;
	uint32_t code = shown_code_point(span_slice(text, 0, length));
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		*safe = *safe && (code < unsafe[i].first || code > unsafe[i].last);
	return length;
}

struct span shown_text(struct arena *arena, struct span text)
{
	struct span replacement = SHOWN_REPLACEMENT;
	uint8_t *out = text.size < SIZE_MAX / 4 ? arena_allocate(arena, text.size * replacement.size + 1, 1) : NULL;
	size_t size = 0;
	while (out && text.size > 0) {
		bool safe;
		size_t length = shown_character(text, &safe);
		uint8_t first = span_byte(text, 0);
		struct span piece = safe ? span_slice(text, 0, length) : replacement;
		if (first == '\t' || first == '\n' || first == '\r')
			piece = SPAN_LITERAL(" ");
		memcpy(out + size, piece.data, piece.size);
		size += piece.size;
		text = span_from(text, length);
	}
	return span_of(out, size);
}

void shown_complain(FILE *file, const char *format, va_list values)
{
	char text[4096];
	(void)vsnprintf(text, sizeof text, format, values);
	(void)fputs("assay: ", file);
	for (struct span rest = span_of_text(text); rest.size > 0;) {
		bool safe;
		size_t length = shown_character(rest, &safe);
		struct span piece = safe ? span_slice(rest, 0, length) : SHOWN_REPLACEMENT;
		(void)fwrite(piece.data, 1, piece.size, file);
		rest = span_from(rest, length);
	}
	(void)fputc('\n', file);
}

bool shown_runs_in_sheet(struct span text)
{
	static const char *const starts[] = { "=", "+", "-", "@", "\"", "'", "\t", "\r", "\n", "\xef\xbc\x9d",
					      "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (span_starts_text(text, starts[i]))
			return true;
	return false;
}
