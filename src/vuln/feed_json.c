#include "vuln/feed_json.h"

struct span feed_json_text(const struct json_value *object, const char *key)
{
	return json_value_text(json_value_member(object, key));
}

double feed_json_number(const struct json_value *object, const char *key)
{
	return json_value_number(json_value_member(object, key));
}

bool feed_json_true(const struct json_value *object, const char *key)
{
	return json_value_is(json_value_member(object, key), JSON_TRUE);
}

size_t feed_json_count(const struct json_value *array)
{
	return json_value_is(array, JSON_ARRAY) ? json_value_count(array) : 0;
}

const struct json_value *feed_json_at(const struct json_value *array, size_t index)
{
	if (index >= feed_json_count(array))
		return NULL;
	const struct json_value *item = json_value_first(array);
	while (index-- > 0)
		item = json_value_next(array, item);
	return item;
}

bool feed_json_has(const struct json_value *array, const char *text)
{
	JSON_EACH(item, array)
		if (span_equal_text(json_value_text(item), text))
			return true;
	return false;
}

int64_t feed_json_whole(const struct json_value *value)
{
	uint64_t number;
	bool whole = json_value_is(value, JSON_NUMBER) && span_to_number(span_of(value->data, value->size), INT32_MAX, &number);
	return whole ? (int64_t)number : -1;
}

int64_t feed_json_count_of(const struct json_value *object, const char *key)
{
	return feed_json_whole(json_value_member(object, key));
}
