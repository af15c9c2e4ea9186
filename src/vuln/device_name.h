/*
 * Names of devices in one spelling, so that "TL-WR841N v14" of an image, `o:tp-link:tl-wr841n_v14_firmware` of NVD and
 * "TL-WR841N V14 Routers" of a record meet: the maker, the model without its revision, and the revision.
 */
#ifndef ASSAY_VULN_DEVICE_NAME_H
#define ASSAY_VULN_DEVICE_NAME_H

#include "base/arena.h"
#include "base/outcome.h"

/* Spans live in the arena that they were made in. */
struct device_name {
	struct span model;    /* lower-case letters and digits: "tlwr841n" */
	struct span revision; /* of the hardware: "14", "b1"; empty where the name has none */
};

/* "dlink" of "D-Link Systems, Inc."; empty where nothing is left. */
struct span device_maker(struct span words, struct arena *arena);
/* "14" of "V14.0", "b1" of "rev. B1"; empty where the words are no revision. */
struct span device_revision(struct span words, struct arena *arena);
/* Splits a model's name; false where the words name no single model ("Multiple Routers"). */
bool device_name_of(struct span words, struct arena *arena, struct device_name *out);
/* Between the models of which a device is one, and nobody knows which: "WRT54G or WRT54GL". */
#define DEVICE_EITHER " or "
/*
 * Takes the next model off a list of them: "AC7, AC9, and AC10 Routers". A suffix stands for another model
 * ("TL-WR841N/ND"); false at the end. Words that name none are passed over.
 */
bool device_name_next(struct span *rest, struct span *previous, struct arena *arena, struct device_name *out);
/* "device/tplink:tlwr841n": how the store calls it; empty where there is no memory. */
struct span device_product(struct span maker, struct span model, struct arena *arena);

/* How the revision that a source names stands to that of the device. */
enum device_match { DEVICE_SAME, DEVICE_OTHER, DEVICE_UNKNOWN };
/* A source that names none speaks of all; "1" holds "1.2", and "b" holds "b1". */
enum device_match device_revision_match(struct span named, struct span own);

#endif
