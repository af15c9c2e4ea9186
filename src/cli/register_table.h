/* Rows of a question to a register, on standard output as src/cli/table.h has it. */
#ifndef ASSAY_CLI_REGISTER_TABLE_H
#define ASSAY_CLI_REGISTER_TABLE_H

#include "cli/table.h"
#include "register/database.h"

enum { REGISTER_TABLE_COLUMNS = 16, REGISTER_TABLE_NUMBER = 32 };

/* The rows of a statement as a source of a table; rows of more columns than there is room for lose the last ones. */
struct register_table {
	struct table_source source;
	struct rows *rows;
	bool first, over; /* the first row waits to be given; there was none */
	char numbers[REGISTER_TABLE_COLUMNS][REGISTER_TABLE_NUMBER];
};

/* Begins; the statement was bound before, and is ended by the caller. */
void register_table_start(struct register_table *table, struct rows *rows);

#endif
