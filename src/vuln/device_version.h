/*
 * Versions of firmware, which every maker writes in a way of its own: "V1.0.0.18_1.2", "3.16.9 Build 150310". A build of a
 * version counts as that version where a source names it without builds. Two stand in
 * an order only where they have one form up to the numbers in which they differ: "1.05b01" and "1.05b03", not "1.05" and "1.5.2".
 */
#ifndef ASSAY_VULN_DEVICE_VERSION_H
#define ASSAY_VULN_DEVICE_VERSION_H

#include "vuln/range.h"

/* "1.0.0.18_1.2": lower case, '_' for blanks, without "v" or "fw" before it; empty where it is no version. */
struct span device_version(struct span words, struct arena *arena);

/* Where a version lies; all that is not plain is DEVICE_OPEN. */
enum device_place {
	DEVICE_OPEN,   /* the range names no version, or none that stands in an order with this one */
	DEVICE_IN,
	DEVICE_BEFORE,
	DEVICE_AFTER,
	DEVICE_UNLISTED, /* a single version, and another one */
};
/* Both as device_version() gives them; an empty version is DEVICE_OPEN. */
enum device_place device_place(const struct range *range, struct span version);

/*
 * True where both name the day of their build ("1.1.4_build_20230219"), in one form, and the version's is the earlier: whatever
 * the revision of the hardware, it was made before the other.
 */
bool device_version_is_older_build(struct span version, struct span bound);

#endif
