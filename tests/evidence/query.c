#include "evidence/query.h"

#include "evidence/evidence.h"
#include "harness.h"

/* A function that ended early left its statement open: that must not keep the whole database. */
TEST(what_is_left_open_does_not_outlive_its_database)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE); /* what SQLite allocates once for all */
	evidence_free(evidence);
	sqlite3_int64 before = sqlite3_memory_used();
	REQUIRE(evidence_new(&evidence) == DONE);
	struct query left = query_start(evidence_database(evidence), "SELECT name FROM sqlite_schema");
	CHECK(query_next(&left));
	evidence_free(evidence);
	CHECK_EQUAL(sqlite3_memory_used(), before);
}

TESTS(what_is_left_open_does_not_outlive_its_database)
