/* What components are called in other vocabularies is well formed: licences (SPDX), package URLs, CPE 2.3 names. */
#include "harness.h"

#include "identify/component.h"
#include "identify/licence.h"

static struct arena arena;
static struct recognisers recognisers;

static bool begin(void)
{
	struct span error;
	arena_init(&arena, 64 << 20);
	return recognisers_load(&arena, &recognisers, &error) == DONE;
}

static const char *const versions[] = {
	"1.2.3", "2.1-devel", "9.2p1", "2.9.0rc1", "2023.01+dfsg", "1:2.3~rc1", "git-18.228.31946", "0.95a", "4.6-linaro",
	"1.2 3", "a/b?c=d#e%f@g", "*", "", "\"'()[]{}<>&;!$^`|,\\",
};

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* NISTIR 7695, 6.2: thirteen parts, of letters, digits, '.', '-', '_' and quoted marks; "*" and "-" alone. */
static bool is_cpe(struct span name)
{
	size_t parts = 1;
	if (!span_starts_text(name, "cpe:2.3:"))
		return false;
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = span_byte(name, i), before = i ? span_byte(name, i - 1) : 0, after = span_byte(name, i + 1);
		if (c == '\\') {
			i++;
			if (i == name.size || is_letter_or_digit(after) || after <= 0x20 || after >= 0x7f)
				return false;
		} else if (c == ':') {
			parts++;
			if (before == ':' || after == 0)
				return false;
		} else if (c == '*') {
			if (before != ':' || (after != ':' && after != 0))
				return false;
		} else if (!is_letter_or_digit(c) && c != '.' && c != '-' && c != '_') {
			return false;
		}
	}
	return parts == 13;
}

/* Package URL: pkg:type/[namespace/]name[@version][?qualifiers], everything else percent-encoded. */
static bool is_purl(struct span purl)
{
	size_t slashes = 0, versions_seen = 0;
	if (!span_starts_text(purl, "pkg:"))
		return false;
	for (size_t i = 4; i < purl.size; i++) {
		uint8_t c = span_byte(purl, i), after = span_byte(purl, i + 1);
		slashes += c == '/';
		versions_seen += c == '@';
		bool part = c == '/' || c == '@' || c == '?' || c == '&' || c == '=';
		bool plain = is_letter_or_digit(c) || c == '.' || c == '-' || c == '_' || c == '~' || c == ':';
		if (c == '%' ? !is_letter_or_digit(after) : !part && !plain)
			return false;
		if (part && (after == '/' || after == '@' || after == 0))
			return false;
	}
	return slashes >= 1 && versions_seen <= 1;
}

TEST(recognisers_have_licences_of_spdx)
{
	REQUIRE(begin());
	for (size_t i = 0; i < recognisers.count; i++) {
		const struct recogniser *recogniser = &recognisers.all[i];
		if (recogniser->licence.size > 0 && !licence_is_expression(recogniser->licence))
			harness_fail(__FILE__, __LINE__, "%.*s: %.*s", SPAN_FORMAT(recogniser->name),
				     SPAN_FORMAT(recogniser->licence));
		for (size_t k = 0; k < recogniser->licence_before_count; k++) {
			struct span licence = recogniser->licences_before[k], bound;
			bool read = span_next_word(&licence, &bound);
			licence = span_trim(licence);
			if (!read || !(span_equal_text(licence, "-") || licence_is_expression(licence)))
				harness_fail(__FILE__, __LINE__, "%.*s: %.*s", SPAN_FORMAT(recogniser->name),
					     SPAN_FORMAT(recogniser->licences_before[k]));
		}
	}
	arena_done(&arena);
}

TEST(names_of_components_are_well_formed)
{
	REQUIRE(begin());
	size_t count = 0;
	for (size_t i = 0; i < recognisers.count; i++)
		for (size_t v = 0; v < sizeof versions / sizeof *versions; v++) {
			const struct recogniser *recogniser = &recognisers.all[i];
			struct span version = span_of_text(versions[v]);
			struct span purl = component_purl(&arena, recogniser->purl, version);
			if (!is_purl(purl))
				harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(purl));
			for (size_t k = 0; k < recogniser->cpe_count; k++, count++) {
				struct span cpe = component_cpe(&arena, recogniser->cpes[k], version);
				if (!is_cpe(cpe))
					harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(cpe));
			}
		}
	CHECK(count > 1000);
	arena_done(&arena);
}

