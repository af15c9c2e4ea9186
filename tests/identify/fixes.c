/* Fixes that show in programs: what data/fixes says, and what programs, whole, cut or hostile, show by it. */
#include "identify/fixes.h"

#include "harness.h"
#include "identify/made_library.h"
#include "inspect/inspected.h"
#include "vuln/identifier.h"
#include "vuln/version.h"

static struct arena arena;
static struct recognisers recognisers;
static struct fixes fixes;
static struct span error;

/* All recognisers, and the fixes of one text, or of the data where it is NULL. */
static bool begin(const char *text)
{
	error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	if (recognisers_load(&arena, &recognisers, &error) != DONE) {
		printf("# %.*s\n", SPAN_FORMAT(error));
		return false;
	}
	if (!text)
		return true;
	recognisers.fixes = &fixes;
	return fixes_read(&arena, span_of_text(text), &fixes, &error) == DONE;
}

static void end(void)
{
	arena_done(&arena);
}

TEST(every_fix_is_of_a_vulnerability_and_of_versions_of_a_component)
{
	REQUIRE(begin(NULL));
	CHECK(recognisers.fixes->count > 0);
	for (size_t i = 0; i < recognisers.fixes->count; i++) {
		const struct fix_component *component = &recognisers.fixes->all[i];
		const struct recogniser *recogniser = recogniser_find(&recognisers, component->name);
		REQUIRE(recogniser != NULL);
		CHECK(i == 0 || span_compare(recognisers.fixes->all[i - 1].name, component->name) < 0);
		CHECK(component->count > 0);
		for (size_t k = 0; k < component->count; k++) {
			const struct fix *fix = &component->fixes[k];
			CHECK(version_plausible(fix->from) && version_plausible(fix->before));
			CHECK(version_compare(recogniser->order, fix->from, fix->before) < 0);
			for (size_t c = 0; c < fix->cve.count; c++)
				CHECK(identifier_parse(fix->cve.all[c]) != 0);
		}
	}
	end();
}

#define HEAD "- component: dnsmasq\n  fixes:\n    - {cve: CVE-2020-1, from: 1.0, before: 2.0, code: {text: [some code]}, "

TEST(an_entry_that_would_show_too_much_is_refused)
{
	static const char *const bad[] = {
		"- fixes: []\n",
		"- component: dnsmasq\n  fixes:\n    - {cve: CVE-2020-1, from: 1.0, before: 2.0, fixed: [{text: [a new text]}]}\n",
		HEAD "fixed: []}\n",
		HEAD "fixed: [{text: [short]}]}\n",
		HEAD "fixed: [{words: [a new text]}]}\n",
		HEAD "fixed: [{bytes: [00112233445]}]}\n",
		HEAD "fixed: [{bytes: [0011223344zz]}]}\n",
		HEAD "fixed: [{lacks: {text: [an old text]}}]}\n",
		HEAD "fixed: [{lacks: {text: [an old text]}, text: [a new text]}]}\n",
		HEAD "fixed: [{text: [a new text]}], unfixed: true}\n",
		HEAD "fixed: [{symbol: [a_new_function]}], unfixed: true, beside: [{text: [other code]}]}\n",
		HEAD "fixed: [{lacks: {text: [an old text]}}], unfixed: true, beside: [{text: [other code]}]}\n",
		HEAD "fixed: [{text: [a new text]}], beside: [{lacks: {text: [other code]}}]}\n",
		HEAD "fixed: [{text: [\"\"]}]}\n",
		HEAD "fixed: [{import: [a_new_call]}]}\n",
		"- [",
	};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		CHECK(!begin(bad[i]));
		if (error.size == 0)
			harness_fail(__FILE__, __LINE__, "no words about: %s", bad[i]);
		end();
	}
	CHECK(begin(HEAD "fixed: [{lacks: {text: [an old text]}}], beside: [{text: [other code]}]}\n"));
	end();
}

static struct inspected got;

static void run(const char *path, struct span bytes)
{
	struct inspector inspector = fixes_inspector(&recognisers);
	inspected_run(&got, &inspector, path, bytes);
}

