/* What our own facts about Linux and the kernel of the image add to what the sources claim. */
#ifndef ASSAY_VULN_KERNEL_JUDGE_H
#define ASSAY_VULN_KERNEL_JUDGE_H

#include "vuln/decision.h"
#include "vuln/kernel_build.h"
#include "vuln/kernel_facts.h"
#include "vuln/kernel_names.h"

struct kernel_judge {
	struct kernel_facts facts;
	struct kernel_build build;
	struct kernel_names *names;
	bool series; /* all that names this kernel's release counts its packages, not its patches ("5.10.0-30-armmp") */
};

/* The arena must outlive the judge. */
void kernel_judge_init(struct kernel_judge *judge, sqlite3 *evidence, struct arena *arena);
/*
 * True where a claim says when a fault ended but not when it began, and the end is no
 * sign that it began before this version: the record of a CNA that begins with nothing,
 * or an end in another series (2.6.28, 5.10).
 */
bool kernel_judge_is_vague(const struct claim *claim, struct span version);
/* Takes back the doubt of claims about a fault whose beginning is known. */
void kernel_judge_claims(const struct kernel_judge *judge, int64_t id, struct claims *claims);
/* Turns to one kernel of the image, before the decisions about it. */
void kernel_judge_turn_to(struct kernel_judge *judge, int64_t component, struct span version);
/*
 * Changes a decision of 'affected' or 'under review' by what is known of fault and kernel: by our own facts, and by whether
 * one of the decision's source files was built. Of a fault whose files nobody names, nothing shows that its code is there.
 */
void kernel_judge_decision(struct kernel_judge *judge, int64_t id, struct span version, struct decision *decision,
			   struct arena *arena);

#endif
