/* Fixed-width fields of firmware headers, as text for people. */
#ifndef ASSAY_UNPACK_FIELD_H
#define ASSAY_UNPACK_FIELD_H

#include "base/span.h"

/* Names for the values of a field; ends with a NULL name. */
struct field_name {
	uint32_t value;
	const char *name;
};

/* The text up to the first NUL, trimmed; the empty span where it is not printable ASCII. */
struct span field_text(struct span field);
/* The name of a value; NULL of an unknown one. */
const char *field_find(const struct field_name *names, uint32_t value);
/* True where every byte has that value; of nothing, too. */
bool field_is_filled(struct span bytes, uint8_t value);
/*
 * True where a stored checksum or digest is all zeros: its maker left it out, so that it says nothing of the bytes. A sound
 * one is, once in 2^32 times.
 */
bool field_is_left_out(struct span checksum);
/* True where the bytes are all 0x00 or all 0xFF: erased flash or filler. */
bool field_is_padding(struct span bytes);

#endif
