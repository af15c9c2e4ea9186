/* Which versions hold something: one question over everything that was ever shipped. */
#ifndef ASSAY_REGISTER_WHERE_H
#define ASSAY_REGISTER_WHERE_H

#include "register/registry.h"

/* What a version is to a question, the worst first. */
enum standing { STANDING_AFFECTED, STANDING_REVIEW, STANDING_UNKNOWN, STANDING_FIXED, STANDING_NOT_AFFECTED, STANDING_COUNT };
/* "affected", "under review", "unknown", "fixed", "not affected". */
const char *standing_name(enum standing standing);

/* A version, with the component or file that makes it what it is. All texts live in the arena. */
struct place {
	enum standing standing;
	struct span product, version;
	struct span shipped, supported_until; /* days; empty where not known */
	struct span component;                /* "busybox 1.30.1"; empty where nothing matched */
	struct span reason;                   /* why, or the question, or why it is not known */
	struct span as_of;                    /* day of the store that it was matched with; empty for none */
};

/* All versions of one standing. */
struct place_group {
	size_t versions, products;
	size_t supported;        /* versions that are supported today; of silent ones not counted */
	int since;               /* day on which the first one was shipped, 20190412; 0 where not known */
	struct place_reason {
		struct span words;
		size_t versions;
	} *reasons;              /* the most frequent first */
	size_t reason_count;
	bool counted;            /* products and support of all of them are known: else versions alone */
};

struct places {
	struct place *all; /* by standing; what is supported first, then product and version; at most as many as were asked for */
	size_t count;
	struct place_group groups[STANDING_COUNT];
	struct span store, store_date; /* that the register follows; empty for none */
};

/* To list every version. */
#define PLACES_ALL SIZE_MAX

/*
 * Of a vulnerability. Each version counts once, with the worst that is true of it; versions of which nothing can
 * be said are unknown, with why: silence is not innocence. Lists at most `most` versions; what is not affected because
 * it holds nothing of the kind is listed only where all are. Words in registry->error where it fails.
 */
enum outcome where_vulnerability(struct registry *registry, struct span name, size_t most, struct arena *arena,
				 struct places *out) MUST_CHECK;
/*
 * Of a component by its name, and of one version where that is not empty: those that hold it are "affected",
 * those that were not read are unknown, others are left out.
 */
enum outcome where_component(struct registry *registry, struct span name, struct span version, size_t most,
			     struct arena *arena, struct places *out) MUST_CHECK;
/*
 * The same of a sighting: 'key', 'certificate', 'host', 'finding'; 'sha256' is a file that was shipped, of which nothing
 * is unknown.
 */
enum outcome where_sighting(struct registry *registry, const char *kind, struct span value, size_t most, struct arena *arena,
			    struct places *out) MUST_CHECK;

#endif