/* "fixed", "unfixed", "neither", or "" where nothing is said. */
static struct span said(const char *cve)
{
	return inspected_text(inspected_find(&got, EVIDENCE_FIX_SIGN, FIX_SIGN_VULNERABILITY, cve), FIX_SIGN_SHOWS);
}

/* A library with texts that are loaded, up to the first of two NULs in a row. */
static void make(uint8_t *image, const char *const *names, uint32_t count, const char *texts, size_t size)
{
	library_make(image, names, count);
	REQUIRE(size <= LIBRARY_SIZE - LIBRARY_TEXT - 1);
	memcpy(image + LIBRARY_TEXT + 1, texts, size);
}

#define CHECK_SAID(path, texts, cve, expected)                                \
	do {                                                                  \
		make(image, names, 2, (texts), sizeof(texts));                \
		run((path), span_of(image, LIBRARY_SIZE));                    \
		CHECK_TEXT(said(cve), (expected));                            \
		inspected_done(&got);                                         \
	} while (0)

static const char made[] =
	"- component: dnsmasq\n"
	"  code: {text: [bad option in file]}\n"
	"  fixes:\n"
	"    - {cve: [CVE-2020-1, CVE-2020-2], from: 1.0, before: 2.0, fixed: [{text: [refused a bad reply, other words]}],\n"
	"       beside: [{text: [got a reply]}], unfixed: true}\n"
	"    - {cve: CVE-2020-3, from: 1.0, before: 2.0, fixed: [{literal: [too many]}, {text: [of them all]}]}\n"
	"    - {cve: CVE-2020-4, from: 1.0, before: 2.0, fixed: [{lacks: {text: [the old way]}}], beside: [{text: [got a reply]}],\n"
	"       unfixed: [{text: [the old way]}]}\n"
	"    - {cve: CVE-2020-5, from: 1.0, before: 2.0, fixed: [{symbol: [check_all_of_it]}]}\n"
	"    - {cve: CVE-2020-6, from: 1.0, before: 2.0, fixed: [{import: [memcpy_checked]}, {text: [a new text]}],\n"
	"       beside: [{export: [main_code]}], unfixed: true}\n"
	"    - {cve: CVE-2020-7, from: 1.0, before: 2.0, fixed: [{bytes: [\"a00b00c00d00\"]}]}\n"
	"    - {cve: CVE-2020-8, from: 1.0, before: 2.0, code: {export: [main_code]}, fixed: [{export: [check_all_of_it]}]}\n"
	"    - {cve: CVE-2020-9, from: 1.0, before: 2.0, fixed: [{text: [the new way]}], unfixed: [{text: [the older way]}]}\n";

static const char *const names[] = { "main_code", "check_all_of_it" };
static uint8_t image[LIBRARY_SIZE];

#define DNSMASQ "/usr/sbin/dnsmasq"

