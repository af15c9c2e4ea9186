/*
 * What of an image decides how a component matches, as a digest: two images whose component has the same variant
 * have the same vulnerabilities in it, by any store. So each is matched once, in however many images it is.
 */
#ifndef ASSAY_REGISTER_VARIANT_H
#define ASSAY_REGISTER_VARIANT_H

#include "assay/assay.h"
#include "base/arena.h"
#include "base/outcome.h"

struct variant {
	int64_t component; /* its number in the evidence */
	struct span name, version; /* version is empty where only presence is known */
	struct span digest;        /* SHA-256 in hexadecimal */
};

struct variants {
	struct variant *all; /* in the order of the components */
	size_t count;
};

/* Those of a result; all in the arena. MALFORMED where its evidence cannot be read: assay_error() says why. */
enum outcome variants_of(struct assay *assay, struct arena *arena, struct variants *out) MUST_CHECK;

#endif
