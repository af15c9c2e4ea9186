/* What is known of real components, against the feeds as their publishers write them. */
#define _POSIX_C_SOURCE 200809L
#include <time.h>

#include "stored.h"
#include "vuln/version.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static const char *skip_reason;

/* The feeds lie beside the corpus. */
static const char *feeds(void)
{
	return harness_corpus("../feeds");
}

/* Builds the store once, for all cases. */
static bool ready(void)
{
	if (store || skip_reason)
		return store != NULL;
	if (!feeds()) {
		skip_reason = "the feeds are not there";
		return false;
	}
	struct span error;
	arena_init(&arena, 64 * 1024 * 1024);
	notes_init(&notes, &arena);
	struct build_plan plan = { .directories = (const char *const[]){ feeds() }, .directory_count = 1,
				   .path = stored_path("full.db") };
	if (store_build(&plan, &notes) != DONE || store_open_file(plan.path, &arena, &store, &error) != DONE) {
		harness_fail(__FILE__, __LINE__, "the store cannot be built");
		skip_reason = "the store cannot be built";
	}
	return store != NULL;
}

static const struct {
	const char *component, *version, *id, *status;
} truths[] = {
	{ "openssl", "1.0.1e", "CVE-2014-0160", "affected" },
	{ "openssl", "1.0.1g", "CVE-2014-0160", "none" },
	{ "openssl", "0.9.8", "CVE-2014-0160", "none" },
	{ "openssl", "1.0.2k-fips", "CVE-2014-0160", "none" },
	{ "openssl", "3.0.9", "CVE-2023-3446", "affected" },
	{ "openssl", "3.0.10", "CVE-2023-3446", "none" },
	{ "openssl", "1.0.2zh", "CVE-2023-3446", "affected" },
	{ "dropbear", "2011.54", "CVE-2012-0920", "affected" },
	{ "dropbear", "0.52", "CVE-2012-0920", "affected" },
	{ "dropbear", "0.51", "CVE-2012-0920", "none" },
	{ "dropbear", "2012.55", "CVE-2012-0920", "none" },
	{ "busybox", "1.19.4", "CVE-2013-1813", "affected" },
	{ "busybox", "1.21.0", "CVE-2013-1813", "none" },
	{ "busybox", "1.19.4", "CVE-2016-6301", "affected" },
	{ "dnsmasq", "2.73", "CVE-2017-14491", "affected" },
	{ "dnsmasq", "2.78", "CVE-2017-14491", "none" },
	{ "linux", "3.10.14", "CVE-2016-5195", "affected" },
	{ "linux", "2.6.36", "CVE-2016-5195", "affected" },
	{ "linux", "2.6.21.5", "CVE-2016-5195", "none" },
	{ "linux", "4.14.63", "CVE-2016-5195", "none" },
	{ "linux", "4.14.63", "CVE-2019-25160", "under review" }, /* is NETLABEL on? */
	{ "linux", "4.14.106", "CVE-2019-25160", "none" },
	{ "linux", "2.6.18", "CVE-2019-25160", "none" },
	{ "curl", "7.29.0", "CVE-2023-38545", "none" },
	{ "curl", "8.3.0", "CVE-2023-38545", "affected" },
	{ "curl", "8.4.0", "CVE-2023-38545", "none" },
	{ "curl", "7.33.0", "CVE-2021-22926", "under review" }, /* is Secure Transport there? */
	{ "curl", "7.33.0", "CVE-2021-22925", "affected" },     /* until the image shows that TELNET is not */
	{ "curl", "7.78.0", "CVE-2021-22925", "none" },
	{ "boost", "1.54.0", "CVE-2016-9840", "not affected" },
	{ "boost", "1.74.0", "CVE-2016-9840", "affected" },
	{ "sqlite", "3.26.0", "CVE-2025-3277", "not affected" },
	{ "sqlite", "3.44.0", "CVE-2025-3277", "affected" },
	{ "sqlite", "3.26.0", "CVE-2019-19925", "under review" }, /* is zipfile there? */
	{ "sqlite", "3.26.0", "CVE-2019-9936", "affected" },
	{ "zlib", "1.2.8", "CVE-2016-9841", "affected" },
	{ "zlib", "1.2.9", "CVE-2016-9841", "none" },
};

TEST(known_truths)
{
	if (!ready())
		SKIP(skip_reason);
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	size_t count = sizeof truths / sizeof *truths;
	for (size_t i = 0; i < count; i++)
		CHECK(stored_component(evidence, (int)i + 1, truths[i].component, truths[i].version));
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	for (size_t i = 0; i < count; i++) {
		const char *status = stored_status(evidence, (int)i + 1, truths[i].id);
		if (strcmp(status, truths[i].status) != 0)
			harness_fail(__FILE__, __LINE__, "%s %s, %s: %s, not %s", truths[i].component, truths[i].version,
				     truths[i].id, status, truths[i].status);
	}
	CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM vulnerability WHERE known_exploited"
		" AND id = 'CVE-2014-0160'"), 1);
	evidence_free(evidence);
}

