/* The result behind the public interface, for the files of this folder that make that up. */
#ifndef ASSAY_ENGINE_RESULT_H
#define ASSAY_ENGINE_RESULT_H

#include "assay/assay.h"
#include "engine/program.h"
#include "evidence/evidence.h"

struct assay {
	struct evidence *evidence;
	struct program program;
	struct arena arena;
	int64_t deadline; /* clock_monotonic_ms() after which nothing is read any more; 0 for none */
	int64_t share;    /* milliseconds that each step after reading has in any case, where there is a deadline */
	struct memory memory; /* what judging and reports may hold */
	uint64_t effort;  /* spent so far, in units */
	bool prepared;    /* the tables of the rules are there for queries */
	char error[512];
};

/* What an outcome is to a caller. */
enum assay_status result_status(enum outcome outcome);
/* Keeps words for assay_error(), and gives the status; where memory was refused, that is what both say. */
enum assay_status result_fail(struct assay *assay, enum assay_status status, struct span why);

#endif
