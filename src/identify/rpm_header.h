/* The header of an RPM package: an index of tags over a store of values (rpm's docs/manual/format_header.md). */
#ifndef ASSAY_IDENTIFY_RPM_HEADER_H
#define ASSAY_IDENTIFY_RPM_HEADER_H

#include "identify/package.h"

/*
 * Reads a header that starts with its two counts, as databases keep it. The record's
 * version is "epoch:version-release". Spans are slices of the bytes or in the arena.
 * False where it is no header or lacks name or version; *size is its length.
 */
bool rpm_header_read(struct span bytes, struct arena *arena, struct package_record *out, uint64_t *size);
/* Length of such a header; 0 where its counts are not plausible. */
uint64_t rpm_header_size(struct span bytes);

#endif
