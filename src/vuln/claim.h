/* What the sources of the store claim about one vulnerability and one version, and what is believed of it. */
#ifndef ASSAY_VULN_CLAIM_H
#define ASSAY_VULN_CLAIM_H

#include "base/arena.h"
#include "vuln/range.h"
#include "vuln/store.h"

/* One source's word. The spans live as long as the group's arena. */
struct claim {
	enum store_source source;
	struct range_result result;
	struct span platform, release, part, files;
	bool listed; /* speaks only of the branches that it lists */
	bool vague; /* says where the fault ends, in a field where most begin late, and not where it begins */
	bool own; /* of the distribution that built the package: it knows its own fixes */
	bool unplaced; /* the version is a day, which stands in no order with the bounds */
};

/* All claims about one vulnerability. */
struct claims {
	struct claim *all; /* in the matcher's arena of the group */
	size_t count, capacity;
};

struct decision {
	const char *status;       /* as vulnerability.status; NULL where there is nothing to say */
	struct span reason;       /* in the arena */
	struct span fixed;        /* first version without it; may be empty */
	enum store_source source;
	struct span part, files;  /* what of the component has the fault; may be empty */
	bool own;                 /* the distribution that built the package says so */
};

/*
 * True where the words of a description say when a fault ended and not when it began
 * ("before 5.4"), and the version is of an earlier major series.
 */
bool claim_is_vague(const struct claim *claim, struct span version);
/*
 * Weighs the claims: the maker and the CVE record are believed before NVD; a
 * disagreement is told in the reason, and so is a platform that is asked for.
 */
struct decision claims_decide(const struct claims *claims, struct span version, struct arena *arena);

#endif
