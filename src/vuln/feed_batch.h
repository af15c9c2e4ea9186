/* Documents of feeds by the batch: gathered from their files one batch after the other, and read apart from each other. */
#ifndef ASSAY_VULN_FEED_BATCH_H
#define ASSAY_VULN_FEED_BATCH_H

#include "vuln/feed_source.h"

/* What came of an event: of a document, its outcome, and what it states. */
struct feed_read {
	struct feed_event event;
	enum outcome outcome;
	size_t start, size; /* in the facts of the batch */
	size_t place;       /* of a document that is not of its form: the byte where it is wrong */
	const char *wrong;  /* what is, in words; NULL where that is not known */
};

/* A batch that was read. */
struct feed_batch {
	struct feed_read *all;
	size_t count;
	struct buffer facts;
	enum outcome outcome; /* NO_MEMORY where not all of it could be read */
};

/* What one thread reads with. */
struct feed_reader;

/* NULL without memory. */
struct feed_reader *feed_reader_new(void);
void feed_reader_free(struct feed_reader *reader);
/* Takes the next batch from the source; false where there is none. */
bool feed_reader_fetch(struct feed_reader *reader, struct feed_source *source);
/* Reads it. NULL without memory; feed_batch_free() frees it. */
struct feed_batch *feed_reader_read(struct feed_reader *reader);
void feed_batch_free(struct feed_batch *batch);

#endif
