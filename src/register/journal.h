/* Reads what happened: the events of a register, and what newer stores changed. */
#ifndef ASSAY_REGISTER_JOURNAL_H
#define ASSAY_REGISTER_JOURNAL_H

#include "register/registry.h"

struct journal_event {
	int64_t sequence;
	struct span at, person, kind, subject; /* the person's name; empty for the program by itself, or where it is blanked */
	int64_t store;                         /* that it took; 0 for none */
};

/* A line of what a store changed: a vulnerability in all components that have one name. */
struct journal_change {
	struct span change, vulnerability, component; /* "busybox" */
	struct span was, status;                      /* empty for none */
	int64_t components, versions;                 /* how many there are of that name, and versions of products with one */
	struct span exploited;                        /* since when; empty where it is not known to be */
};

/* Both go from the first on; false ends it. What is handed over is valid during the call. */
enum outcome journal_events(struct registry *registry, int64_t since,
			    bool (*take)(void *context, const struct journal_event *event), void *context) MUST_CHECK;
/* The worst first: what is exploited, what became so, what appeared. */
enum outcome journal_changes(struct registry *registry, int64_t store,
			     bool (*take)(void *context, const struct journal_change *change), void *context) MUST_CHECK;

#endif
