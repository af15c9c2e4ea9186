/* What is believed of all that the sources claim about one vulnerability and one version. */
#ifndef ASSAY_VULN_DECISION_H
#define ASSAY_VULN_DECISION_H

#include "vuln/claim.h"

enum { DECISION_PREMISES_MAX = 8 };

/* What the status rests on: table premise. */
struct premise {
	const char *kind;
	struct span value;
	int64_t file;   /* 0 for none */
	int64_t offset; /* negative for none */
};

struct decision {
	const char *status;        /* as vulnerability.status; NULL where there is nothing to say */
	struct span reason;        /* in the arena */
	const char *justification; /* of 'not affected', in the words of VEX; NULL else */
	struct span question;      /* of 'under review' */
	struct span fixed;         /* first version without it; may be empty */
	struct span last, list;    /* else the last one with it, and what the source says of all versions; may be empty */
	enum store_source source;
	struct span part, files;   /* what of the component has the fault; may be empty; parts are parted by blanks */
	bool usual;                /* the part counts as there until its absence is seen */
	bool own;                  /* the distribution that built the package says so */
	bool unmended;             /* the programs show that the fix is not there */
	struct premise premises[DECISION_PREMISES_MAX];
	size_t premise_count;
};

bool decision_is(const struct decision *decision, const char *status);
/* Adds a premise; one beyond the last is dropped. */
void decision_premise(struct decision *decision, const char *kind, struct span value);
/* The same, of a file (0 for none), and of a place in it (negative for none). */
void decision_premise_at(struct decision *decision, const char *kind, struct span value, int64_t file, int64_t offset);
/* Each of these changes the status, and says why, in words behind those that were there. */
void decision_spare(struct decision *decision, const char *justification, struct span reason);
void decision_mend(struct decision *decision, struct span reason);
void decision_review(struct decision *decision, struct span reason, struct span question);

/*
 * Weighs the claims. The distribution that built the package is believed first where the version
 * has the fault, then our own review, then the maker, the CVE record and NVD; what says where the
 * fault begins goes before what leaves it open, and a disagreement is told in the reason.
 */
struct decision decide(const struct claims *claims, const struct claim_subject *subject, struct arena *arena);

#endif
