#include "cli/gate.h"

#include <stdio.h>
#include <string.h>

/* The mildest severity that was asked for, as a rank: 0 is critical. -1 for none. */
static int mildest(unsigned fail_on)
{
	for (int rank = 3; rank >= 0; rank--)
		if (fail_on & (1u << rank))
			return rank;
	return -1;
}

static const char *const severities[] = { "critical", "high", "medium", "low" };
enum { SEVERITIES = sizeof severities / sizeof *severities };

/* What is not scored comes after all that is. */
static int rank_of(const char *severity)
{
	int rank = 0;
	while (rank < SEVERITIES && (!severity || strcmp(severity, severities[rank]) != 0))
		rank++;
	return rank;
}

bool gate_is_severe(unsigned fail_on, const char *severity)
{
	return rank_of(severity) <= mildest(fail_on);
}

/* Findings, and vulnerabilities that apply, of one schema. */
#define FOUND(schema) "SELECT severity, rule, coalesce(path, '') AS place, detail FROM " schema ".finding"
#define KNOWN(schema)                                                                                                 \
	"SELECT v.severity, v.id, c.name FROM " schema ".vulnerability v JOIN " schema ".component c ON c.id = v.component" \
	" WHERE v.status = 'affected'"
#define EXPLOITED(schema) KNOWN(schema) " AND v.known_exploited = 1"

/* The rows that a gate counts, of a result and of what is new in one, each with its severity first. */
struct counted {
	const char *findings, *vulnerabilities, *exploited;
};

static const struct counted of_result = {
	.findings = NULL, /* as they are listed */
	.vulnerabilities = KNOWN("main"),
	.exploited = EXPLOITED("main"),
};
static const struct counted of_difference = {
	.findings = FOUND("main") " EXCEPT " FOUND("old"),
	.vulnerabilities = KNOWN("main") " EXCEPT " KNOWN("old"),
	.exploited = EXPLOITED("main") " EXCEPT " EXPLOITED("old"),
};

/* Rows of at least that severity; -1 where they cannot be read. */
static int64_t count(struct assay *assay, const char *sql, int rank)
{
	struct assay_rows *rows = NULL;
	int64_t number = 0;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return -1;
	while (assay_rows_next(rows))
		number += rank_of(assay_rows_text(rows, 0, NULL)) <= rank;
	return assay_rows_end(rows) == ASSAY_DONE ? number : -1;
}

/* What there is: of one, and of several. */
struct words {
	const char *one, *several;
};

