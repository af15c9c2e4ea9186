/*
 * Takes a result into the register: a version of a product, the file that it is shipped as, and what assay found
 * in that.
 */
#ifndef ASSAY_REGISTER_TAKE_H
#define ASSAY_REGISTER_TAKE_H

#include "assay/assay.h"
#include "register/registry.h"

/* A file that was shipped. */
struct shipment {
	struct span product, version; /* names */
	struct span sha256;           /* of the file, in hexadecimal */
	struct span file_name;
	uint64_t size;
	struct span saved;            /* digest of the saved result; empty where the file could not be assayed */
};

/*
 * Writes it in one transaction, with events. What is there already stays as it is: the same result twice changes
 * nothing. result is NULL where the file could not be assayed: then the version is there, and nothing is known of
 * it. Words in registry->error where it fails; nothing was written then.
 */
enum outcome take(struct registry *registry, const struct shipment *shipment, struct assay *result) MUST_CHECK;

/*
 * Digest of the saved result of a file by this version of the program, in the arena; empty where there is none:
 * then it is to be assayed.
 */
struct span take_saved(struct registry *registry, struct span sha256, struct arena *arena);

#endif
