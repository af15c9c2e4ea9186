/*
 * What a store says, product by product, as digests: where the digest of a product is the same in two stores, they
 * decide the same of every component that asks for it (vuln/questions.h).
 */
#ifndef ASSAY_VULN_STORE_CLAIMS_H
#define ASSAY_VULN_STORE_CLAIMS_H

#include "vuln/store.h"

enum { CLAIMS_DIGEST_ROOM = 65 };

/* Both are asked in the order of names; false ends the walk. */
struct claims_visitor {
	void *context;
	bool (*product)(void *context, const char *name, const char *digest);
	/* What reports take over from the store, and what decides no match. Numbers are negative where not known. */
	bool (*vulnerability)(void *context, const char *name, const char *severity, double cvss, double epss,
			      const char *exploited);
};

/*
 * Walks through the products, and the families of vuln/questions.h behind them, and then the vulnerabilities. Neither
 * scores nor EPSS are in the digests. NOT_THIS where a visitor ended it.
 */
enum outcome store_claims_walk(const struct store *store, const struct claims_visitor *visitor) MUST_CHECK;

#endif
