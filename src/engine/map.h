/* The map of the image: what each range of its bytes is. Nothing here where the explorer keeps no map. */
#ifndef ASSAY_ENGINE_MAP_H
#define ASSAY_ENGINE_MAP_H

#include "engine/explore.h"
#include "engine/gaps.h"

/* The volume whole, or its headers where it has parts; image_offset of its first byte, or NO_OFFSET. */
void map_volume(struct explorer *explorer, const struct node *node, uint64_t image_offset);
/* One unclaimed piece; image_offset of the bytes that it was found in. */
void map_gap(struct explorer *explorer, uint64_t image_offset, const struct gap *gap, struct span bytes,
	     int64_t volume);
/* Bytes in which nothing was found, piece by piece. */
void map_gaps(struct explorer *explorer, uint64_t image_offset, struct span bytes, int64_t volume);

#endif
