#include "base/json_tree.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/json_escape.h"
#include "base/text.h"

struct reader {
	struct span text;
	size_t at;
	uint32_t line;
	struct arena *arena;
	const char *wrong; /* the first thing that is; NULL while all is well */
	bool refused;
};

static bool fail(struct reader *reader, const char *what)
{
	if (!reader->wrong)
		reader->wrong = what;
	return false;
}

static uint8_t peek(const struct reader *reader)
{
	return span_byte(reader->text, reader->at);
}

static void skip_blanks(struct reader *reader)
{
	for (; reader->at < reader->text.size; reader->at++) {
		uint8_t c = peek(reader);
		if (c == '\n')
			reader->line++;
		else if (c != ' ' && c != '\t' && c != '\r')
			return;
	}
}

static bool take(struct reader *reader, uint8_t byte)
{
	if (reader->at >= reader->text.size || peek(reader) != byte)
		return false;
	reader->at++;
	return true;
}

/* The string up to its end, without escapes. */
static bool decode(struct reader *reader, size_t end, struct span *out)
{
	struct span text = span_slice(reader->text, reader->at, end - reader->at);
	uint8_t *bytes = ARENA_NEW(reader->arena, uint8_t, text.size + 1);
	size_t length;
	if (!bytes)
		return !(reader->refused = true);
	const char *wrong = json_unescape(text, bytes, &length);
	*out = span_of(bytes, length);
	return !wrong || fail(reader, wrong);
}

static bool is_utf8(struct span text)
{
	for (size_t i = 0, length; i < text.size; i += length)
		if ((length = text_utf8_length(span_from(text, i))) == 0)
			return false;
	return true;
}

/* Behind the quotation mark. */
static bool read_string(struct reader *reader, struct span *out)
{
	size_t start = reader->at, end = start;
	bool escaped = false;
	while (end < reader->text.size && span_byte(reader->text, end) != '"') {
		if (span_byte(reader->text, end) < 0x20)
			return fail(reader, "a string does not end in its line");
		if (span_byte(reader->text, end) == '\\') {
			escaped = true;
			end++;
		}
		end++;
	}
	if (end >= reader->text.size)
		return fail(reader, "a string does not end");
	*out = span_slice(reader->text, start, end - start);
	if (escaped && !decode(reader, end, out))
		return false;
	reader->at = end + 1;
	return is_utf8(*out) || fail(reader, "a string is no UTF-8");
}

static bool read_number(struct reader *reader, struct span *out)
{
	size_t start = reader->at;
	bool digits = false;
	while (reader->at < reader->text.size && (isdigit(peek(reader)) || strchr("+-.eE", peek(reader)))) {
		digits = digits || isdigit(peek(reader));
		reader->at++;
	}
	*out = span_slice(reader->text, start, reader->at - start);
	return digits || fail(reader, "no value: JSON is expected here");
}

static bool read_word(struct reader *reader, const char *word)
{
	if (!span_has_at(reader->text, reader->at, span_of_text(word)))
		return fail(reader, "no value: JSON is expected here");
	reader->at += strlen(word);
	return true;
}

static int compare_keys(const void *left, const void *right)
{
	return span_compare(*(const struct span *)left, *(const struct span *)right);
}

/* Readers differ in which of two members of one name they take (RFC 8259, section 4): neither is what was meant. */
static bool has_no_name_twice(struct reader *reader, const struct json_tree *node)
{
	size_t count = 0;
	for (const struct json_tree *child = node->first; child; child = child->next)
		count++;
	if (count < 2)
		return true;
	struct span *keys = ARENA_NEW(reader->arena, struct span, count);
	if (!keys)
		return !(reader->refused = true);
	count = 0;
	for (const struct json_tree *child = node->first; child; child = child->next)
		keys[count++] = child->key;
	qsort(keys, count, sizeof *keys, compare_keys);
	for (size_t i = 1; i < count; i++)
		if (span_equal(keys[i], keys[i - 1]))
			return fail(reader, "an object has two members of the same name");
	return true;
}

static struct json_tree *read_value(struct reader *reader, int depth);

