#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/shown.h"
#include "base/text.h"

void json_init(struct json *json, struct buffer *out, bool compact)
{
	*json = (struct json){ .out = out, .compact = compact };
}

static void put(struct json *json, struct span bytes)
{
	if (json->outcome == DONE)
		json->outcome = buffer_append(json->out, bytes);
}

static void put_line(struct json *json)
{
	static const char tabs[JSON_DEPTH_MAX + 2] = "\n\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
	if (!json->compact)
		put(json, span_of(tabs, (size_t)json->depth + 1));
}

/* What stands before a value: nothing after a key, else a comma where one is due. */
static void before_value(struct json *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	if (json->has_members[json->depth])
		put(json, SPAN_LITERAL(","));
	if (json->depth > 0)
		put_line(json);
	json->has_members[json->depth] = true;
}

static void open(struct json *json, struct span bracket)
{
	before_value(json);
	put(json, bracket);
	if (json->depth == JSON_DEPTH_MAX) {
		json->outcome = OVER_BUDGET;
		return;
	}
	json->has_members[++json->depth] = false;
}

static void close(struct json *json, struct span bracket)
{
	bool had_members = json->has_members[json->depth];
	if (json->depth > 0)
		json->depth--;
	if (had_members)
		put_line(json);
	put(json, bracket);
}

void json_object_open(struct json *json)
{
	open(json, SPAN_LITERAL("{"));
}

void json_object_close(struct json *json)
{
	close(json, SPAN_LITERAL("}"));
}

void json_array_open(struct json *json)
{
	open(json, SPAN_LITERAL("["));
}

void json_array_close(struct json *json)
{
	close(json, SPAN_LITERAL("]"));
}

static void put_escaped(struct json *json, uint8_t byte)
{
	char escape[8];
	switch (byte) {
	case '"':
		put(json, SPAN_LITERAL("\\\""));
		return;
	case '\\':
		put(json, SPAN_LITERAL("\\\\"));
		return;
	case '\n':
		put(json, SPAN_LITERAL("\\n"));
		return;
	case '\t':
		put(json, SPAN_LITERAL("\\t"));
		return;
	default:
		(void)snprintf(escape, sizeof escape, "\\u%04x", byte);
		put(json, span_of_text(escape));
	}
}

/* Length of the run of ASCII at the start that JSON takes as it is. */
static size_t plain_length(struct span text)
{
	size_t length = 0;
	while (length < text.size) {
		uint8_t byte = text.data[length];
		if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
			break;
		length++;
	}
	return length;
}

/* Characters that would steer a terminal or turn the writing round are the same text when they are escaped. */
static void put_code_point(struct json *json, uint32_t code)
{
	char escape[16];
	uint32_t beyond = code - 0x10000;
	if (code >= 0x10000)
		(void)snprintf(escape, sizeof escape, "\\u%04x\\u%04x", 0xd800 + (beyond >> 10), 0xdc00 + (beyond & 0x3ff));
	else
		(void)snprintf(escape, sizeof escape, "\\u%04x", code);
	put(json, span_of_text(escape));
}

/* Bytes of a character beyond ASCII that goes out as it is; 0 where there is none. */
static size_t harmless_length(struct span text)
{
	bool safe = false;
	size_t length = text.size > 0 ? shown_character(text, &safe) : 0;
	return length > 1 && safe ? length : 0;
}

static void put_quoted(struct json *json, struct span text)
{
	put(json, SPAN_LITERAL("\""));
	while (text.size > 0) {
		/* The longest run that needs no care goes out in one piece. */
		size_t run = plain_length(text), length;
		while ((length = harmless_length(span_from(text, run))) > 0)
			run += length + plain_length(span_from(text, run + length));
		put(json, span_slice(text, 0, run));
		text = span_from(text, run);
		if (text.size == 0)
			break;
		length = text_utf8_length(text);
		if (length == 0)
			put(json, SPAN_LITERAL("\xef\xbf\xbd"));
		else if (length == 1)
			put_escaped(json, text.data[0]);
		else
			put_code_point(json, shown_code_point(span_slice(text, 0, length)));
		text = span_from(text, length > 0 ? length : 1);
	}
	put(json, SPAN_LITERAL("\""));
}

void json_key(struct json *json, const char *key)
{
	before_value(json);
	put_quoted(json, span_of_text(key));
	put(json, json->compact ? SPAN_LITERAL(":") : SPAN_LITERAL(": "));
	json->after_key = true;
}

void json_string(struct json *json, struct span text)
{
	before_value(json);
	put_quoted(json, text);
}

void json_text(struct json *json, const char *text)
{
	if (text)
		json_string(json, span_of_text(text));
	else
		json_null(json);
}

void json_integer(struct json *json, int64_t value)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%lld", (long long)value);
	before_value(json);
	put(json, span_of_text(text));
}

void json_number(struct json *json, double value, int places)
{
	char text[64];
	if (!isfinite(value)) {
		json_null(json);
		return;
	}
	(void)snprintf(text, sizeof text, "%.*f", places < 0 ? 0 : places > 12 ? 12 : places, value);
	if (strchr(text, '.')) {
		size_t end = strlen(text);
		while (text[end - 1] == '0')
			text[--end] = '\0';
		if (text[end - 1] == '.')
			text[end - 1] = '\0';
	}
	before_value(json);
	put(json, span_of_text(strcmp(text, "-0") == 0 ? "0" : text));
}

void json_boolean(struct json *json, bool value)
{
	before_value(json);
	put(json, value ? SPAN_LITERAL("true") : SPAN_LITERAL("false"));
}

void json_null(struct json *json)
{
	before_value(json);
	put(json, SPAN_LITERAL("null"));
}

void json_member_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_text(json, text);
}

void json_member_string(struct json *json, const char *key, struct span text)
{
	json_key(json, key);
	json_string(json, text);
}

void json_member_integer(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_integer(json, value);
}

void json_member_boolean(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	json_boolean(json, value);
}

void json_list_element(struct json *json, const char *key, bool *open)
{
	if (*open)
		return;
	json_key(json, key);
	json_array_open(json);
	*open = true;
}

void json_list_close(struct json *json, bool open)
{
	if (open)
		json_array_close(json);
}

enum outcome json_done(struct json *json)
{
	put(json, SPAN_LITERAL("\n"));
	return json->outcome;
}