static int tell(int64_t number, struct words what, const char *gate)
{
	if (number < 0)
		return unusable("the gate %s cannot be decided: the evidence cannot be read", gate);
	if (number > 0)
		(void)fprintf(stderr, "assay: %lld %s (--fail-on %s)\n", (long long)number, number == 1 ? what.one : what.several,
			      gate);
	return number > 0 ? EXIT_GATE : EXIT_DONE;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

/* Of all that there is, and of what is new. */
#define SEVERE " of that severity or above"
static const struct words findings_words[] = { { "finding" SEVERE, "findings" SEVERE },
					       { "new finding" SEVERE, "new findings" SEVERE } };
static const struct words vulnerabilities_words[] = { { "vulnerability" SEVERE, "vulnerabilities" SEVERE },
						      { "new vulnerability" SEVERE, "new vulnerabilities" SEVERE } };
static const struct words exploited_words[] = {
	{ "vulnerability is known to be exploited", "vulnerabilities are known to be exploited" },
	{ "new vulnerability is known to be exploited", "new vulnerabilities are known to be exploited" },
};

static int check_counts(struct assay *assay, const struct options *options, const struct counted *counted, bool new)
{
	const char *findings = counted->findings ? counted->findings : assay_listing("findings");
	int rank = mildest(options->fail_on), status = EXIT_DONE;
	if (rank >= 0) {
		status = worse(status, tell(count(assay, findings, rank), findings_words[new], severities[rank]));
		status = worse(status, tell(count(assay, counted->vulnerabilities, rank), vulnerabilities_words[new], severities[rank]));
	}
	if (options->fail_on & FAIL_EXPLOITED)
		status = worse(status, tell(count(assay, counted->exploited, SEVERITIES), exploited_words[new], "exploited"));
	return status;
}

/* A rule that could not run found nothing, and what it would have found is not known. */
static int check_rules(struct assay *assay)
{
	struct assay_rows *rows = NULL;
	int status = EXIT_DONE;
	if (assay_query(assay, "SELECT message FROM note WHERE code = 'judge.rule' ORDER BY rowid LIMIT 1", 0, &rows) != ASSAY_DONE)
		return unusable("the gate cannot be decided: %s", assay_error(assay));
	if (assay_rows_next(rows))
		status = unusable("%s; the gate cannot be decided", assay_rows_text(rows, 0, NULL));
	return assay_rows_end(rows) == ASSAY_DONE ? status : EXIT_UNUSABLE;
}

static int tell_not_judged(struct assay *assay)
{
	struct assay_rows *rows = NULL;
	if (assay_query(assay, "SELECT words FROM device", 0, &rows) != ASSAY_DONE)
		return unusable("the gate --require-grade cannot be decided: %s", assay_error(assay));
	(void)fprintf(stderr, "assay: it was not judged, and so has no grade: it is %s, and the rules are about Linux devices\n",
		      assay_rows_next(rows) ? assay_rows_text(rows, 0, NULL) : "something unknown");
	return assay_rows_end(rows) == ASSAY_DONE ? EXIT_GATE : EXIT_UNUSABLE;
}

static int check_grade(struct assay *assay, int required)
{
	int grade = assay_grade(assay);
	if (grade >= required)
		return EXIT_DONE;
	if (grade < 0)
		return tell_not_judged(assay);
	(void)fprintf(stderr, "assay: grade %d is below the required grade %d\n", grade, required);
	return EXIT_GATE;
}

static int check_opaque(struct assay *assay, double most)
{
	struct assay_rows *rows = NULL;
	double opaque = 0;
	enum assay_status status = assay_query(assay, "SELECT 100.0 * opaque / size FROM image WHERE size > 0", 0, &rows);
	if (assay_rows_next(rows))
		opaque = assay_rows_real(rows, 0);
	if (status != ASSAY_DONE || assay_rows_end(rows) != ASSAY_DONE)
		return unusable("the gate --max-opaque cannot be decided: the evidence cannot be read");
	if (opaque <= most)
		return EXIT_DONE;
	(void)fprintf(stderr, "assay: %.4g %% of the image is opaque, more than %.4g %%\n", opaque, most);
	return EXIT_GATE;
}

int gate_check(struct assay *assay, const struct options *options)
{
	bool asked = options->require_grade >= 0 || options->fail_on || options->max_opaque >= 0;
	int status = asked ? check_rules(assay) : EXIT_DONE;
	if (status != EXIT_DONE)
		return status;
	if (options->require_grade >= 0)
		status = check_grade(assay, options->require_grade);
	if (options->max_opaque >= 0)
		status = worse(status, check_opaque(assay, options->max_opaque));
	return worse(status, check_counts(assay, options, &of_result, false));
}

static int check_worse(struct assay *assay)
{
	static const char sql[] = "SELECT o.level, n.level, o.ceiling, n.ceiling FROM main.grade n, old.grade o"
				  " WHERE n.level < o.level OR n.ceiling < o.ceiling";
	struct assay_rows *rows = NULL;
	int status = EXIT_DONE;
	if (assay_query(assay, sql, 0, &rows) != ASSAY_DONE)
		return unusable("the gate --fail-on worse cannot be decided: %s", assay_error(assay));
	if (assay_rows_next(rows)) {
		(void)fprintf(stderr, "assay: the grade was %s and is %s, its ceiling was %s and is %s (--fail-on worse)\n",
			      assay_rows_text(rows, 0, NULL), assay_rows_text(rows, 1, NULL), assay_rows_text(rows, 2, NULL),
			      assay_rows_text(rows, 3, NULL));
		status = EXIT_GATE;
	}
	return assay_rows_end(rows) == ASSAY_DONE ? status : EXIT_UNUSABLE;
}

int gate_check_difference(struct assay *assay, const struct options *options)
{
	if (!options->fail_on)
		return EXIT_DONE;
	int status = check_rules(assay);
	if (status != EXIT_DONE)
		return status;
	if (options->fail_on & FAIL_WORSE)
		status = check_worse(assay);
	return worse(status, check_counts(assay, options, &of_difference, true));
}
