/*
 * What the files of a folder or an archive are together: one root file system, one
 * app, one container image, or files that are each an artifact of a product, some of
 * them perhaps root file systems that somebody has unpacked beside them.
 */
#ifndef ASSAY_ENGINE_COLLECTION_H
#define ASSAY_ENGINE_COLLECTION_H

#include "unpack/listing.h"

enum collection_shape {
	COLLECTION_ROOT,  /* a root file system from its first folder on */
	COLLECTION_ONE,   /* files of one thing: an app, a package of software */
	COLLECTION_CONTAINER, /* container images: manifests and layers */
	COLLECTION_FILES, /* each file, and each folder of `roots`, is an artifact */
};

struct collection {
	enum collection_shape shape;
	struct span prefix; /* folder that all files lie in: "/dumps", or empty */
	struct span *roots; /* folders that are root file systems, sorted; none lies in another */
	size_t root_count;
	size_t left_out;    /* folders that might be roots, and were not looked at or kept */
};

/* Looks at paths alone. Spans are borrowed from the listing; the roots live in the arena. */
enum outcome collection_of(const struct listing *listing, struct arena *arena, struct collection *out) MUST_CHECK;
/* The root that holds a path; SPAN_NONE where none does. */
struct span collection_root_of(const struct collection *collection, struct span path);
/* True of a path in a folder, or of the folder itself; every path lies in the empty one. */
bool collection_lies_in(struct span path, struct span folder);
/* The folder that all the paths have in common, without the last component of any. */
struct span collection_common_folder(struct span common, struct span path);

#endif
