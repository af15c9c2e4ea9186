/*
 * Finds containers in bytes by their magics, each verified by its format's own
 * measure(). Among formats that claim the same start, the one that has verified
 * most bits wins, then the largest.
 */
#ifndef ASSAY_UNPACK_SCAN_H
#define ASSAY_UNPACK_SCAN_H

#include "unpack/unpacker.h"

/* Fewer verified bits than this are not believed. */
enum { SCAN_BITS_LEAST = 24 };

/* A container that a format claims. */
struct found {
	uint64_t offset; /* in the bytes that were searched */
	const struct unpacker *unpacker;
	struct extent extent;
	enum outcome outcome; /* of measure(): DONE, PARTIAL, or MALFORMED (surely this format, but damaged) */
};

/* Every magic of the registry, by its first two bytes. Immutable once made; shared by all workers. */
struct scan_index;
enum outcome scan_index_new(struct scan_index **out) MUST_CHECK;
void scan_index_free(struct scan_index *index);

/* Frees what measure() decoded on its way, unless a volume has taken it over. */
void found_done(struct found *found);

/*
 * The best claim on the very first byte; false where there is none. What *out holds then belongs
 * to the caller, who declares it SCOPED(found).
 */
bool scan_start(const struct scan_index *index, struct span bytes, struct arena *arena, struct found *out);

/*
 * Walks the bytes from the first to the last. At each claim calls take(): true
 * passes over the container, false goes on searching inside it.
 */
void scan_bytes(const struct scan_index *index, struct span bytes, struct arena *arena,
		bool (*take)(void *context, struct found *found), void *context);

#endif
