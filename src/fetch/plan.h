/* What is to be fetched: data/feeds/feeds.yaml, with years filled in, as far as it is asked for. */
#ifndef ASSAY_FETCH_PLAN_H
#define ASSAY_FETCH_PLAN_H

#include "base/arena.h"
#include "base/outcome.h"

enum plan_check { CHECK_NONE, CHECK_NVD_META, CHECK_GOOG_MD5, CHECK_RELEASE };

struct plan_file {
	const char *feed;    /* its name, and folder */
	const char *name;    /* in the folder */
	const char *url;     /* NULL for an asset of a release */
	const char *meta;    /* of CHECK_NVD_META */
	const char *release, *asset; /* of CHECK_RELEASE: "owner/project", and a part of the asset's name */
	enum plan_check check;
	uint64_t most, unpacked; /* bytes; unpacked 0: it is not unpacked */
	bool may_lack;       /* of this year: it need not be there yet */
	struct plan_file *next;
};

struct plan {
	struct plan_file *first;
};

/*
 * Reads the feeds of those names (parted by commas; NULL: all that are not only fetched where named), in the arena. MALFORMED
 * with *error in words where the text is wrong or names a feed that is none.
 */
enum outcome plan_read(struct span text, const char *names, int year, struct arena *arena, struct plan *out,
		       struct span *error) MUST_CHECK;
/* Prints name, cadence, licence and title of all feeds. MALFORMED where the text is wrong. */
enum outcome plan_print(struct span text, struct arena *arena) MUST_CHECK;

#endif
