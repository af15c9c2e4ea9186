#include "vuln/product_names.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "harness.h"
#include "identify/recogniser.h"
#include "vuln/package_product.h"

static struct product_names names;

static struct span taken(const char *text)
{
	struct span rest = span_of_text(text);
	struct plain_word last;
	product_names_read(&names);
	return product_names_take(&names, &rest, &last);
}

TEST(the_longest_name_counts_in_its_spelling)
{
	CHECK_TEXT(taken("GNU C Library 2.3"), "gnu:glibc");
	CHECK_TEXT(taken("gnu C library, x"), "gnu:glibc");
	CHECK_TEXT(taken("ISC BIND 9 before"), "isc:bind");
	CHECK_TEXT(taken("BIND before"), "isc:bind");
	CHECK_TEXT(taken("bind before"), "");
	CHECK_TEXT(taken("Mbed, TLS"), "");
	CHECK_TEXT(taken("unheard of"), "");
	CHECK_TEXT(taken(""), "");
	product_names_read(&names);
	CHECK_TEXT(product_names_of(&names, SPAN_LITERAL(" Busybox ")), "busybox:busybox");
	CHECK_TEXT(product_names_of(&names, SPAN_LITERAL("busybox httpd")), "");
}

/* Every product is one that a component answers to; the table is sorted, and no name stands in it twice. */
TEST(the_table_names_products_of_components)
{
	struct recognisers recognisers;
	struct arena arena;
	struct span error, table = embedded("vulnerabilities/names.tsv"), line, before = SPAN_NONE;
	size_t count = 0;
	arena_init(&arena, 64 << 20);
	REQUIRE(recognisers_load(&arena, &recognisers, &error) == DONE);
	while (lookup_next(&table, &line)) {
		struct span name = lookup_field(&line), product = lookup_field(&line);
		bool known = false;
		for (size_t i = 0; i < recognisers.count; i++)
			for (size_t k = 0; k < recognisers.all[i].cpe_count; k++)
				known = known || span_equal(span_from(recognisers.all[i].cpes[k], 2), product);
		CHECK(known);
		CHECK(span_compare(before, name) < 0);
		before = name;
		count++;
	}
	product_names_read(&names);
	CHECK_EQUAL(names.count, count);
	CHECK(count > 400);
	arena_done(&arena);
}

TEST(packages_are_products_where_that_is_sure)
{
	struct buffer out;
	buffer_init(&out, 256, NULL);
	CHECK_EQUAL(package_product(&out, SPAN_LITERAL("pkg:github/The-Tcpdump-Group/libpcap@1.10?x=y#z")), DONE);
	CHECK_TEXT(buffer_span(&out), "tcpdump:libpcap");
	CHECK_EQUAL(package_product(&out, SPAN_LITERAL("pkg:npm/jquery")), DONE);
	CHECK_TEXT(buffer_span(&out), "jquery:jquery");
	CHECK_EQUAL(package_product(&out, SPAN_LITERAL("pkg:npm/unheard")), NOT_THIS);
	CHECK_EQUAL(package_product(&out, SPAN_LITERAL("pkg:github/alone")), NOT_THIS);
	CHECK_EQUAL(package_product(&out, SPAN_LITERAL("npm/jquery")), NOT_THIS);
	CHECK_EQUAL(package_product(&out, SPAN_NONE), NOT_THIS);
	CHECK_EQUAL(package_repository(&out, SPAN_LITERAL("https://github.com/curl/curl.git")), DONE);
	CHECK_TEXT(buffer_span(&out), "haxx:curl");
	CHECK_EQUAL(package_repository(&out, SPAN_LITERAL("https://gitlab.com/some/thing/")), DONE);
	CHECK_TEXT(buffer_span(&out), "some:thing");
	CHECK_EQUAL(package_repository(&out, SPAN_LITERAL("git://x")), NOT_THIS);
	CHECK_EQUAL(package_repository(&out, SPAN_LITERAL("https://sourceware.example/glibc.git")), DONE);
	CHECK_TEXT(buffer_span(&out), "gnu:glibc");
	CHECK_EQUAL(package_ecosystem(&out, SPAN_LITERAL("Go"), SPAN_LITERAL("stdlib")), DONE);
	CHECK_TEXT(buffer_span(&out), "golang:go");
	buffer_done(&out);
}

TESTS(the_longest_name_counts_in_its_spelling, the_table_names_products_of_components, packages_are_products_where_that_is_sure)
