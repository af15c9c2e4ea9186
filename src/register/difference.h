/*
 * What a version has, and has not, that an older one had: vulnerabilities, components, and what else is seen in its
 * files. That something is gone is said only where the newer one was read whole.
 */
#ifndef ASSAY_REGISTER_DIFFERENCE_H
#define ASSAY_REGISTER_DIFFERENCE_H

#include "register/view.h"

/* In the order in which they are told. */
enum difference_aspect {
	DIFFERENCE_NEW,      /* vulnerabilities that affect it, and did not affect the older one */
	DIFFERENCE_QUESTION, /* that are under review now, and were not */
	DIFFERENCE_MENDED,   /* that affected the older one: fixed, not affected, or gone with what they were in */
	DIFFERENCE_SETTLED,  /* that were under review, and are no more */
	DIFFERENCE_UNSEEN,   /* that affected the older one or were under review, and of which nothing can be said now */
	DIFFERENCE_REMAINS,  /* that affect both */
	DIFFERENCE_COMPONENT,
	DIFFERENCE_FINDING,
	DIFFERENCE_KEY,
	DIFFERENCE_CERTIFICATE,
	DIFFERENCE_HOST,
	DIFFERENCE_ASPECTS,
};
/* "newly affected", "mended", …. */
const char *difference_aspect_name(enum difference_aspect aspect);

/* Texts are empty where there is none; they live in the arena. */
struct difference_row {
	enum difference_aspect aspect;
	struct span what;                /* "CVE-2021-28831", "busybox", a rule, a fingerprint, a host */
	struct span severity, exploited; /* of a vulnerability; exploited: the day since when it is known to be */
	struct span before, after;       /* "affected: busybox 1.30.1"; versions; a path */
	struct span why;
};

struct difference_side {
	struct span product, version;
	int64_t grade; /* -1: it has none */
	bool whole;    /* all its files were assayed, nothing in them stayed unread, and components were found in each */
	struct span store_first, store_last; /* days of the stores that its components were matched with */
};

enum { DIFFERENCE_CAVEATS = 4 };

struct difference {
	struct difference_side old, new;
	struct difference_row *rows; /* by aspect, then by what */
	size_t count, counts[DIFFERENCE_ASPECTS];
	struct span caveats[DIFFERENCE_CAVEATS]; /* what the reader has to know of both, as sentences */
	size_t caveat_count;
};

/* MALFORMED where one of them was never assayed: registry->error says which. */
enum outcome difference_find(struct registry *registry, const struct view_of *old, const struct view_of *new, struct arena *arena,
			     struct difference *out) MUST_CHECK;

#endif
