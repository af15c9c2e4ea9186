/*
 * Several files and folders that were given as one product, as a volume like any
 * other: its entries are the files, and those of the folders. Nothing is copied.
 */
#ifndef ASSAY_ENGINE_SEVERAL_H
#define ASSAY_ENGINE_SEVERAL_H

#include "engine/explore.h"

/* What was given: the bytes of a file, or the descriptor of a folder. Borrowed. */
struct source {
	const char *name; /* path as it was given */
	struct span bytes;
	int directory;    /* -1 for a file */
};

/* Lists the sources into the node, whose arena, budget and notes are set. */
enum outcome several_list(struct node *node, const struct source *sources, size_t count) MUST_CHECK;

#endif
