#include "stored.h"
#include "vuln/cpe.h"
#include "vuln/description.h"
#include "vuln/identifier.h"
#include "vuln/kernel_subject.h"
#include "vuln/product.h"

static struct arena arena;
static struct notes notes;
static struct builder *builder;

static bool set_up(void)
{
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(stored_path("feeds.db"));
	return builder_new(stored_path("feeds.db"), &notes, &builder) == DONE;
}

static struct span finish_and_ask(const char *sql)
{
	struct span answer = stored_finish_and_ask(builder, "feeds.db", &arena, sql);
	arena_done(&arena);
	return answer;
}

TEST(identifiers_are_numbers_and_back)
{
	static const char *const names[] = { "CVE-2014-0160", "CVE-1999-0001", "CVE-2026-1234567", "OSV-2020-0286" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char text[IDENTIFIER_TEXT_SIZE];
		identifier_format(identifier_parse(span_of_text(names[i])), text);
		CHECK_TEXT(span_of_text(text), names[i]);
	}
	CHECK(identifier_parse(SPAN_LITERAL("OSV-2020-286")) < 0);
	CHECK_EQUAL(identifier_parse(SPAN_LITERAL("GHSA-2020-286")), 0);
	CHECK_EQUAL(identifier_parse(SPAN_LITERAL("CVE-20x0-286")), 0);
	CHECK_EQUAL(identifier_parse(SPAN_LITERAL("CVE-2020-")), 0);
	CHECK_EQUAL(identifier_parse(SPAN_NONE), 0);
}

TEST(cpe_names_are_split_and_unescaped)
{
	struct cpe cpe;
	struct buffer text;
	buffer_init(&text, 1024, NULL);
	REQUIRE(cpe_parse(SPAN_LITERAL("cpe:2.3:a:Gnu:lib\\:x\\+\\+:1.0.2:beta1:*:*:*:linux:*:*"), &cpe));
	CHECK_EQUAL(cpe_product(&text, &cpe), DONE);
	CHECK_TEXT(buffer_span(&text), "gnu:lib:x++");
	CHECK_EQUAL(cpe_version(&text, &cpe), DONE);
	CHECK_TEXT(buffer_span(&text), "1.0.2-beta1");
	CHECK_TEXT(cpe.target_software, "linux");
	REQUIRE(cpe_parse(SPAN_LITERAL("cpe:2.3:a:ntp:ntp:4.2.8:p3:*:*:*:*:*:*"), &cpe));
	CHECK_EQUAL(cpe_version(&text, &cpe), DONE);
	CHECK_TEXT(buffer_span(&text), "4.2.8p3");
	CHECK(!cpe_parse(SPAN_LITERAL("cpe:/a:ntp:ntp"), &cpe));
	CHECK(!cpe_parse(SPAN_LITERAL("cpe:2.3:a:"), &cpe));
	buffer_done(&text);
}

TEST(products_of_records_have_their_cpe_names)
{
	struct buffer name;
	buffer_init(&name, 1024, NULL);
	CHECK_EQUAL(product_name(&name, SPAN_LITERAL("Linux"), SPAN_LITERAL("Linux")), DONE);
	CHECK_TEXT(buffer_span(&name), "linux:linux_kernel");
	CHECK_EQUAL(product_name(&name, SPAN_LITERAL("Some Vendor"), SPAN_LITERAL("Thing")), DONE);
	CHECK_TEXT(buffer_span(&name), "some_vendor:thing");
	CHECK_EQUAL(product_name(&name, SPAN_LITERAL("n/a"), SPAN_LITERAL("n/a")), NOT_THIS);
	buffer_done(&name);
}

