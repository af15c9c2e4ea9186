/*
 * What a store writer holds, for the sources that make it up: store_writer.c takes facts, store_merge.c borrows what they
 * lack, store_finish.c writes the tables.
 */
#ifndef ASSAY_VULN_STORE_WRITING_H
#define ASSAY_VULN_STORE_WRITING_H

#include "evidence/query.h"
#include "vuln/record_table.h"
#include "vuln/row_table.h"
#include "vuln/store_writer.h"
#include "vuln/vulnerability_table.h"

/* Feeds are bits of a number; their names are those of our readers. */
enum { STORE_FEEDS_MAX = 64, STORE_DAY_SIZE = 11, STORE_LISTS_MAX = 256 };

/* A list in pages, known by how many entries all of it has, and those of them that came. */
struct store_list {
	int64_t total, there;
};

struct store_writer {
	sqlite3 *database;
	struct notes *notes;
	struct buffer *manifest; /* NULL where nobody asked for it */
	struct query note_feed, note_input;
	struct name_table products, feeds;
	char days[STORE_FEEDS_MAX][STORE_DAY_SIZE]; /* of the newest data of each feed; empty where none is told */
	struct record_table records;
	struct vulnerability_table vulnerabilities;
	struct row_table rows;
	uint32_t epss_whole;     /* word: day of the newest whole list */
	uint32_t feed, noted;    /* whose facts come; the last that was noted for the file under way */
	int64_t record, id, source; /* under way; record is its number */
	struct store_list lists[STORE_LISTS_MAX];
	size_t list_count;
	bool short_of;           /* a list lacks some of its entries */
	char latest[STORE_DAY_SIZE]; /* days behind it lie in the future; empty for none */
	size_t future;           /* how many did */
	bool passed_over;        /* the record is older than one that is there */
	bool holding;            /* facts, until their file has ended well */
	struct spill held;
	size_t *held_pieces;     /* their sizes */
	size_t held_count, held_capacity;
};

/* The number of a feed. OVER_BUDGET, NO_MEMORY. */
enum outcome store_writer_feed(struct store_writer *writer, struct span name, uint32_t *number) MUST_CHECK;
/* It has data of that day. */
void store_writer_date(struct store_writer *writer, uint32_t feed, struct span day);
/* The file under way is noted no more. */
void store_writer_end_notes(struct store_writer *writer);

#endif
