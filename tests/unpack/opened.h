/*
 * A container that a test has opened: for every unpacker's tests. Takes one
 * unpacker and bytes that start with its format, lists the entries, reads them.
 */
#ifndef ASSAY_TESTS_OPENED_H
#define ASSAY_TESTS_OPENED_H

#include "base/file.h"
#include "unpack/volume.h"

struct opened {
	struct arena arena;
	struct budget budget;
	struct notes notes;
	struct volume volume;
	struct listing listing;
	struct reader reader;
	struct buffer content;
	enum outcome measured; /* of measure() */
	enum outcome listed;   /* of volume_open(); NOT_THIS where measure() refused */
	enum outcome reading;  /* of volume_reader_open() */
};

/* Measures, lists and prepares reading; gives listed. opened_close() afterwards in any case. */
enum outcome opened_open(struct opened *opened, const struct unpacker *unpacker, struct span bytes);
void opened_close(struct opened *opened);

/* The entry of that path; NULL where there is none. */
const struct entry *opened_find(const struct opened *opened, const char *path);
/* Content of an entry, valid until the next is read. */
enum outcome opened_read(struct opened *opened, const struct entry *entry, struct span *out);
/* Entries that hold content (files and parts) in the order in which their data lies; the caller frees it. */
const struct entry **opened_in_data_order(const struct opened *opened, size_t *count);
/* Reads every file and part; gives how many were not DONE. */
size_t opened_read_all(struct opened *opened);

/* Opens, lists and reads whatever there is: for hostile bytes, which may give any outcome but must not crash. */
void opened_exercise(const struct unpacker *unpacker, struct span bytes);
/* Exercises copies that are cut at `cuts` places, and `flips` copies with a few bits changed, the same on every run. */
void opened_exercise_damaged(const struct unpacker *unpacker, struct span bytes, size_t cuts, size_t flips);

#endif
