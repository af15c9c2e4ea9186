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

TESTS(takes_no_options_no_name_and_no_bytes, answers_after_a_failure, takes_null_for_a_result,
      reads_only_as_much_of_the_options_as_they_have, writes_the_same_in_every_locale_and_zone, ends_when_the_time_is_up)
