/* The table of libraries' numbers: whole, sorted, of known components; and what it says of files. */
#include "harness.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "identify/identified.h"
#include "identify/library_number.h"

static struct identified identified;

static const uint8_t elf[] = "\x7f" "ELF\x01\x01\x01\0\0\0\0\0\0\0\0\0";

static void check_version(const char *path, struct span bytes, const char *component, const char *want)
{
	bool seen;
	identified_run(&identified, path, bytes);
	struct span got = identified_version(&identified, span_of_text(component), &seen);
	CHECK_EQUAL(seen, want != NULL);
	CHECK_TEXT(got, want ? want : "");
}

TEST(every_line_is_found_and_names_a_component)
{
	struct span table = embedded("libraries/numbers.tsv"), line, before = SPAN_NONE;
	size_t count = 0;
	for (; lookup_next(&table, &line); count++) {
		struct library_number number;
		struct span name = span_slice(line, 0, span_find_byte(line, '\t', 0));
		CHECK(span_compare(before, name) < 0);
		REQUIRE(library_number_find(name, &number));
		CHECK(recogniser_find(&identified.recognisers, number.component) != NULL);
		CHECK(number.release.size > 0);
		before = name;
	}
	CHECK(count > 1000);
}

TEST(the_number_of_a_library_tells_its_release)
{
	struct span bytes = span_of(elf, sizeof elf - 1);
	check_version("/usr/lib/libfreetype.so.6.11.1", bytes, "freetype", "2.5.2");
	check_version("/usr/lib/libnettle.so.8.4", bytes, "nettle", "3.7.3");
	check_version("/usr/lib/libgio-2.0.so.0.5600.4", bytes, "glib", "2.56.4");
	check_version("/usr/lib/libpng16.so.16.37.0", bytes, "libpng", "1.6.37");
	bool told = false;
	identified_run(&identified, "/usr/lib/libfreetype.so.6.11.1", bytes);
	for (const struct fact *fact = identified.facts.first; fact; fact = fact->next)
		told |= fact->table == EVIDENCE_WITNESS && fact->values[WITNESS_CONFIDENCE].integer == LIBRARY_NUMBER_CONFIDENCE &&
			span_equal_text(fact->values[WITNESS_METHOD].text, "library name") &&
			span_equal_text(fact->values[WITNESS_DETAIL].text,
					"libfreetype.so.6.11.1 is FreeType 2.5.2 by its number");
	CHECK(told);
}

/* Nettle 3.5 and 3.5.1, FreeType 2.5.0 and 2.5.0.1 have one number; a link's name has none; a text has no release. */
TEST(what_is_no_number_of_one_release_tells_none)
{
	struct span bytes = span_of(elf, sizeof elf - 1);
	check_version("/usr/lib/libnettle.so.7.0", bytes, "nettle", NULL);
	check_version("/usr/lib/libfreetype.so.6.10.2", bytes, "freetype", NULL);
	check_version("/usr/lib/libfreetype.so.6", bytes, "freetype", NULL);
	check_version("/usr/lib/libfreetype.so.6.11.1.bak", bytes, "freetype", NULL);
	check_version("/usr/lib/libfreetype.so.6.11.1", SPAN_LITERAL("libfreetype.so.6.11.2\n"), "freetype", NULL);
}

TEST(opens)
{
	REQUIRE(identified_open(&identified));
}

TEST(closes)
{
	identified_close(&identified);
}

TESTS(opens, every_line_is_found_and_names_a_component, the_number_of_a_library_tells_its_release,
      what_is_no_number_of_one_release_tells_none, closes)
