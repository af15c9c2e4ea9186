/* SHA256SUMS of all feeds of a folder, as sha256sum writes and checks it: what a mirror is checked by. */
#ifndef ASSAY_FETCH_SUMS_H
#define ASSAY_FETCH_SUMS_H

#include "base/arena.h"
#include "base/outcome.h"

enum { SUMS_MOST = 1 << 20 };
#define SUMS_NAME "SHA256SUMS"

struct sums {
	struct span text;
};

/* Whether the text is a list of digests at all: a server may answer with a page in its place. */
bool sums_are_there(const struct sums *sums);
/* Hexadecimal digest of "feed/name"; empty where it has none. */
struct span sums_find(const struct sums *sums, const char *feed, const char *name);
/* Writes it anew for all files whose state tells their digest. False with errno set. */
bool sums_write(int folder);

#endif
