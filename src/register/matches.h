/* What matched a component: as the evidence has it, and as rows of `match`. */
#ifndef ASSAY_REGISTER_MATCHES_H
#define ASSAY_REGISTER_MATCHES_H

#include "assay/assay.h"
#include "register/event.h"
#include "register/vulnerability.h"

struct match_row {
	struct vulnerability_facts facts; /* its name alone, of rows of the register */
	struct value status, justification, reason, fixed_in;
};

struct matches {
	struct match_row *all; /* by name, each once */
	size_t count, capacity;
};

/* A column of the evidence as a value; texts are copied into the arena, without NUL, which PostgreSQL does not store. */
struct value matches_value(const struct assay_rows *rows, int column, struct arena *arena);
/* Of a component of the evidence; one row for a vulnerability, the worst where it stands twice. */
enum outcome matches_of_result(struct assay *assay, int64_t component, struct arena *arena, struct matches *out) MUST_CHECK;
/* Of a component of the register. */
enum outcome matches_of_register(struct registry *registry, int64_t component, struct arena *arena,
				 struct matches *out) MUST_CHECK;
/* Writes a row that is not there, with its vulnerability, whose number it gives in *vulnerability. */
enum outcome matches_insert(struct event *event, int64_t component, const struct match_row *row,
			    int64_t *vulnerability) MUST_CHECK;
/* Changes or takes away one that is there. */
enum outcome matches_update(struct event *event, int64_t component, const struct match_row *row,
			    int64_t *vulnerability) MUST_CHECK;
enum outcome matches_remove(struct event *event, int64_t component, const struct match_row *row,
			    int64_t *vulnerability) MUST_CHECK;

#endif
