/* The files below folders of feeds, in an order that follows from their bytes alone. */
#ifndef ASSAY_VULN_FEED_FILES_H
#define ASSAY_VULN_FEED_FILES_H

#include "base/digest.h"
#include "base/notes.h"

enum { FEED_FILES_MAX = 8000000 };

struct feed_file {
	char *path;
	uint64_t size;
	uint8_t digest[SHA256_SIZE];
};

struct feed_files {
	struct feed_file *all;
	size_t count, capacity;
	size_t repeated; /* files with the same bytes as another, of which one is kept */
};

/*
 * Gathers the regular files below the folder, reads each once for its digest, and notes what cannot be read, lies too
 * deep or is too much. False where the folder itself cannot be read, or memory is lacking.
 */
bool feed_files_add(struct feed_files *files, const char *folder, struct notes *notes);
/* Orders by digest, and keeps one of those that are the same. */
void feed_files_order(struct feed_files *files);
void feed_files_done(struct feed_files *files);

#endif
