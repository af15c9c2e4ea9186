/* Reading through libarchive: the list, open, read and close of the formats that it knows. */
#ifndef ASSAY_UNPACK_VENDOR_ARCHIVE_H
#define ASSAY_UNPACK_VENDOR_ARCHIVE_H

#include "unpack/unpacker.h"

/* Entries in archive order; entry->cookie and entry->offset are their place in it. */
enum outcome archive_list(struct volume *volume, struct listing *out) MUST_CHECK;
enum outcome archive_open(struct reader *reader) MUST_CHECK;
/* Goes forward to the entry, or starts again where it lies behind. */
enum outcome archive_read(struct reader *reader, const struct entry *entry, struct buffer *out) MUST_CHECK;
void archive_close(struct reader *reader);

#endif
