/*
 * Changing a case. Each call is a transaction and one event of the chain, and is made by a person (registry->person):
 * without one it is MALFORMED. The words of what fails are in registry->error, and nothing is written then.
 *
 * That a maker is aware of something is said by a call, and comes to be by nothing else. Nothing pauses a clock, stops it
 * or takes back what started it: there is no call for that.
 */
#ifndef ASSAY_REGISTER_CASE_H
#define ASSAY_REGISTER_CASE_H

#include "register/clock.h"
#include "register/registry.h"

struct case_opening {
	struct span kind;          /* "vulnerability" or "incident" */
	struct span vulnerability; /* empty where it has no name, as an incident may */
	struct span title;         /* empty: the vulnerability's name */
	struct span reporter;      /* name of a person; empty for none */
	struct span credit;        /* "name" or "anonymous"; empty where not known */
	int64_t aware;             /* when the maker became aware, as the person says; 0: that is not said */
};

/*
 * Opens a case, in the state "received". MALFORMED where one that is not closed has the same vulnerability, or the time of
 * awareness is yet to come.
 */
enum outcome case_open(struct registry *registry, const struct case_opening *opening, int64_t *number) MUST_CHECK;
/* MALFORMED where the case may not go there from where it is. */
enum outcome case_set_state(struct registry *registry, int64_t number, struct span state) MUST_CHECK;
/*
 * Says that something happened which starts clocks (clocks_event()); `named` is the due time that was asked for or agreed on,
 * 0 for none. MALFORMED where no clock knows the event, it is yet to come, or `named` is missing or not asked for.
 */
enum outcome case_start(struct registry *registry, int64_t number, const struct clocks *clocks, struct span event, int64_t at,
			int64_t named) MUST_CHECK;
/* Says that what a clock of the case wants was sent, under which reference. It may start other clocks. */
enum outcome case_submit(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock, int64_t at,
			 struct span reference) MUST_CHECK;
/* Decides that a clock of the case does not apply, and why. */
enum outcome case_not_applicable(struct registry *registry, int64_t number, const struct clocks *clocks, struct span clock,
				 struct span why) MUST_CHECK;
/* Answers a field of a form (case_field.h), or answers it otherwise than before. */
enum outcome case_answer(struct registry *registry, int64_t number, struct span field, struct span value) MUST_CHECK;
/* Adds a party: "upstream", "supplier", "maker" or "coordinator"; told at that time, under a reference or none. */
enum outcome case_add_party(struct registry *registry, int64_t number, struct span role, struct span organisation, int64_t told,
			    struct span reference) MUST_CHECK;

#endif
