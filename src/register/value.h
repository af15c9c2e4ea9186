/* A value of a column, as both engines of a register know it: nothing, a whole number, a number with a point, a text. */
#ifndef ASSAY_REGISTER_VALUE_H
#define ASSAY_REGISTER_VALUE_H

#include "base/json.h"

enum value_type { VALUE_NULL = 0, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

struct value {
	enum value_type type;
	int64_t integer;
	double real;
	struct span text; /* UTF-8; borrowed */
};

#define VALUE_NONE ((struct value){ 0 })

static inline struct value value_integer(int64_t integer)
{
	return (struct value){ .type = VALUE_INTEGER, .integer = integer };
}

static inline struct value value_real(double real)
{
	return (struct value){ .type = VALUE_REAL, .real = real };
}

/* An empty text stays one: it is not NULL. */
static inline struct value value_text(struct span text)
{
	return (struct value){ .type = VALUE_TEXT, .text = text };
}

static inline struct value value_word(const char *word)
{
	return word ? value_text(span_of_text(word)) : VALUE_NONE;
}

/* NULL where there is no text. */
static inline struct value value_text_if(struct span text)
{
	return text.size > 0 ? value_text(text) : VALUE_NONE;
}

/* As JSON: nothing is null, and a number with a point has at most nine places. */
void value_write(struct json *json, struct value value);
void value_write_member(struct json *json, const char *key, struct value value);

#endif
