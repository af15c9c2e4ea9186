/* Writes JSON: a stream of values into a buffer, with commas, indentation and escapes kept right. */
#ifndef ASSAY_BASE_JSON_H
#define ASSAY_BASE_JSON_H

#include "base/buffer.h"

enum { JSON_DEPTH_MAX = 32 };

/* A writer. Errors stick: check json_done(). */
struct json {
	struct buffer *out;
	enum outcome outcome;
	int depth;
	bool compact;                       /* no line ends, no indentation */
	bool after_key;
	bool has_members[JSON_DEPTH_MAX + 1];
};

void json_init(struct json *json, struct buffer *out, bool compact);
/* The first outcome that was not DONE; ends the text with a line end. */
enum outcome json_done(struct json *json) MUST_CHECK;

void json_object_open(struct json *json);
void json_object_close(struct json *json);
void json_array_open(struct json *json);
void json_array_close(struct json *json);
void json_key(struct json *json, const char *key);

/* Bytes that are not UTF-8 come out as U+FFFD. */
void json_string(struct json *json, struct span text);
void json_text(struct json *json, const char *text); /* NULL gives null */
void json_integer(struct json *json, int64_t value);
/* Shortest decimal with at most that many places. */
void json_number(struct json *json, double value, int places);
void json_boolean(struct json *json, bool value);
void json_null(struct json *json);

/* Members in one call. */
void json_member_text(struct json *json, const char *key, const char *text);
void json_member_string(struct json *json, const char *key, struct span text);
void json_member_integer(struct json *json, const char *key, int64_t value);
void json_member_boolean(struct json *json, const char *key, bool value);

/* A member that is an array, and is left out where it is empty: *open is false at first, and the first element opens it. */
void json_list_element(struct json *json, const char *key, bool *open);
void json_list_close(struct json *json, bool open);

#endif
