#include "vuln/fact_log.h"

/* A fact is a byte of its kind, one of its counts, the real number where there is one, then numbers, sizes and texts. */
enum { NUMBERS_SHIFT = 0, TEXTS_SHIFT = 3, COUNT_MASK = 7, HAS_REAL = 0x40, VARIABLE_MAX = 10 };

static uint8_t *put(uint8_t *at, const void *bytes, size_t size)
{
	if (size > 0)
		memcpy(at, bytes, size);
	return at + size;
}

/* Seven bits in a byte, the least first; the last has no bit 7. */
static uint8_t *put_variable(uint8_t *at, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		*at++ = (uint8_t)(value | 0x80);
	*at++ = (uint8_t)value;
	return at;
}

enum outcome fact_log_add(struct buffer *log, const struct fact *fact)
{
	size_t most = 2 + sizeof fact->real + (fact->numbers + fact->texts) * VARIABLE_MAX, before = log->size;
	for (size_t i = 0; i < fact->texts; i++)
		most += fact->text[i].size;
	bool has_real = fact->real < 0.0 || fact->real > 0.0;
	uint8_t *at;
	TRY(buffer_extend(log, most, &at));
	const uint8_t *start = at;
	*at++ = (uint8_t)fact->kind;
	*at++ = (uint8_t)(fact->numbers << NUMBERS_SHIFT | fact->texts << TEXTS_SHIFT | (has_real ? HAS_REAL : 0));
	at = put(at, &fact->real, has_real ? sizeof fact->real : 0);
	for (size_t i = 0; i < fact->numbers; i++)
		at = put_variable(at, (uint64_t)fact->number[i]);
	for (size_t i = 0; i < fact->texts; i++) {
		at = put_variable(at, fact->text[i].size);
		at = put(at, fact->text[i].data, fact->text[i].size);
	}
	log->size = before + (size_t)(at - start);
	return DONE;
}

static uint64_t take_variable(struct span *rest)
{
	uint64_t value = 0;
	size_t i = 0;
	for (uint8_t byte = 0x80; i < VARIABLE_MAX && i < rest->size && byte >= 0x80; i++) {
		byte = span_byte(*rest, i);
		value |= (uint64_t)(byte & 0x7f) << 7 * i;
	}
	*rest = span_from(*rest, i);
	return value;
}

bool fact_log_next(struct span *rest, struct fact *out)
{
	uint8_t counts = span_byte(*rest, 1);
	*out = (struct fact){ .kind = (enum fact_kind)span_byte(*rest, 0), .numbers = counts >> NUMBERS_SHIFT & COUNT_MASK,
			      .texts = counts >> TEXTS_SHIFT & COUNT_MASK };
	if (rest->size < 2 || out->numbers > FACT_NUMBERS_MAX)
		return false;
	*rest = span_from(*rest, 2);
	if ((counts & HAS_REAL) != 0 && rest->size >= sizeof out->real) {
		memcpy(&out->real, rest->data, sizeof out->real);
		*rest = span_from(*rest, sizeof out->real);
	}
	for (size_t i = 0; i < out->numbers; i++)
		out->number[i] = (int64_t)take_variable(rest);
	for (size_t i = 0; i < out->texts; i++) {
		size_t size = take_variable(rest);
		out->text[i] = span_slice(*rest, 0, size);
		*rest = span_from(*rest, size);
	}
	return true;
}
