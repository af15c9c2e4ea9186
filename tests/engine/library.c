/* The library as a careless program uses it: nothing crashes, and nothing depends on where the program runs. */
#define _DEFAULT_SOURCE /* setenv, tzset */
#include "harness.h"

#include <locale.h>
#include <time.h>

#include "assay/assay.h"

static const char passwd[] = "root::0:0:root:/root:/bin/sh\n";

static struct assay *assay_of(const void *bytes, size_t size, const struct assay_options *options)
{
	struct assay *result = NULL;
	CHECK_EQUAL(assay_image(bytes, size, "passwd", options, &result), ASSAY_DONE);
	return result;
}

TEST(takes_no_options_no_name_and_no_bytes)
{
	struct assay *result = NULL;
	CHECK_EQUAL(assay_image(NULL, 0, NULL, NULL, &result), ASSAY_DONE);
	CHECK_EQUAL(assay_grade(result), -1); /* nothing was there to grade */
	assay_free(result);
	CHECK_EQUAL(assay_image(NULL, 10, "x", NULL, &result), ASSAY_UNREADABLE);
	CHECK(*assay_error(result) != '\0');
	assay_free(result);
	CHECK_EQUAL(assay_image(passwd, sizeof passwd - 1, "x", NULL, NULL), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_directory(-1, "x", NULL, &result), ASSAY_UNREADABLE);
	CHECK(*assay_error(result) != '\0');
	assay_free(result);
	CHECK_EQUAL(assay_saved(NULL, 0, NULL, &result), ASSAY_UNREADABLE);
	assay_free(result);
	CHECK(assay_check(NULL, NULL) != ASSAY_DONE);
}

TEST(answers_after_a_failure)
{
	struct assay *result = NULL;
	char *text = (char *)1;
	void *bytes = (void *)1;
	size_t length = 1;
	CHECK_EQUAL(assay_saved("no database", 11, NULL, &result), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_grade(result), -1);
	CHECK_EQUAL(assay_ceiling(result), -1);
	CHECK(assay_database(result) == NULL);
	CHECK(assay_report(result, "json", &text, &length) != ASSAY_DONE);
	CHECK(text == NULL && length == 0);
	CHECK(assay_save(result, &bytes, &length) != ASSAY_DONE);
	CHECK(bytes == NULL);
	CHECK(*assay_error(result) != '\0');
	assay_free(result);
}

TEST(takes_null_for_a_result)
{
	char *text = NULL;
	size_t length;
	CHECK_EQUAL(assay_grade(NULL), -1);
	CHECK_EQUAL(assay_ceiling(NULL), -1);
	CHECK_EQUAL(assay_effort(NULL), 0);
	CHECK(assay_database(NULL) == NULL);
	CHECK(assay_report(NULL, "json", &text, &length) != ASSAY_DONE);
	CHECK(assay_page(NULL, 1, 80, &text, &length) != ASSAY_DONE);
	CHECK(assay_error(NULL) != NULL);
	assay_free(NULL);
	assay_release(NULL);
	struct assay *result = assay_of(passwd, sizeof passwd - 1, NULL);
	CHECK(assay_report(result, NULL, &text, &length) != ASSAY_DONE);
	CHECK(assay_report(result, "json", NULL, &length) != ASSAY_DONE);
	CHECK(assay_report(result, "json", &text, NULL) != ASSAY_DONE);
	CHECK(assay_save(result, NULL, NULL) != ASSAY_DONE);
	assay_free(result);
}

