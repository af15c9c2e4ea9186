/* What feeds say of devices, as rows of the products "device/maker:model", with the hardware revision as their release. */
#ifndef ASSAY_VULN_DEVICE_FEED_H
#define ASSAY_VULN_DEVICE_FEED_H

#include "vuln/builder.h"
#include "vuln/cpe.h"
#include "vuln/device_name.h"

/* The devices of one configuration of NVD. */
struct device_feed {
	struct builder *builder;
	struct arena arena, list;
	struct cpe *hardware; /* in `list`; the texts are borrowed from the configuration */
	size_t count, capacity;
	bool firmware;     /* firmware is named: hardware says only what it runs on */
	struct span none;  /* the last words that named no device */
	uint64_t left_out; /* hardware that there was no memory for */
};

void device_feed_init(struct device_feed *feed, struct builder *builder);
void device_feed_done(struct device_feed *feed);
/* Takes up the hardware that a configuration of NVD names, before its matches are stated. */
void device_feed_configuration(struct device_feed *feed, const struct json_value *configuration);
/* States one vulnerable match, of firmware or of a device itself; others are passed over. The range's bounds are as written. */
enum outcome device_feed_match(struct device_feed *feed, const struct cpe *cpe, const struct range *range) MUST_CHECK;
/* States a range for every model that words of a record name: "DIR-859 Router"; passes over what names none. */
enum outcome device_feed_words(struct device_feed *feed, struct span maker, struct span words, const struct range *range,
			       int64_t entry) MUST_CHECK;

#endif
