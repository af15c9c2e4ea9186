#include "stored.h"
#include "vuln/cpe.h"
#include "vuln/description.h"
#include "vuln/identifier.h"
#include "vuln/kernel_source.h"
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

/* Finishes the store, and gives the first column of the first row. Static storage. */
static struct span finish_and_ask(const char *sql)
{
	static char text[1024];
	struct store *store;
	struct span error;
	text[0] = 0;
	bool built = builder_finish(builder) == DONE;
	if (built && store_open_file(stored_path("feeds.db"), &arena, &store, &error) == DONE) {
		struct query query = query_start(store_database(store), sql);
		if (query_next(&query))
			(void)snprintf(text, sizeof text, "%.*s", SPAN_FORMAT(query_text(&query, 0)));
		CHECK_EQUAL(query_end(&query), DONE);
		store_close(store);
	}
	(void)unlink(stored_path("feeds.db"));
	arena_done(&arena);
	return span_of_text(text);
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

TEST(options_of_source_files)
{
	CHECK_TEXT(span_of_text(kernel_source_option(SPAN_LITERAL("fs/btrfs/inode.c"))), "BTRFS_FS");
	CHECK_TEXT(span_of_text(kernel_source_option(SPAN_LITERAL("net/netfilter/nf_tables_api.c"))), "NF_TABLES");
	CHECK(kernel_source_option(SPAN_LITERAL("net/ipv4/tcp.c")) == NULL);
	CHECK(kernel_source_option(SPAN_LITERAL("arch/arm/xen/enlighten.c")) == NULL);
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
	{ "dnsmasq before 2017-01-23", "" },
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
	struct build_plan plan = { .directory = "/nonexistent", .path = stored_path("feeds.db") };
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
      options_of_source_files, descriptions_give_clear_ranges_only, the_newer_record_stays_in_any_order,
      fuzzed_versions_come_from_tags, what_is_no_feed_is_said, damaged_documents_do_no_harm)
