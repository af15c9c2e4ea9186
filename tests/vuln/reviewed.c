/* Our own facts say nothing of versions that were never read. */
#include "stored.h"

#include "vuln/reviewed.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

static void check(const char *version, const char *want)
{
	CHECK_EQUAL(evidence_new(&evidence), DONE);
	CHECK(stored_component(evidence, 1, "dnsmasq", version));
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	struct query query = query_start(evidence_database(evidence), "SELECT status FROM vulnerability WHERE id = 'CVE-2015-3294'");
	CHECK(query_next(&query));
	CHECK_TEXT(query_text(&query, 0), want);
	CHECK_EQUAL(query_end(&query), DONE);
	evidence_free(evidence);
}

TEST(what_was_not_read_back_to_is_asked)
{
	struct builder *builder;
	struct span error;
	const char *path = stored_path("reviewed.db");
	arena_init(&arena, 1 << 24);
	notes_init(&notes, &arena);
	(void)unlink(path);
	REQUIRE(builder_new(path, &notes, &builder) == DONE && builder_finish(builder) == DONE);
	REQUIRE(store_open_file(path, &arena, &store, &error) == DONE);
	check("1.10", "under review");
	check("2.0", "affected");
	check("2.72", "affected");
	store_close(store);
	(void)unlink(path);
	arena_done(&arena);
}

TEST(every_line_can_be_read)
{
	struct span rest = reviewed_text(), product, version, last = SPAN_NONE;
	size_t count = 0;
	for (; reviewed_next(&rest, &product, &version); count++) {
		CHECK(span_compare(last, product) < 0 && version.size > 0);
		CHECK(span_find_byte(product, ':', 0) != SPAN_NOT_FOUND);
		last = product;
	}
	CHECK(count > 0);
	CHECK(reviewed_is_beyond(SPAN_LITERAL("busybox:busybox"), ORDER_GENERIC, SPAN_LITERAL("0.60.5")));
	CHECK(!reviewed_is_beyond(SPAN_LITERAL("a:b"), ORDER_GENERIC, SPAN_LITERAL("0.1")));
}

TESTS(what_was_not_read_back_to_is_asked, every_line_can_be_read)
