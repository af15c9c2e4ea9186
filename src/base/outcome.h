/* What a step came to. Words about it go to notes, never to a stream. */
#ifndef ASSAY_BASE_OUTCOME_H
#define ASSAY_BASE_OUTCOME_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum outcome {
	DONE = 0,    /* all of it */
	PARTIAL,     /* some of it: what was given is good, and notes say what is missing */
	NOT_THIS,    /* not of this format; nothing is wrong */
	MALFORMED,   /* of this format, but broken */
	UNSUPPORTED, /* of this format, in a variant that is not read (or encrypted) */
	OVER_BUDGET, /* a limit on bytes, entries, depth or time was reached */
	NO_MEMORY,
};

/* "done", "partial", …: for notes and tests. */
const char *outcome_name(enum outcome outcome);

/* DONE and PARTIAL both leave something usable. */
static inline int outcome_usable(enum outcome outcome)
{
	return outcome == DONE || outcome == PARTIAL;
}

/* Returns from the caller unless the step is DONE. */
#define TRY(step)                                \
	do {                                     \
		enum outcome try_outcome_ = (step); \
		if (try_outcome_ != DONE)        \
			return try_outcome_;     \
	} while (0)

#endif
