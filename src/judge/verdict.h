/*
 * The law of verdicts, as tables: an image disproves more often than it proves;
 * what it disproves stands, whatever else is said.
 */
#ifndef ASSAY_JUDGE_VERDICT_H
#define ASSAY_JUDGE_VERDICT_H

/* What a set of rules says: no rows, rows, or it could not run. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_ERROR, ANSWERS };

/* What the maker says of a requirement. */
enum declared { DECLARED_NOTHING, DECLARED_MET, DECLARED_UNMET, DECLARED_INAPPLICABLE, DECLAREDS };

enum verdict {
	VERDICT_FAILED,
	VERDICT_SHOWN,
	VERDICT_DECLARED,
	VERDICT_UNPROVEN,
	VERDICT_NOT_APPLICABLE,
	VERDICT_ERROR,
	VERDICT_NOT_JUDGED, /* the catalogue is not about this kind of device */
	VERDICTS,
};

/* Two rules that each suffice: rows of one are enough; only then does a failure to run count. */
enum answer answer_or(enum answer first, enum answer second);
/* The verdict from what the excluding, disproving and showing rules say, and the maker. */
enum verdict verdict_combine(enum answer excluded, enum answer failed, enum answer shown,
			     enum declared declared);
/* "failed", "shown", …, as in the table `verdict`. */
const char *verdict_name(enum verdict verdict);

#endif
