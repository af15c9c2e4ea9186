/* A library as small as it can be, for what looks at symbols and texts. */
#ifndef ASSAY_TESTS_IDENTIFY_MADE_LIBRARY_H
#define ASSAY_TESTS_IDENTIFY_MADE_LIBRARY_H

#include "harness.h"

enum { LIBRARY_SIZE = 0x800, LIBRARY_DYNAMIC = 0x100, LIBRARY_HASH = 0x200, LIBRARY_SYMBOLS = 0x300, LIBRARY_STRINGS = 0x500,
       LIBRARY_TEXT = 0x600 };

static inline void library_put(uint8_t *image, size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A little-endian 32-bit library at address 0 that defines functions of these names; there is room for texts at LIBRARY_TEXT. */
static inline void library_make(uint8_t *image, const char *const *names, uint32_t count)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	const uint32_t tags[] = { 4, LIBRARY_HASH, 5, LIBRARY_STRINGS, 6, LIBRARY_SYMBOLS, 10, 0x200, 11, 16, 0, 0 };
	uint32_t string = 1;
	memset(image, 0, LIBRARY_SIZE);
	memcpy(image, head, sizeof head);
	library_put(image, 16, 3, 2), library_put(image, 18, 40, 2), library_put(image, 20, 1, 4);
	library_put(image, 28, 52, 4), library_put(image, 40, 52, 2), library_put(image, 42, 32, 2), library_put(image, 44, 2, 2);
	library_put(image, 52, 1, 4), library_put(image, 52 + 24, 5, 4);
	library_put(image, 52 + 16, LIBRARY_SIZE, 4), library_put(image, 52 + 20, LIBRARY_SIZE, 4);
	library_put(image, 84, 2, 4), library_put(image, 84 + 4, LIBRARY_DYNAMIC, 4), library_put(image, 84 + 8, LIBRARY_DYNAMIC, 4);
	library_put(image, 84 + 16, sizeof tags, 4), library_put(image, 84 + 20, sizeof tags, 4);
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		library_put(image, LIBRARY_DYNAMIC + i * 4, tags[i], 4);
	library_put(image, LIBRARY_HASH, 1, 4), library_put(image, LIBRARY_HASH + 4, count + 1, 4);
	for (uint32_t i = 0; i < count; i++) {
		size_t at = LIBRARY_SYMBOLS + (i + 1) * 16;
		library_put(image, at, string, 4), library_put(image, at + 4, 0x40 + i, 4);
		library_put(image, at + 12, 0x12, 1), library_put(image, at + 14, 1, 2);
		memcpy(image + LIBRARY_STRINGS + string, names[i], strlen(names[i]));
		string += (uint32_t)strlen(names[i]) + 1;
	}
}

#endif