/* The members of an array or an object, behind its bracket. */
static bool read_members(struct reader *reader, struct json_tree *node, uint8_t end, int depth)
{
	const struct json_tree **place = &node->first;
	skip_blanks(reader);
	if (take(reader, end))
		return true;
	for (;;) {
		struct span key = SPAN_NONE;
		skip_blanks(reader);
		if (end == '}') {
			if (!take(reader, '"'))
				return fail(reader, "a member wants a name in quotation marks");
			if (!read_string(reader, &key))
				return false;
			skip_blanks(reader);
			if (!take(reader, ':'))
				return fail(reader, "a name wants a ':' behind it");
		}
		struct json_tree *child = read_value(reader, depth);
		if (!child)
			return false;
		child->key = key;
		*place = child;
		place = &child->next;
		skip_blanks(reader);
		if (take(reader, end))
			return true;
		if (!take(reader, ','))
			return fail(reader, end == '}' ? "a ',' or '}' is missing" : "a ',' or ']' is missing");
	}
}

static struct json_tree *read_value(struct reader *reader, int depth)
{
	struct json_tree *node = ARENA_NEW(reader->arena, struct json_tree, 1);
	if (!node) {
		reader->refused = true;
		return NULL;
	}
	if (depth == 0) {
		(void)fail(reader, "it is too deep");
		return NULL;
	}
	skip_blanks(reader);
	node->line = reader->line;
	bool well;
	switch (peek(reader)) {
	case '{':
	case '[':
		node->kind = peek(reader) == '{' ? JSON_OBJECT : JSON_ARRAY;
		reader->at++;
		well = read_members(reader, node, node->kind == JSON_OBJECT ? '}' : ']', depth - 1) &&
		       (node->kind == JSON_ARRAY || has_no_name_twice(reader, node));
		break;
	case '"':
		node->kind = JSON_STRING;
		reader->at++;
		well = read_string(reader, &node->text);
		break;
	case 't':
		node->kind = JSON_TRUE;
		well = read_word(reader, "true");
		break;
	case 'f':
		node->kind = JSON_FALSE;
		well = read_word(reader, "false");
		break;
	case 'n':
		node->kind = JSON_NULL;
		well = read_word(reader, "null");
		break;
	default:
		node->kind = JSON_NUMBER;
		well = read_number(reader, &node->text);
	}
	return well ? node : NULL;
}

enum outcome json_tree_read(struct span text, struct arena *arena, const struct json_tree **out, struct span *error)
{
	struct reader reader = { .text = text, .line = 1, .arena = arena };
	if (span_starts_text(text, "\xef\xbb\xbf"))
		reader.at = 3;
	struct json_tree *root = read_value(&reader, JSON_TREE_DEPTH_MAX);
	skip_blanks(&reader);
	if (root && reader.at < text.size)
		(void)fail(&reader, "something follows the document");
	if (reader.refused)
		return NO_MEMORY;
	if (!root || reader.wrong) {
		*error = arena_format(arena, "line %u: %s", reader.line, reader.wrong ? reader.wrong : "no JSON");
		return MALFORMED;
	}
	*out = root;
	return DONE;
}

const struct json_tree *json_tree_member(const struct json_tree *node, const char *key)
{
	if (!node || node->kind != JSON_OBJECT)
		return NULL;
	for (const struct json_tree *child = node->first; child; child = child->next)
		if (span_equal_text(child->key, key))
			return child;
	return NULL;
}

struct span json_tree_text(const struct json_tree *node, const char *key)
{
	const struct json_tree *member = json_tree_member(node, key);
	return member && member->kind == JSON_STRING ? member->text : SPAN_NONE;
}

const struct json_tree *json_tree_first(const struct json_tree *node)
{
	return node && (node->kind == JSON_ARRAY || node->kind == JSON_OBJECT) ? node->first : NULL;
}

const struct json_tree *json_tree_elements(const struct json_tree *node, const char *key)
{
	const struct json_tree *member = json_tree_member(node, key);
	return member && member->kind == JSON_ARRAY ? member->first : NULL;
}
