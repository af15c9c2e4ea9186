/*
 * The tables of applets of the first versions of BusyBox (0.4x to 1.4): a structure for each, which begins with the address
 * of its name.
 */
#ifndef ASSAY_INSPECT_APPLET_TABLE_H
#define ASSAY_INSPECT_APPLET_TABLE_H

#include "base/arena.h"
#include "base/span.h"

struct applet_entry {
	struct span name; /* in the bytes */
};

struct applet_table {
	struct applet_entry *entries; /* in order; in the arena */
	size_t count;
	uint64_t offset; /* of the first structure in the file */
	bool whole;      /* an empty structure ends it, and no name stands before it */
};

/* The name of an applet that stands at an offset, ended by a NUL; empty where there is none. */
struct span applet_name_at(struct span bytes, size_t at);
/* The longest table of structures; false where there is none of a dozen names. */
bool applet_table_find(struct span bytes, struct arena *arena, struct applet_table *out);

#endif
