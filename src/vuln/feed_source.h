/*
 * The documents of the files of feeds, one after the other: those of an archive, and of archives in it, each for itself.
 * What is packed is unpacked on the way; an archive in an archive goes through a file without a name.
 */
#ifndef ASSAY_VULN_FEED_SOURCE_H
#define ASSAY_VULN_FEED_SOURCE_H

#include "base/buffer.h"
#include "vuln/feed_files.h"

enum { FEED_NAME_SIZE = 256 };

enum feed_event_kind { FEED_FILE_BEGINS, FEED_DOCUMENT, FEED_FILE_ENDS };

struct feed_event {
	enum feed_event_kind kind;
	size_t file;          /* number, from 0 */
	enum outcome outcome; /* of a file that ends: MALFORMED where it is damaged or cut off */
	size_t offset, size;  /* of a document, in the buffer that was given */
	char name[FEED_NAME_SIZE];
};

struct feed_source;

/* The files are borrowed. NULL without memory. */
struct feed_source *feed_source_new(const struct feed_files *files);
void feed_source_free(struct feed_source *source);
/* The next event; a document's bytes are put behind those in the buffer. False when all files have ended. */
bool feed_source_next(struct feed_source *source, struct buffer *bytes, struct feed_event *out);

#endif
