#include "base/json_scan.h"

#include <stdlib.h>

#include "base/json_escape.h"
#include "base/text.h"

enum { NAMES_COMPARED_MAX = 24, VALUES_MAX = 1 << 28 };

/* An array or object that is not yet closed. */
struct level {
	size_t index; /* of its value */
	uint32_t count;
	bool object;
};

void json_scan_init(struct json_scan *scan, size_t ceiling)
{
	*scan = (struct json_scan){ 0 };
	buffer_init(&scan->values, ceiling, NULL);
	arena_init(&scan->strings, ceiling);
}

void json_scan_done(struct json_scan *scan)
{
	buffer_done(&scan->values);
	arena_done(&scan->strings);
}

static bool fail(struct json_scan *scan, const char *what)
{
	scan->wrong = what;
	return false;
}

static struct json_value *value_at(const struct json_scan *scan, size_t index)
{
	return (struct json_value *)(void *)scan->values.data + index;
}

static size_t count_of(const struct json_scan *scan)
{
	return scan->values.size / sizeof(struct json_value);
}

static bool add_value(struct json_scan *scan, enum json_kind kind, struct span text)
{
	struct json_value *value;
	size_t room = scan->values.capacity - scan->values.size;
	if (room < sizeof *value && (count_of(scan) >= VALUES_MAX ||
				     buffer_reserve(&scan->values, sizeof *value) != DONE))
		return !(scan->refused = true);
	value = value_at(scan, count_of(scan));
	scan->values.size += sizeof *value;
	*value = (struct json_value){ .data = text.data, .size = (uint32_t)text.size, .kind = kind, .values = 1 };
	return true;
}

static uint8_t skip_blanks(struct json_scan *scan)
{
	for (; scan->at < scan->text.size; scan->at++) {
		uint8_t c = scan->text.data[scan->at];
		if (c != ' ' && c != '\n' && c != '\t' && c != '\r')
			return c;
	}
	return 0;
}

/* Behind the quotation mark, up to and past the next one. */
static bool find_end(struct json_scan *scan, bool *escaped)
{
	struct span text = scan->text;
	for (size_t at = scan->at;;) {
		at = json_plain_end(text, at);
		scan->at = at < text.size ? at : text.size;
		uint8_t c = span_byte(text, at);
		if (at >= text.size)
			return fail(scan, "a string does not end");
		if (c == '"')
			return true;
		if (c == '\\') {
			*escaped = true;
			at += 2;
		} else if (c < 0x20) {
			return fail(scan, "a string holds a control character");
		} else {
			size_t length = text_utf8_length(span_from(text, at));
			if (length == 0)
				return fail(scan, "a string is no UTF-8");
			at += length;
		}
		if (at > text.size)
			return fail(scan, "a string does not end");
	}
}

static bool read_string(struct json_scan *scan)
{
	bool escaped = false;
	size_t start = ++scan->at;
	if (!find_end(scan, &escaped))
		return false;
	struct span string = span_slice(scan->text, start, scan->at - start);
	if (string.size > UINT32_MAX)
		return fail(scan, "a string is too long");
	if (escaped) {
		size_t length;
		uint8_t *bytes = ARENA_NEW(&scan->strings, uint8_t, string.size);
		if (!bytes)
			return !(scan->refused = true);
		const char *wrong = json_unescape(string, bytes, &length);
		if (wrong) {
			scan->at = start + length;
			return fail(scan, wrong);
		}
		string = span_of(bytes, length);
	}
	scan->at++;
	return add_value(scan, JSON_STRING, string);
}

static size_t digits(const struct json_scan *scan, size_t at)
{
	size_t start = at;
	while (span_byte(scan->text, at) >= '0' && span_byte(scan->text, at) <= '9')
		at++;
	return at - start;
}

/* Minus, digits without a zero before others, fraction, exponent. */
static bool read_number(struct json_scan *scan)
{
	static const char none[] = "no value: JSON is expected here";
	struct span text = scan->text;
	size_t at = scan->at + (span_byte(text, scan->at) == '-' ? 1 : 0), count = digits(scan, at);
	if (count == 0 || (count > 1 && span_byte(text, at) == '0'))
		return fail(scan, none);
	at += count;
	if (span_byte(text, at) == '.') {
		count = digits(scan, at + 1);
		if (count == 0)
			return fail(scan, none);
		at += count + 1;
	}
	if ((span_byte(text, at) | 0x20) == 'e') {
		at += span_byte(text, at + 1) == '+' || span_byte(text, at + 1) == '-' ? 2 : 1;
		count = digits(scan, at);
		if (count == 0)
			return fail(scan, none);
		at += count;
	}
	struct span number = span_slice(text, scan->at, at - scan->at);
	scan->at = at;
	return add_value(scan, JSON_NUMBER, number);
}