TEST(subjects_of_commits_and_descriptions_name_files)
{
	struct arena words;
	struct buffer files;
	arena_init(&words, 1 << 20);
	buffer_init(&files, 1024, NULL);
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("Bluetooth: L2CAP: Fix use after free"), &words), "net/bluetooth/l2cap_core.c");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("sctp: validate chunk length"), &words), "net/sctp/");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("x86/mm: pad"), &words), "arch/x86/*");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("x86, cpu, amd: Add workaround: two"), &words), "arch/x86/*");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("kernel/signal.c: avoid undefined behaviour"), &words), "kernel/signal.c");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("fix infoleak in waitid(2)"), &words), "");
	CHECK_TEXT(kernel_subject_path(SPAN_LITERAL("no such part of it: fix"), &words), "");
	CHECK_EQUAL(kernel_subject_named(SPAN_LITERAL("The x function in net/packet/af_packet.c and fs/exec.c. As fs/exec.c, "
						      "../fs/a.c, /etc/fs/b.c and foo/bar.c"), &files), DONE);
	CHECK_TEXT(buffer_span(&files), "net/packet/af_packet.c fs/exec.c");
	buffer_done(&files);
	arena_done(&words);
}

static const struct {
	const char *text, *ranges; /* "" where nothing is to be read */
} descriptions[] = {
	{ "Heap overflow in dnsmasq before 2.78 allows …", "[*,2.78)" },
	{ "An issue in dnsmasq before version 2.83.", "[*,2.83)" },
	{ "dnsmasq through 2.86, when …", "[*,2.86]" },
	{ "dnsmasq 2.75 and earlier allows …", "[*,2.75]" },
	{ "dnsmasq 2.40 through 2.80 …", "[2.40,2.80]" },
	{ "in dnsmasq before 2.3.6, 2.4.x before 2.4.22, and 2.5.x before 2.5.6 allows",
	  "[*,2.3.6) [2.4,2.4.22) [2.5,2.5.6)" },
	{ "dnsmasq before 2.4 and before 2.5 has", "" },
	{ "dnsmasq before versions 1.15.6 and 1.14.1 has", "" },
	{ "dnsmasq 2.9.9 and earlier are not affected", "" },
	{ "dnsmasq on Windows: dnsmasq before 2.5", "" },
	{ "a plugin for dnsmasq, before 2.5", "" },
	{ "foo before 2.78 as used with dnsmasq", "" },
	/* Sentences as they stand in published records. */
	{ "Off-by-one buffer overflow in Dnsmasq before 2.21 may allow attackers to", "[*,2.21)" },
	{ "A vulnerability has been found in dnsmasq up to 2.73rc6. Affected is the function", "[*,2.73rc6]" },
	{ "A vulnerability was determined in mkj Dropbear up to 2025.89. Impacted is", "[*,2025.89]" },
	{ "Boa Web Server versions 0.94.13 through 0.94.14 fail to validate", "[0.94.13,0.94.14]" },
	{ "An issue in the CPIO command of Busybox v1.33.2 allows attackers", "=v1.33.2" },
	{ "The 'vp3_decode_frame' function in FFmpeg 1.1.4 moves threads check", "=1.1.4" },
	{ "FFmpeg 7.0 is vulnerable to Buffer Overflow.", "=7.0" },
	{ "In the GNU C Library (aka glibc or libc6) through 2.29, check_dst_limits", "[*,2.29]" },
	{ "in the GNU C Library version 2.7 to version 2.43 with a format width", "[2.7,2.43]" },
	{ "Directory traversal vulnerability in GoAhead web server 2.1 and earlier allows", "[*,2.1]" },
	{ "goform/formTest in EmbedThis GoAhead 2.5 allows HTML injection", "=2.5" },
	{ "A flaw was found in libpng 1.6.38. A crafted PNG image", "=1.6.38" },
	{ "A flaw has been found in pnggroup libpng up to 1.6.55. Affected by", "[*,1.6.55]" },
	{ "Uncontrolled recursion in libxml2 up to and including version 2.9.14 allows", "[*,2.9.14]" },
	{ "xmlParseInternalSubset from GNOME libxml2 version 2.9.11 to 2.11.0 allows", "[2.9.11,2.11.0]" },
	{ "An issue was discovered in Mbed TLS 3.5.1. There is persistent handshake denial", "=3.5.1" },
	{ "An issue was discovered in Arm Mbed TLS before 2.24.0. An attacker", "[*,2.24.0)" },
	{ "An issue was discovered in Mbed TLS before 2.28.1 and 3.x before 3.2.0. In some", "[*,2.28.1) [3,3.2.0)" },
	{ "Mbed TLS before 2.25.0, and before 2.16.9 LTS, and before 2.7.18 LTS does",
	  "[2.17,2.25.0) [2.8,2.16.9) [*,2.7.18)" },
	{ "Perl versions from 5.9.4 before 5.40.4-RC1, from 5.41.0 before 5.42.2-RC1, from 5.43.0 before 5.43.9 contain",
	  "[5.9.4,5.40.4-RC1) [5.41.0,5.42.2-RC1) [5.43.0,5.43.9)" },
	{ "Perl versions through 5.43.10 have a heap buffer overflow", "[*,5.43.10]" },
	{ "In Perl before 5.38.2, S_parse_uniprop_string in regcomp.c can write", "[*,5.38.2)" },
	{ "The array_fill function in ext/standard/array.c in PHP 4.4.2 and 5.1.2 allows", "=4.4.2 =5.1.2" },
	{ "in PHP versions 7.2.x below 7.2.27, 7.3.x below 7.3.14 and 7.4.x below 7.4.2 it is possible",
	  "[7.2,7.2.27) [7.3,7.3.14) [7.4,7.4.2)" },
	{ "in PHP versions 7.1.x below 7.1.31, 7.2.x below 7.2.21 it is", "[7.1,7.1.31) [7.2,7.2.21)" },
	{ "functions in PHP 5.2 through 5.2.13 and 5.3 through 5.3.2 allow", "[5.2,5.2.13] [5.3,5.3.2]" },
	{ "Integer overflow in PHP 5 up to 5.1.6 and 4 before 4.3.0 allows", "[5,5.1.6] [4,4.3.0)" },
	{ "in FFmpeg before 0.7.4 and 0.8.x before 0.8.3 allows remote", "[*,0.7.4) [0.8,0.8.3)" },
	{ "In SQLite 3.44.0 through 3.49.0 before 3.49.1, the concat_ws() SQL function", "[3.44.0,3.49.1)" },
	{ "wolfSSL 4.6.x through 4.7.x before 4.8.0 does not produce", "[4.6,4.8.0)" },
	{ "wolfSSL 4.6.x through 4.7.x does not produce", "[4.6,4.7.*]" },
	{ "In wolfSSL 5.8.4, constant-time masking logic is optimized", "=5.8.4" },
	{ "In uClibc and uClibc-ng before 1.0.39, incorrect handling", "[*,1.0.39)" },
	{ "The server part of pupnp before version 1.14.5 appears to be", "[*,1.14.5)" },
	{ "A Memory Leak vulnerability exists in SQLite Project SQLite3 3.35.1 and 3.37.0 via", "=3.35.1 =3.37.0" },
	{ "Zephyr versions >= v2.6.0 contain Heap-based Buffer Overflow", "[v2.6.0,*]" },
	{ "Zephyr versions >= 1.14.2, >= 2.2.0 contain NULL Pointer", "[1.14.2,*] [2.2.0,*]" },
	{ "Zephyr versions >= 1.14.2 and < 2.5.0 contain", "[1.14.2,2.5.0)" },
	{ "nginx prior to version 1.20.1 allows", "[*,1.20.1)" },
	{ "nginx versions earlier than 1.20.1 allow", "[*,1.20.1)" },
	{ "lighttpd <= 1.4.50 and", "[*,1.4.50]" },
	{ "Samba versions 4.0.0 and earlier", "[*,4.0.0]" },
	{ "Samba 4.x.x before 4.9.17, and", "[4,4.9.17)" },
	{ "A heap overflow in cURL and libcURL 7.15.0 through 7.15.2 allows", "[7.15.0,7.15.2]" },
	/* Sentences that must give nothing. */
	{ "The fault is fixed in wolfSSL 5.8.2 and users should", "" },
	{ "Upgrade to OpenSSL 3.0.7 to mend it", "" },
	{ "A regression in Samba 4.5.1 let", "" },
	{ "introduced in BusyBox 1.27.0 by a change", "" },
	{ "Apache 2.0 with PHP 5.2.3 on", "" },
	{ "OpenSSL FIPS Object Module 1.1.1 does not", "" },
	{ "The Archive::Tar Perl module 1.36 and earlier allows", "" },
	{ "HTTP::Tiny before 0.083, a Perl core module since 5.13.9", "" },
	{ "The Zephyr Project Manager WordPress plugin before 3.2.55 does not", "" },
	{ "An integer overflow in FFmpeg in Google Chrome prior to 57.0.2987.98 allowed", "" },
	{ "libpng before 1.2.22 beta1 allows", "" },
	{ "PHP 7.x before 2017-03-07 misparses", "" },
	{ "Versions of hostapd 2.7 and newer, are not vulnerable", "" },
	{ "hostapd 2.7 and newer have a fault", "" },
	{ "Perl 4.x and 5.x.", "" },
	{ "lwIP git head version and later", "" },
	{ "dnsmasq before 2.4.1 and before 2.4.3 has", "" },
	{ "Bluetooth Core v5.2 and earlier may permit", "" },
	{ "dnsmasq before 2017-01-23", "" },
	{ "SQL injection in Shop System Using PHP and MySQL v1.1 allows", "" },
	{ "Compress::Raw::Zlib version 2.220 includes zlib 1.3.2, which addresses findings", "" },
	{ "The importer plugin is vulnerable on PHP before 8.0, where", "" },
	{ "crafted file before 5.18 is read", "" },
	{ "go before 1.2", "" },
	/* Names of many products; one that is a word of English counts in its own spelling. */
	{ "Go before 1.20.3 and before 1.19.8", "[1.20,1.20.3) [*,1.19.8)" },
	{ "FRRouting (FRR) before 7.3.1 allows", "[*,7.3.1)" },
	{ "An issue in MIT Kerberos 5 (aka krb5) before 1.19.4 and 1.20.x before 1.20.1 allows", "[*,1.19.4) [1.20,1.20.1)" },
	{ "GNU tar before 1.35 mishandles", "[*,1.35)" },
};

