/* The newest release of a project on GitHub (docs.github.com/rest/releases): the address of an asset, and its digest. */
#ifndef ASSAY_FETCH_RELEASE_H
#define ASSAY_FETCH_RELEASE_H

#include "base/arena.h"
#include "base/outcome.h"

struct release_asset {
	struct span name, url;
	struct span sha256; /* hexadecimal; empty where none is given */
};

enum { RELEASE_MOST = 8 << 20 };

/*
 * Of the assets whose name has that part the last by name, which is the newest where names begin with dates. MALFORMED, with
 * *error in words, where the text is no release or has none; its addresses must begin with `base`.
 */
enum outcome release_find(struct span text, const char *part, const char *base, struct arena *arena, struct release_asset *out,
			  struct span *error) MUST_CHECK;

#endif
