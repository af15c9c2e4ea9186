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

/* Hexadecimal digest of "feed/name"; empty where it has none. */
struct span sums_find(const struct sums *sums, const char *feed, const char *name);
/* Writes it anew for all files whose state tells their digest. False with errno set. */
bool sums_write(int folder);

#endif
