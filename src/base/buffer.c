#include "base/buffer.h"

#include "base/effort.h"
#include "base/shortage.h"

#include <stdlib.h>

/* Bytes that are copied in one unit of effort. */
enum { BYTES_PER_UNIT = 8 };

void buffer_init(struct buffer *buffer, size_t ceiling, struct budget *budget)
{
	*buffer = (struct buffer){ .ceiling = ceiling, .budget = budget, .memory = memory_current };
}

void buffer_done(struct buffer *buffer)
{
	free(buffer->data);
	if (buffer->capacity > 0) /* an account may be gone once all is given back */
		memory_give(buffer->memory, buffer->capacity);
	buffer->data = NULL;
	buffer->size = buffer->capacity = 0;
}

void buffer_clear(struct buffer *buffer)
{
	buffer->size = 0;
}

void buffer_trim(struct buffer *buffer)
{
	uint8_t *data = buffer->size > 0 && buffer->size < buffer->capacity ? realloc(buffer->data, buffer->size) : NULL;
	if (!data)
		return;
	memory_give(buffer->memory, buffer->capacity - buffer->size);
	buffer->data = data;
	buffer->capacity = buffer->size;
}

static enum outcome grow(struct buffer *buffer, size_t need)
{
	size_t capacity = buffer->capacity < 4096 ? 4096 : buffer->capacity;
	while (capacity < need)
		capacity = capacity > SIZE_MAX / 2 ? need : capacity * 2;
	if (capacity > buffer->ceiling)
		capacity = buffer->ceiling;
	size_t more = capacity - buffer->capacity;
	if (!memory_take(buffer->memory, more))
		return OVER_BUDGET;
	uint8_t *data = realloc(buffer->data, capacity);
	if (!data) {
		memory_give(buffer->memory, more);
		shortage_set();
		return NO_MEMORY;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return DONE;
}

enum outcome buffer_reserve(struct buffer *buffer, size_t more)
{
	if (more > buffer->ceiling - buffer->size)
		return OVER_BUDGET;
	if (more <= buffer->capacity - buffer->size)
		return DONE;
	return grow(buffer, buffer->size + more);
}

enum outcome buffer_extend(struct buffer *buffer, size_t size, uint8_t **out)
{
	TRY(buffer_reserve(buffer, size));
	if (!effort_spend(1 + size / BYTES_PER_UNIT) || (buffer->budget && !budget_spend_bytes(buffer->budget, size)))
		return OVER_BUDGET;
	*out = buffer_end(buffer);
	buffer->size += size;
	return DONE;
}

enum outcome buffer_append(struct buffer *buffer, struct span bytes)
{
	uint8_t *room;
	if (bytes.size == 0)
		return DONE;
	TRY(buffer_extend(buffer, bytes.size, &room));
	memcpy(room, bytes.data, bytes.size);
	return DONE;
}

enum outcome buffer_append_zeros(struct buffer *buffer, size_t size)
{
	uint8_t *room;
	if (size == 0)
		return DONE;
	TRY(buffer_extend(buffer, size, &room));
	memset(room, 0, size);
	return DONE;
}

enum outcome buffer_repeat(struct buffer *buffer, size_t distance, size_t size)
{
	uint8_t *room;
	if (distance == 0 || distance > buffer->size)
		return MALFORMED;
	TRY(buffer_extend(buffer, size, &room));
	for (size_t i = 0; i < size; i++)
		room[i] = *(room + i - distance);
	return DONE;
}
