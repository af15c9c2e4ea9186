/* Records of CVE and NVD: how they name products, what their words say, and what is left out. */
#include "stored.h"

/* What no source states as data is read from the words; what it states goes before them. */
TEST(words_count_where_records_have_no_data)
{
	static const char *const nvd[] = {
		"{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2025-1\",\"vulnStatus\":\"Deferred\","
		"\"published\":\"2025-01-01\","
		"\"descriptions\":[{\"lang\":\"es\",\"value\":\"x\"},{\"lang\":\"en\","
		"\"value\":\"In OpenVPN before 2.6.3 x\"}]}}],"
		"\"format\":\"NVD_CVE\"}",
		"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2025-1\"},"
		"\"containers\":{\"cna\":{\"affected\":["
		"{\"vendor\":\"n/a\",\"product\":\"n/a\",\"versions\":[{\"version\":\"n/a\","
		"\"status\":\"affected\"}]}],"
		"\"descriptions\":[{\"lang\":\"en-US\",\"value\":\"In OpenVPN before 2.6.3 x\"}]}}}",
	};
	for (size_t i = 0; i < 2; i++) {
		CHECK_TEXT(stored_of(nvd[i], NULL, "SELECT name || ' ' || source || ' ' || ranges FROM affected JOIN product p"
				     " ON p.id = product WHERE " STORED_FROM_FEEDS), "openvpn:openvpn 7 [*,2.6.3)");
	}
}

#define RECORD(rest) "{\"cveMetadata\":{\"cveId\":\"CVE-2025-1\"},\"containers\":{" rest "}}"
#define VERSION(below) "\"versions\":[{\"version\":\"1.0\",\"lessThan\":\"" below "\",\"status\":\"affected\"}]"
#define APPLICABLE(cpe, end) "\"cpeApplicability\":[{\"nodes\":[{\"operator\":\"OR\",\"cpeMatch\":[{\"vulnerable\":true," \
	"\"criteria\":\"" cpe "\",\"versionEndExcluding\":\"" end "\"}]}]}]"

/* Products by CPE names, package URLs and words; containers of all who add to a record. */
static const struct {
	const char *record, *rows;
} records[] = {
	{ RECORD("\"cna\":{" APPLICABLE("cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*", "1.3") "}"), "zlib:zlib 2 1 [*,1.3)" },
	{ RECORD("\"cna\":{\"affected\":[{\"vendor\":\"madler\",\"product\":\"zlib\"," VERSION("1.2") "}],"
		 APPLICABLE("cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*", "1.3") "}"), "zlib:zlib 2 1 [1.0,1.2)" },
	{ RECORD("\"cna\":{\"affected\":[{\"vendor\":\"x\",\"product\":\"y\",\"packageURL\":\"pkg:github/madler/zlib@1?a=b\","
		 VERSION("1.2") "}]}"), "zlib:zlib 2 1 [1.0,1.2)" },
	{ RECORD("\"cna\":{\"affected\":[{\"vendor\":\"x\",\"product\":\"y\",\"packageURL\":\"pkg:pypi/zlib\","
		 VERSION("1.2") "}]}"), "x:y 2 1 [1.0,1.2)" },
	{ RECORD("\"cna\":{},\"adp\":[{\"affected\":[{\"vendor\":\"a\",\"product\":\"b\"," VERSION("1.2") "}]},{\"affected\":["
		 "{\"vendor\":\"a\",\"product\":\"c\"," VERSION("1.4") "}]}]"), "a:b 6 1 [1.0,1.2); a:c 6 2 [1.0,1.4)" },
	/* Ranges of a repository: tags are versions, commits none. */
	{ RECORD("\"cna\":{\"affected\":[{\"vendor\":\"a\",\"product\":\"b\",\"versions\":[{\"version\":\"b-7_79_0\",\"lessThan\":"
		 "\"b-7_80_1\",\"status\":\"affected\",\"versionType\":\"git\"},{\"version\":\"v8.1\",\"status\":\"affected\","
		 "\"versionType\":\"git\"},{\"version\":\"1da177e4c3f4\",\"lessThan\":\"deadbeef\",\"status\":\"affected\","
		 "\"versionType\":\"git\"}]}]}"), "a:b 2 1 [7.79.0,7.80.1) =8.1" },
	/* Commits that are written as versions. */
	{ RECORD("\"cna\":{\"affected\":[{\"vendor\":\"a\",\"product\":\"b\",\"versions\":[{\"version\":\"1da177e4c3f4\","
		 "\"lessThan\":\"6123a4e8e25b\",\"status\":\"affected\",\"versionType\":\"custom\"},{\"version\":\"20230101\","
		 "\"lessThan\":\"20240101\",\"status\":\"affected\"}]}]}"), "a:b 2 1 [20230101,20240101)" },
	/* A list that names a product once for each of its versions names it once. */
	{ RECORD("\"cna\":{\"affected\":[{\"cpes\":[\"cpe:2.3:a:a:b:1:*:*:*:*:*:*:*\",\"cpe:2.3:a:a:b:2:*:*:*:*:*:*:*\","
		 "\"cpe:2.3:a:a:c:2:*:*:*:*:*:*:*\"]," VERSION("1.2") "}]}"), "a:b 2 1 [1.0,1.2); a:c 2 1 [1.0,1.2)" },
};

TEST(records_name_products_in_many_ways)
{
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		CHECK_TEXT(stored_of(records[i].record, NULL,
				     "SELECT group_concat(row, '; ') FROM (SELECT name || ' ' || source || ' ' || entry || ' ' ||"
					  " ranges AS row FROM affected JOIN product p ON p.id = product WHERE " STORED_FROM_FEEDS
					  " ORDER BY 1)"), records[i].rows);
	}
}

