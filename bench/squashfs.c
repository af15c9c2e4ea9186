/*
 * Reads every file of a SquashFS at an offset of a file, in one thread and in data
 * order, and says how long it took: to be held against `unsquashfs -p 1`.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "unpack/opened.h"
#include "unpack/registry.h"

int main(int argc, char **argv)
{
	struct file_view view;
	struct opened opened;
	if (argc < 2 || !file_view_open(argv[1], SIZE_MAX, &view)) {
		(void)fprintf(stderr, "usage: bench-squashfs IMAGE [OFFSET]\n");
		return 2;
	}
	uint64_t offset = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, bytes = 0;
	int64_t start = clock_monotonic_ms();
	enum outcome outcome = opened_open(&opened, &unpacker_squashfs, span_from(view.bytes, offset));
	int64_t listed = clock_monotonic_ms();
	size_t failed = opened_read_all(&opened);
	int64_t end = clock_monotonic_ms();
	for (size_t i = 0; i < opened.listing.count; i++)
		bytes += opened.listing.entries[i].size;
	printf("%s (%.*s): %zu entries, %" PRIu64 " bytes, %zu not read; listed in %" PRId64 " ms, read in %" PRId64
	       " ms\n", outcome_name(outcome), SPAN_FORMAT(opened.volume.extent.detail), opened.listing.count, bytes,
	       failed, listed - start, end - listed);
	for (const struct note *note = opened.notes.first; note; note = note->next)
		printf("%.*s: %.*s\n", SPAN_FORMAT(note->code), SPAN_FORMAT(note->message));
	opened_close(&opened);
	file_view_close(&view);
	return failed > 0;
}
