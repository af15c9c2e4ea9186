/*
 * Rules: a title, a severity, and SQL over the evidence whose rows are what is
 * wrong (or right). data/rules holds ours; a user's house rules have the same form (docs/rules.md).
 */
#ifndef ASSAY_JUDGE_RULES_H
#define ASSAY_JUDGE_RULES_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/outcome.h"
#include "judge/scope.h"

/* A text with the name that messages give it: a house-rule file, a catalogue. */
struct judge_source {
	struct span name;
	struct span text;
};

/* How much a fault hurts, as the word `severity` of a rule says it. A rule that only serves verdicts says nothing. */
enum severity { SEVERITY_INFO, SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };

struct rule {
	struct span id; /* "account-empty-password" */
	struct span title;
	struct span severity; /* critical high medium low info; info never becomes a finding */
	struct span advice;
	const char *sql;    /* gives path, line, detail */
	unsigned needs;     /* enum scope: what must have been read before its rows show anything; 0: they show nothing */
	struct kind_list kinds; /* of devices that it speaks of */
	struct span origin; /* file that it stands in */
	uint32_t line;	    /* in that file */
};

struct rules {
	const struct rule *all; /* sorted by id */
	size_t count;
};

/* Reads the embedded rules and the given files. On MALFORMED, *error (in the arena) is one line with file and
 * line. */
enum outcome rules_load(const struct judge_source *files, size_t count, struct arena *arena,
			struct rules *out, struct span *error) MUST_CHECK;
/* The severity of that name; SEVERITY_INFO where there is none. */
enum severity severity_named(struct span word);
/* Index of a rule; SIZE_MAX where there is none of that id. */
size_t rules_find(const struct rules *rules, struct span id);

struct rule_row {
	struct span path; /* data is NULL where the row has none */
	int64_t line;	  /* 0 where the row has none */
	struct span detail;
};

/* What a rule returned: its rows sorted by path, line and detail, without repeats. */
enum { RULE_ROWS_MAX = 50 };
struct rule_result {
	bool failed; /* it could not run; error says why */
	struct span error;
	const struct rule_row *rows;
	size_t count; /* at most RULE_ROWS_MAX */
	int64_t more; /* rows beyond those */
	struct span withheld; /* why its rows show nothing; data is NULL where they do */
};

/*
 * Runs a rule over evidence that guard_prepare() has made ready. A rule that
 * cannot run is a result as well; only NO_MEMORY is an error. All of it lives in the arena.
 */
enum outcome rule_run(sqlite3 *database, const struct rule *rule, struct arena *arena,
		      struct rule_result *out) MUST_CHECK;

#endif