TEST(descriptions_give_clear_ranges_only)
{
	for (size_t i = 0; i < sizeof descriptions / sizeof *descriptions; i++) {
		bool found;
		REQUIRE(set_up());
		CHECK_EQUAL(builder_feed(builder, SPAN_LITERAL("cve")), DONE);
		CHECK_EQUAL(builder_record_begin(builder, identifier_parse(SPAN_LITERAL("CVE-2020-0001")),
						 SOURCE_DESCRIPTION, SPAN_LITERAL("0")), DONE);
		CHECK_EQUAL(description_ranges(builder, span_of_text(descriptions[i].text), &found), DONE);
		if (found)
			CHECK_EQUAL(builder_record_end(builder), DONE);
		CHECK_TEXT(finish_and_ask("SELECT ranges FROM affected WHERE " STORED_FROM_FEEDS), descriptions[i].ranges);
	}
}

/* Facts about components keep record, badge or description: each gives its ranges where nothing better stands. */
static const struct {
	const char *line, *ranges;
} component_lines[] = {
	{ "\"desc\":\"In Perl before 5.38.2, x\",\"nvd\":[]", "[*,5.38.2)" },
	{ "\"desc\":\"In Perl before 5.38.2, x\",\"nvd\":[[\"perl:perl\",\"*\",null,null,\"5.1\",null]]", "[*,5.1]" },
	{ "\"desc\":\"x\",\"nvd\":[[\"a:b\",\"v.2.0\",null,null,null,null]]", "=2.0" },
	{ "\"desc\":\"x\",\"cve5\":[{\"p\":\"Zephyr\",\"v\":[{\"version\":\"1.14\",\"lessThan\":\"3.4\","
	  "\"status\":\"affected\",\"versionType\":\"git\"}]}]", "[1.14,3.4)" },
	{ "\"desc\":\"x\",\"cve5\":[{\"p\":\"Samba\",\"v\":[{\"version\":\"All samba versions before 4.11.15, before"
	  " 4.12.9 and before 4.13.1\",\"status\":\"affected\"}]}]", "[*,4.11.15) [4.12,4.12.9) [4.13,4.13.1)" },
	{ "\"desc\":\"x\",\"cve5\":[{\"p\":\"OpenSSL\",\"v\":[{\"version\":\"Fixed in OpenSSL 1.1.1d (Affected"
	  " 1.1.1-1.1.1c)\",\"status\":\"affected\"}]}]", "[1.1.1,1.1.1c]" },
	{ "\"desc\":\"x\",\"cve5\":[{\"p\":\"arduino-esp32\",\"v\":[{\"version\":\"Commits prior to a7cec020\","
	  "\"status\":\"affected\"}]}]", "" },
	{ "\"desc\":\"x\",\"trickest\":[[\"glibc\"],[\"2.15< 2.40\"],[\"2.15\"]]", "[2.15,2.40)" },
	{ "\"desc\":\"x\",\"trickest\":[[\"zephyr\"],[\">= 1.14.1\"],[\"1.14.1\",\"2.1.0\"]]", "=1.14.1 =2.1.0" },
	{ "\"desc\":\"x\",\"trickest\":[[\"wolfssl\"],null,[\"5.2.0\"]]", "[5.2.0,*]" },
	{ "\"desc\":\"In PHP versions 7.2.x below 7.2.33 and 7.3.x below 7.3.21, it crashes\","
	  "\"trickest\":[[\"PHP\"],[\"7.3.x< 7.3.21\"],[\"7.2.x\",\"7.3.x\"]]", "[7.2,7.2.33) [7.3,7.3.21)" },
	{ "\"desc\":\"wolfSSL 5.2.0 has it\",\"trickest\":[[\"wolfssl\"],null,[\"5.2.0\"]]", "=5.2.0" },
	{ "\"desc\":\"glibc 2.7 to 2.43\",\"trickest\":[[\"glibc\"],null,[\"2.7\",\"V3.1.5\"]]", "=2.7" },
	{ "\"desc\":\"x\",\"trickest\":[[\"sqlite\"],[\"= < 3.49.1\"],[\"< 3.49.1\"]]", "[*,3.49.1)" },
	{ "\"desc\":\"x\",\"alpine_fixed\":{},\"trickest\":[[\"busybox\"],[\"< 1.34.0\"],[\"unspecified\"]]", "" },
	{ "\"desc\":\"x\",\"trickest\":[[\"iOS\",\"curl\"],[\"< 1.34.0\"],[]]", "" },
	{ "\"desc\":\"Rejected reason: curl before 7.1 x\"", "" },
};

