/* What a newer store makes of a component: its rows of `match`, and what of that is news. */
#ifndef ASSAY_REGISTER_CHANGE_H
#define ASSAY_REGISTER_CHANGE_H

#include "assay/assay.h"
#include "register/event.h"
#include "register/rematch.h"

struct changing {
	struct event *event;
	int64_t store;               /* number of the store that it is told of */
	struct value store_name, store_date;
	struct rematch_counts *counts;
	int64_t counted, versions;   /* the component whose versions were counted last, and how many they are */
};

/* Takes over what a result that was matched with the store says of one of its components. */
enum outcome change_component(struct changing *changing, struct assay *assay, int64_t of, int64_t component) MUST_CHECK;
/* Tells of a vulnerability that is exploited from now on: of each component that is open to it, and is not told of yet. */
enum outcome change_exploited(struct changing *changing, int64_t vulnerability) MUST_CHECK;

#endif
