/* Comma-separated values (RFC 4180): the rows of a table with a line of names before it. */
#ifndef ASSAY_REGISTER_CSV_H
#define ASSAY_REGISTER_CSV_H

#include "base/arena.h"
#include "base/outcome.h"

enum { CSV_FIELDS_MAX = 64 };

struct csv_row {
	struct span fields[CSV_FIELDS_MAX]; /* without quotation marks; borrowed, or in the arena */
	size_t count;
	uint32_t line; /* where it begins, from 1 */
};

/*
 * Takes the next row off *rest. NOT_THIS where nothing is left (empty lines are passed over), MALFORMED for a
 * quotation mark that does not end or stands within a field, and for too many fields; row->line says where. Line
 * ends are LF or CR LF; a byte order mark is passed over.
 */
enum outcome csv_next(struct span *rest, uint32_t *line, struct arena *arena, struct csv_row *row) MUST_CHECK;

#endif
