/*
 * Which layers a container image consists of: manifest.json of "docker save" (moby image/spec v1.2), or index.json and
 * the manifests of an OCI layout (image-spec 1.1, image-layout.md, image-index.md, manifest.md).
 */
#ifndef ASSAY_ENGINE_CONTAINER_MANIFEST_H
#define ASSAY_ENGINE_CONTAINER_MANIFEST_H

#include "engine/explore.h"

enum { CONTAINER_IMAGES_MAX = 64, CONTAINER_LAYERS_MAX = 512 };

struct container_image {
	struct span name;             /* tag, or platform; may be empty */
	const struct entry **layers;  /* lowest first; NULL where the archive lacks it */
	size_t layer_count;
};

struct container_images {
	struct container_image *list;
	size_t count;
};

/*
 * Reads the manifests among the entries of a node; folder is where they lie ("" for the top). Notes say what is missing,
 * or leads in a circle. Nothing is found where there is no manifest that can be read.
 */
void container_manifest_read(struct explorer *explorer, const struct node *node, struct reader *reader, struct span folder,
			     struct container_images *out);

#endif
