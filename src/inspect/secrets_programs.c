/* Keys of data/inspect/configuration-keys.tsv within programs: built into every unit, and public. */
#include "base/embedded.h"
#include "inspect/lines.h"
#include "inspect/secret_value.h"

enum { KEY_LIMIT = 64 };

/* The bytes of hexadecimal digits, in the arena. */
static struct span bytes_of(struct arena *arena, struct span digits)
{
	uint8_t bytes[KEY_LIMIT / 2] = { 0 };
	size_t size = digits.size / 2 < sizeof bytes ? digits.size / 2 : sizeof bytes;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(hex_digit(span_byte(digits, 2 * i)) * 16 + hex_digit(span_byte(digits, 2 * i + 1)));
	return arena_copy(arena, span_of(bytes, size));
}

void secrets_programs(struct inspection *file)
{
	struct lines lines = lines_over(embedded("inspect/configuration-keys.tsv"));
	struct span key, maker, purpose, how;
	while (lines_next_setting(&lines, &key)) {
		if (!span_next_field(&key, '\t', &maker) || !span_next_field(&key, '\t', &purpose) ||
		    !span_next_field(&key, '\t', &how) || key.size == 0)
			continue;
		struct span wanted = span_equal_text(how, "bytes") ? bytes_of(file->scratch, key) : key;
		size_t at = wanted.size > 0 ? span_find(file->bytes, wanted, 0) : SPAN_NOT_FOUND;
		if (at == SPAN_NOT_FOUND)
			continue;
		struct span name = arena_format(file->scratch, "%.*s: %.*s", SPAN_FORMAT(maker), SPAN_FORMAT(purpose));
		struct secret_found found = { at, "configuration key", "published-configuration-key", "high", name, key, false };
		secret_state(file, &found);
	}
}
