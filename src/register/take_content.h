/* The parts of src/register/take.h that write content: components, what matched them, and what else can be asked for. */
#ifndef ASSAY_REGISTER_TAKE_CONTENT_H
#define ASSAY_REGISTER_TAKE_CONTENT_H

#include "assay/assay.h"
#include "register/matches.h"

/* The store that a result was matched with. */
struct taken_store {
	struct value name, date;
	bool followed; /* it is the newest that the register follows */
};
/* Of a result that says what store that was. */
enum outcome take_store(struct registry *registry, struct assay *assay, struct arena *arena, struct taken_store *out) MUST_CHECK;
/* Components that are new, with what matched them and what they ask, and their set; *set is its number. */
enum outcome take_components(struct event *event, struct assay *assay, struct span saved, const struct taken_store *store,
			     struct arena *arena, int64_t *set) MUST_CHECK;
/* Keys, hosts, findings, and what the image as a whole asks a store; after take_components(). */
enum outcome take_sightings(struct event *event, struct assay *assay, int64_t result, struct arena *arena) MUST_CHECK;

#endif
