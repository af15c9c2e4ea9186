#include "vuln/product.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "harness.h"
#include "identify/recogniser.h"

/* "zlib:zlib" for "a:zlib:zlib"; a backslash before a sign is not part of the name. */
static bool is_name_of(struct span cpe, struct span name)
{
	size_t k = 0;
	for (size_t i = 2; i < cpe.size; i++) {
		if (span_byte(cpe, i) == '\\')
			continue;
		if (k >= name.size || span_byte(cpe, i) != span_byte(name, k++))
			return false;
	}
	return k == name.size;
}

static bool has_component(const struct recognisers *recognisers, struct span name)
{
	for (size_t i = 0; i < recognisers->count; i++)
		for (size_t k = 0; k < recognisers->all[i].cpe_count; k++)
			if (is_name_of(recognisers->all[i].cpes[k], name))
				return true;
	return span_equal_text(name, "linux:linux_kernel");
}

TEST(every_alias_leads_to_a_component)
{
	struct arena arena;
	struct recognisers recognisers;
	struct span error;
	arena_init(&arena, 1 << 26);
	REQUIRE(recognisers_load(&arena, &recognisers, &error) == DONE);
	struct span rest = embedded("vulnerabilities/aliases.tsv"), line, last = SPAN_NONE;
	size_t count = 0;
	for (; lookup_next(&rest, &line); count++) {
		struct span words = lookup_field(&line), name = lookup_field(&line);
		CHECK(span_compare(last, words) < 0); /* sorted, and none twice */
		CHECK(span_find_byte(words, ':', 0) != SPAN_NOT_FOUND);
		CHECK(!span_equal(words, name));
		if (!has_component(&recognisers, name))
			CHECK_TEXT(name, "the name of a component");
		last = words;
	}
	CHECK(count > 100);
	arena_done(&arena);
}

TEST(words_of_records_have_their_cpe_names)
{
	static const char *const cases[][3] = {
		{ "madler", "zlib", "zlib:zlib" },
		{ "pnggroup", "libpng", "libpng:libpng" },
		{ "Mbed-TLS", "mbedtls", "arm:mbed_tls" },
		{ "The curl project", "curl", "haxx:curl" },
		{ "DaveGamble", "cJSON", "cjson_project:cjson" },
		{ "GNOME", "libxml2", "xmlsoft:libxml2" },
		{ "Python Software Foundation", "CPython", "python:python" },
		{ "Some Vendor", "zlib", "some_vendor:zlib" },
	};
	struct buffer name;
	buffer_init(&name, 1024, NULL);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK_EQUAL(product_name(&name, span_of_text(cases[i][0]), span_of_text(cases[i][1])), DONE);
		CHECK_TEXT(buffer_span(&name), cases[i][2]);
	}
	buffer_done(&name);
}

TESTS(every_alias_leads_to_a_component, words_of_records_have_their_cpe_names)
