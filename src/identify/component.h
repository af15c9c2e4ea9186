/* How a component is named in other vocabularies: package URL, CPE. */
#ifndef ASSAY_IDENTIFY_COMPONENT_H
#define ASSAY_IDENTIFY_COMPONENT_H

#include "base/arena.h"
#include "identify/recogniser.h"

/* The licence of that version of a recognised component; empty where it is not known. */
struct span component_licence(const struct recogniser *recogniser, struct span version);
/* The package URL of a recognised component; an unknown version leaves its part away. */
struct span component_purl(struct arena *arena, struct span form, struct span version);
/* A record of a package database, as far as its package URL needs it; of what none names, without a manager. */
struct package_name {
	struct span manager, distribution, name, version, architecture;
};

/* The package URL of a package that no recogniser knows: "pkg:deb/debian/foo@1.2-3?arch=armhf". */
struct span component_package_purl(struct arena *arena, const struct package_name *package);
/*
 * A CPE 2.3 name out of "a:vendor:product" and a version. A patch level or candidate
 * ("9.2p1", "2.9.0rc1") becomes the update, as NVD writes it.
 */
struct span component_cpe(struct arena *arena, struct span product, struct span version);
/* A CPE that a package declares for itself, in 2.2 or 2.3 form, with its version; empty where it is no CPE. */
struct span component_declared_cpe(struct arena *arena, struct span declared, struct span version);

#endif