static bool read_word(struct json_scan *scan, const char *word, enum json_kind kind)
{
	struct span want = span_of_text(word);
	if (!span_has_at(scan->text, scan->at, want))
		return fail(scan, "no value: JSON is expected here");
	struct span text = span_slice(scan->text, scan->at, want.size);
	scan->at += want.size;
	return add_value(scan, kind, text);
}

static bool read_plain(struct json_scan *scan, uint8_t first)
{
	switch (first) {
	case '"':
		return read_string(scan);
	case 't':
		return read_word(scan, "true", JSON_TRUE);
	case 'f':
		return read_word(scan, "false", JSON_FALSE);
	case 'n':
		return read_word(scan, "null", JSON_NULL);
	default:
		return read_number(scan);
	}
}

/* A name, and the ':' behind it. */
static bool read_name(struct json_scan *scan)
{
	if (skip_blanks(scan) != '"')
		return fail(scan, "a member wants a name in quotation marks");
	if (!read_string(scan))
		return false;
	if (skip_blanks(scan) != ':')
		return fail(scan, "a name wants a ':' behind it");
	scan->at++;
	return true;
}

static struct span bytes_of(const struct json_value *value)
{
	return span_of(value->data, value->size);
}

static int compare_names(const void *left, const void *right)
{
	return span_compare(*(const struct span *)left, *(const struct span *)right);
}

static bool is_twice_among_many(struct json_scan *scan, size_t index, uint32_t count, bool *twice)
{
	struct span *names = ARENA_NEW(&scan->strings, struct span, count);
	if (!names)
		return !(scan->refused = true);
	const struct json_value *name = value_at(scan, index + 1);
	for (uint32_t i = 0; i < count; i++, name += 1 + name[1].values)
		names[i] = bytes_of(name);
	qsort(names, count, sizeof *names, compare_names);
	for (uint32_t i = 1; i < count; i++)
		*twice = *twice || span_equal(names[i], names[i - 1]);
	return true;
}

/* Readers differ in which of two members of one name they take (RFC 8259, section 4): neither is what was meant. */
static bool has_no_name_twice(struct json_scan *scan, size_t index, uint32_t count)
{
	bool twice = false;
	if (count > NAMES_COMPARED_MAX && !is_twice_among_many(scan, index, count, &twice))
		return false;
	const struct json_value *first = value_at(scan, index + 1), *name = first;
	for (uint32_t i = 0; count <= NAMES_COMPARED_MAX && i < count; i++, name += 1 + name[1].values)
		for (const struct json_value *other = first; other != name; other += 1 + other[1].values)
			twice = twice || (other->size == name->size && memcmp(other->data, name->data, name->size) == 0);
	return !twice || fail(scan, "an object has two members of the same name");
}

static bool open_level(struct json_scan *scan, struct level *levels, size_t *depth, bool object)
{
	if (*depth == JSON_SCAN_DEPTH_MAX)
		return fail(scan, "it is too deep");
	levels[(*depth)++] = (struct level){ .index = count_of(scan), .object = object };
	scan->at++;
	return add_value(scan, object ? JSON_OBJECT : JSON_ARRAY, SPAN_NONE);
}

static bool close_level(struct json_scan *scan, const struct level *level)
{
	struct json_value *value = value_at(scan, level->index);
	value->size = level->count;
	value->values = (uint32_t)(count_of(scan) - level->index) & 0x1fffffff;
	scan->at++;
	return !level->object || has_no_name_twice(scan, level->index, level->count);
}

