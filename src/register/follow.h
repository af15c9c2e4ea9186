/*
 * The newest vulnerability store that a register follows: what it says of each product, as a digest, so that a newer
 * one tells by itself which components are to be matched again.
 */
#ifndef ASSAY_REGISTER_FOLLOW_H
#define ASSAY_REGISTER_FOLLOW_H

#include "assay/assay.h"
#include "register/event.h"
#include "register/vulnerability.h"

/* What a store says; all in the arena. */
struct claims {
	struct claim {
		struct span product, digest;
	} *all; /* by product */
	size_t count, capacity;
	struct vulnerability_facts *vulnerabilities; /* by name */
	size_t vulnerability_count, vulnerability_capacity;
	struct span name, sha256, date;
};

/* Reads a store's bytes; NULL for the one that is built in. MALFORMED where they are none. */
enum outcome claims_read(const void *store, size_t size, const char *name, struct arena *arena, struct claims *out) MUST_CHECK;

/* The newest store of a register; id is 0 where it follows none yet. */
struct followed {
	int64_t id, products;
	char sha256[65], date[16];
};
enum outcome follow_newest(struct registry *registry, struct followed *out) MUST_CHECK;

/* Told of each product of which a newer store says something else. */
struct follow_visitor {
	enum outcome (*changed)(void *context, struct span product);
	void *context;
};
/*
 * Writes, within an event, that the register follows the store from here on; *store is its number. The visitor may be
 * NULL.
 */
enum outcome follow(struct event *event, const struct claims *claims, const struct follow_visitor *visitor, struct arena *arena,
		    int64_t *store) MUST_CHECK;
/* The same as an event of its own, of a register that follows none yet: nothing in it is matched. Else does nothing. */
enum outcome follow_first(struct registry *registry, const void *store, size_t size, const char *name) MUST_CHECK;

#endif