/* A caller that knows fewer options than there are: what lies behind its struct is not ours to read. */
TEST(reads_only_as_much_of_the_options_as_they_have)
{
	size_t size = offsetof(struct assay_options, product);
	void *given = malloc(size);
	REQUIRE(given != NULL);
	memcpy(given, &(struct assay_options){ .size = size, .jobs = 1 }, size);
	assay_free(assay_of(passwd, sizeof passwd - 1, given));
	free(given);

	struct assay_options odd = ASSAY_OPTIONS_INIT;
	odd.size = sizeof odd + 1000;
	odd.jobs = 1000000;
	odd.rule_count = odd.catalog_count = odd.store_size = odd.product.length = 77; /* of nothing */
	odd.time_limit_ms = UINT64_MAX;
	assay_free(assay_of(passwd, sizeof passwd - 1, &odd));

	/* A length of no text. */
	struct assay *result = NULL;
	struct assay_text nothing = { NULL, NULL, 77 };
	struct assay_options wrong = ASSAY_OPTIONS_INIT;
	wrong.rules = wrong.catalogs = &nothing;
	wrong.rule_count = 1;
	CHECK_EQUAL(assay_image(passwd, sizeof passwd - 1, "x", &wrong, &result), ASSAY_UNREADABLE);
	assay_free(result);
}

static char *reports_of(size_t *length)
{
	struct assay *result = assay_of(passwd, sizeof passwd - 1, NULL);
	char *text = NULL;
	CHECK_EQUAL(assay_report(result, "json", &text, length), ASSAY_DONE);
	assay_free(result);
	return text;
}

TEST(writes_the_same_in_every_locale_and_zone)
{
	static const char *const locales[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8" };
	size_t length, again_length;
	setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
	char *text = reports_of(&length);
	bool comma = false;
	for (size_t i = 0; i < sizeof locales / sizeof *locales && !comma; i++)
		comma = setlocale(LC_ALL, locales[i]) && *localeconv()->decimal_point == ',';
	setenv("TZ", "Pacific/Kiritimati", 1);
	tzset();
	char *again = reports_of(&again_length);
	CHECK(text && again && length == again_length && memcmp(text, again, length) == 0);
	CHECK(!comma || *localeconv()->decimal_point == ','); /* the caller's locale is the caller's again */
	setlocale(LC_ALL, "C");
	assay_release(text);
	assay_release(again);
}

/* A limit of one millisecond may end it anywhere: it ends, and says so where it cannot give a result. */
TEST(ends_when_the_time_is_up)
{
	size_t size = (size_t)16 << 20;
	char *bytes = malloc(size);
	REQUIRE(bytes != NULL);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(i * 2654435761U >> 13);
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	options.time_limit_ms = 1;
	enum assay_status status = assay_image(bytes, size, "large.bin", &options, &result);
	CHECK(status == ASSAY_DONE || status == ASSAY_LIMIT);
	CHECK(status == ASSAY_DONE || *assay_error(result) != '\0');
	assay_free(result);
	free(bytes);
}

/* A report that is asked for after the time that reading had. */
TEST(reports_later_than_the_time_for_reading)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct timespec pause = { .tv_nsec = 900 * 1000 * 1000 };
	char *text = NULL;
	size_t length = 0;
	options.time_limit_ms = 800;
	options.no_vulnerabilities = 1;
	struct assay *result = assay_of(passwd, sizeof passwd - 1, &options);
	(void)nanosleep(&pause, NULL);
	CHECK_EQUAL(assay_report(result, "json", &text, &length), ASSAY_DONE);
	assay_release(text);
	assay_free(result);
}

