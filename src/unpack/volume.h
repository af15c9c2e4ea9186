/* Opens a container that was found, and gives the bytes of its entries. */
#ifndef ASSAY_UNPACK_VOLUME_H
#define ASSAY_UNPACK_VOLUME_H

#include "unpack/scan.h"

/*
 * Lists a found container. bytes are those that it was found in; the arena must
 * live as long as the volume. The listing is sound even where the outcome is not
 * DONE: it holds what could be listed. What the search has decoded
 * becomes the volume's. volume_close() afterwards in any case.
 */
enum outcome volume_open(struct found *found, struct span bytes, struct arena *arena, struct budget *budget,
			 struct notes *notes, struct volume *volume, struct listing *listing) MUST_CHECK;
void volume_close(struct volume *volume);

/* One worker's reader over an open volume; close it before the volume. */
enum outcome volume_reader_open(const struct volume *volume, struct arena *arena, struct notes *notes,
				struct reader *reader) MUST_CHECK;
void volume_reader_close(struct reader *reader);

/*
 * The content of an entry: borrowed from the volume where it lies there plain, else
 * decompressed into storage, which is emptied first. On PARTIAL and worse *out
 * holds what could be read.
 */
enum outcome volume_read(struct reader *reader, const struct entry *entry, struct buffer *storage,
			 struct span *out) MUST_CHECK;

#endif
