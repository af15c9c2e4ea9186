/* The data of data/components: that it loads, compiles, and that every entry passes its own tests and no other's. */
#include "harness.h"

#include <time.h>

#include "base/embedded.h"
#include "base/yaml.h"
#include "identify/identified.h"

static struct identified identified;

/* What stands before and after a text in a program; nothing for an entry that reads texts. */
struct surroundings {
	size_t before, after;
};

static void fill(uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++)
		bytes[i] = (uint8_t)(128 + (i * 73 + size * 31) % 128);
}

/* The text of a test as a file's bytes: in a program, unless its entry reads texts. */
static struct span bytes_of(struct arena *arena, struct span text, bool elf, struct surroundings around)
{
	static const char head[] = "\x7f" "ELF\x01\x01\x01\0\0\0\0\0\0\0\0\0";
	struct span header = elf ? span_of(head, sizeof head - 1) : SPAN_NONE;
	uint8_t *bytes = ARENA_NEW(arena, uint8_t, header.size + around.before + text.size + 1 + around.after);
	if (!bytes)
		return SPAN_NONE;
	if (header.size > 0)
		memcpy(bytes, header.data, header.size);
	fill(bytes + header.size, around.before);
	if (text.size > 0)
		memcpy(bytes + header.size + around.before, text.data, text.size);
	fill(bytes + header.size + around.before + text.size + 1, around.after);
	return span_of(bytes, header.size + around.before + text.size + (elf ? 1 : 0) + around.after);
}

/* What a test looks at: its text, or its bytes in hexadecimal. */
static struct span content_of(struct arena *arena, const struct yaml *test)
{
	struct span hex = yaml_text(test, "bytes");
	uint8_t *bytes = ARENA_NEW(arena, uint8_t, hex.size / 2 + 1);
	if (hex.size == 0 || !bytes)
		return yaml_text(test, "text");
	for (size_t i = 0; i < hex.size / 2; i++)
		bytes[i] = (uint8_t)(hex_digit(span_byte(hex, 2 * i)) << 4 | hex_digit(span_byte(hex, 2 * i + 1)));
	return span_of(bytes, hex.size / 2);
}

static bool reads_texts(const struct yaml *entry)
{
	for (const struct yaml *rule = yaml_first(yaml_member(entry, "witnesses")); rule; rule = rule->next)
		if (yaml_member(rule, "text"))
			return true;
	return false;
}

static void run_in(struct arena *arena, const struct yaml *entry, const struct yaml *test, struct surroundings around)
{
	struct span name = yaml_text(entry, "name"), want = yaml_text(test, "version"), file = yaml_text(test, "file");
	char path[300];
	snprintf(path, sizeof path, "/lib/%.*s", SPAN_FORMAT(file.size > 0 ? file : SPAN_LITERAL("program")));
	identified_run(&identified, path, bytes_of(arena, content_of(arena, test), !reads_texts(entry), around));
	bool seen;
	struct span got = identified_version(&identified, name, &seen);
	bool none = span_equal_text(want, "none"), unknown = span_equal_text(want, "unknown");
	bool right = none ? !seen : unknown ? seen && got.size == 0 : span_equal(got, want);
	if (!right)
		harness_fail(__FILE__, __LINE__, "%.*s, line %u, after %zu bytes: %s%.*s, not %.*s", SPAN_FORMAT(name),
			     test->line, around.before, seen ? "" : "nothing", SPAN_FORMAT(got), SPAN_FORMAT(want));
	for (const struct fact *fact = identified.facts.first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_WITNESS && !span_equal(fact->values[WITNESS_COMPONENT].text, name))
			harness_fail(__FILE__, __LINE__, "%.*s, line %u: also taken for %.*s", SPAN_FORMAT(name),
				     test->line, SPAN_FORMAT(fact->values[WITNESS_COMPONENT].text));
}

static void run_test(struct arena *arena, const struct yaml *entry, const struct yaml *test, size_t *positive)
{
	run_in(arena, entry, test, (struct surroundings){ 0, 0 });
	*positive += !span_equal_text(yaml_text(test, "version"), "none");
}

static void run_document(struct arena *arena, const struct embedded_file *document, size_t *positive)
{
	const struct yaml *root;
	struct span error;
	REQUIRE(yaml_read(span_of(document->data, document->size), arena, &root, &error) == DONE);
	for (const struct yaml *entry = yaml_first(root); entry; entry = entry->next) {
		size_t of_entry = 0;
		for (const struct yaml *test = yaml_first(yaml_member(entry, "tests")); test; test = test->next)
			run_test(arena, entry, test, &of_entry);
		if (yaml_member(entry, "witnesses") && of_entry == 0)
			harness_fail(__FILE__, __LINE__, "%.*s has no test that gives a version",
				     SPAN_FORMAT(yaml_text(entry, "name")));
		*positive += of_entry;
	}
}