TEST(answers_questions)
{
	struct assay *result = assay_of(passwd, sizeof passwd - 1, NULL);
	struct assay_rows *rows = NULL;
	size_t length = 0;
	static const char sql[] = "SELECT 'a' || char(0) || 'b' AS word, 7, 0.5, NULL UNION ALL SELECT 'z', 8, 1.5, 9";
	REQUIRE(assay_query(result, sql, 0, &rows) == ASSAY_DONE);
	CHECK_EQUAL(assay_rows_columns(rows), 4);
	CHECK(strcmp(assay_rows_name(rows, 0), "word") == 0);
	CHECK(assay_rows_name(rows, 4) == NULL && assay_rows_name(rows, -1) == NULL);
	CHECK(assay_rows_text(rows, 0, &length) == NULL && length == 0); /* there is no row yet */
	CHECK_EQUAL(assay_rows_next(rows), 1);
	CHECK(memcmp(assay_rows_text(rows, 0, &length), "a\0b", 4) == 0 && length == 3);
	CHECK_EQUAL(assay_rows_integer(rows, 1), 7);
	CHECK(assay_rows_real(rows, 2) == 0.5 && strcmp(assay_rows_text(rows, 2, NULL), "0.5") == 0);
	CHECK(assay_rows_type(rows, 0) == ASSAY_TEXT && assay_rows_type(rows, 1) == ASSAY_INTEGER &&
	      assay_rows_type(rows, 2) == ASSAY_REAL && assay_rows_type(rows, 3) == ASSAY_NULL);
	CHECK(assay_rows_type(rows, 4) == ASSAY_NULL && assay_rows_text(rows, -1, &length) == NULL);
	CHECK_EQUAL(assay_rows_integer(rows, 99), 0);
	CHECK_EQUAL(assay_rows_next(rows), 1);
	CHECK_EQUAL(assay_rows_next(rows), 0);
	CHECK_EQUAL(assay_rows_next(rows), 0); /* and does not begin anew */
	CHECK(assay_rows_text(rows, 0, NULL) == NULL);
	CHECK_EQUAL(assay_rows_end(rows), ASSAY_DONE);
	assay_free(result);
}

TEST(refuses_what_is_no_question)
{
	static const char *const refused[] = { "", "  ;", "SELEC 1", "SELECT nothing FROM file", "DELETE FROM file",
					       "SELECT 1; SELECT 2", "ATTACH ':memory:' AS other", "BEGIN", "DROP TABLE file" };
	struct assay *result = assay_of(passwd, sizeof passwd - 1, NULL);
	struct assay_rows *rows = NULL;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		rows = (struct assay_rows *)1;
		CHECK_EQUAL(assay_query(result, refused[i], 0, &rows), ASSAY_UNREADABLE);
		CHECK(rows == NULL && *assay_error(result) != '\0');
	}
	CHECK_EQUAL(assay_query(result, NULL, 0, &rows), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_query(result, "SELECT 1", 0, NULL), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_query(NULL, "SELECT 1", 0, &rows), ASSAY_UNREADABLE);
	CHECK(assay_rows_next(NULL) == 0 && assay_rows_columns(NULL) == 0 && assay_rows_name(NULL, 0) == NULL);
	CHECK(assay_rows_text(NULL, 0, NULL) == NULL && assay_rows_type(NULL, 0) == ASSAY_NULL && assay_rows_real(NULL, 0) == 0);
	CHECK_EQUAL(assay_rows_end(NULL), ASSAY_UNREADABLE);
	assay_free(result);
}

TEST(ends_a_question_when_its_time_is_up)
{
	struct assay *result = assay_of(passwd, sizeof passwd - 1, NULL);
	struct assay_rows *rows = NULL;
	static const char endless[] = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c";
	REQUIRE(assay_query(result, endless, 50, &rows) == ASSAY_DONE);
	CHECK_EQUAL(assay_rows_next(rows), 0);
	CHECK_EQUAL(assay_rows_end(rows), ASSAY_LIMIT);
	CHECK(strstr(assay_error(result), "time was up") != NULL);
	/* The next one has its own. */
	REQUIRE(assay_query(result, "SELECT path FROM file", 0, &rows) == ASSAY_DONE);
	CHECK_EQUAL(assay_rows_next(rows), 1);
	CHECK_EQUAL(assay_rows_end(rows), ASSAY_DONE);
	assay_free(result);
}

static size_t rows_of(struct assay *result, const char *sql)
{
	struct assay_rows *rows = NULL;
	size_t count = 0;
	CHECK_EQUAL(assay_query(result, sql, 0, &rows), ASSAY_DONE);
	while (assay_rows_next(rows))
		count++;
	CHECK_EQUAL(assay_rows_end(rows), ASSAY_DONE);
	return count;
}

