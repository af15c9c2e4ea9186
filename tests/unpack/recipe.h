/* Builds small images field by field, for tests of formats that have no tool here. */
#ifndef ASSAY_TESTS_UNPACK_RECIPE_H
#define ASSAY_TESTS_UNPACK_RECIPE_H

#include "base/buffer.h"
#include "base/digest.h"
#include "harness.h"

enum { RECIPE_MAX = 1 << 20 };

static inline struct buffer recipe_new(void)
{
	struct buffer image;
	buffer_init(&image, RECIPE_MAX, NULL);
	return image;
}

static inline void recipe_bytes(struct buffer *image, struct span bytes)
{
	CHECK(buffer_append(image, bytes) == DONE);
}

static inline void recipe_text(struct buffer *image, const char *text)
{
	recipe_bytes(image, span_of_text(text));
}

/* Fills up to an offset with one value. */
static inline void recipe_fill(struct buffer *image, size_t offset, uint8_t value)
{
	while (image->size < offset)
		recipe_bytes(image, span_of(&value, 1));
}

static inline void recipe_le32(struct buffer *image, uint32_t value)
{
	uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
			    (uint8_t)(value >> 24) };
	recipe_bytes(image, span_of(bytes, 4));
}

static inline void recipe_be32(struct buffer *image, uint32_t value)
{
	uint8_t bytes[] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			    (uint8_t)value };
	recipe_bytes(image, span_of(bytes, 4));
}

/* Writes over what is there already. */
static inline void recipe_patch(struct buffer *image, size_t offset, struct span bytes)
{
	CHECK(offset + bytes.size <= image->size);
	memcpy(image->data + offset, bytes.data, bytes.size);
}

static inline void recipe_patch_le32(struct buffer *image, size_t offset, uint32_t value)
{
	uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
			    (uint8_t)(value >> 24) };
	recipe_patch(image, offset, span_of(bytes, 4));
}

/* Bytes that look like nothing in particular, the same on every run. */
static inline void recipe_noise(struct buffer *image, size_t size)
{
	uint32_t state = 0x2545F491;
	for (size_t i = 0; i < size; i++) {
		state = state * 1664525 + 1013904223;
		uint8_t byte = (uint8_t)(state >> 24);
		recipe_bytes(image, span_of(&byte, 1));
	}
}

#endif
