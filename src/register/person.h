/*
 * People. The chain of events knows a person by a number and a digest of what is known of them, with a salt; what
 * is known stands in one table, from which it can be blanked (GDPR, Article 17) without breaking the chain.
 */
#ifndef ASSAY_REGISTER_PERSON_H
#define ASSAY_REGISTER_PERSON_H

#include "register/registry.h"

struct person {
	struct span name; /* by which they are called on the command line; nobody else has it */
	struct span email, unit, country; /* empty where not known */
};

/* Adds a person. MALFORMED where the name is empty or taken. */
enum outcome person_add(struct registry *registry, const struct person *person, int64_t *number) MUST_CHECK;
/* Their number. MALFORMED where there is nobody of that name. */
enum outcome person_find(struct registry *registry, struct span name, int64_t *number) MUST_CHECK;
/* Whoever writes from now on. MALFORMED where there is nobody of that name. */
enum outcome person_writes(struct registry *registry, struct span name) MUST_CHECK;
/* Blanks what is known of a person, for good. MALFORMED where there is nobody of that name. */
enum outcome person_forget(struct registry *registry, struct span name) MUST_CHECK;

#endif
