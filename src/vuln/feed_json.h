/* Reads JSON of feeds with few words. Spans are borrowed from the document. */
#ifndef ASSAY_VULN_FEED_JSON_H
#define ASSAY_VULN_FEED_JSON_H

#include <json-c/json.h>

#include "base/span.h"

/* A whole document; NULL where it is broken. The caller puts it back with json_object_put(). */
struct json_object *feed_json_parse(struct span text);
/* Takes the next object off the elements of an array (after its '['); false at the end. */
bool feed_json_element(struct span *rest, struct span *element);

/* A member; NULL where there is none, or the object is none. */
struct json_object *feed_json_member(struct json_object *object, const char *key);
/* Text of a member; empty where it is no string. */
struct span feed_json_text(struct json_object *object, const char *key);
/* Text of a value; empty where it is no string. */
struct span feed_json_string(struct json_object *value);
/* Number of a member, also one that is written as a string; negative where there is none. */
double feed_json_number(struct json_object *object, const char *key);
bool feed_json_true(struct json_object *object, const char *key);
/* True where the array holds the string. */
bool feed_json_has(struct json_object *array, const char *text);
/* Elements of an array; 0 where it is none. */
size_t feed_json_count(struct json_object *array);
struct json_object *feed_json_at(struct json_object *array, size_t index);

#endif