TEST(all_signs_of_a_fix_must_hold)
{
	REQUIRE(begin(made));
	CHECK_SAID(DNSMASQ, "bad option in file\0refused a bad reply\0", "CVE-2020-1", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0refused a bad reply\0", "CVE-2020-2", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0and other words too\0", "CVE-2020-1", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0refused a bad\0", "CVE-2020-1", "neither");
	CHECK_SAID(DNSMASQ, "bad option in file\0too many\0a lot of them all\0", "CVE-2020-3", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0far too many\0a lot of them all\0", "CVE-2020-3", "neither");
	CHECK_SAID(DNSMASQ, "bad option in file\0too many of\0a lot of them all\0", "CVE-2020-3", "neither");
	CHECK_SAID(DNSMASQ, "bad option in file\0too many\0", "CVE-2020-3", "neither");
	CHECK_SAID(DNSMASQ, "bad option in file\0\xa0\x0b\0\xc0\x0d\0", "CVE-2020-7", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0\0\xa0\x0b\xc0\0\x0d", "CVE-2020-7", "neither");
	end();
}

TEST(a_program_that_holds_the_code_twice_decides_nothing)
{
	REQUIRE(begin(made));
	CHECK_SAID(DNSMASQ, "bad option in file\0the new way\0", "CVE-2020-9", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0the older way\0", "CVE-2020-9", "unfixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0the new way\0bad option in file\0the older way\0", "CVE-2020-9", "neither");
	end();
}

TEST(silence_counts_only_beside_code_that_would_speak)
{
	REQUIRE(begin(made));
	CHECK_SAID(DNSMASQ, "bad option in file\0got a reply\0", "CVE-2020-1", "unfixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0got no reply\0", "CVE-2020-1", "neither");
	CHECK_SAID(DNSMASQ, "bad option in file\0got a reply\0", "CVE-2020-4", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0got a reply\0it is the old way\0", "CVE-2020-4", "unfixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0", "CVE-2020-4", "neither");
	/* Without the code that was mended it is another program of the component. */
	CHECK_SAID(DNSMASQ, "got a reply\0", "CVE-2020-4", "");
	CHECK_SAID(DNSMASQ, "got a reply\0refused a bad reply\0", "CVE-2020-1", "");
	end();
}

TEST(names_of_functions_are_looked_for_in_their_tables)
{
	REQUIRE(begin(made));
	CHECK_SAID(DNSMASQ, "bad option in file\0", "CVE-2020-5", "fixed");
	CHECK_SAID(DNSMASQ, "bad option in file\0", "CVE-2020-8", "fixed");
	make(image, names, 1, "bad option in file\0check_all_of_it\0", 36); /* as a text it is none */
	run(DNSMASQ, span_of(image, LIBRARY_SIZE));
	CHECK_TEXT(said("CVE-2020-5"), "neither");
	CHECK_TEXT(said("CVE-2020-8"), "neither");
	CHECK_TEXT(said("CVE-2020-6"), "unfixed");
	inspected_done(&got);
	static const char *const with_import[] = { "main_code", "memcpy_checked" };
	make(image, with_import, 2, "bad option in file\0a new text\0", 31);
	run(DNSMASQ, span_of(image, LIBRARY_SIZE));
	CHECK_TEXT(said("CVE-2020-6"), "neither"); /* its own function of that name */
	inspected_done(&got);
	library_put(image, LIBRARY_SYMBOLS + 2 * 16 + 14, 0, 2);
	run(DNSMASQ, span_of(image, LIBRARY_SIZE));
	CHECK_TEXT(said("CVE-2020-6"), "fixed");
	inspected_done(&got);
	end();
}

TEST(only_what_is_loaded_of_the_own_program_counts)
{
	static const char with_fix[] = "bad option in file\0refused a bad reply\0";
	REQUIRE(begin(made));
	CHECK_SAID("/usr/share/doc/dnsmasq/changelog.Debian", with_fix, "CVE-2020-1", "");
	CHECK_SAID("/usr/sbin/other", with_fix, "CVE-2020-1", "");
	make(image, names, 2, with_fix, sizeof with_fix);
	library_put(image, 52 + 16, LIBRARY_TEXT + 20, 4); /* the new text lies behind what is loaded */
	run(DNSMASQ, span_of(image, LIBRARY_SIZE));
	CHECK_TEXT(said("CVE-2020-1"), "neither");
	inspected_done(&got);
	run(DNSMASQ, SPAN_LITERAL("bad option in file\0refused a bad reply\0"));
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_FIX_SIGN), 0);
	inspected_done(&got);
	end();
}

TEST(a_cut_program_lacks_nothing)
{
	static const char texts[] = "bad option in file\0got a reply\0";
	REQUIRE(begin(made));
	for (size_t size = 0; size < LIBRARY_SIZE; size += 7) {
		make(image, names, 2, texts, sizeof texts);
		run(DNSMASQ, span_of(image, size));
		CHECK(!span_equal_text(said("CVE-2020-1"), "unfixed"));
		CHECK(!span_equal_text(said("CVE-2020-4"), "fixed") && !span_equal_text(said("CVE-2020-4"), "unfixed"));
		inspected_done(&got);
	}
	end();
}

TESTS(every_fix_is_of_a_vulnerability_and_of_versions_of_a_component, an_entry_that_would_show_too_much_is_refused,
      all_signs_of_a_fix_must_hold, a_program_that_holds_the_code_twice_decides_nothing,
      silence_counts_only_beside_code_that_would_speak,
      names_of_functions_are_looked_for_in_their_tables, only_what_is_loaded_of_the_own_program_counts,
      a_cut_program_lacks_nothing)
