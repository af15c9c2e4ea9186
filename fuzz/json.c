/*
 * Fuzzes the reader of JSON of feeds. What it takes, json-c takes too, with the same names, strings and numbers of
 * elements; what it gives one by one is what it gives at once.
 */
#include <json-c/json.h>
#include <stdlib.h>

#include "base/json_scan.h"
#include "target.h"

enum { MEMORY = 1 << 20, DEPTH = JSON_SCAN_DEPTH_MAX + 1 };

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool same_text(struct span text, const char *other, size_t size)
{
	return text.size == size && memcmp(text.data, other, size) == 0;
}

static void compare(const struct json_value *value, struct json_object *other);

static void compare_members(const struct json_value *value, struct json_object *other)
{
	require(json_value_count(value) == (size_t)json_object_object_length(other));
	JSON_EACH(member, value) {
		struct span key = json_value_key(member);
		char *name = calloc(1, key.size + 1);
		struct json_object *same = NULL;
		require(name != NULL);
		memcpy(name, key.data, key.size);
		if (strlen(name) == key.size) { /* json-c ends names at a NUL */
			require(json_object_object_get_ex(other, name, &same));
			require(json_value_member(value, name) == member);
			compare(member, same);
		}
		free(name);
	}
}

static void compare(const struct json_value *value, struct json_object *other)
{
	size_t index = 0;
	switch ((enum json_kind)value->kind) {
	case JSON_STRING:
		require(json_object_is_type(other, json_type_string));
		require(same_text(json_value_text(value), json_object_get_string(other), (size_t)json_object_get_string_len(other)));
		break;
	case JSON_ARRAY:
		require(json_object_is_type(other, json_type_array) && json_value_count(value) == json_object_array_length(other));
		JSON_EACH(item, value)
			compare(item, json_object_array_get_idx(other, index++));
		break;
	case JSON_OBJECT:
		require(json_object_is_type(other, json_type_object));
		compare_members(value, other);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		require(json_object_is_type(other, json_type_boolean) &&
			json_object_get_boolean(other) == json_value_is(value, JSON_TRUE));
		break;
	case JSON_NULL:
		require(!other);
		break;
	case JSON_NUMBER:
		require(json_object_is_type(other, json_type_int) || json_object_is_type(other, json_type_double));
		break;
	}
}

static enum outcome count(void *context, struct span key, const struct json_value *value)
{
	(void)key;
	*(size_t *)context += value->values;
	return DONE;
}

/* A NUL in a name makes json-c take two names for one. */
static bool has_nul(struct span text)
{
	return span_find_text(text, "\\u0000", 0) != SPAN_NOT_FOUND;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of(data, size);
	const struct json_value *root;
	struct json_scan scan;
	size_t values = 0;
	json_scan_init(&scan, MEMORY);
	enum outcome listed = json_scan_list(&scan, text, NULL, count, &values);
	enum outcome outcome = json_scan_read(&scan, text, &root);
	require(outcome == DONE || outcome == OVER_BUDGET || (scan.wrong && scan.at <= size));
	if (outcome == DONE && json_value_is(root, JSON_ARRAY))
		require(listed == DONE && values + 1 == root->values);
	bool marked = span_starts_text(text, "\xef\xbb\xbf");
	if (outcome == DONE && !has_nul(text)) {
		struct span plain = span_from(text, marked ? 3 : 0);
		struct json_tokener *tokener = json_tokener_new_ex(DEPTH);
		char *copy = calloc(1, plain.size + 1);
		require(tokener && copy);
		memcpy(copy, plain.data, plain.size);
		struct json_object *other = json_tokener_parse_ex(tokener, copy, (int)plain.size + 1);
		require(json_tokener_get_error(tokener) == json_tokener_success);
		compare(root, other);
		(void)json_object_put(other);
		json_tokener_free(tokener);
		free(copy);
	}
	json_scan_done(&scan);
	return 0;
}