TEST(facts_about_components_give_what_their_record_says)
{
	for (size_t i = 0; i < sizeof component_lines / sizeof *component_lines; i++) {
		char line[1024];
		REQUIRE(set_up());
		(void)snprintf(line, sizeof line, "{\"id\":\"CVE-2020-0001\",\"comp\":[\"x\"],%s}\n", component_lines[i].line);
		CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("c.jsonl"), span_of_text(line)), DONE);
		CHECK_TEXT(finish_and_ask("SELECT ranges FROM affected WHERE " STORED_FROM_FEEDS), component_lines[i].ranges);
	}
}

TEST(disputed_records_are_marked)
{
	static const char *const lines[] = {
		"{\"id\":\"CVE-2020-0001\",\"comp\":[\"x\"],\"desc\":\"** DISPUTED ** In Perl before 5.38.2, x\"}\n",
		"{\"id\":\"CVE-2020-0001\",\"comp\":[\"x\"],\"desc\":\"In Perl before 5.38.2, x\"}\n",
	};
	for (size_t i = 0; i < 2; i++) {
		REQUIRE(set_up());
		CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("c.jsonl"), span_of_text(lines[i])), DONE);
		CHECK_TEXT(finish_and_ask("SELECT disputed || ' ' || ranges FROM affected JOIN vulnerability ON id = vulnerability"
					  " WHERE " STORED_FROM_FEEDS), i == 0 ? "1 [*,5.38.2)" : "0 [*,5.38.2)");
	}
}

