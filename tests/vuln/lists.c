#include "stored.h"
#include "vuln/begin.h"

/* Feeds of one fact a line: what a document comes to in table `affected`. */
static struct span stored(const char *name, const char *document, const char *sql)
{
	return stored_of_named(name, document, NULL, sql);
}

#define ROWS                                                                                     \
	"SELECT group_concat(name || ' ' || release || ' ' || ranges, '; ') FROM (SELECT p.name, " \
	"release, ranges FROM affected JOIN product p ON p.id = product WHERE " STORED_FROM_FEEDS " ORDER BY 1, 2)"

TEST(ubuntu_speaks_of_releases_of_upstream_and_of_beginnings)
{
	CHECK_TEXT(stored("ubuntu.jsonl",
			  "{\"id\":\"CVE-2021-42374\",\"packages\":{\"busybox\":{\"bionic\":[\"released\",\"1:1.27.2-2ubuntu3.4\"],"
			  "\"trusty\":[\"not-affected\",\"code not present\"],\"jammy\":[\"needed\"],\"noble\":[\"ignored\",\"x\"],"
			  "\"xenial\":[\"not-affected\",\"1:1.22.0-15ubuntu1.4+esm1\"],"
			  "\"upstream\":[\"released\",\"1.34.0\"],\"commits\":[\"04f0\"]}},"
			  "\"hints\":[[\"introduced in\",\"1.27.0\",\"\"]],\"date\":\"2021-11-15\"}\n", ROWS),
		   "ubuntu/busybox 14.04 [*,0); ubuntu/busybox 16.04 ![1:1.22.0-15ubuntu1.4+esm1,*]; "
		   "ubuntu/busybox 18.04 [*,1:1.27.2-2ubuntu3.4); ubuntu/busybox 22.04 [*,*]; "
		   "ubuntu/busybox begins [1.27.0,*]; ubuntu/busybox upstream [*,1.34.0)");
	/* Two packages with a fix: nothing says whose beginning it is. */
	CHECK_TEXT(stored("ubuntu.jsonl",
			  "{\"id\":\"CVE-2013-6954\",\"packages\":{\"libpng\":{\"upstream\":[\"released\",\"1.5.21, 1.6.8\"]},"
			  "\"texlive\":{\"upstream\":[\"released\",\"2014.1\"]}},\"hints\":[[\"introduced in\",\"1.6.1\",\"\"]]}\n", ROWS),
		   "ubuntu/libpng upstream [*,1.5.21) [*,1.6.8); ubuntu/texlive upstream [*,2014.1)");
}

TEST(debian_names_releases_by_code_names)
{
	CHECK_TEXT(stored("debian.tsv",
			  "cve\tsource_package\trelease\tfixed_version\tadvisory\tdate\n"
			  "CVE-2021-1\tzlib\tbullseye\t1:1.2.11-2+deb11u1\tDSA-1-1\t2021-05-06\n"
			  "CVE-2021-1\tzlib\tunheard\t1.0\tDSA-1-1\t2021-05-06\n"
			  "CVE-2021-2\texpat\tsqueeze\t2.0.1-7+squeeze2\tDSA-2-1\t2012-05-06\n",
			  "SELECT (" ROWS ") || ' of ' || date || ' ' || records FROM feed WHERE name = 'debian'"),
		   "debian/expat 6 [*,2.0.1-7+squeeze2); debian/zlib 11 [*,1:1.2.11-2+deb11u1) of 2021-05-06 2");
}