TEST(what_is_left_out_is_told_with_its_reason)
{
	static const char text[] =
		"{\"vulnerabilities\":[{\"cve\":{\"id\":\"CVE-2025-1\",\"vulnStatus\":\"Rejected\"}},"
		"{\"cve\":{\"id\":\"CVE-2025-2\",\"descriptions\":[{\"lang\":\"en\",\"value\":\"a fault\"}]}},"
		"{\"cve\":{\"id\":\"CVE-2025-3\",\"configurations\":[{\"nodes\":[{\"cpeMatch\":[{\"vulnerable\":true,"
		"\"criteria\":\"cpe:2.3:a:a:b:1:*:*:*:*:wordpress:*:*\"}]}]}]}},"
		"{\"cve\":{\"id\":\"CVE-2025-4\",\"configurations\":[{\"nodes\":[{\"cpeMatch\":[{\"vulnerable\":true,"
		"\"criteria\":\"cpe:2.3:a:perl:perl:5.1:*:*:*:*:perl:*:*\"}]}]}]}}],\"format\":\"NVD_CVE\"}";
	CHECK_TEXT(stored_of(text, NULL, "SELECT group_concat(vulnerability || ' ' || reason, '; ') || '; ' ||"
			     " (SELECT ranges FROM affected WHERE " STORED_FROM_FEEDS ") FROM left_out"),
		   "2025000000001 rejected; 2025000000002 open; 2025000000003 foreign; =5.1");
}

TEST(alpine_says_by_release_which_package_has_the_fix)
{
	static const char first[] =
		"\xef\xbb\xbf{\"apkurl\":\"x\",\"archs\":[\"x86\"],\"reponame\":\"main\","
		"\"distroversion\":\"v3.14\",\"packages\":["
		"{\"pkg\":{\"name\":\"busybox\",\"secfixes\":{\"1.33.1-r4\":[\"CVE-2021-1 XSA-304\","
		"\"CVE-2021-2 (+ regression)\"],"
		"\"1.33.1-r6\":[\"CVE-2021-2\",\"GHSA-x\"],\"0\":[\"CVE-2021-3\"],\"none\":[\"CVE-2021-9\"]}}},"
		"{\"pkg\":{\"name\":\"none\",\"secfixes\":{}}}]}";
	static const char second[] =
		"{\"distroversion\":\"v3.15\",\"packages\":[{\"pkg\":{\"name\":\"busybox\","
		"\"secfixes\":{\"1.34-r0\":[\"CVE-2021-1\"]}}}]}";
	static const char rows[] = "SELECT group_concat((vulnerability % 10) || ' ' || release || ' ' || ranges, '; ') FROM"
				   " (SELECT * FROM affected WHERE " STORED_FROM_FEEDS " ORDER BY vulnerability, release)";
	CHECK_TEXT(stored_of(first, second, rows), "1 v3.14 [*,1.33.1-r4); 1 v3.15 [*,1.34-r0);"
						    " 2 v3.14 [*,1.33.1-r4) [*,1.33.1-r6); 3 v3.14 [*,0)");
	static const char edge[] =
		"{\"distroversion\":\"edge\","
		"\"packages\":[{\"pkg\":{\"name\":\"a\",\"secfixes\":{\"1-r0\":[\"CVE-2021-1\"]}}}]}";
	CHECK_TEXT(stored_of(edge, NULL, rows), "");
}

TEST(debian_says_by_package_what_became_of_each_fault)
{
	static const char text[] =
		"{\"busybox\":{\"CVE-2021-1\":{\"scope\":\"local\",\"description\":\"a fault\",\"releases\":{"
		"\"bookworm\":{\"status\":\"resolved\",\"repositories\":{\"bookworm\":\"1:1.35.0-4\"},"
		"\"fixed_version\":\"1:1.35.0-1\",\"urgency\":\"low\"},"
		"\"bullseye\":{\"status\":\"open\",\"repositories\":{\"bullseye\":\"1:1.30.1-6\"},"
		"\"urgency\":\"low\",\"nodsa\":\"Minor issue\"},"
		"\"sid\":{\"status\":\"resolved\",\"fixed_version\":\"1:1.35.0-1\"}}},"
		"\"CVE-2021-2\":{\"releases\":{\"bookworm\":{\"status\":\"resolved\",\"fixed_version\":\"0\","
		"\"urgency\":\"unimportant\"},"
		"\"bullseye\":{\"status\":\"open\",\"urgency\":\"unimportant\"},"
		"\"buster\":{\"status\":\"undetermined\"}}},"
		"\"TEMP-0000-1\":{\"releases\":{\"bookworm\":{\"status\":\"open\"}}}},"
		"\"curl\":{\"CVE-2021-1\":{\"releases\":{\"bookworm\":{\"status\":\"resolved\","
		"\"fixed_version\":\"7.88.1-1\"}}}}}";
	CHECK_TEXT(stored_of(text, NULL, "SELECT group_concat(name || ' ' || (vulnerability % 10) || ' ' || release"
			     " || ' ' || ranges, '; ')"
			     " FROM (SELECT * FROM affected JOIN product ON id = product WHERE " STORED_FROM_FEEDS
			     " ORDER BY name, vulnerability, release)"),
		   "debian/busybox 1 11 [*,*]; debian/busybox 1 12 [*,1:1.35.0-1); debian/busybox 2 12 [*,0);"
		   " debian/curl 1 12 [*,7.88.1-1)");
}

TESTS(words_count_where_records_have_no_data, records_name_products_in_many_ways, what_is_left_out_is_told_with_its_reason,
      alpine_says_by_release_which_package_has_the_fix, debian_says_by_package_what_became_of_each_fault)
