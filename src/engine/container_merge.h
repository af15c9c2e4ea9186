/*
 * Lays the layers of a container image over each other as a runtime does: OCI image-spec 1.1, layer.md, "Applying
 * Changesets". A whiteout ".wh.NAME" takes NAME away, an opaque one all that lower layers have in its folder; what a
 * higher layer names replaces what a lower one has, and a file in a folder's place takes all below it away.
 */
#ifndef ASSAY_ENGINE_CONTAINER_MERGE_H
#define ASSAY_ENGINE_CONTAINER_MERGE_H

#include "unpack/listing.h"

/* An entry of one layer. */
struct layer_entry {
	const struct entry *entry;
	const struct entry *content; /* whose content it has: its own, or that of a hard link's target in a layer below */
	size_t layer, content_layer; /* from 0, the lowest */
	bool whiteout;
	bool stays;                  /* it is in the merged file system */
};

struct merged {
	struct layer_entry *list; /* by path, then layer */
	size_t count;
};

/* Listings from the lowest layer to the highest; a NULL one is missing. All memory is the arena's. */
enum outcome container_merge(const struct listing *const *layers, size_t count, struct arena *arena,
			     struct merged *out) MUST_CHECK;

#endif
