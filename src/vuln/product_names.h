/*
 * Names of products in sentences: data/vulnerabilities/names.tsv. A name in lower case stands for every spelling; one with
 * capitals is a word of English too, and counts only as it stands.
 */
#ifndef ASSAY_VULN_PRODUCT_NAMES_H
#define ASSAY_VULN_PRODUCT_NAMES_H

#include "base/span.h"
#include "vuln/version_words.h"

enum { PRODUCT_NAMES_MAX = 1024, PRODUCT_NAME_BUCKETS = 1024 };

struct product_name_entry {
	struct span name, product;
	bool exact;    /* as it stands */
	uint16_t next; /* of its bucket; 0 ends it */
};

/* Spans point into the program's own data. */
struct product_names {
	struct product_name_entry all[PRODUCT_NAMES_MAX]; /* from 1 */
	uint16_t bucket[PRODUCT_NAME_BUCKETS];            /* by the first word; 0 for none */
	size_t count;
};

void product_names_read(struct product_names *out);
/*
 * Takes the longest name that the text begins with off it; *last is its last word. The "vendor:product" of a CPE name;
 * empty where it begins with none.
 */
struct span product_names_take(const struct product_names *names, struct span *rest, struct plain_word *last);
/* The product that a name alone stands for; empty where it is not surely one. */
struct span product_names_of(const struct product_names *names, struct span name);

#endif
