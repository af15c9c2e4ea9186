/*
 * The answer to a question over versions while it is gathered: numbers alone, since there may be a million of them.
 * Of what makes a version what it is there are few; each is a cause.
 */
#ifndef ASSAY_REGISTER_HITS_H
#define ASSAY_REGISTER_HITS_H

#include "register/where.h"

struct cause {
	int64_t key; /* by which rows of versions name it */
	enum standing standing;
	struct span component, reason, as_of;
	bool last; /* counts only where no other does, however good that is */
};

struct hit {
	int64_t version, product;
	const struct cause *cause;
	int shipped, supported_until; /* days as 20190412; 0 where not known */
};

struct hits {
	struct arena *arena;
	struct cause *causes;
	size_t cause_count, cause_capacity;
	struct hit *all;
	size_t count, capacity;
};

/* Causes come before all hits, by key, and then hits_ready(). Rows are (key, standing, component, reason, as of). */
enum outcome hits_cause(struct hits *hits, const struct cause *cause) MUST_CHECK;
enum outcome hits_causes(struct hits *hits, struct registry *registry, struct rows *rows) MUST_CHECK;
void hits_ready(struct hits *hits);
/* Rows are (version, product, shipped, supported until, key); what names no cause is left out. Both end the statement. */
enum outcome hits_versions(struct hits *hits, struct registry *registry, struct rows *rows) MUST_CHECK;
/* Each version once, with its worst cause; counts the groups. today as 20190412. */
enum outcome hits_settle(struct hits *hits, int64_t products, int today, struct places *out) MUST_CHECK;
/* The order in which they are listed. */
void hits_sort(struct hits *hits, int today);

#endif