TEST(lists_reports_and_differences)
{
	static const char *const listings[] = { "files", "components", "vulnerabilities", "findings", "requirements" };
	static const char other[] = "#!/bin/sh\nwget http://updates.maker.net/firmware.bin\n";
	struct assay *old = assay_of(passwd, sizeof passwd - 1, NULL), *new = assay_of(other, sizeof other - 1, NULL);
	struct assay_report_kind kind = ASSAY_REPORT_KIND_INIT;
	size_t kinds = 0;
	for (size_t i = 0; i < sizeof listings / sizeof *listings; i++)
		(void)rows_of(new, assay_listing(listings[i]));
	CHECK(assay_listing("nothing") == NULL && assay_listing(NULL) == NULL);
	for (; assay_report_kind(kinds, &kind); kinds++) {
		char *text = NULL;
		size_t length;
		CHECK_EQUAL(assay_report(new, kind.name, &text, &length), ASSAY_DONE);
		assay_release(text);
	}
	CHECK(kinds >= 5 && !assay_report_kind(0, NULL) && !assay_report_kind(SIZE_MAX, &kind));
	CHECK_EQUAL(assay_compare(new, NULL), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_compare(NULL, old), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_compare(new, old), ASSAY_DONE);
	assay_free(old);
	CHECK(rows_of(new, "SELECT * FROM difference WHERE aspect = 'Endpoints' AND sign = '+'") == 1);
	CHECK(rows_of(new, "SELECT path FROM old.file") == rows_of(new, "SELECT path FROM main.file"));
	assay_free(new);
}

TEST(describes_a_store)
{
	struct assay_store store = ASSAY_STORE_INIT;
	CHECK_EQUAL(assay_store_describe(NULL, &store), ASSAY_DONE);
	CHECK(store.vulnerabilities > 0 && strlen(store.date) == 10 && strcmp(store.name, "starter") == 0 && !store.error[0]);
	CHECK_EQUAL(assay_store_describe("/nothing/here", &store), ASSAY_UNREADABLE);
	CHECK(store.error[0] != '\0' && store.vulnerabilities == 0);
	CHECK_EQUAL(assay_store_describe(NULL, NULL), ASSAY_UNREADABLE);
	struct assay_store_plan nothing = ASSAY_STORE_PLAN_INIT;
	CHECK_EQUAL(assay_store_build(&nothing), ASSAY_UNREADABLE);
	CHECK_EQUAL(assay_store_build(NULL), ASSAY_UNREADABLE);
}

/* Limits hold for a result that is taken as it was saved, too: nothing else ends this question. */
TEST(ends_questions_to_a_saved_result)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL, *saved = NULL;
	struct assay_rows *rows = NULL;
	void *bytes = NULL;
	size_t size = 0;
	CHECK_EQUAL(assay_image(passwd, sizeof passwd - 1, "passwd", NULL, &result), ASSAY_DONE);
	CHECK_EQUAL(assay_save(result, &bytes, &size), ASSAY_DONE);
	options.as_saved = 1;
	options.time_limit_ms = 1;
	CHECK_EQUAL(assay_saved(bytes, size, &options, &saved), ASSAY_DONE);
	CHECK_EQUAL(assay_grade(saved), assay_grade(result));
	CHECK_EQUAL(assay_query(saved, "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c", 0,
				&rows), ASSAY_DONE);
	CHECK_EQUAL(assay_rows_next(rows), 0);
	CHECK_EQUAL(assay_rows_end(rows), ASSAY_LIMIT);
	assay_release(bytes);
	assay_free(saved);
	assay_free(result);
}

TESTS(takes_no_options_no_name_and_no_bytes, answers_after_a_failure, takes_null_for_a_result,
      reads_only_as_much_of_the_options_as_they_have, writes_the_same_in_every_locale_and_zone,
      ends_when_the_time_is_up, reports_later_than_the_time_for_reading, answers_questions,
      refuses_what_is_no_question, ends_a_question_when_its_time_is_up, ends_questions_to_a_saved_result,
      lists_reports_and_differences, describes_a_store)
