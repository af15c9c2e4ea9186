#define _POSIX_C_SOURCE 200809L
#include "vuln/starter.h"

#include "stored.h"
#include "vuln/starter_facts.h"

TEST(opens_from_memory_and_matches)
{
	struct store *store;
	struct evidence *evidence;
	REQUIRE(store_open_packed(span_of(starter_store, (size_t)starter_store_size), STARTER_NAME, &store) == DONE);
	REQUIRE(evidence_new(&evidence) == DONE);
	CHECK(store_count(store) > 10000);
	CHECK(stored_component(evidence, 1, "openssl", "1.0.1e") && stored_component(evidence, 2, "openssl", "1.0.1g") &&
	      stored_component(evidence, 3, "linux", "3.10.14") && stored_component(evidence, 4, "dropbear", "2011.54"));
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2014-0160")), "affected");
	CHECK_TEXT(span_of_text(stored_status(evidence, 2, "CVE-2014-0160")), "none");
	CHECK_TEXT(span_of_text(stored_status(evidence, 3, "CVE-2016-5195")), "affected");
	CHECK_TEXT(span_of_text(stored_status(evidence, 4, "CVE-2012-0920")), "affected");
	CHECK_EQUAL(query_number(evidence_database(evidence),
		"SELECT count(*) FROM vulnerability WHERE id = 'CVE-2014-0160' AND known_exploited AND cvss = 7.5"
		" AND vector LIKE 'CVSS:3.1/AV:N%'"), 1);
	CHECK_EQUAL(query_number(evidence_database(evidence),
		"SELECT count(*) FROM vulnerability_store WHERE name = 'starter' AND length(date) = 10"), 1);
	evidence_free(evidence);
	store_close(store);
}

TEST(the_store_cannot_be_written)
{
	struct store *store;
	REQUIRE(store_open_packed(span_of(starter_store, (size_t)starter_store_size), STARTER_NAME, &store) == DONE);
	CHECK(query_run(store_database(store), "DELETE FROM affected") != DONE);
	/* What is sorted stays in memory: the sandbox opens no temporary file. */
	CHECK_EQUAL(query_number(store_database(store), "PRAGMA temp_store"), 2);
	store_close(store);
}

TEST(a_store_grows_old_after_a_month)
{
	struct store *store;
	REQUIRE(store_open_packed(span_of(starter_store, (size_t)starter_store_size), STARTER_NAME, &store) == DONE);
	(void)setenv("SOURCE_DATE_EPOCH", "0", 1);
	CHECK(!store_is_old(store));
	(void)setenv("SOURCE_DATE_EPOCH", "4102444800", 1); /* 2100 */
	CHECK(store_is_old(store));
	(void)unsetenv("SOURCE_DATE_EPOCH");
	store_close(store);
}

TEST(other_bytes_are_no_store)
{
	struct store *store;
	static const uint8_t zeros[4096];
	CHECK(store_open_memory(span_of(zeros, sizeof zeros), "zeros", &store) != DONE);
	CHECK(store_open_memory(span_of(starter_store, (size_t)starter_store_size), "packed", &store) != DONE);
	CHECK_EQUAL(store_open_packed(span_of(starter_store, 4096), "cut", &store), MALFORMED);
	CHECK_EQUAL(store_open_packed(span_of(zeros, sizeof zeros), "zeros", &store), MALFORMED);
	CHECK_EQUAL(store_open_packed(SPAN_NONE, "none", &store), MALFORMED);
}

static bool write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	bool written = file && fputs(text, file) >= 0;
	return file && fclose(file) == 0 && written;
}

static enum outcome compile(const char *text)
{
	char store[1024], facts[1024];
	struct arena arena;
	struct notes notes;
	(void)snprintf(store, sizeof store, "%s", stored_path("facts.db"));
	(void)snprintf(facts, sizeof facts, "%s", stored_path("facts.tsv"));
	arena_init(&arena, 1024 * 1024);
	notes_init(&notes, &arena);
	const char *const files[] = { facts };
	enum outcome outcome = write_text(facts, text) ? starter_compile(store, files, 1, &notes) : NO_MEMORY;
	(void)unlink(store);
	(void)unlink(facts);
	arena_done(&arena);
	return outcome;
}

TEST(broken_facts_are_refused)
{
	CHECK_EQUAL(compile("D\tnvd\t2026-01-01\nV\tCVE-2020-1\t5.0\t3.1\tAV:N\t-\t-\t-\t-\n"
			    "A\ta:b\tCVE-2020-1\t4\tnvd\t-\t0\t0\t[1,2)\t-\t-\t-\n"), DONE);
	CHECK_EQUAL(compile("V\tnonsense\t5.0\n"), MALFORMED);
	CHECK_EQUAL(compile("A\ta:b\tCVE-2020-1\tnvd\tnvd\t-\t0\t0\t[1,2)\t-\t-\t-\n"), MALFORMED);
	CHECK_EQUAL(compile("Q\n"), MALFORMED);
}

TESTS(opens_from_memory_and_matches, the_store_cannot_be_written, a_store_grows_old_after_a_month,
      other_bytes_are_no_store, broken_facts_are_refused)