/* A kernel must not have what the kernel's own CNA says begins later. */
TEST(no_kernel_has_what_begins_later)
{
	if (!ready())
		SKIP(skip_reason);
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	CHECK(stored_component(evidence, 1, "linux", "2.6.36"));
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	struct query query = query_start(evidence_database(evidence), "SELECT id FROM vulnerability"
					 " WHERE status IN ('affected', 'under review')");
	struct query ranges = query_start(store_database(store), "SELECT ranges FROM affected a JOIN product p ON p.id = a.product"
		" WHERE p.name = 'linux:linux_kernel' AND source = 2 AND vulnerability = ?1");
	size_t checked = 0, wrong = 0;
	while (query_next(&query)) {
		struct span id = query_text(&query, 0);
		uint64_t year = 0, number = 0;
		CHECK(span_to_number(span_slice(id, 4, 4), 9999, &year) && span_to_number(span_from(id, 9), 1000000000, &number));
		query_bind_integer(&ranges, 1, (int64_t)(year * 1000000000 + number));
		if (query_next(&ranges)) {
			/* "![*,V)" names the version before which nothing is affected; 2.6.36 is older than every 3.x to 9.x. */
			struct span list = query_text(&ranges, 0);
			size_t at = span_find_text(list, "![*,", 0);
			uint8_t first = at == SPAN_NOT_FOUND ? 0 : span_byte(list, at + 4);
			uint8_t second = at == SPAN_NOT_FOUND ? 0 : span_byte(list, at + 5);
			checked++;
			wrong += first >= '3' && second == '.';
		}
		query_rewind(&ranges);
	}
	CHECK_EQUAL(query_end(&query), DONE);
	CHECK_EQUAL(query_end(&ranges), DONE);
	CHECK(checked > 500);
	CHECK_EQUAL(wrong, 0);
	evidence_free(evidence);
}

TEST(a_router_matches_in_tens_of_milliseconds)
{
	if (!ready())
		SKIP(skip_reason);
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	int id = 0;
	for (int i = 0; i < 8; i++)
		for (size_t k = 0; k < stored_recognisers.count; k++)
			if (i == 0 || !span_equal_text(stored_recognisers.all[k].name, "linux"))
				CHECK(stored_component(evidence, ++id, (const char *)stored_recognisers.all[k].name.data,
						       i == 0 ? "3.10.14" : "1.0.1"));
	struct timespec before, after;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	long milliseconds = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	printf("# %d components in %ld ms\n", id, milliseconds);
	CHECK(milliseconds < 1000); /* ten times what it takes: a slow machine, a sanitizer */
	evidence_free(evidence);
}

enum { SAMPLE = 1200 };
static enum version_order sample_order;

static int compare_sample(const void *a, const void *b)
{
	const struct span *left = a, *right = b;
	return version_compare(sample_order, *left, *right);
}

/* Sorts what stands in the feeds; then every pair, not only neighbours, must be in that order. */
TEST(versions_of_the_feeds_can_be_sorted)
{
	if (!ready())
		SKIP(skip_reason);
	static struct span sample[SAMPLE];
	struct arena texts;
	size_t count = 0;
	arena_init(&texts, 1024 * 1024);
	struct query query = query_start(store_database(store), "SELECT ranges FROM affected WHERE vulnerability % 67 = 0");
	while (count < SAMPLE && query_next(&query)) {
		struct span list = query_text(&query, 0);
		struct range range;
		for (int i = 0; i < 3 && count < SAMPLE && range_next(&list, &range); i++)
			if (range.end.size > 0)
				sample[count++] = arena_copy(&texts, range.end);
	}
	CHECK_EQUAL(query_end(&query), DONE);
	CHECK_EQUAL(count, SAMPLE);
	for (int order = ORDER_GENERIC; order <= ORDER_UBOOT; order++) {
		size_t wrong = 0;
		sample_order = (enum version_order)order;
		qsort(sample, count, sizeof *sample, compare_sample);
		for (size_t i = 0; i < count; i++)
			for (size_t k = i + 1; k < count; k++)
				wrong += version_compare(sample_order, sample[i], sample[k]) > 0 ||
					 version_compare(sample_order, sample[k], sample[i]) < 0;
		CHECK_EQUAL(wrong, 0);
	}
	arena_done(&texts);
}

TEST(the_whole_folder_is_read)
{
	if (!ready())
		SKIP(skip_reason);
	CHECK(store_count(store) > 100000);
	CHECK_TEXT(span_slice(span_of_text(store_date(store)), 0, 7), "2026-08");
	for (const struct note *note = notes.first; note; note = note->next)
		if (note->severity != NOTE_INFO)
			printf("# %.*s: %.*s\n", SPAN_FORMAT(note->path), SPAN_FORMAT(note->message));
	CHECK_EQUAL(notes.count, 0);
	store_close(store);
	(void)unlink(stored_path("full.db"));
	arena_done(&arena);
	store = NULL;
}

TESTS(known_truths, no_kernel_has_what_begins_later, a_router_matches_in_tens_of_milliseconds,
      versions_of_the_feeds_can_be_sorted, the_whole_folder_is_read)
