#include "vuln/feed_json.h"

#include <limits.h>

enum { DEPTH_MAX = 64 };

struct json_object *feed_json_parse(struct span text)
{
	if (text.size == 0 || text.size > INT_MAX)
		return NULL;
	struct json_tokener *tokener = json_tokener_new_ex(DEPTH_MAX);
	if (!tokener)
		return NULL;
	struct json_object *object = json_tokener_parse_ex(tokener, (const char *)text.data, (int)text.size);
	bool whole = json_tokener_get_error(tokener) == json_tokener_success;
	json_tokener_free(tokener);
	if (whole)
		return object;
	(void)json_object_put(object);
	return NULL;
}

/* Index of the byte after the string that starts at the index (its quotation mark). */
static size_t skip_string(struct span text, size_t at)
{
	for (at++; at < text.size; at++) {
		uint8_t c = span_byte(text, at);
		if (c == '\\')
			at++;
		else if (c == '"')
			return at + 1;
	}
	return text.size;
}

bool feed_json_element(struct span *rest, struct span *element)
{
	size_t start = 0;
	while (start < rest->size && span_byte(*rest, start) != '{' && span_byte(*rest, start) != ']')
		start++;
	if (span_byte(*rest, start) != '{')
		return false;
	size_t depth = 0;
	for (size_t at = start; at < rest->size;) {
		uint8_t c = span_byte(*rest, at);
		at = c == '"' ? skip_string(*rest, at) : at + 1;
		if (c == '{')
			depth++;
		if (c == '}' && --depth == 0) {
			*element = span_slice(*rest, start, at - start);
			*rest = span_from(*rest, at);
			return true;
		}
	}
	return false;
}

struct json_object *feed_json_member(struct json_object *object, const char *key)
{
	struct json_object *member = NULL;
	if (json_object_is_type(object, json_type_object))
		(void)json_object_object_get_ex(object, key, &member);
	return member;
}

struct span feed_json_string(struct json_object *value)
{
	if (!json_object_is_type(value, json_type_string))
		return SPAN_NONE;
	return span_of(json_object_get_string(value), (size_t)json_object_get_string_len(value));
}

struct span feed_json_text(struct json_object *object, const char *key)
{
	return feed_json_string(feed_json_member(object, key));
}

double feed_json_number(struct json_object *object, const char *key)
{
	struct json_object *value = feed_json_member(object, key);
	return value ? json_object_get_double(value) : -1.0;
}

bool feed_json_true(struct json_object *object, const char *key)
{
	return json_object_get_boolean(feed_json_member(object, key)) != 0;
}

size_t feed_json_count(struct json_object *array)
{
	return json_object_is_type(array, json_type_array) ? json_object_array_length(array) : 0;
}

struct json_object *feed_json_at(struct json_object *array, size_t index)
{
	return index < feed_json_count(array) ? json_object_array_get_idx(array, index) : NULL;
}

bool feed_json_has(struct json_object *array, const char *text)
{
	for (size_t i = 0; i < feed_json_count(array); i++)
		if (span_equal_text(feed_json_string(feed_json_at(array, i)), text))
			return true;
	return false;
}
