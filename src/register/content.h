/*
 * Content that no event holds, and whose digest the row that owns it carries: the components of a set, what an
 * image shows beside them, what matched a component, what is personal.
 */
#ifndef ASSAY_REGISTER_CONTENT_H
#define ASSAY_REGISTER_CONTENT_H

#include "register/registry.h"

enum { CONTENT_DIGEST_ROOM = 65 };

/*
 * Each as SHA-256 in hexadecimal of the owner's rows, sorted, as JSON: variants of a component set, sightings of a
 * result, matches of a component (with names of vulnerabilities, not their numbers), what is known of a person and
 * the salt.
 */
enum outcome content_of_set(struct registry *registry, int64_t set, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;
enum outcome content_of_result(struct registry *registry, int64_t result, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;
enum outcome content_of_component(struct registry *registry, int64_t component, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;
/* The names by which a component asks; what the newest store says, of whatever number that is. */
enum outcome content_of_questions(struct registry *registry, int64_t component, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;
enum outcome content_of_store(struct registry *registry, int64_t store, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;
enum outcome content_of_person(struct registry *registry, int64_t person, char out[static CONTENT_DIGEST_ROOM]) MUST_CHECK;

#endif
