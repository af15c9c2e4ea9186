/* Whether the part of a component that has a fault is in the image: table part, which src/identify fills by data/parts. */
#ifndef ASSAY_VULN_PART_JUDGE_H
#define ASSAY_VULN_PART_JUDGE_H

#include "evidence/query.h"
#include "identify/parts.h"
#include "vuln/decision.h"

/* A fault of a component: its row and name, and the vulnerability. */
struct part_question {
	int64_t component;
	struct span name;
	int64_t vulnerability;
};

struct part_judge {
	const struct parts *parts; /* NULL where none are known */
	struct query find;
};

void part_judge_init(struct part_judge *judge, sqlite3 *evidence, const struct parts *parts);
enum outcome part_judge_end(struct part_judge *judge) MUST_CHECK;
/*
 * Changes a decision of 'affected' or 'under review' about a fault in a part, or in several with blanks between them: one that
 * is there leaves it as it is; where all are missing, the component is not affected; else it is for review, unless the
 * part counts as there until its absence is seen. Where no source names a part, our own facts may (vuln/part_facts.h).
 */
void part_judge_decision(struct part_judge *judge, const struct part_question *question, struct decision *decision,
			 struct arena *arena);

#endif
