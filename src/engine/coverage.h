/* Which bytes of the image are understood: the table `range`, and its totals. */
#ifndef ASSAY_ENGINE_COVERAGE_H
#define ASSAY_ENGINE_COVERAGE_H

#include "engine/explore.h"
#include "evidence/evidence.h"

struct coverage {
	struct range_sighting *ranges;
	size_t count, capacity;
};

void coverage_init(struct coverage *coverage);
void coverage_done(struct coverage *coverage);
/* Strings of the sighting must live as long as the coverage. */
enum outcome coverage_add(struct coverage *coverage, const struct range_sighting *range) MUST_CHECK;
/*
 * Sorts, cuts overlaps (the earlier range keeps them) and what lies past the image, and
 * calls what nobody named opaque: every byte is in one range. Maps of what volumes hold are sorted and cut alike.
 */
enum outcome coverage_complete(struct coverage *coverage, struct span image) MUST_CHECK;
/* Writes the rows of `range`, each with its opaque bytes, as tally_write() has found them. */
enum outcome coverage_write(const struct coverage *coverage, int64_t artifact, struct evidence *evidence) MUST_CHECK;
/* Once all ranges are written: the sums of the artifacts, of the volumes that they are, and of the whole. */
enum outcome coverage_sum_up(struct evidence *evidence) MUST_CHECK;
/* Once the inspectors have spoken: a stream that held a kernel or a boot loader is called so. */
enum outcome coverage_name(struct evidence *evidence) MUST_CHECK;

#endif
