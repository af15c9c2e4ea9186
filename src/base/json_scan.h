/*
 * JSON documents (RFC 8259) as one flat list of values, for what machines write by the gigabyte: a document is checked to
 * its last byte in one pass, and none of its strings is copied but those with escapes. base/json_tree.h is for what people write.
 */
#ifndef ASSAY_BASE_JSON_SCAN_H
#define ASSAY_BASE_JSON_SCAN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/json_tree.h"

enum { JSON_SCAN_DEPTH_MAX = 64 };

/*
 * A value. Those that an array or object holds follow it in the list; in an object each is behind its name. The bytes
 * are of the text, or of the scan where a string had escapes.
 */
struct json_value {
	const uint8_t *data;
	uint32_t size;        /* bytes of a string, number or word; of an array or object, how many it holds */
	uint32_t kind : 3;    /* enum json_kind */
	uint32_t values : 29; /* values that it is made of, itself among them */
};

/* Reads documents one after the other; the values of one are gone with the next. */
struct json_scan {
	struct span text;
	size_t at;         /* where a document that was refused is wrong */
	const char *wrong; /* what is, in words; NULL while all is well */
	struct buffer values;
	struct arena strings;
	bool refused; /* memory was */
};

/* The values, and the strings with escapes, may take ceiling bytes each. */
void json_scan_init(struct json_scan *scan, size_t ceiling);
void json_scan_done(struct json_scan *scan);
/*
 * Reads a whole document. MALFORMED where it is none, deeper than JSON_SCAN_DEPTH_MAX, no UTF-8, or an object in it has two
 * members of one name: `wrong` and `at` say what and where. OVER_BUDGET where it takes more memory than it may.
 */
enum outcome json_scan_read(struct json_scan *scan, struct span text, const struct json_value **out) MUST_CHECK;
/*
 * Takes a member of the document, or an element of its long list: key is the member's, or the list's own. The values are
 * gone with the next one. What it returns but DONE ends the reading.
 */
typedef enum outcome (*json_scan_item)(void *context, struct span key, const struct json_value *value);
/*
 * Reads a document that is an object with one long list by that name, or with NULL for the name an array: gives each of
 * its elements and its other members, in their order. A document that is wrong further on has then been given in part.
 */
enum outcome json_scan_list(struct json_scan *scan, struct span text, const char *list, json_scan_item item,
			    void *context) MUST_CHECK;

/* Of all these, value may be NULL, and be of another kind: then there is nothing. */
const struct json_value *json_value_member(const struct json_value *value, const char *key);
/* The first element of an array or member of an object (its value), and the one that follows it. */
const struct json_value *json_value_first(const struct json_value *value);
const struct json_value *json_value_next(const struct json_value *parent, const struct json_value *value);
/* How many there are. */
size_t json_value_count(const struct json_value *value);
/* The name of a member of an object. */
struct span json_value_key(const struct json_value *member);
/* Empty for what is no string. */
struct span json_value_text(const struct json_value *value);
/* A number, or a string that holds one; negative where there is none. */
double json_value_number(const struct json_value *value);
bool json_value_is(const struct json_value *value, enum json_kind kind);

#define JSON_EACH(item, parent)                                                             \
	for (const struct json_value *item = json_value_first(parent); item; \
	     item = json_value_next(parent, item))

#endif
