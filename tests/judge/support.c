/* Ends of support: announced ones, last releases, and what nothing is said of. */
#include "harness.h"

#include "base/buffer.h"
#include "base/file.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "judge/support.h"

static struct evidence *evidence;

static bool prepared_of(const char *components)
{
	struct arena arena;
	struct file_view view;
	arena_init(&arena, 1 << 20);
	bool good = evidence_new(&evidence) == DONE && file_view_open(harness_source("tests/judge/rules/base.sql"), 1 << 20, &view);
	if (good) {
		sqlite3 *database = evidence_database(evidence);
		char *base = arena_text(&arena, view.bytes);
		good = base && query_run(database, base) == DONE && query_run(database, components) == DONE &&
		       support_prepare(database) == DONE;
		file_view_close(&view);
	}
	arena_done(&arena);
	return good;
}

/* "series until ended announced" of a component; empty where nothing is said of it. */
static bool says(const char *component, const char *expected)
{
	struct query query = query_start(evidence_database(evidence),
					 "SELECT coalesce((SELECT s.series || ' ' || s.until || ' ' || s.ended || ' ' || s.announced FROM support s"
					 " JOIN component c ON c.id = s.component WHERE c.name = ?1), '')");
	query_bind_text(&query, 1, span_of_text(component));
	bool same = query_next(&query) && span_equal_text(query_text(&query, 0), expected);
	return query_end(&query) == DONE && same;
}

#define COMPONENT(id, name, version, confidence)                                                                              \
	"INSERT INTO component (id, name, version, type, confidence) VALUES (" id ", '" name "', '" version                     \
	"', 'application', " confidence ");"

TEST(a_series_of_which_nothing_was_released_any_more_is_told_apart_from_an_announced_end)
{
	REQUIRE(prepared_of(COMPONENT("901", "busybox", "1.19.4", "95") COMPONENT("902", "openssl", "1.0.1u", "95")
				    COMPONENT("903", "uclibc", "0.9.33.2", "95") COMPONENT("904", "jquery", "2.1.3", "95")));
	CHECK(says("busybox", "1.19 2012-02 1 0"));
	CHECK(says("openssl", "1.0.1 2016-12-31 1 1"));
	CHECK(says("uclibc", "0 2012-05 1 0"));
	CHECK(says("jquery", "2 2016-05 1 0"));
	evidence_free(evidence);
}

TEST(nothing_is_said_of_newer_series_of_doubtful_components_and_of_those_without_a_policy)
{
	REQUIRE(prepared_of(COMPONENT("901", "busybox", "1.37.0", "95") COMPONENT("902", "uclibc", "0.9.33", "60")
				    COMPONENT("903", "dropbear", "2012.55", "95") COMPONENT("904", "jquery", "3.7.1", "95")
					    COMPONENT("905", "libpng", "1.60", "95")));
	CHECK(says("busybox", "") && says("uclibc", "") && says("dropbear", "") && says("jquery", "") && says("libpng", ""));
	evidence_free(evidence);
}

TESTS(a_series_of_which_nothing_was_released_any_more_is_told_apart_from_an_announced_end,
      nothing_is_said_of_newer_series_of_doubtful_components_and_of_those_without_a_policy)
