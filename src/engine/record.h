/*
 * What a job found: rows of `volume` and `file`, in order, and the facts of each
 * file. Numbers are local to the job and negative, until the one writer gives them
 * their place in the evidence.
 */
#ifndef ASSAY_ENGINE_RECORD_H
#define ASSAY_ENGINE_RECORD_H

#include "base/budget.h"
#include "base/effort.h"
#include "evidence/evidence.h"

enum record_type { RECORD_VOLUME, RECORD_FILE, RECORD_RESIDUE };

struct record {
	enum record_type type;
	int64_t id;     /* its own number: positive where it was given beforehand */
	int64_t volume; /* of a file: that lists it; of a volume: its parent (0 for none) */
	int64_t file;   /* of a volume: whose content it is; of a file: whose piece it is (0 for none) */
	struct fact row;
	struct facts facts;
	struct record *next;
};

/* The result of one job; owns its arena, whose pages are of its account: it stays where it is. */
struct report_card {
	struct arena arena;
	struct notes notes;
	struct record *first, *last;
	struct budget budget;
	struct effort effort;
	struct memory memory;
	uint64_t bytes;   /* examined, for progress */
	bool incomplete;  /* memory was refused: something is missing */
};

/* Appends an empty record with all columns NULL. NULL without memory. */
struct record *record_add(struct report_card *card, enum record_type type);

/* The numbers that the evidence has given so far. */
struct numbering {
	int64_t last_volume, last_file;
};

/* Writes a job's records; its local numbers follow the last ones. */
enum outcome records_write(struct evidence *evidence, struct numbering *numbering,
			   struct report_card *card) MUST_CHECK;

/* "read", "partial", …: as in the column `state`. */
const char *record_state(enum outcome outcome);

#endif
