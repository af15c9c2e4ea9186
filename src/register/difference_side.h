/* One of two versions that are compared (register/difference.h): what is known of it, in the order of names. */
#ifndef ASSAY_REGISTER_DIFFERENCE_SIDE_H
#define ASSAY_REGISTER_DIFFERENCE_SIDE_H

#include "register/difference.h"

/* A vulnerability with the worst status that it has in the version. */
struct side_vulnerability {
	struct span name, severity, exploited, status, component, component_name, reason, store_date;
};

/* All components of one name. */
struct side_component {
	struct span name;
	struct span versions;   /* "1.30.1, 1.31.0" */
	struct span variants;   /* of all, one after the other */
	struct span store_date; /* the oldest; empty where one of them was never matched */
	bool matched;           /* all of them */
};

struct side_sighting {
	struct span kind, value, path;
};

struct side {
	struct difference_side facts;
	struct side_vulnerability *vulnerabilities;
	struct side_component *components;
	struct side_sighting *sightings;
	size_t vulnerability_count, component_count, sighting_count;
};

/* MALFORMED where no file of it was assayed. */
enum outcome side_read(struct registry *registry, const struct view_of *of, struct arena *arena, struct side *out) MUST_CHECK;
/* NULL where it has no component of that name. */
const struct side_component *side_component_of(const struct side *side, struct span name);

#endif
