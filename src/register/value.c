#include "register/value.h"

void value_write(struct json *json, struct value value)
{
	switch (value.type) {
	case VALUE_NULL:
		json_null(json);
		break;
	case VALUE_INTEGER:
		json_integer(json, value.integer);
		break;
	case VALUE_REAL:
		json_number(json, value.real, 9);
		break;
	case VALUE_TEXT:
		json_string(json, value.text);
		break;
	}
}

void value_write_member(struct json *json, const char *key, struct value value)
{
	json_key(json, key);
	value_write(json, value);
}
