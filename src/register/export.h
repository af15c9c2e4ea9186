/* All tables of a register as files of a folder, in an order that depends on nothing but the rows. */
#ifndef ASSAY_REGISTER_EXPORT_H
#define ASSAY_REGISTER_EXPORT_H

#include "register/registry.h"

enum export_format {
	EXPORT_JSON, /* an object on each line (JSON Lines): TABLE.jsonl */
	EXPORT_CSV,  /* TABLE.csv with a line of names (register/csv_write.h) */
};

struct export_counts {
	size_t tables;
	uint64_t rows;
};

/*
 * Writes the register as it is at one moment, whatever is written meanwhile, into files of that folder that are not there
 * yet, and at last manifest.json: schema, events and the hash of the last one, rows of each table. What is personal is
 * left out, and the manifest says so, unless it is asked for. MALFORMED where a file is there or cannot be written:
 * registry->error says which, and there is no manifest then.
 */
enum outcome export_register(struct registry *registry, int folder, enum export_format format, bool personal,
			     struct export_counts *out) MUST_CHECK;

#endif
