#include "register/csv_write.h"

#include <stdio.h>

#include "base/shown.h"

static bool needs_quotes(struct span text)
{
	static const char special[] = ",\"\r\n";
	for (size_t i = 0; i + 1 < sizeof special; i++)
		if (span_find_byte(text, (uint8_t)special[i], 0) != SPAN_NOT_FOUND)
			return true;
	return text.size == 0 || span_byte(text, 0) == ' ' || span_byte(text, text.size - 1) == ' ';
}

static enum outcome write_text(struct buffer *out, struct span text)
{
	bool guarded = shown_runs_in_sheet(text), quoted = needs_quotes(text);
	if (quoted)
		TRY(buffer_append(out, SPAN_LITERAL("\"")));
	if (guarded)
		TRY(buffer_append(out, SPAN_LITERAL("'")));
	for (size_t at = 0; at < text.size;) {
		size_t mark = span_find_byte(text, '"', at), end = mark == SPAN_NOT_FOUND ? text.size : mark + 1;
		TRY(buffer_append(out, span_slice(text, at, end - at)));
		if (mark != SPAN_NOT_FOUND)
			TRY(buffer_append(out, SPAN_LITERAL("\"")));
		at = end;
	}
	return quoted ? buffer_append(out, SPAN_LITERAL("\"")) : DONE;
}

enum outcome csv_write(struct buffer *out, struct value value)
{
	char number[32];
	switch (value.type) {
	case VALUE_INTEGER:
		(void)snprintf(number, sizeof number, "%lld", (long long)value.integer);
		break;
	case VALUE_REAL:
		(void)snprintf(number, sizeof number, "%.9g", value.real);
		break;
	case VALUE_TEXT:
		return write_text(out, value.text);
	case VALUE_NULL:
		return DONE;
	}
	return buffer_append(out, span_of_text(number));
}
