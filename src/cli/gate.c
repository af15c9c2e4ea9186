#include "cli/gate.h"

#include <stdio.h>

#include "evidence/query.h"
#include "report/views.h"

/* The mildest severity that was asked for, as a rank: 0 is critical. -1 for none. */
static int mildest(unsigned fail_on)
{
	for (int rank = 3; rank >= 0; rank--)
		if (fail_on & (1u << rank))
			return rank;
	return -1;
}

/* Findings, and vulnerabilities that apply, of one schema. */
#define FOUND(schema)                                                                                                 \
	"SELECT rule AS id, coalesce(path, '') AS place, detail AS words, " VIEW_RANK("severity") " AS rank FROM " schema ".finding"
#define KNOWN(schema)                                                                                                 \
	"SELECT v.id AS id, c.name AS place, coalesce(c.version, '') AS words, " VIEW_RANK("v.severity") " AS rank,"    \
	" v.known_exploited AS exploited FROM " schema ".vulnerability v JOIN " schema ".component c ON c.id = v.component" \
	" WHERE v.status = 'affected'"

/* How many rows of each kind a gate counts, of a result and of what is new in one. */
struct counts {
	const char *findings, *vulnerabilities, *exploited;
};

static const struct counts of_result = {
	.findings = VIEW_FOUND " SELECT count(*) FROM found WHERE rank <= ?1",
	.vulnerabilities = "SELECT count(*) FROM (" KNOWN("main") ") WHERE rank <= ?1",
	.exploited = "SELECT count(*) FROM (" KNOWN("main") ") WHERE exploited = 1",
};
static const struct counts of_difference = {
	.findings = "SELECT count(*) FROM (" FOUND("main") " EXCEPT " FOUND("old") ") WHERE rank <= ?1",
	.vulnerabilities = "SELECT count(*) FROM (SELECT id, place, rank FROM (" KNOWN("main") ")"
			   " EXCEPT SELECT id, place, rank FROM (" KNOWN("old") ")) WHERE rank <= ?1",
	.exploited = "SELECT count(*) FROM (SELECT id, place FROM (" KNOWN("main") ") WHERE exploited = 1"
		     " EXCEPT SELECT id, place FROM (" KNOWN("old") ") WHERE exploited = 1)",
};

static int64_t count(sqlite3 *database, const char *sql, int rank)
{
	struct query query = query_start(database, sql);
	query_bind_integer(&query, 1, rank);
	int64_t number = query_next(&query) ? query_integer(&query, 0) : -1;
	return query_end(&query) == DONE ? number : -1;
}

static int tell(int64_t number, const char *what, const char *gate)
{
	if (number < 0)
		return unusable("the gate %s cannot be decided: the evidence cannot be read", gate);
	if (number > 0)
		(void)fprintf(stderr, "assay: %lld %s (--fail-on %s)\n", (long long)number, what, gate);
	return number > 0 ? EXIT_GATE : EXIT_DONE;
}

static int worse(int a, int b)
{
	return a > b ? a : b;
}

static int check_counts(sqlite3 *database, const struct options *options, const struct counts *counts, bool new)
{
	static const char *const names[] = { "critical", "high", "medium", "low" };
	int rank = mildest(options->fail_on), status = EXIT_DONE;
	if (rank >= 0) {
		status = worse(status, tell(count(database, counts->findings, rank),
					    new ? "new findings of that severity or above" : "findings of that severity or above",
					    names[rank]));
		status = worse(status, tell(count(database, counts->vulnerabilities, rank),
					    new ? "new vulnerabilities of that severity or above"
						: "vulnerabilities of that severity or above", names[rank]));
	}
	if (options->fail_on & FAIL_EXPLOITED)
		status = worse(status, tell(count(database, counts->exploited, 0),
					    new ? "new vulnerabilities are known to be exploited"
						: "vulnerabilities are known to be exploited", "exploited"));
	return status;
}

/* A rule that could not run found nothing, and what it would have found is not known. */
static int check_rules(sqlite3 *database)
{
	struct query query = query_start(database, "SELECT message FROM note WHERE code = 'judge.rule' ORDER BY rowid LIMIT 1");
	int status = EXIT_DONE;
	if (query_next(&query))
		status = unusable("%s; the gate cannot be decided", query_string(&query, 0));
	return query_end(&query) == DONE ? status : EXIT_UNUSABLE;
}

static int check_grade(struct assay *assay, int required)
{
	int grade = assay_grade(assay);
	if (grade >= required)
		return EXIT_DONE;
	if (grade < 0) {
		struct query query = query_start(assay_database(assay), "SELECT words FROM device");
		(void)fprintf(stderr, "assay: it was not judged, and so has no grade: it is %s, and the rules are about Linux devices\n",
			      query_next(&query) ? query_string(&query, 0) : "something unknown");
		return query_end(&query) == DONE ? EXIT_GATE : EXIT_UNUSABLE;
	}
	(void)fprintf(stderr, "assay: grade %d is below the required grade %d\n", grade, required);
	return EXIT_GATE;
}

static int check_opaque(sqlite3 *database, double most)
{
	struct query query = query_start(database, "SELECT 100.0 * opaque / size FROM image WHERE size > 0");
	double opaque = query_next(&query) ? query_real(&query, 0) : 0;
	if (query_end(&query) != DONE)
		return unusable("the gate --max-opaque cannot be decided: the evidence cannot be read");
	if (opaque <= most)
		return EXIT_DONE;
	(void)fprintf(stderr, "assay: %.4g %% of the image is opaque, more than %.4g %%\n", opaque, most);
	return EXIT_GATE;
}

int gate_check(struct assay *assay, const struct options *options)
{
	sqlite3 *database = assay_database(assay);
	bool asked = options->require_grade >= 0 || options->fail_on || options->max_opaque >= 0;
	int status = asked ? check_rules(database) : EXIT_DONE;
	if (status != EXIT_DONE)
		return status;
	if (options->require_grade >= 0)
		status = check_grade(assay, options->require_grade);
	if (options->max_opaque >= 0)
		status = worse(status, check_opaque(database, options->max_opaque));
	return worse(status, check_counts(database, options, &of_result, false));
}

static int check_worse(sqlite3 *database)
{
	struct query query = query_start(database, "SELECT o.level, n.level, o.ceiling, n.ceiling FROM main.grade n, old.grade o"
						   " WHERE n.level < o.level OR n.ceiling < o.ceiling");
	int status = EXIT_DONE;
	if (query_next(&query)) {
		(void)fprintf(stderr, "assay: the grade was %lld and is %lld, its ceiling was %lld and is %lld (--fail-on worse)\n",
			      (long long)query_integer(&query, 0), (long long)query_integer(&query, 1),
			      (long long)query_integer(&query, 2), (long long)query_integer(&query, 3));
		status = EXIT_GATE;
	}
	return query_end(&query) == DONE ? status : EXIT_UNUSABLE;
}

int gate_check_difference(struct assay *assay, const struct options *options)
{
	sqlite3 *database = assay_database(assay);
	if (!options->fail_on)
		return EXIT_DONE;
	int status = check_rules(database);
	if (status != EXIT_DONE)
		return status;
	if (options->fail_on & FAIL_WORSE)
		status = check_worse(database);
	return worse(status, check_counts(database, options, &of_difference, true));
}
