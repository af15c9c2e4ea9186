/* Walks the files of a folder, an archive or a command line as the artifacts of one product. */
#ifndef ASSAY_ENGINE_EXPLORE_COLLECTION_H
#define ASSAY_ENGINE_EXPLORE_COLLECTION_H

#include "engine/collection.h"
#include "engine/explore.h"

/*
 * Every file becomes an artifact with its own map, in the order of the names, whatever the order in which they
 * are listed; so does every folder that is a root file system, with paths that begin there. The folder that all
 * have in common is taken off the names. What is neither (folders, links) is handed on as it is.
 */
void explore_collection(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
			const struct collection *collection);
/*
 * A file of a small archive may be an image: then it is searched like one, and true is returned. *content is where it
 * begins in the content of the volume, decompressed; moves past it.
 */
bool explore_bundled(struct explorer *explorer, struct node *node, struct reader *reader, const struct entry *entry,
		     const struct place *place, uint64_t *content);

#endif
