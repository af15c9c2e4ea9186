/* Flattened device trees, read through libfdt after it has checked the whole of one. */
#ifndef ASSAY_UNPACK_DEVICETREE_H
#define ASSAY_UNPACK_DEVICETREE_H

#include "base/arena.h"
#include "base/outcome.h"
#include "base/span.h"

struct devicetree {
	const void *blob;  /* for libfdt; aligned, so perhaps a copy in the arena */
	struct span bytes; /* the same tree where it lies in the image */
};

/* Walks the whole tree. libfdt 1.6 goes over some broken ones for ever: show it only what is sound. */
bool devicetree_is_sound(struct span blob);
/* Checks the tree at the first byte. NOT_THIS where it is none, or broken; NO_MEMORY. */
enum outcome devicetree_open(struct span bytes, struct arena *arena, struct devicetree *out) MUST_CHECK;
/* A property as it lies in the image; the empty span where there is none. node < 0 gives the empty span. */
struct span devicetree_property(const struct devicetree *tree, int node, const char *name);
/* A property's text up to its NUL, if it is printable. */
struct span devicetree_text(const struct devicetree *tree, int node, const char *name);
/* A property of one cell; false where there is none. */
bool devicetree_number(const struct devicetree *tree, int node, const char *name, uint32_t *out);

#endif