TEST(the_tracker_of_linux_knows_the_fixes_of_series)
{
	CHECK_TEXT(stored("kernel.jsonl", "{\"id\":\"CVE-2016-5195\",\"affected_versions\":\"v2.6.22-rc1 to v4.9-rc2\","
					  "\"stream_fixed\":{\"3.2\":\"3.2.83\",\"4.4\":\"4.4.26\"}}\n",
			  "SELECT ranges FROM affected WHERE " STORED_FROM_FEEDS),
		   "[2.6.22-rc1,4.9-rc2) ![3.2.83,3.2.*] ![4.4.26,4.4.*]");
	/* The history of git begins with 2.6.12-rc2, and the fault perhaps before. */
	CHECK_TEXT(stored("kernel.jsonl", "{\"id\":\"CVE-2006-5331\",\"affected_versions\":\"v2.6.12-rc2 to v2.6.19-rc3\"}\n",
			  "SELECT ranges FROM affected WHERE " STORED_FROM_FEEDS),
		   "[*,2.6.12-rc2) [2.6.12-rc2,2.6.19-rc3)");
	/* Nothing is known of the end, or of either. */
	CHECK_TEXT(stored("kernel.jsonl", "{\"id\":\"CVE-2007-1\",\"affected_versions\":\"v2.6.12-rc2 to unk\"}\n"
					  "{\"id\":\"CVE-2007-2\",\"affected_versions\":\"v2.6.12-rc2 to v2.6.12-rc2\"}\n",
			  "SELECT count(*) FROM affected WHERE " STORED_FROM_FEEDS),
		   "0");
}

TEST(lines_of_components_bring_fixes_of_distributions)
{
	CHECK_TEXT(stored("components.jsonl",
			  "{\"id\":\"CVE-2022-23852\",\"comp\":[\"expat\"],\"alpine_fixed\":{\"expat\":{\"v3.13\":\"2.2.10-r3\","
			  "\"Debian:11\":\"2.2.10-2+deb11u1\"}},\"ubuntu_upstream\":{\"expat\":[\"released\",\"2.4.4\"]}}\n", ROWS),
		   "alpine/expat v3.13 [*,2.2.10-r3); debian/expat 11 [*,2.2.10-2+deb11u1); ubuntu/expat upstream [*,2.4.4)");
}

TEST(notes_say_where_a_fault_began)
{
	static const char *const notes[][2] = {
		{ "Flaw introduced in 2.28, which means Dapper is safe.", "2.28" },
		{ "introduced in 5.56 This flaw is only in the tool", "5.56" },
		{ "see the report. This bug was introduced in v1.3.8", "1.3.8" },
		{ "the vulnerable code was introduced with 1.2.3.", "1.2.3" },
		{ "A regression was introduced in 5.3.7", "" },
		{ "support for the WITH clause was introduced in version 3.8", "" },
		{ "re-introduced in 1.2.23", "" },
		{ "affects only the tool introduced in 7.34.0", "" },
		{ "introduced", "" },
		{ "", "" },
	};
	for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
		CHECK_TEXT(begin_in_note(span_of_text(notes[i][0])), notes[i][1]);
	CHECK(begin_is_clear(SPAN_LITERAL("1.2"), SPAN_LITERAL("1:1.3-2")));
	CHECK(!begin_is_clear(SPAN_LITERAL("1.3"), SPAN_LITERAL("1.3-2")));
	CHECK(!begin_is_clear(SPAN_LITERAL("abcdef0"), SPAN_LITERAL("1.3")));
	CHECK(!begin_is_clear(SPAN_LITERAL("1.2"), SPAN_NONE));
	CHECK_TEXT(stored("components.jsonl", "{\"id\":\"CVE-2021-1\",\"comp\":[\"x\"],\"desc\":\"x\",\"ubuntu_upstream\":{\"bluez\":"
			  "[\"released\",\"5.65-1\"]},\"notes\":{\"a\":\"introduced in 5.56 x\"}}", ROWS),
		   "ubuntu/bluez begins [5.56,*]; ubuntu/bluez upstream [*,5.65-1)");
	CHECK_TEXT(stored("components.jsonl", "{\"id\":\"CVE-2021-1\",\"comp\":[\"x\"],\"desc\":\"x\",\"ubuntu_upstream\":{\"bluez\":"
			  "[\"released\",\"5.65-1\"],\"b\":[\"released\",\"1.0\"]},\"notes\":{\"a\":\"introduced in 5.56 x\"}}", ROWS),
		   "ubuntu/b upstream [*,1.0); ubuntu/bluez upstream [*,5.65-1)");
}

TESTS(notes_say_where_a_fault_began, ubuntu_speaks_of_releases_of_upstream_and_of_beginnings, debian_names_releases_by_code_names,
      the_tracker_of_linux_knows_the_fixes_of_series, lines_of_components_bring_fixes_of_distributions)
