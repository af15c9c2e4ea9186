/* YAML documents as a tree (libyaml): our data files and the maker's product.yaml. */
#ifndef ASSAY_BASE_YAML_H
#define ASSAY_BASE_YAML_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

/* A node. All of it lives in the arena. */
struct yaml {
	enum yaml_kind kind;
	struct span text;        /* of a scalar */
	struct span key;         /* where the node is a member of a mapping */
	uint32_t line;           /* where it starts, from 1 */
	const struct yaml *first; /* children of a sequence or mapping */
	const struct yaml *next;  /* next sibling */
};

/* Reads one document. On MALFORMED, *error says what and in which line. Depth and size are limited. */
enum outcome yaml_read(struct span text, struct arena *arena, const struct yaml **out, struct span *error) MUST_CHECK;
/* Member of a mapping; NULL where there is none, or node is NULL or not a mapping. */
const struct yaml *yaml_member(const struct yaml *node, const char *key);
/* Text of a scalar member; the empty span where there is none. */
struct span yaml_text(const struct yaml *node, const char *key);
/* Walks the children: for (child = yaml_first(node); child; child = child->next). NULL-safe. */
const struct yaml *yaml_first(const struct yaml *node);
/* How many children there are. NULL-safe. */
size_t yaml_count(const struct yaml *node);

#endif
