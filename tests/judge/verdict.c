#include "harness.h"

#include "judge/verdict.h"

/* Every row of the law, written out: excluded, failed, shown (n no, y rows, e error), then what each
 * declaration gives. */
static const struct {
	const char *answers;
	const char *verdicts; /* nothing, met, unmet, inapplicable: F failed S shown D declared U unproven N
				 not applicable E error */
} law[] = {
	{ "nnn", "UDUN" }, { "nny", "SSSS" }, { "nne", "EEEE" }, { "nyn", "FFFF" }, { "nyy", "FFFF" },
	{ "nye", "FFFF" }, { "nen", "EEEE" }, { "ney", "EEEE" }, { "nee", "EEEE" }, { "ynn", "NNNN" },
	{ "yny", "NNNN" }, { "yne", "NNNN" }, { "yyn", "NNNN" }, { "yyy", "NNNN" }, { "yye", "NNNN" },
	{ "yen", "NNNN" }, { "yey", "NNNN" }, { "yee", "NNNN" }, { "enn", "EEEE" }, { "eny", "EEEE" },
	{ "ene", "EEEE" }, { "eyn", "EEEE" }, { "eyy", "EEEE" }, { "eye", "EEEE" }, { "een", "EEEE" },
	{ "eey", "EEEE" }, { "eee", "EEEE" },
};

static enum answer answer(char letter)
{
	return letter == 'n' ? ANSWER_NO : letter == 'y' ? ANSWER_YES : ANSWER_ERROR;
}

static char letter(enum verdict verdict)
{
	static const char letters[VERDICTS] = { [VERDICT_FAILED] = 'F',		[VERDICT_SHOWN] = 'S',
						[VERDICT_DECLARED] = 'D',	[VERDICT_UNPROVEN] = 'U',
						[VERDICT_NOT_APPLICABLE] = 'N', [VERDICT_ERROR] = 'E' };
	return letters[verdict];
}

TEST(every_row_of_the_law)
{
	CHECK_EQUAL(sizeof law / sizeof *law, 27);
	for (size_t i = 0; i < sizeof law / sizeof *law; i++)
		for (int declared = 0; declared < DECLAREDS; declared++) {
			const char *a = law[i].answers;
			enum verdict got = verdict_combine(answer(a[0]), answer(a[1]), answer(a[2]),
							   (enum declared)declared);
			if (letter(got) != law[i].verdicts[declared])
				harness_fail(__FILE__, __LINE__, "%s with declaration %d gives %s", a,
					     declared, verdict_name(got));
		}
}

TEST(rows_of_one_rule_suffice)
{
	static const struct {
		enum answer first, second, both;
	} rows[] = {
		{ ANSWER_NO, ANSWER_NO, ANSWER_NO },	      { ANSWER_NO, ANSWER_YES, ANSWER_YES },
		{ ANSWER_NO, ANSWER_ERROR, ANSWER_ERROR },    { ANSWER_YES, ANSWER_NO, ANSWER_YES },
		{ ANSWER_YES, ANSWER_YES, ANSWER_YES },	      { ANSWER_YES, ANSWER_ERROR, ANSWER_YES },
		{ ANSWER_ERROR, ANSWER_NO, ANSWER_ERROR },    { ANSWER_ERROR, ANSWER_YES, ANSWER_YES },
		{ ANSWER_ERROR, ANSWER_ERROR, ANSWER_ERROR },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK_EQUAL(answer_or(rows[i].first, rows[i].second), rows[i].both);
}

TEST(names_are_those_of_the_evidence)
{
	static const char *const names[] = { "failed",	 "shown",	   "declared",
					     "unproven", "not-applicable", "error", "not-judged" };
	for (int verdict = 0; verdict < VERDICTS; verdict++)
		CHECK_TEXT(span_of_text(verdict_name((enum verdict)verdict)), names[verdict]);
}

TESTS(every_row_of_the_law, rows_of_one_rule_suffice, names_are_those_of_the_evidence)
