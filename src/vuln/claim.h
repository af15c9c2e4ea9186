/* What one source of the store claims about one vulnerability and one version. */
#ifndef ASSAY_VULN_CLAIM_H
#define ASSAY_VULN_CLAIM_H

#include "base/arena.h"
#include "vuln/beginnings.h"
#include "vuln/distribution.h"
#include "vuln/store.h"

/* Where the version lies, for a source that does not count it as affected. */
enum claim_place {
	PLACE_NONE,     /* in a range, or nothing is said */
	PLACE_EXCLUDED, /* said by itself not to be affected */
	PLACE_BEFORE,   /* before the fault began */
	PLACE_AFTER,    /* after it was mended */
	PLACE_UNSPOKEN, /* in a branch of which the source does not speak */
};

/* The spans live as long as the group's arena. */
struct claim {
	enum store_source source;
	struct range_result result;
	enum claim_place place;
	struct span begins; /* of PLACE_BEFORE: where the fault begins */
	struct span mended; /* of a version that is not affected: the last end of the fault before it, or at it; may be empty */
	struct span platform, release, part, files;
	struct span list; /* what the source says of all versions; empty for distributions */
	struct span why; /* of our own facts: where they are from */
	bool usual;      /* the part counts as there until its absence is seen */
	bool listed;   /* speaks only of the branches that it lists */
	struct span series; /* of the version, where it is known until when its maker spoke of it; else empty */
	bool ended;    /* its maker no longer spoke of the series when this was published */
	bool vague;    /* says where the fault ends, and nothing shows that it began before this version */
	bool endless;  /* words that say where the fault begins and not where it ends: written before it was mended */
	bool own;      /* of the distribution that built the package: it knows its own fixes */
	bool patched;  /* own, and the fix is a patch of this upstream version: which had the fault, then */
	bool unplaced; /* the version is a day, which stands in no order with the bounds */
};

/* All claims about one vulnerability. */
struct claims {
	struct claim *all; /* in the matcher's arena of the group */
	size_t count, capacity;
	struct beginning beginning;       /* where its code was seen */
	struct distribution distribution; /* what the lists of all distributions show together */
	bool asked;  /* a source that speaks of upstream's versions has the product, whether or not it says anything here */
	bool disputed; /* its record says so */
	struct span files; /* that a source names, be it silent about the version */
	bool stated; /* such a source has other products for the vulnerability */
};

/* What is asked about: a version of a component, and how its versions are ordered. */
struct claim_subject {
	enum version_order order;
	size_t branch; /* fields that name a branch */
	struct span version;
};

/* Fills in what a list of ranges says of the subject: result, place, begins and vague. source and listed must be set. */
void claim_judge(struct claim *claim, const struct claim_subject *subject, struct span list);
/* True where source files are named, and not the folder that a commit's subject stands for ("net/ipv6/"). */
bool claim_files_are_named(struct span files);
/* "1.19.4 lies in [1.14.0, 1.21.0) (NVD)": what an affected claim says, in the arena. */
struct span claim_words(const struct claim *claim, struct span version, struct arena *arena);
/* Whose word it is, and with our own facts where they are from: "NVD", "assay's own review: came with 1.4.50". */
struct span claim_source_words(const struct claim *claim, struct arena *arena);
/* "[1.14.0, 1.21.0)", with "…" for an open end. */
struct span claim_range_words(const struct range *range, struct arena *arena);

#endif
