/* Matches shapes by trying; recursion is bounded by the length of the shape, which is our own data. */
#include "identify/shape.h"

enum { SHAPE_MAX = 80, TEXT_MAX = 255 };

struct attempt {
	struct span shape, text;
	size_t part_start, part_end;
};

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Index after the bracket that closes the one at `open`. */
static size_t after_group(struct span shape, size_t open)
{
	size_t close = span_find_byte(shape, ']', open);
	return close == SPAN_NOT_FOUND ? shape.size : close + 1;
}

static bool matches_from(struct attempt *attempt, size_t s, size_t t);

static bool any_from(struct attempt *attempt, size_t s, size_t t)
{
	for (size_t end = t; end <= attempt->text.size; end++)
		if (matches_from(attempt, s + 1, end))
			return true;
	return false;
}

static bool matches_from(struct attempt *attempt, size_t s, size_t t)
{
	for (; s < attempt->shape.size; s++) {
		uint8_t symbol = span_byte(attempt->shape, s);
		uint8_t byte = span_byte(attempt->text, t);
		switch (symbol) {
		case '{':
			attempt->part_start = t;
			break;
		case '}':
			attempt->part_end = t;
			break;
		case ']':
			break;
		case '[':
			if (matches_from(attempt, s + 1, t))
				return true;
			s = after_group(attempt->shape, s) - 1;
			break;
		case '*':
			return any_from(attempt, s, t);
		case '#':
			if (!is_digit(byte))
				return false;
			while (is_digit(span_byte(attempt->text, t)))
				t++;
			break;
		case '@':
			if (byte < 'a' || byte > 'z')
				return false;
			t++;
			break;
		default:
			if (t >= attempt->text.size || byte != symbol)
				return false;
			t++;
		}
	}
	return t == attempt->text.size;
}

bool shape_matches(struct span shape, struct span text, struct span *part)
{
	if (shape.size > SHAPE_MAX || text.size > TEXT_MAX)
		return false;
	struct attempt attempt = { .shape = shape, .text = text, .part_end = text.size };
	if (!matches_from(&attempt, 0, 0))
		return false;
	if (part)
		*part = span_slice(text, attempt.part_start, attempt.part_end - attempt.part_start);
	return true;
}

bool shape_valid(struct span shape)
{
	int braces = 0, brackets = 0, parts = 0;
	for (size_t i = 0; i < shape.size; i++) {
		uint8_t symbol = span_byte(shape, i);
		braces += (symbol == '{') - (symbol == '}');
		brackets += (symbol == '[') - (symbol == ']');
		parts += symbol == '{';
		if (braces < 0 || braces > 1 || brackets < 0 || brackets > 1)
			return false;
	}
	return braces == 0 && brackets == 0 && parts <= 1 && shape.size > 0 && shape.size <= SHAPE_MAX;
}
