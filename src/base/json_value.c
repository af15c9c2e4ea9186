/* Questions to the values of a document that was read. */
#include "base/json_scan.h"

static struct span bytes_of(const struct json_value *value)
{
	return span_of(value->data, value->size);
}

bool json_value_is(const struct json_value *value, enum json_kind kind)
{
	return value && value->kind == kind;
}

size_t json_value_count(const struct json_value *value)
{
	return json_value_is(value, JSON_ARRAY) || json_value_is(value, JSON_OBJECT) ? value->size : 0;
}

const struct json_value *json_value_member(const struct json_value *value, const char *key)
{
	if (!json_value_is(value, JSON_OBJECT))
		return NULL;
	struct span want = span_of_text(key);
	const struct json_value *name = value + 1;
	for (uint32_t i = 0; i < value->size; i++, name += 1 + name[1].values)
		if (name->size == want.size && memcmp(name->data, want.data, want.size) == 0)
			return name + 1;
	return NULL;
}

const struct json_value *json_value_first(const struct json_value *value)
{
	return json_value_count(value) == 0 ? NULL : value + (json_value_is(value, JSON_OBJECT) ? 2 : 1);
}

const struct json_value *json_value_next(const struct json_value *parent, const struct json_value *value)
{
	const struct json_value *next = value + value->values + (json_value_is(parent, JSON_OBJECT) ? 1 : 0);
	return next < parent + parent->values ? next : NULL;
}

struct span json_value_key(const struct json_value *member)
{
	return bytes_of(member - 1);
}

struct span json_value_text(const struct json_value *value)
{
	return json_value_is(value, JSON_STRING) ? bytes_of(value) : SPAN_NONE;
}

double json_value_number(const struct json_value *value)
{
	double number;
	bool known = json_value_is(value, JSON_NUMBER) || json_value_is(value, JSON_STRING);
	return known && span_to_decimal(bytes_of(value), &number) ? number : -1.0;
}
