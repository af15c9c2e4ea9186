/*
 * Facts about one file, as an inspector states them: rows for the evidence tables,
 * kept in the worker's arena until the one writer takes them, in order. The tables'
 * first column `file` is filled in by the writer.
 */
#ifndef ASSAY_EVIDENCE_FACTS_H
#define ASSAY_EVIDENCE_FACTS_H

#include "base/arena.h"
#include "evidence/columns.h" /* generated from schema.sql: EVIDENCE_ELF, ELF_MACHINE, … */

enum value_type { VALUE_NULL, VALUE_INTEGER, VALUE_REAL, VALUE_TEXT };

struct value {
	enum value_type type;
	union {
		int64_t integer;
		double real;
		struct span text;
	};
};

/* One row. */
struct fact {
	enum evidence_table table;
	struct value *values; /* one per column of the table */
	struct fact *next;
};

struct facts {
	struct arena *arena;
	struct fact *first, *last;
	size_t count;
	size_t ceiling; /* a hostile file cannot make more */
	size_t dropped; /* rows and texts that were found and not kept, or cut */
	bool dropped_tables[EVIDENCE_TABLES]; /* those that they belong to */
};

void facts_init(struct facts *facts, struct arena *arena);

/*
 * Starts a row of a table, all NULL. Never NULL: past the ceiling or without
 * memory it gives a row that is thrown away, and counted as dropped.
 */
struct fact *fact_new(struct facts *facts, enum evidence_table table);
/* Counts a row of the table that the caller found and did not state. The writer makes a row of `incomplete` of them. */
void facts_drop(struct facts *facts, enum evidence_table table);
/* Sets a column. The text is copied; bytes that are not UTF-8 become U+FFFD, control characters
 * too. What is longer than 64 KiB is cut, and counted as dropped. */
void fact_text(struct facts *facts, struct fact *fact, int column, struct span text);
/*
 * Sets a column to a text of any size that stays where it is, and as it is, as long as the facts do: in their arena,
 * UTF-8 without control characters but line ends.
 */
void fact_whole_text(struct fact *fact, int column, struct span text);
/* A static C string; NULL leaves the column NULL. */
void fact_word(struct facts *facts, struct fact *fact, int column, const char *word);
void fact_integer(struct fact *fact, int column, int64_t value);
void fact_real(struct fact *fact, int column, double value);

#endif
