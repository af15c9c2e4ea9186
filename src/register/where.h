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

struct places {
	struct place *all; /* by standing, then product and version */
	size_t count;
	size_t counts[STANDING_COUNT];
};

/*
 * Of a vulnerability. Each version stands once, with the worst that is true of it; versions of which nothing can
 * be said are there too, as unknown, with why: silence is not innocence. Words in registry->error where it fails.
 */
enum outcome where_vulnerability(struct registry *registry, struct span name, struct arena *arena, struct places *out) MUST_CHECK;
/*
 * Of a component by its name, and of one version where that is not empty: those that hold it are "affected",
 * others are left out.
 */
enum outcome where_component(struct registry *registry, struct span name, struct span version, struct arena *arena,
			     struct places *out) MUST_CHECK;
/* Of a sighting: 'key', 'certificate', 'host', 'finding'; 'sha256' is a file that was shipped. */
enum outcome where_sighting(struct registry *registry, const char *kind, struct span value, struct arena *arena,
			    struct places *out) MUST_CHECK;

#endif
