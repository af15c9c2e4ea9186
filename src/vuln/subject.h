/* A component of the image as the store knows it: the products that it answers to, and where its package comes from. */
#ifndef ASSAY_VULN_SUBJECT_H
#define ASSAY_VULN_SUBJECT_H

#include "evidence/query.h"
#include "vuln/claim.h"
#include "vuln/series.h"

/* The spans live in the evidence's statement or the arena. */
struct subject {
	int64_t id;
	struct span name, package_version;
	struct span source; /* package that it was built from, "lvm2 (2.03.16-2)" as dpkg has it; subject_find() leaves the name */
	struct span distribution; /* "alpine", "debian": of the package that it comes from */
	struct span release;      /* of that distribution: "v3.14", "11"; empty where the image does not tell */
	struct span manager;
	const struct recogniser *recogniser; /* NULL where none is known */
	struct claim_subject asked;
	struct series series;     /* of the version */
	struct span products;     /* numbers in the store as a JSON array */
	size_t product_count;
};

/* Looks products up in the store. */
struct subject_finder {
	struct query find_product;
	struct arena *arena;
	struct span alpine, debian, ubuntu; /* releases of the image */
	uint64_t left_out; /* products beyond those that a component may answer to */
	/* Where it is set, it is told each name, and nothing is looked up. */
	void (*told)(void *context, struct span name);
	void *context;
};

/* A store of NULL: only to be told the names. */
void subject_finder_init(struct subject_finder *finder, sqlite3 *evidence, sqlite3 *store, struct arena *arena);
enum outcome subject_finder_end(struct subject_finder *finder) MUST_CHECK;
/*
 * Fills in order, branch, series, release and products from the rest; cpe is the component's own CPE name. A version of the
 * source package takes the place of the package's: distributions list those. NO_MEMORY.
 */
enum outcome subject_find(struct subject_finder *finder, struct subject *subject, struct span cpe) MUST_CHECK;

/* The components of the evidence that have a version, for subject_read(). */
struct query subject_rows(sqlite3 *evidence);
/* The subject of a row of them, found. NO_MEMORY. */
enum outcome subject_read(const struct query *row, const struct recognisers *recognisers, struct subject_finder *finder,
			  struct subject *out) MUST_CHECK;

#endif
