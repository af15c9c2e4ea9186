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

static enum outcome compile_to(const char *text, char store[static 1024])
{
	char facts[1024];
	struct arena arena;
	struct notes notes;
	(void)snprintf(store, 1024, "%s", stored_path("facts.db"));
	(void)snprintf(facts, sizeof facts, "%s", stored_path("facts.tsv"));
	arena_init(&arena, 1024 * 1024);
	notes_init(&notes, &arena);
	const char *const files[] = { facts };
	enum outcome outcome = write_text(facts, text) ? starter_compile(store, files, 1, &notes) : NO_MEMORY;
	(void)unlink(facts);
	arena_done(&arena);
	return outcome;
}

static enum outcome compile(const char *text)
{
	char store[1024];
	enum outcome outcome = compile_to(text, store);
	(void)unlink(store);
	return outcome;
}

/* The first column of the first row. Static storage. */
static struct span compiled(const char *text, const char *sql)
{
	static char answer[1024];
	char path[1024];
	struct arena arena;
	struct store *store;
	struct span error;
	answer[0] = '\0';
	arena_init(&arena, 1024 * 1024);
	if (compile_to(text, path) == DONE && store_open_file(path, &arena, &store, &error) == DONE) {
		struct query query = query_start(store_database(store), sql);
		if (query_next(&query))
			(void)snprintf(answer, sizeof answer, "%.*s", SPAN_FORMAT(query_text(&query, 0)));
		CHECK_EQUAL(query_end(&query), DONE);
		store_close(store);
	}
	(void)unlink(path);
	arena_done(&arena);
	return span_of_text(answer);
}

#define FACTS "D\tnvd\t2026-01-01\nV\n2020-0001\t5.0\t3.1/LLNNUHHH\t787\t.5\t02-03\tpyt\tkev=2021-01-01\tdisputed\n" \
	"R\t@0\t1,2,3,4\nP\ta:b\nS\t4\tnvd\n2020-0001\t<2 !5.4.3+\t@0\n-0002\t*\nS\t2\tcve\t3\t1\n" \
	"2020-0001\t[1,2]\t-\tf/g.c\tx y\tp\n"

TEST(broken_facts_are_refused)
{
	static const char *const broken[] = { "Q\n", "V\nnonsense\t5.0\n", "V\n-0001\t5.0\n", "V\n2020-0001\t5.0\t3.1/LL\n",
		"V\n2020-0001\t5.0\t3.1/LLNNUHHHH\n", "V\n2020-0001\t5.0\tx\n", "V\n2020-0001\t-\t-\t-\t-\t-\tqqq\n",
		"V\n2020-0001\t-\t-\t-\t-\t-\t-\tother=1\n", "S\t4\tnvd\n", "P\n", "P\ta:b\nS\tnvd\tnvd\n",
		"P\ta:b\nS\t4\tnvd\t1\n",
		"P\ta:b\nS\t4\tnvd\n2020-0001\n", "P\ta:b\nS\t4\tnvd\n2020-0001\t<\t@9\n", "P\ta:b\nS\t4\tnvd\n2020-0001\t<1\t@9\n",
		"P\ta:b\nS\t4\tnvd\n2020-0001\t12\n", "P\ta:b\nS\t4\tnvd\n2020-0001\t7+\n",
		"P\ta:b\nS\t99\tnvd\n", "R\t0\t1\n", "R\t@0\n" };
	CHECK_EQUAL(compile(FACTS), DONE);
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		CHECK_EQUAL(compile(broken[i]), MALFORMED);
}

TEST(short_facts_stand_for_the_long_ones)
{
	struct buffer ranges;
	struct arena arena;
	struct span cvss, vector;
	buffer_init(&ranges, 1024, NULL);
	arena_init(&arena, 4096);
	CHECK_EQUAL(starter_ranges(&ranges, SPAN_LITERAL("<1.2 <=1.3 * !<2 !5.4.3+ 2.6.32.1+ =7 [1,2) (1,*]")), DONE);
	CHECK_TEXT(buffer_span(&ranges), "[*,1.2) [*,1.3] [*,*] ![*,2) ![5.4.3,5.4.*] [2.6.32.1,2.6.32.*] =7 [1,2) (1,*]");
	CHECK(starter_vector(&arena, SPAN_LITERAL("3.1/NLNNUHHH"), &cvss, &vector));
	CHECK_TEXT(cvss, "3.1");
	CHECK_TEXT(vector, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
	CHECK(starter_vector(&arena, SPAN_LITERAL("2.0/NLNPPP"), &cvss, &vector));
	CHECK_TEXT(vector, "AV:N/AC:L/Au:N/C:P/I:P/A:P");
	CHECK(starter_vector(&arena, SPAN_LITERAL("4.0/NLNNNHHHNNN"), &cvss, &vector));
	CHECK_TEXT(vector, "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N");
	CHECK(starter_vector(&arena, SPAN_LITERAL("4.0/AV:N/AC:L/E:P"), &cvss, &vector));
	CHECK_TEXT(vector, "CVSS:4.0/AV:N/AC:L/E:P");
	CHECK(starter_vector(&arena, SPAN_LITERAL("3.1/"), &cvss, &vector) && vector.size == 0);
	buffer_done(&ranges);
	arena_done(&arena);
}

/* What is said of several releases, in sections and flags, is what the store has. */
TEST(facts_are_rows_of_the_store)
{
	CHECK_TEXT(compiled(FACTS, "SELECT group_concat(row, '; ') FROM (SELECT vulnerability || ' ' || source || ' ' || release ||"
			    " ' ' || entry || listed || ' ' || ranges || ' ' || coalesce(files || platform || part, '') AS row FROM affected"
			    " WHERE " STORED_FROM_FEEDS " AND release IN ('', '4') ORDER BY 1)"),
		   "2020000000001 2  31 [1,2] f/g.cx yp; 2020000000001 4 4 00 [*,2) ![5.4.3,5.4.*] ; 2020000000002 4  00 [*,*] ");
	CHECK_TEXT(compiled(FACTS, "SELECT score || ' ' || cvss || ' ' || vector || ' ' || severity || ' ' || weakness || ' ' ||"
			    " epss || ' ' || published || ' ' || exploited || ' ' || ssvc_exploitation || ssvc_automatable ||"
			    " ssvc_impact || disputed"
			    " FROM vulnerability WHERE id = 2020000000001"),
		   "5.0 3.1 CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H medium CWE-787 0.5 2020-02-03 2021-01-01 pocyestotal1");
}

TESTS(opens_from_memory_and_matches, the_store_cannot_be_written, a_store_grows_old_after_a_month,
      other_bytes_are_no_store, broken_facts_are_refused, short_facts_stand_for_the_long_ones, facts_are_rows_of_the_store)