/* Past a value: closes what ends behind it, or goes to the next one; *depth is 0 when all is closed. */
static bool go_on(struct json_scan *scan, struct level *levels, size_t *depth)
{
	while (*depth > 0) {
		struct level *level = &levels[*depth - 1];
		level->count++;
		uint8_t c = skip_blanks(scan);
		if (c == ',') {
			scan->at++;
			return !level->object || read_name(scan);
		}
		if (c != (level->object ? '}' : ']'))
			return fail(scan, level->object ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
		if (!close_level(scan, level))
			return false;
		--*depth;
	}
	return true;
}

/* One value with all in it, behind blanks. */
static bool scan_value(struct json_scan *scan)
{
	struct level levels[JSON_SCAN_DEPTH_MAX];
	size_t depth = 0;
	do {
		uint8_t c = skip_blanks(scan);
		bool object = c == '{';
		if (!object && c != '[') {
			if (!read_plain(scan, c) || !go_on(scan, levels, &depth))
				return false;
			continue;
		}
		if (!open_level(scan, levels, &depth, object))
			return false;
		if (skip_blanks(scan) == (object ? '}' : ']')) {
			depth--;
			if (!close_level(scan, &levels[depth]) || !go_on(scan, levels, &depth))
				return false;
		} else if (object && !read_name(scan)) {
			return false;
		}
	} while (depth > 0);
	return true;
}

static void start(struct json_scan *scan, struct span text)
{
	scan->text = text;
	scan->at = span_starts_text(text, "\xef\xbb\xbf") ? 3 : 0;
	scan->wrong = NULL;
	scan->refused = false;
}

static void forget(struct json_scan *scan)
{
	buffer_clear(&scan->values);
	arena_reset(&scan->strings);
}

static enum outcome end(struct json_scan *scan, bool well)
{
	if (well && (skip_blanks(scan) != 0 || scan->at < scan->text.size))
		well = fail(scan, "something follows the document");
	if (scan->refused)
		return OVER_BUDGET;
	return well ? DONE : MALFORMED;
}

enum outcome json_scan_read(struct json_scan *scan, struct span text, const struct json_value **out)
{
	start(scan, text);
	forget(scan);
	TRY(end(scan, scan_value(scan)));
	*out = value_at(scan, 0);
	return DONE;
}

/* Gives one value that was read to its end; false where reading ends. */
static bool give(struct json_scan *scan, struct span key, json_scan_item item, void *context, enum outcome *outcome)
{
	size_t name = key.data ? 1 : 0; /* the name of a member stands before it */
	if (!scan_value(scan))
		return false;
	*outcome = item(context, key, value_at(scan, name));
	return *outcome == DONE;
}

static bool scan_elements(struct json_scan *scan, const char *list, json_scan_item item, void *context, enum outcome *outcome)
{
	scan->at++;
	forget(scan);
	if (skip_blanks(scan) == ']') {
		scan->at++;
		return true;
	}
	for (;; scan->at++) {
		forget(scan);
		if (!scan_value(scan))
			return false;
		*outcome = item(context, span_of_text(list), value_at(scan, 0));
		if (*outcome != DONE)
			return false;
		uint8_t c = skip_blanks(scan);
		if (c == ']') {
			scan->at++;
			return true;
		}
		if (c != ',')
			return fail(scan, "a ',' or ']' is missing");
	}
}

/* The members of the document, of which the list may come once. */
static bool scan_members(struct json_scan *scan, const char *list, json_scan_item item, void *context, enum outcome *outcome)
{
	bool seen = false;
	scan->at++;
	if (skip_blanks(scan) == '}') {
		scan->at++;
		return true;
	}
	for (;; scan->at++) {
		forget(scan);
		if (!read_name(scan))
			return false;
		struct span key = bytes_of(value_at(scan, 0));
		bool long_one = span_equal_text(key, list) && skip_blanks(scan) == '[';
		if (long_one && seen)
			return fail(scan, "an object has two members of the same name");
		seen = seen || long_one;
		if (long_one ? !scan_elements(scan, list, item, context, outcome) : !give(scan, key, item, context, outcome))
			return false;
		uint8_t c = skip_blanks(scan);
		if (c == '}') {
			scan->at++;
			return true;
		}
		if (c != ',')
			return fail(scan, "a ',' or '}' is missing");
	}
}

enum outcome json_scan_list(struct json_scan *scan, struct span text, const char *list, json_scan_item item, void *context)
{
	enum outcome outcome = DONE;
	start(scan, text);
	bool well;
	if (skip_blanks(scan) != (list ? '{' : '['))
		well = fail(scan, "the document is of another form");
	else
		well = list ? scan_members(scan, list, item, context, &outcome)
			    : scan_elements(scan, NULL, item, context, &outcome);
	return outcome != DONE ? outcome : end(scan, well);
}
