#include "unpack/field.h"

#include "base/effort.h"

struct span field_text(struct span field)
{
	struct span text = span_until_nul(field);
	for (size_t i = 0; i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (c != '\t' && (c < ' ' || c > '~'))
			return SPAN_NONE;
	}
	return span_trim(text);
}

const char *field_find(const struct field_name *names, uint32_t value)
{
	while (names->name && names->value != value)
		names++;
	return names->name;
}

bool field_is_filled(struct span bytes, uint8_t value)
{
	if (bytes.size == 0)
		return true;
	return span_byte(bytes, 0) == value &&
	       span_equal(span_from(bytes, 1), span_slice(bytes, 0, bytes.size - 1));
}

bool field_is_padding(struct span bytes)
{
	return field_is_filled(bytes, 0x00) || field_is_filled(bytes, 0xFF);
}

bool field_is_left_out(struct span checksum)
{
	return checksum.size > 0 && field_is_filled(checksum, 0);
}