TEST(loads_in_a_few_milliseconds)
{
	struct arena arena;
	struct recognisers recognisers;
	struct span error = SPAN_NONE;
	struct timespec before, after;
	arena_init(&arena, 64 << 20);
	clock_gettime(CLOCK_MONOTONIC, &before);
	CHECK_EQUAL(recognisers_load(&arena, &recognisers, &error), DONE);
	clock_gettime(CLOCK_MONOTONIC, &after);
	double milliseconds = (double)(after.tv_sec - before.tv_sec) * 1e3 + (double)(after.tv_nsec - before.tv_nsec) / 1e6;
	printf("# %zu recognisers, %zu expressions, %.1f ms\n", recognisers.count, recognisers.pattern_count, milliseconds);
	CHECK(recognisers.count >= 150);
	CHECK(milliseconds < 250); /* generous: sanitizers and loaded machines */
	arena_done(&arena);
}

/* PRODUCTS_MAX of src/vuln/subject.c: one for each CPE, four distributions for each package and the own name, two more. */
TEST(answers_to_no_more_products_than_are_matched)
{
	enum { PRODUCTS_MAX = 128, DISTRIBUTIONS = 4 };
	struct arena arena;
	struct recognisers recognisers;
	struct span error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	REQUIRE(recognisers_load(&arena, &recognisers, &error) == DONE);
	for (size_t i = 0; i < recognisers.count; i++) {
		const struct recogniser *one = &recognisers.all[i];
		CHECK(one->cpe_count + DISTRIBUTIONS * (one->package_count + 1) + 2 <= PRODUCTS_MAX);
	}
	arena_done(&arena);
}

TEST(is_sorted_and_found_by_name)
{
	const struct recognisers *all = &identified.recognisers;
	for (size_t i = 1; i < all->count; i++)
		if (span_compare(all->all[i - 1].name, all->all[i].name) >= 0)
			harness_fail(__FILE__, __LINE__, "%.*s is there twice", SPAN_FORMAT(all->all[i].name));
	for (size_t i = 0; i < all->count; i++)
		CHECK(recogniser_find(all, all->all[i].name) == &all->all[i]);
	CHECK(!recogniser_find(all, SPAN_LITERAL("no such thing")));
}

static void check_package(const char *package, const char *want)
{
	const struct recogniser *found = recogniser_for_package(&identified.recognisers, span_of_text(package));
	CHECK_TEXT(found ? found->name : SPAN_NONE, want ? want : "");
}

TEST(is_found_by_package)
{
	check_package("libopenssl1.1", "openssl");
	check_package("busybox", "busybox");
	check_package("zlib", "zlib");
	check_package("kernel", "linux");
	check_package("wpad-mini", "hostapd");
	check_package("kmod-usb-core", NULL);
	CHECK(!recogniser_for_source(&identified.recognisers, SPAN_LITERAL("python-requests")));
}

TEST(passes_the_tests_of_every_entry)
{
	struct arena arena;
	size_t positive = 0;
	arena_init(&arena, 64 << 20);
	for (const struct embedded_file *file = embedded_files; file->name; file++)
		if (strncmp(file->name, "components/", 11) == 0)
			run_document(&arena, file, &positive);
	printf("# %zu texts that give a version\n", positive);
	arena_done(&arena);
}

/* A version does not depend on where in a program its text lies, nor on what is around it. */
static void run_everywhere(struct arena *arena, const struct yaml *entry)
{
	for (const struct yaml *test = yaml_first(yaml_member(entry, "tests")); test; test = test->next)
		for (size_t before = 1; before <= 64; before++) {
			arena_reset(arena);
			run_in(arena, entry, test, (struct surroundings){ before + before % 3 * 64, before * 5 });
		}
}

TEST(passes_them_wherever_the_text_lies)
{
	struct arena arena, placed;
	const struct yaml *root;
	struct span error;
	arena_init(&arena, 64 << 20);
	arena_init(&placed, 64 << 20);
	for (const struct embedded_file *file = embedded_files; file->name; file++) {
		if (strncmp(file->name, "components/", 11) != 0)
			continue;
		REQUIRE(yaml_read(span_of(file->data, file->size), &arena, &root, &error) == DONE);
		for (const struct yaml *entry = yaml_first(root); entry; entry = entry->next)
			if (!reads_texts(entry))
				run_everywhere(&placed, entry);
	}
	arena_done(&placed);
	arena_done(&arena);
}

TEST(opens)
{
	REQUIRE(identified_open(&identified));
}

TEST(closes)
{
	identified_close(&identified);
}

TESTS(opens, loads_in_a_few_milliseconds, answers_to_no_more_products_than_are_matched,
      is_sorted_and_found_by_name, is_found_by_package,
      passes_the_tests_of_every_entry, passes_them_wherever_the_text_lies, closes)
