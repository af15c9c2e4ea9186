/*
 * The files of one product: an image, or each file of a folder, an archive or a
 * command line. Each has its own map; together they are graded once. Fills the
 * table `artifact`, and `range` with the map of each.
 */
#ifndef ASSAY_ENGINE_ARTIFACT_H
#define ASSAY_ENGINE_ARTIFACT_H

#include "engine/coverage.h"

struct artifact {
	int64_t id, parent;    /* parent: the archive that it lies in; 0 for none */
	struct span name;
	struct span bytes;     /* what the map covers; empty for a folder */
	int64_t folder;        /* the volume that it is, of a folder; 0 for bytes */
	uint64_t size;         /* in bytes */
	struct span sha256;    /* in hexadecimal */
	const char *kind, *reason; /* as far as its first bytes tell */
	struct coverage coverage;
};

struct artifacts {
	struct arena *arena;
	struct artifact *list;
	size_t count, capacity;
};

/* Things of the artifacts live in the arena, which must outlive them. */
void artifacts_init(struct artifacts *artifacts, struct arena *arena);
void artifacts_done(struct artifacts *artifacts);
/* The next artifact, from 1; its bytes (borrowed) are digested, and its first ones name a kind. NULL without memory. */
struct artifact *artifacts_add(struct artifacts *artifacts, int64_t parent, struct span name, struct span bytes);
/* The same of a folder, which is a volume. */
struct artifact *artifacts_add_folder(struct artifacts *artifacts, int64_t parent, struct span name, int64_t volume);
/* Gives a range to the map of the artifact that it names. */
enum outcome artifacts_sight(struct artifacts *artifacts, const struct range_sighting *range) MUST_CHECK;
/* Completes all maps: every byte of an artifact is in one range. */
enum outcome artifacts_complete(struct artifacts *artifacts) MUST_CHECK;
/* Writes the rows, and then the ranges of all. */
enum outcome artifacts_write(const struct artifacts *artifacts, struct evidence *evidence) MUST_CHECK;
enum outcome artifacts_write_ranges(const struct artifacts *artifacts, struct evidence *evidence) MUST_CHECK;

/* Once the inspectors have spoken: says of each artifact what it is, and why (artifact_kind.c). */
enum outcome artifact_kinds(struct evidence *evidence) MUST_CHECK;

#endif
