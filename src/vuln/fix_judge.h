/* Whether the programs of a component show the fix of a vulnerability: table fix_sign, which src/identify fills by data/fixes. */
#ifndef ASSAY_VULN_FIX_JUDGE_H
#define ASSAY_VULN_FIX_JUDGE_H

#include "evidence/query.h"
#include "vuln/decision.h"

struct fix_judge {
	struct query find_known; /* whether anything at all is known of a component and a vulnerability */
	struct query find_files;
	struct query find_signs;
};

/* What is asked about: a component's row, name and version, and the name of a vulnerability. */
struct fix_question {
	int64_t component;
	struct span name;
	const struct claim_subject *asked;
	struct span vulnerability;
};

void fix_judge_init(struct fix_judge *judge, sqlite3 *evidence);
enum outcome fix_judge_end(struct fix_judge *judge) MUST_CHECK;
/*
 * Changes a decision of 'affected' or 'under review'. It is fixed where a file of the component shows the fix, and no other
 * file that is, or may be, the component's lacks it or leaves it open. Where all files that have the code show that the fix
 * is not there, what is affected says so, and no packager's patch is asked for.
 */
void fix_judge_decision(struct fix_judge *judge, const struct fix_question *question, struct decision *decision,
			struct arena *arena);

#endif
