/* A borrowed run of bytes. Strings of an image are spans: never terminated, never trusted. */
#ifndef ASSAY_BASE_SPAN_H
#define ASSAY_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *data;
	size_t size;
};

#define SPAN_NONE ((struct span){ 0 })
/* Span over a string literal, without its terminator. */
#define SPAN_LITERAL(text) ((struct span){ (const uint8_t *)(text), sizeof(text) - 1 })
/* For printf("%.*s"): length and pointer. */
#define SPAN_FORMAT(s) (int)((s).size > 4096 ? 4096 : (s).size), ((s).data ? (const char *)(s).data : "")

static inline struct span span_of(const void *data, size_t size)
{
	return (struct span){ data, size };
}

/* Span over a C string of our own; NULL gives the empty span. */
static inline struct span span_of_text(const char *text)
{
	return (struct span){ (const uint8_t *)text, text ? strlen(text) : 0 };
}

/* Bytes [offset, offset + size), clamped to what there is. */
static inline struct span span_slice(struct span s, uint64_t offset, uint64_t size)
{
	if (offset > s.size)
		return SPAN_NONE;
	size_t left = s.size - (size_t)offset;
	return (struct span){ s.data ? s.data + offset : NULL, size < left ? (size_t)size : left };
}

/* Everything from offset on. */
static inline struct span span_from(struct span s, uint64_t offset)
{
	return span_slice(s, offset, UINT64_MAX);
}

/* True where [offset, offset + size) lies inside; never overflows. */
static inline bool span_covers(struct span s, uint64_t offset, uint64_t size)
{
	return offset <= s.size && size <= s.size - offset;
}

/* Byte at an index; 0 past the end. */
static inline uint8_t span_byte(struct span s, uint64_t index)
{
	return index < s.size ? s.data[index] : 0;
}

bool span_equal(struct span a, struct span b);
bool span_equal_text(struct span a, const char *text);
/* As memcmp, shorter first. */
int span_compare(struct span a, struct span b);
bool span_starts(struct span s, struct span prefix);
bool span_ends(struct span s, struct span suffix);
bool span_starts_text(struct span s, const char *prefix);
bool span_ends_text(struct span s, const char *suffix);
/* True where the bytes stand at that offset. */
bool span_has_at(struct span s, uint64_t offset, struct span bytes);

#define SPAN_NOT_FOUND SIZE_MAX
/* Index of the first occurrence at or after from, or SPAN_NOT_FOUND. */
size_t span_find(struct span s, struct span needle, size_t from);
size_t span_find_text(struct span s, const char *needle, size_t from);
size_t span_find_byte(struct span s, uint8_t byte, size_t from);

/* Without leading and trailing blanks, tabs, line ends. */
struct span span_trim(struct span s);
/* Up to the first NUL. */
struct span span_until_nul(struct span s);
/* The last component of a path. */
struct span span_basename(struct span path);

/*
 * Takes the next line (without its end) off *rest; false when nothing is left.
 * An empty line is given as an empty span.
 */
bool span_next_line(struct span *rest, struct span *line);
/* Takes the next part up to a separator off *rest; false when nothing is left. */
bool span_next_field(struct span *rest, uint8_t separator, struct span *field);
/* Takes the next run of non-blank characters off *rest; false when nothing is left. */
bool span_next_word(struct span *rest, struct span *word);
/* True where one of those runs in a text is the wanted one. */
bool span_has_word(struct span words, struct span wanted);

/* FNV-1a of 64 bits (draft-eastlake-fnv), for tables in memory: no digest. */
uint64_t span_hash(struct span s);

/* Decimal number that fills the whole span, at most maximum; false otherwise. */
bool span_to_number(struct span s, uint64_t maximum, uint64_t *out);
/* The value of a hexadecimal digit; -1 of any other byte. */
int hex_digit(uint8_t c);
/* A number with a point, as strtod() reads it, that fills the whole span of less than 32 bytes; false otherwise. */
bool span_to_decimal(struct span s, double *out);

#endif