static const char old_record[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2021-0001\",\"state\":\"PUBLISHED\","
	"\"dateUpdated\":\"2023-01-01T00:00:00Z\"},\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"a\",\"product\":\"b\","
	"\"versions\":[{\"version\":\"0\",\"lessThan\":\"1.0\",\"status\":\"affected\",\"versionType\":\"custom\"}]}]},"
	"\"adp\":[{\"metrics\":[{\"other\":{\"type\":\"kev\",\"content\":{\"dateAdded\":\"2023-02-02\"}}},"
	"{\"cvssV3_1\":{\"version\":\"3.1\",\"baseScore\":7.5,\"vectorString\":\"CVSS:3.1/AV:N\"}}]}]}}";
static const char new_record[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2021-0001\",\"state\":\"PUBLISHED\","
	"\"dateUpdated\":\"2024-01-01T00:00:00Z\"},\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"a\",\"product\":\"b\","
	"\"versions\":[{\"version\":\"0\",\"lessThan\":\"2.0\",\"status\":\"affected\",\"versionType\":\"custom\"},"
	"{\"version\":\"0123456789012345678901234567890123456789\",\"status\":\"affected\",\"versionType\":\"git\"}]}]}}}";

TEST(the_newer_record_stays_in_any_order)
{
	const char *const texts[] = { old_record, new_record };
	for (size_t first = 0; first < 2; first++) {
		REQUIRE(set_up());
		CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("a.json"), span_of_text(texts[first])), DONE);
		CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("b.json"), span_of_text(texts[1 - first])), DONE);
		CHECK_TEXT(finish_and_ask("SELECT ranges || ' ' || exploited || ' ' || score || ' ' || severity FROM affected"
					  " JOIN vulnerability ON id = vulnerability"), "[*,2.0) 2023-02-02 7.5 high");
	}
}

