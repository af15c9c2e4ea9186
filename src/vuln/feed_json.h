/* Reads JSON of feeds with few words: members of a value, which may be NULL or of another kind. */
#ifndef ASSAY_VULN_FEED_JSON_H
#define ASSAY_VULN_FEED_JSON_H

#include "base/json_scan.h"

/* Text of a member; empty where it is no string. */
struct span feed_json_text(const struct json_value *object, const char *key);
/* Number of a member, also one that is written as a string; negative where there is none. */
double feed_json_number(const struct json_value *object, const char *key);
/* A whole number; negative where it is none, or beyond all measure. */
int64_t feed_json_whole(const struct json_value *value);
/* A member that is a whole number; negative where it is none, or beyond all measure. */
int64_t feed_json_count_of(const struct json_value *object, const char *key);
bool feed_json_true(const struct json_value *object, const char *key);
/* True where the array holds the string. */
bool feed_json_has(const struct json_value *array, const char *text);
/* Elements of an array; 0 where it is none. */
size_t feed_json_count(const struct json_value *array);
/* One of the first of them; NULL where there is none. */
const struct json_value *feed_json_at(const struct json_value *array, size_t index);

#endif
