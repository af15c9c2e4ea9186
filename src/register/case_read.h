/* A case as it stands: what is known of it, what was said by whom, and what is due. */
#ifndef ASSAY_REGISTER_CASE_READ_H
#define ASSAY_REGISTER_CASE_READ_H

#include "register/clock.h"
#include "register/registry.h"

/* Something that a person said or did in a case. Which text is what depends on the list that it is in. */
struct case_record {
	struct span what; /* clock, event, field, or role of a party */
	struct span text; /* reference, reason, value, name of a party; of a start, the due time that it names, or nothing */
	int64_t at;       /* UTC */
	struct span by;   /* name of the person; "person 3", of whom what was known is blanked */
	int64_t sequence; /* of a start: number of its event in the chain */
};

struct case_records {
	struct case_record *all; /* in the order of their writing */
	size_t count, capacity;
};

struct case_file {
	int64_t number;
	struct span kind, vulnerability, title, state; /* vulnerability is empty where there is no name */
	int64_t opened;
	struct span reporter, credit; /* empty where not known */
	struct span severity;         /* of the vulnerability, as the register knows it; empty otherwise */
	struct case_records starts, submissions, decisions, parties, answers;
	struct dues dues;
};

/*
 * Reads a case with what is due by these clocks; zone may be NULL. All of it lives in the arena and points at the clocks.
 * NOT_THIS where there is no case of that number: registry->error says so.
 */
enum outcome case_read(struct registry *registry, int64_t number, const struct clocks *clocks, const struct zone *zone,
		       struct arena *arena, struct case_file *out) MUST_CHECK;

/* The first record about something; NULL where there is none. */
const struct case_record *case_record_about(const struct case_records *records, struct span what);
/* When a person said that they, or the maker, became aware of what the case is about: the earliest; NULL where nobody did. */
const struct case_record *case_aware(const struct case_file *file);
/* The event by which awareness of such a case is said: "aware.exploited-vulnerability" of a vulnerability. */
struct span case_aware_event(struct span kind);

#endif
