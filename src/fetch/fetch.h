/* Fetches one file of a plan into its folder: what is there stays until the new one is whole, checked and on the disk. */
#ifndef ASSAY_FETCH_FETCH_H
#define ASSAY_FETCH_FETCH_H

#include "base/arena.h"
#include "fetch/http.h"
#include "fetch/plan.h"
#include "fetch/sums.h"

enum { FETCH_WORDS_SIZE = 768 };

struct fetch_settings {
	struct http_settings http;
	int folder;          /* that of all feeds */
	const char *mirror;  /* address that ends with a slash; NULL: the publishers */
	const char *releases; /* address of GitHub's API */
	const char *assets;  /* what addresses of assets begin with */
	const struct sums *sums; /* digests of the mirror; NULL where it gives none */
	int tries;           /* in all */
	long pause;          /* milliseconds before the second try; doubled for each further one */
};

enum fetch_result { FETCH_NEW, FETCH_UNCHANGED, FETCH_ABSENT, FETCH_FAILED };
enum { FETCH_RESULTS = FETCH_FAILED + 1 };

/* words: why it failed. FETCH_ABSENT: the publisher has none yet, and need not; or the mirror has none. */
enum fetch_result fetch_file(const struct fetch_settings *settings, const struct plan_file *file,
			     char words[static FETCH_WORDS_SIZE]);
/* Fetches a small text into the arena, at most so many bytes; gone: the server has none. Empty with words where it fails. */
struct span fetch_text(const struct fetch_settings *settings, const char *url, uint64_t most, struct arena *arena, bool *gone,
		       char words[static FETCH_WORDS_SIZE]);

#endif
