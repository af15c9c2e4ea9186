/* All names of table kernel_names, to be looked up. */
#ifndef ASSAY_VULN_KERNEL_NAMES_INDEX_H
#define ASSAY_VULN_KERNEL_NAMES_INDEX_H

#include <sqlite3.h>

#include "base/arena.h"

/* A row of kernel_names. */
struct names_table {
	const char *source;
	int64_t file, offset;
	bool whole;
	struct span names; /* sorted, one a line */
};

struct name_slot;

struct names_index {
	struct names_table *tables;
	size_t count, capacity;
	struct name_slot *slots; /* of functions, each in that of its name's hash or one behind it */
	size_t slot_count;       /* a power of two; 0 for none */
};

/* Reads the table; what it gives lives in the arena. False, and everything unknown, where it could not be read. */
bool names_index_read(struct names_index *index, sqlite3 *evidence, struct arena *arena);
/* Where a function is named, whatever its compiler has appended ("name.isra.0", "name$1234"); NULL where it is nowhere. */
const struct names_table *names_index_find(const struct names_index *index, struct span name);
/* Where a function is named that begins so; NULL where there is none. */
const struct names_table *names_index_find_prefix(const struct names_index *index, struct span prefix);
/* The table of a source ("source paths", "texts") that has the line; NULL where none has. */
const struct names_table *names_index_find_line(const struct names_index *index, const char *source, struct span line);
/* The first table of a source; NULL where there is none. */
const struct names_table *names_index_of(const struct names_index *index, const char *source);

#endif
