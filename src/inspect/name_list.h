/* Names that are gathered, sorted, and stated as one text of lines. */
#ifndef ASSAY_INSPECT_NAME_LIST_H
#define ASSAY_INSPECT_NAME_LIST_H

#include "inspect/inspector.h"

struct name_list {
	struct span *names; /* borrowed */
	size_t count, capacity;
	struct arena *arena;
	bool refused;       /* a name found no memory */
};

/* True where every character is seen when it is printed; of no name, too. */
bool name_is_graphic(struct span name);

void name_list_add(struct name_list *list, struct span name);
/* Sorts, and keeps each name once. False, and nothing kept, where there is no effort for it. */
bool name_list_sort(struct name_list *list);
/* True where a sorted list has the name. */
bool name_list_has(const struct name_list *list, struct span name);

/* Where names come from: columns of kernel_names. */
struct name_source {
	const char *source;
	uint64_t offset; /* byte in the file */
	bool whole;
	int64_t sought;  /* checksum of the table of what was looked for; 0 for none */
};

/* States a row of kernel_names, of a sorted list of printable names; none of an empty one. */
void name_list_state(struct inspection *file, const struct name_source *source, const struct name_list *list);

#endif
