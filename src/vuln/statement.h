/* What one source states about one vulnerability, gathered before it is written as rows. */
#ifndef ASSAY_VULN_STATEMENT_H
#define ASSAY_VULN_STATEMENT_H

#include "vuln/builder.h"

struct item_page;

struct statement {
	struct arena *arena; /* its own: everything of the statement lies in it */
	struct item_page *pages;
	size_t count;
	struct buffer list; /* scratch for a written list of ranges */
};

/* The arena must outlive the statement. */
void statement_init(struct statement *statement, struct arena *arena);
void statement_done(struct statement *statement);
/* Forgets all items, and resets the arena. */
void statement_clear(struct statement *statement);
/*
 * Adds a range; scope may be NULL. What has no product, or bounds that are no versions, is passed over. OVER_BUDGET where
 * the record takes more memory than the arena has.
 */
enum outcome statement_add(struct statement *statement, struct span product, const struct range *range,
			const struct builder_scope *scope) MUST_CHECK;

/* Whether it has a range of the product from an entry before that one. */
bool statement_has(const struct statement *statement, struct span product, int64_t before);

/* Takes one row: all ranges of a product, release and entry, as a list. */
typedef enum outcome (*statement_row)(void *context, struct span product, struct span ranges,
				   const struct builder_scope *scope);
/* Gives each row, in the order of product, release and entry; ends with the first outcome that is not DONE. */
enum outcome statement_write(struct statement *statement, statement_row row, void *context) MUST_CHECK;

#endif
