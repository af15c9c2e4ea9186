/* JSON documents (RFC 8259) as a tree that knows its lines, for what people write and want to be told where it is wrong. */
#ifndef ASSAY_BASE_JSON_TREE_H
#define ASSAY_BASE_JSON_TREE_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

enum { JSON_TREE_DEPTH_MAX = 64 };

enum json_kind { JSON_NULL, JSON_TRUE, JSON_FALSE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A value. All of it lives in the arena or borrows from the text. */
struct json_tree {
	enum json_kind kind;
	struct span text; /* of a string, decoded to UTF-8; of a number, as it is written */
	struct span key;  /* where it is a member of an object */
	uint32_t line;    /* where it begins, from 1 */
	const struct json_tree *first, *next; /* children, sibling */
};

/*
 * Reads one document. MALFORMED where it is none, deeper than JSON_TREE_DEPTH_MAX, or an object in it has two members of
 * one name: *error says what, and in which line. NO_MEMORY.
 */
enum outcome json_tree_read(struct span text, struct arena *arena, const struct json_tree **out,
			    struct span *error) MUST_CHECK;
/* Member of an object; NULL where there is none, or node is NULL or no object. */
const struct json_tree *json_tree_member(const struct json_tree *node, const char *key);
/* Text of a member that is a string; empty where there is none. */
struct span json_tree_text(const struct json_tree *node, const char *key);
/* First member of an array or object, and its next one by ->next; NULL for anything else. */
const struct json_tree *json_tree_first(const struct json_tree *node);
/* The elements of a member that is an array. */
const struct json_tree *json_tree_elements(const struct json_tree *node, const char *key);

#endif
