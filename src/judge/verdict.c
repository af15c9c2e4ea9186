#include "judge/verdict.h"

#define NO ANSWER_NO
#define YES ANSWER_YES
#define ERR ANSWER_ERROR

static const enum answer either[ANSWERS][ANSWERS] = {
	/*         NO   YES  ERR */
	[NO] = { NO, YES, ERR },
	[YES] = { YES, YES, YES },
	[ERR] = { ERR, YES, ERR },
};

/* What the image says by itself. */
enum said { EXCLUDED, DISPROVED, PROVED, SILENT, BROKEN, SAIDS };

/* [excluded][failed][shown] */
static const enum said image_says[ANSWERS][ANSWERS][ANSWERS] = {
	[NO] = {
		/*         NO         YES        ERR */
		[NO] = { SILENT, PROVED, BROKEN },
		[YES] = { DISPROVED, DISPROVED, DISPROVED },
		[ERR] = { BROKEN, BROKEN, BROKEN },
	},
	[YES] = {
		[NO] = { EXCLUDED, EXCLUDED, EXCLUDED },
		[YES] = { EXCLUDED, EXCLUDED, EXCLUDED },
		[ERR] = { EXCLUDED, EXCLUDED, EXCLUDED },
	},
	[ERR] = {
		[NO] = { BROKEN, BROKEN, BROKEN },
		[YES] = { BROKEN, BROKEN, BROKEN },
		[ERR] = { BROKEN, BROKEN, BROKEN },
	},
};

#define FAILED VERDICT_FAILED
#define SHOWN VERDICT_SHOWN
#define DECLARED VERDICT_DECLARED
#define UNPROVEN VERDICT_UNPROVEN
#define OUTSIDE VERDICT_NOT_APPLICABLE
#define ERROR VERDICT_ERROR

/* [what the image says][what the maker declares] */
static const enum verdict verdicts[SAIDS][DECLAREDS] = {
	/*               nothing   met       unmet     inapplicable */
	[EXCLUDED] = { OUTSIDE, OUTSIDE, OUTSIDE, OUTSIDE },
	[DISPROVED] = { FAILED, FAILED, FAILED, FAILED },
	[PROVED] = { SHOWN, SHOWN, SHOWN, SHOWN },
	[SILENT] = { UNPROVEN, DECLARED, UNPROVEN, OUTSIDE },
	[BROKEN] = { ERROR, ERROR, ERROR, ERROR },
};

static const char *const names[VERDICTS] = {
	[FAILED] = "failed",	      [SHOWN] = "shown", [DECLARED] = "declared", [UNPROVEN] = "unproven",
	[OUTSIDE] = "not-applicable", [ERROR] = "error",
	[VERDICT_NOT_JUDGED] = "not-judged",
};

enum answer answer_or(enum answer first, enum answer second)
{
	return either[first][second];
}

enum verdict verdict_combine(enum answer excluded, enum answer failed, enum answer shown,
			     enum declared declared)
{
	return verdicts[image_says[excluded][failed][shown]][declared];
}

const char *verdict_name(enum verdict verdict)
{
	return names[verdict];
}
