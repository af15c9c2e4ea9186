/* The parts of src/register/take.h that write content: components, what matched them, and what else can be asked for. */
#ifndef ASSAY_REGISTER_TAKE_CONTENT_H
#define ASSAY_REGISTER_TAKE_CONTENT_H

#include "assay/assay.h"
#include "register/event.h"

/* A column of the evidence as a value; texts in the arena, without NUL, which PostgreSQL does not store. */
struct value take_value(const struct assay_rows *rows, int column, struct arena *arena);
/* Components that are new, with what matched them, and their set; *set is its number. */
enum outcome take_components(struct event *event, struct assay *assay, struct span saved, struct value store,
			     struct value store_date, struct arena *arena, int64_t *set) MUST_CHECK;
/* Keys, hosts, findings and files. */
enum outcome take_sightings(struct event *event, struct assay *assay, int64_t result, struct arena *arena) MUST_CHECK;

#endif