TEST(fuzzed_versions_come_from_tags)
{
	REQUIRE(set_up());
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("vulns/x/OSV-2020-286.yaml"), SPAN_LITERAL(
		"id: OSV-2020-286\nmodified: '2022-04-13T03:04:31Z'\naffected:\n- package:\n    name: zstd\n    ecosystem: OSS-Fuzz\n"
		"  versions:\n  - v1.2.3\n  - zstd-1_4_0\n  - latest\n  ecosystem_specific:\n    severity: HIGH\n")), DONE);
	CHECK_TEXT(finish_and_ask("SELECT name || ' ' || ranges || ' ' || severity FROM affected JOIN product p ON p.id = product"
				  " JOIN vulnerability v ON v.id = vulnerability"), "oss-fuzz/zstd =1.2.3 =1.4.0 high");
}

TEST(what_is_no_feed_is_said)
{
	REQUIRE(set_up());
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("x.txt"), SPAN_LITERAL("hello")), NOT_THIS);
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("x.json"), SPAN_LITERAL("{\"a\":1}")), NOT_THIS);
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("x.json"), SPAN_LITERAL("{\"a\":")), MALFORMED);
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("x.json"), SPAN_NONE), NOT_THIS);
	builder_abandon(builder);
	(void)unlink(stored_path("feeds.db"));
	arena_done(&arena);
	struct build_plan plan = { .directories = (const char *const[]){ "/nonexistent" }, .directory_count = 1,
				   .path = stored_path("feeds.db") };
	arena_init(&arena, 1024 * 1024);
	notes_init(&notes, &arena);
	CHECK_EQUAL(store_build(&plan, &notes), MALFORMED);
	CHECK_EQUAL(notes.count, 1);
	arena_done(&arena);
}

/* Cut and flipped documents: any outcome, no crash; the store can still be finished. */
TEST(damaged_documents_do_no_harm)
{
	REQUIRE(set_up());
	uint64_t state = 7;
	size_t size = sizeof old_record - 1;
	uint8_t *copy = malloc(size);
	REQUIRE(copy != NULL);
	for (size_t i = 0; i < 2000; i++) {
		memcpy(copy, old_record, size);
		state = state * 6364136223846793005U + 1442695040888963407U;
		size_t at = (size_t)(state >> 33) % size;
		if (i % 2)
			copy[at] = (uint8_t)(state >> 20);
		(void)outcome_usable(feed_document(builder, SPAN_LITERAL("a.json"), span_of(copy, i % 2 ? size : at)));
	}
	free(copy);
	CHECK_TEXT(finish_and_ask("SELECT 'whole' FROM meta WHERE name = 'format'"), "whole");
}

TESTS(identifiers_are_numbers_and_back, cpe_names_are_split_and_unescaped, products_of_records_have_their_cpe_names,
      subjects_of_commits_and_descriptions_name_files, descriptions_give_clear_ranges_only,
      facts_about_components_give_what_their_record_says, disputed_records_are_marked,
      the_newer_record_stays_in_any_order,
      fuzzed_versions_come_from_tags, what_is_no_feed_is_said, damaged_documents_do_no_harm)
