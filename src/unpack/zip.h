/* What the parts of the zip reader share. */
#ifndef ASSAY_UNPACK_ZIP_H
#define ASSAY_UNPACK_ZIP_H

#include "unpack/listing.h"

/* Entries that the central directory names; it begins at an offset. */
uint64_t zip_count_records(struct span bytes, uint64_t directory);
/*
 * Adds what nothing reads to the unused stretches of the listing; directory is where the central directory begins, and end
 * where the end record does.
 */
enum outcome zip_list_unused(struct span bytes, uint64_t directory, uint64_t end, struct listing *out) MUST_CHECK;

#endif
