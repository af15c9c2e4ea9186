#include "harness.h"

#include "evidence/query.h"
#include "judge/product.h"

static struct arena arena;
static struct evidence *evidence;
static struct span error;

static enum outcome read(const char *text)
{
	error = SPAN_NONE;
	return product_read(evidence, SPAN_LITERAL("product.yaml"), span_of_text(text), &arena, &error);
}

static int64_t number(const char *sql)
{
	return query_number(evidence_database(evidence), sql);
}

static bool open_all(void)
{
	arena_init(&arena, 16 << 20);
	return evidence_new(&evidence) == DONE;
}

static void close_all(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

TEST(flattens_keys_and_keeps_lines)
{
	REQUIRE(open_all());
	REQUIRE(read("product: { vendor: A, model: B }\nsupport:\n  until: 2030-12-31\nrequirements:\n  "
		     "1.1.2: { declared: true, "
		     "evidence: \"a photo\" }\nvulnerabilities:\n  CVE-2021-1234: { status: not affected "
		     "}\n") == DONE);
	CHECK_EQUAL(number("SELECT count(*) FROM declaration"), 6);
	CHECK_EQUAL(
		number("SELECT line FROM declaration WHERE key = 'support.until' AND value = '2030-12-31'"),
		3);
	CHECK_EQUAL(number("SELECT line FROM declaration WHERE key = 'requirements.1.1.2.evidence' AND value "
			   "= 'a photo'"),
		    5);
	CHECK_EQUAL(number("SELECT line FROM declaration WHERE key = 'vulnerabilities.CVE-2021-1234.status'"),
		    7);
	/* A second reading takes the place of the first. */
	REQUIRE(read("contact: { security: 'mailto:a@example.com' }\n") == DONE);
	CHECK_EQUAL(number("SELECT count(*) FROM declaration"), 1);
	CHECK_EQUAL(number("SELECT count(*) FROM note"), 0);
	close_all();
}

static void check_error(const char *text, const char *want)
{
	CHECK(read(text) == MALFORMED);
	CHECK_TEXT(error, want);
	CHECK_EQUAL(number("SELECT count(*) FROM declaration"), 1);
}

TEST(says_what_is_wrong_in_one_line)
{
	REQUIRE(open_all());
	REQUIRE(read("support: { until: 2030-12-31 }\n") == DONE);
	check_error("- a\n", "product.yaml line 1: must be a list of keys: see docs/declarations.md");
	check_error("a: b: c\n", "product.yaml line 1: mapping values are not allowed in this context");
	check_error("x: 1\nsupport:\n  until: soon\n",
		    "product.yaml line 3: must be a date as YYYY-MM-DD: support.until");
	check_error("support: { until: 2030-13-31 }\n",
		    "product.yaml line 1: must be a date as YYYY-MM-DD: support.until");
	check_error("accounts:\n  unique_passwords: maybe\n",
		    "product.yaml line 2: must be true or false: accounts.unique_passwords");
	check_error("updates: { signed: true }\nupdates: { signed: false }\n",
		    "product.yaml line 2: a key is given twice: updates");
	check_error("updates:\n  signed:\n", "product.yaml line 2: a key has no value: updates.signed");
	check_error("vulnerabilities:\n  CVE-2020-1: { status: fine }\n",
		    "product.yaml line 2: must be not affected, fixed, under review or affected: "
		    "vulnerabilities.CVE-2020-1.status");
	close_all();
}

TEST(notes_sections_that_nothing_reads)
{
	REQUIRE(open_all());
	REQUIRE(read("update: { signed: true }\n") == DONE);
	CHECK_EQUAL(number("SELECT count(*) FROM note WHERE code = 'product.unknown-section' AND severity = "
			   "'warning'"),
		    1);
	CHECK_EQUAL(number("SELECT count(*) FROM declaration WHERE key = 'update.signed'"), 1);
	close_all();
}

TESTS(flattens_keys_and_keeps_lines, says_what_is_wrong_in_one_line, notes_sections_that_nothing_reads)