static struct span purl_of(const char *manager, const char *distribution, const char *version, const char *architecture)
{
	struct package_name package = {
		.manager = span_of_text(manager), .distribution = span_of_text(distribution), .name = SPAN_LITERAL("libfoo++"),
		.version = span_of_text(version), .architecture = span_of_text(architecture),
	};
	struct span purl = component_package_purl(&arena, &package);
	CHECK(is_purl(purl));
	return purl;
}

TEST(packages_are_named_as_their_type_asks)
{
	REQUIRE(begin());
	CHECK_TEXT(purl_of("dpkg", "ubuntu", "1:4.4-2+b1", "amd64"), "pkg:deb/ubuntu/libfoo%2B%2B@1:4.4-2%2Bb1?arch=amd64");
	CHECK_TEXT(purl_of("dpkg", "", "1.0~rc1-1", ""), "pkg:deb/debian/libfoo%2B%2B@1.0~rc1-1");
	CHECK_TEXT(purl_of("apk", "", "1.2-r3", "x86_64"), "pkg:apk/alpine/libfoo%2B%2B@1.2-r3?arch=x86_64");
	CHECK_TEXT(purl_of("rpm", "fedora", "2:1.2-3.fc30", "i686"), "pkg:rpm/fedora/libfoo%2B%2B@1.2-3.fc30?arch=i686&epoch=2");
	CHECK_TEXT(purl_of("rpm", "", "0:1.2-3", ""), "pkg:rpm/libfoo%2B%2B@1.2-3");
	CHECK_TEXT(purl_of("opkg", "openwrt", "1.2-3", "mips"), "pkg:opkg/libfoo%2B%2B@1.2-3?arch=mips");
	arena_done(&arena);
}

TEST(a_licence_follows_the_version)
{
	REQUIRE(begin());
	const struct recogniser *openssl = recogniser_find(&recognisers, SPAN_LITERAL("openssl"));
	const struct recogniser *mosquitto = recogniser_find(&recognisers, SPAN_LITERAL("mosquitto"));
	REQUIRE(openssl && mosquitto);
	CHECK_TEXT(component_licence(openssl, SPAN_LITERAL("1.0.2f")), "OpenSSL");
	CHECK_TEXT(component_licence(openssl, SPAN_LITERAL("3.0.0")), "Apache-2.0");
	CHECK_TEXT(component_licence(openssl, SPAN_NONE), "");
	CHECK_TEXT(component_licence(mosquitto, SPAN_LITERAL("1.3.5")), "BSD-3-Clause");
	CHECK_TEXT(component_licence(mosquitto, SPAN_LITERAL("1.6.15")), "EPL-1.0 OR BSD-3-Clause");
	arena_done(&arena);
}

TEST(words_of_package_databases_become_licences)
{
	static const struct {
		const char *words, *licence;
	} cases[] = {
		{ "MIT", "MIT" },
		{ "GPL-2.0-or-later AND (MIT OR BSD-3-Clause)", "GPL-2.0-or-later AND (MIT OR BSD-3-Clause)" },
		{ "GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-3.0-or-later WITH GCC-exception-3.1" },
		{ "GPLv2+", "GPL-2.0-or-later" }, { "GPLv2+ and BSD", "" }, { "BSD", "" }, { "MIT AND", "" },
		{ "(MIT", "" }, { "MIT)", "" }, { "AND MIT", "" }, { "MIT GPL-2.0-only", "" }, { "", "" }, { "()", "" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(licence_of_package(span_of_text(cases[i].words)), cases[i].licence);
}

TESTS(recognisers_have_licences_of_spdx, names_of_components_are_well_formed, packages_are_named_as_their_type_asks,
      a_licence_follows_the_version, words_of_package_databases_become_licences)
