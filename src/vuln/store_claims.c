#include "vuln/store_claims.h"

#include <stdio.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "evidence/query.h"
#include "vuln/identifier.h"
#include "vuln/questions.h"

enum { PRODUCT_CEILING = 512 << 20, NAME_SIZE = 2048 };

/*
 * All that src/vuln/match.c, device_match.c, android_match.c and sdk_match.c read of a product. Of a record's day it
 * is what find_series() makes of it: of one that is not known the end of the year after its name, and none after the store's.
 */
#define CLAIMS                                                                                                            \
	"SELECT p.name, json_array(a.vulnerability, a.source, f.name, a.release, a.entry, a.listed, a.ranges, a.platform,"  \
	" a.part, a.usual, a.files, a.why, v.stated, v.disputed,"                                                           \
	" min(coalesce(v.published, printf('%04d-12-31', a.vulnerability / 1000000000 + 1)), ?1))"                          \
	" FROM product p JOIN affected a ON a.product = p.id LEFT JOIN feed f ON f.id = a.feed"                             \
	" LEFT JOIN vulnerability v ON v.id = a.vulnerability"
#define IN_ORDER " ORDER BY p.name, a.vulnerability, a.source, f.name, a.release, a.entry"

struct walk {
	const struct claims_visitor *visitor;
	struct buffer text; /* rows of the product that is being read */
	char name[NAME_SIZE];
	bool ended;
};

static void finish(struct walk *walk)
{
	uint8_t digest[SHA256_SIZE];
	char hex[CLAIMS_DIGEST_ROOM];
	if (walk->text.size == 0)
		return;
	digest_sha256(buffer_span(&walk->text), digest);
	digest_write_hex(span_of(digest, sizeof digest), hex);
	walk->ended = !walk->visitor->product(walk->visitor->context, walk->name, hex);
	buffer_clear(&walk->text);
}

static enum outcome add(struct walk *walk, struct span name, struct span row)
{
	if (!span_equal_text(name, walk->name)) {
		finish(walk);
		(void)snprintf(walk->name, sizeof walk->name, "%.*s", SPAN_FORMAT(name));
	}
	TRY(buffer_append(&walk->text, row));
	return buffer_append(&walk->text, SPAN_LITERAL("\n"));
}

/* `whole`: under this one name, of which there is one product in the end. */
static enum outcome walk_rows(struct walk *walk, struct query *rows, const char *whole)
{
	enum outcome outcome = DONE;
	while (outcome == DONE && !walk->ended && query_next(rows)) {
		if (whole) {
			outcome = add(walk, span_of_text(whole), query_text(rows, 0));
			if (outcome != DONE)
				break;
		}
		outcome = add(walk, whole ? span_of_text(whole) : query_text(rows, 0), query_text(rows, 1));
	}
	if (outcome == DONE && !walk->ended)
		finish(walk);
	enum outcome read = query_end(rows);
	return outcome != DONE ? outcome : walk->ended ? NOT_THIS : read;
}

static enum outcome walk_family(struct walk *walk, const struct store *store, const char *family)
{
	char name[32];
	(void)snprintf(name, sizeof name, "%s/*", family);
	struct query rows = query_start(store_database(store), CLAIMS " WHERE p.name GLOB ?2" IN_ORDER);
	query_bind_text(&rows, 1, span_of_text(store_date(store)));
	query_bind_text(&rows, 2, span_of_text(name));
	return walk_rows(walk, &rows, name);
}

static enum outcome walk_products(struct walk *walk, const struct store *store)
{
	struct query rows = query_start(store_database(store), CLAIMS IN_ORDER);
	query_bind_text(&rows, 1, span_of_text(store_date(store)));
	TRY(walk_rows(walk, &rows, NULL));
	for (size_t i = 0; question_families[i]; i++)
		TRY(walk_family(walk, store, question_families[i]));
	return DONE;
}

static double known(const struct query *rows, int column)
{
	return query_is_null(rows, column) ? -1 : query_real(rows, column);
}

static enum outcome walk_vulnerabilities(const struct store *store, const struct claims_visitor *visitor)
{
	struct query rows = query_start(store_database(store),
					"SELECT id, severity, score, epss, exploited FROM vulnerability ORDER BY id");
	bool go_on = true;
	while (go_on && query_next(&rows)) {
		char name[IDENTIFIER_TEXT_SIZE];
		identifier_format(query_integer(&rows, 0), name);
		go_on = visitor->vulnerability(visitor->context, name, query_string(&rows, 1), known(&rows, 2), known(&rows, 3),
					       query_string(&rows, 4));
	}
	TRY(query_end(&rows));
	return go_on ? DONE : NOT_THIS;
}

enum outcome store_claims_walk(const struct store *store, const struct claims_visitor *visitor)
{
	struct walk walk = { .visitor = visitor };
	buffer_init(&walk.text, PRODUCT_CEILING, NULL);
	enum outcome outcome = visitor->product ? walk_products(&walk, store) : DONE;
	if (outcome == DONE && visitor->vulnerability)
		outcome = walk_vulnerabilities(store, visitor);
	buffer_done(&walk.text);
	return outcome;
}
