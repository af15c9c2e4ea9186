/*
 * The map: what each range of the image's bytes is, and of what archives and streams in it hold. Where the explorer
 * keeps no map only the sums are made.
 */
#ifndef ASSAY_ENGINE_MAP_H
#define ASSAY_ENGINE_MAP_H

#include "engine/explore.h"

/* The volume whole, or its headers where it has parts, which also go to the sums of its own bytes. */
void map_volume(struct explorer *explorer, struct node *node, const struct place *place);
/*
 * One piece of the bytes of a place that nothing has claimed, from offset on. Containers that are held in it
 * (base is taken off their offsets) have ranges of their own.
 */
void map_piece(struct explorer *explorer, const struct place *place, uint64_t offset, struct span bytes,
	       const struct claim *held, uint64_t base);
/* A run of filling. */
void map_padding(struct explorer *explorer, const struct place *place, uint64_t offset, struct span bytes);
/* A file of an archive, which is no container: size bytes of content at the place. */
void map_file(struct explorer *explorer, const struct place *place, const struct entry *entry, int64_t file);

#endif
