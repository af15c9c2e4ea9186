/* Walks a container image: its layers are laid over each other, and only what is left is its root file system. */
#ifndef ASSAY_ENGINE_EXPLORE_CONTAINER_H
#define ASSAY_ENGINE_EXPLORE_CONTAINER_H

#include "engine/explore.h"

/*
 * Each image of the archive or folder becomes a volume 'container' of its own, with the merged files. Files that are in
 * layers alone become residue. False where no manifest leads to an image; then nothing was done but notes.
 */
bool explore_container(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
		       struct span folder);

#endif
