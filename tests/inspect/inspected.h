/* Runs one inspector on one file, without the engine: its patterns are compiled here and now. */
#ifndef ASSAY_TESTS_INSPECTED_H
#define ASSAY_TESTS_INSPECTED_H

#include "inspect/inspector.h"

/* What it stated. */
struct inspected {
	struct arena results;
	struct arena scratch;
	struct facts facts;
	struct notes notes;
	bool ran;              /* false: it did not want the file, and nothing hit */
	enum outcome outcome;  /* of compiling and scanning */
};

/* Runs it on bytes at a path of a file system; the kind is found from them, and a path without '/' makes it a part. */
void inspected_run(struct inspected *inspected, const struct inspector *inspector, const char *path,
		   struct span bytes);
/* The same with the content of a real file; false (and nothing to free) where it cannot be read. */
bool inspected_run_file(struct inspected *inspected, const struct inspector *inspector, const char *path,
			const char *real_path);
void inspected_done(struct inspected *inspected);

/* Machine code for a literal to begin with: the ends of four functions of a MIPS processor, each with its delay slot. */
#define INSPECTED_RETURN "\x08\0\xe0\x03\0\0\0\0"
#define INSPECTED_CODE INSPECTED_RETURN INSPECTED_RETURN INSPECTED_RETURN INSPECTED_RETURN

/* Number of rows of a table. */
size_t inspected_count(const struct inspected *inspected, enum evidence_table table);
/* The row of a table with that index, from 0; NULL where there are fewer. */
const struct fact *inspected_row(const struct inspected *inspected, enum evidence_table table, size_t index);
/* The first row whose text column equals the words; NULL where there is none. */
const struct fact *inspected_find(const struct inspected *inspected, enum evidence_table table, int column,
				  const char *words);
/* A text column; the empty span for NULL, or without a row. */
struct span inspected_text(const struct fact *fact, int column);
/* A whole-number column; INSPECTED_NULL for NULL, or without a row. */
#define INSPECTED_NULL INT64_MIN
int64_t inspected_integer(const struct fact *fact, int column);
#define WORD(fact, column) inspected_text((fact), (column))
#define NUMBER(fact, column) inspected_integer((fact), (column))
/* Runs the inspector of services on a text; the service of a name, NULL where there is none. */
const struct fact *inspected_service(struct inspected *inspected, const char *path, const char *text, const char *name);
/* New evidence that the statements filled, after what the inspector concludes; NULL where they fail. */
struct evidence *inspected_concluded(const struct inspector *inspector, const char *sql);
/* True where notes hold that code. */
bool inspected_noted(const struct inspected *inspected, const char *code);

#endif
