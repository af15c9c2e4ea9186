/* Parts of components: what data/parts says, and what files show. */
#include "identify/parts.h"

#include "evidence/query.h"
#include "harness.h"
#include "identify/identify.h"
#include "identify/made_library.h"
#include "inspect/inspected.h"

static struct arena arena;
static struct recognisers recognisers;
static struct inspector inspector;
static struct inspected got;

static bool begin(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	bool loaded = recognisers_load(&arena, &recognisers, &error) == DONE &&
		      parts_inspector_make(&arena, &recognisers, &inspector) == DONE;
	if (!loaded)
		printf("# %.*s\n", SPAN_FORMAT(error));
	return loaded;
}

static void end(void)
{
	arena_done(&arena);
}

static size_t meanings(const struct part_component *component, struct span name)
{
	size_t count = 0;
	for (size_t i = 0; i < component->count; i++) {
		count += span_equal(component->parts[i].name, name);
		for (size_t k = 0; k < component->parts[i].also.count; k++)
			count += span_equal(component->parts[i].also.all[k], name);
	}
	return count;
}

static bool needs_bearer(const struct part *part)
{
	return part->symbol.count + part->string.count + part->text.count + part->hint.count > 0;
}

TEST(every_part_is_of_a_component_that_is_recognised_and_has_one_meaning)
{
	REQUIRE(begin());
	const struct parts *parts = recognisers.parts;
	CHECK(parts->count > 20);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part_component *component = &parts->all[i];
		CHECK(recogniser_find(&recognisers, component->name) != NULL);
		CHECK(i == 0 || span_compare(parts->all[i - 1].name, component->name) < 0);
		for (size_t k = 0; k < component->count; k++) {
			const struct part *part = &component->parts[k];
			CHECK_EQUAL(meanings(component, part->name), 1);
			for (size_t a = 0; a < part->also.count; a++)
				CHECK_EQUAL(meanings(component, part->also.all[a]), 1);
			CHECK(!needs_bearer(part) || component->bearer_text.count + component->bearer_symbol.count > 0);
			CHECK((part->option.count == 0 && part->lacks.count == 0) || component->list.count > 0);
			CHECK(part->symbol.count == 0 || component->bearer_symbol.count > 0);
		}
	}
	end();
}

enum { UNSAID = -1 };

/* What a file says of a part: 1, 0, or UNSAID. */
static int said(const char *component, const char *name)
{
	for (const struct fact *fact = got.facts.first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_PART_SIGN &&
		    span_equal_text(fact->values[PART_SIGN_COMPONENT].text, component) &&
		    span_equal_text(fact->values[PART_SIGN_NAME].text, name))
			return (int)fact->values[PART_SIGN_PRESENT].integer;
	return UNSAID;
}

/* A 32-bit program without segments, and the text behind its header. */
static void run_program(const char *path, const char *text, size_t size)
{
	uint8_t image[0x400] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	image[16] = 2, image[18] = 40, image[20] = 1, image[40] = 52;
	memcpy(image + 52, text, size < sizeof image - 52 ? size : 0);
	inspected_run(&got, &inspector, path, span_of(image, 52 + size));
}

#define RUN(path, text) run_program((path), (text), sizeof(text))

TEST(a_list_of_options_says_what_is_built_and_what_is_not)
{
	REQUIRE(begin());
	RUN("/usr/sbin/dnsmasq", "\0IPv6 GNU-getopt no-DBus DHCP no-DHCPv6 no-Lua TFTP no-DNSSEC\0x");
	CHECK_EQUAL(said("dnsmasq", "DHCP"), 1);
	CHECK_EQUAL(said("dnsmasq", "DHCPv6"), 0);
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), 0);
	CHECK_EQUAL(said("dnsmasq", "TFTP"), 1);
	CHECK_EQUAL(said("dnsmasq", "ipset"), UNSAID); /* a version that does not know it */
	inspected_done(&got);
	RUN("/usr/sbin/dnsmasq", "\0IPv6 GNU-getopt DHCP DHCPv6 no-TFTP DNSSEC\0x");
	CHECK_EQUAL(said("dnsmasq", "DHCPv6"), 1);
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), 1);
	CHECK_EQUAL(said("dnsmasq", "TFTP"), 0);
	inspected_done(&got);
	RUN("/usr/sbin/dnsmasq", "\0GNU-getopt\0TFTP DNSSEC\0x"); /* two texts are no list */
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/nginx", "\0configure arguments: --prefix=/usr --with-http_v2_module\0x");
	CHECK_EQUAL(said("nginx", "ngx_http_v2_module"), 1);
	CHECK_EQUAL(said("nginx", "ngx_http_mp4_module"), 0);
	inspected_done(&got);
	end();
}

/* A file that lacks what all builds have says nothing: it may be packed, cut to its texts, or another program. */
TEST(only_a_file_that_has_the_code_is_silent)
{
	REQUIRE(begin());
	RUN("/usr/sbin/hostapd", "\0Pairwise key expansion\0EAP-pwd Hunting And Pecking\0x");
	CHECK_EQUAL(said("hostapd", "EAP-pwd"), 1);
	CHECK_EQUAL(said("hostapd", "SAE"), 0);
	CHECK_EQUAL(said("wpa_supplicant", "SAE"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/hostapd", "\0hostapd v2.6\0SAE KCK and PMK\0x");
	CHECK_EQUAL(said("hostapd", "EAP-pwd"), UNSAID);
	CHECK_EQUAL(said("hostapd", "SAE"), UNSAID);
	inspected_done(&got);
	RUN("/usr/bin/unrelated", "\0Pairwise key expansion\0x");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_PART_SIGN), 0);
	inspected_done(&got);
	end();
}

/* A linker lets a literal be the end of a longer one. */
TEST(a_literal_is_whole_or_in_doubt)
{
	REQUIRE(begin());
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0eap-restart\0x");
	CHECK_EQUAL(said("ppp", "EAP"), 1);
	inspected_done(&got);
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0no-eap-restart\0x");
	CHECK_EQUAL(said("ppp", "EAP"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0eap-restarts\0x");
	CHECK_EQUAL(said("ppp", "EAP"), 0);
	inspected_done(&got);
	end();
}

TEST(symbols_of_a_library_show_its_parts)
{
	static const char *const zlib[] = { "inflateInit2_", "gzread", "deflateInit2_" };
	static const char *const with_minizip[] = { "inflateInit2_", "zipOpen4" };
	static const char *const other[] = { "gzread" };
	uint8_t image[LIBRARY_SIZE];
	REQUIRE(begin());
	library_make(image, zlib, 3);
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("zlib", "gzread"), 1);
	CHECK_EQUAL(said("zlib", "minizip"), 0);
	CHECK_EQUAL(said("zlib", "inflateBack"), 0);
	inspected_done(&got);
	library_make(image, with_minizip, 2);
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("zlib", "minizip"), 1);
	inspected_done(&got);
	library_make(image, other, 1); /* not the library's table of symbols, or not all of it */
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("zlib", "minizip"), UNSAID);
	inspected_done(&got);
	for (size_t size = 0; size < LIBRARY_SIZE; size += 13) { /* cut short anywhere, it shows no absence that is not there */
		library_make(image, with_minizip, 2);
		inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, size));
		CHECK(said("zlib", "minizip") != 0);
		inspected_done(&got);
	}
	end();
}

TEST(code_of_another_machine_is_missing)
{
	static const char *const code[] = { "__libc_start_main", "memcpy" }, *const none[] = { "memcpy" };
	uint8_t image[LIBRARY_SIZE];
	REQUIRE(begin());
	library_make(image, code, 2); /* of ARM */
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("glibc", "i386"), 0);
	CHECK_EQUAL(said("glibc", "armv7"), UNSAID); /* not every ARM */
	inspected_done(&got);
	library_put(image, 18, 3, 2);
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("glibc", "i386"), 1);
	CHECK_EQUAL(said("glibc", "armv7"), 0);
	CHECK_EQUAL(said("glibc", "x86_64"), 0);
	inspected_done(&got);
	library_put(image, 18, 62, 2); /* x86-64 with addresses of 32 bits */
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("glibc", "x32"), 1);
	CHECK_EQUAL(said("glibc", "x86_64"), 0);
	inspected_done(&got);
	library_make(image, none, 1);
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, LIBRARY_SIZE));
	CHECK_EQUAL(said("glibc", "i386"), UNSAID);
	inspected_done(&got);
	end();
}

TESTS(every_part_is_of_a_component_that_is_recognised_and_has_one_meaning,
      a_list_of_options_says_what_is_built_and_what_is_not, only_a_file_that_has_the_code_is_silent,
      a_literal_is_whole_or_in_doubt, symbols_of_a_library_show_its_parts, code_of_another_machine_is_missing)
