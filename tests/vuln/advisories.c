/* Advisories of GitHub, OSV and the EU's database. */
#include "stored.h"
#include "vuln/advisory.h"
#include "vuln/cve5_version.h"

#define ROWS                                                                                                    \
	"SELECT group_concat(row, '; ') FROM (SELECT (vulnerability % 1000) || ' ' || name || ' ' || source || ' ' ||" \
	" release || ' ' || ranges AS row FROM affected JOIN product p ON p.id = product WHERE " STORED_FROM_FEEDS   \
	" ORDER BY 1)"

#define OSV(id, rest) "{\"schema_version\":\"1.7.0\",\"id\":\"" id "\",\"modified\":\"2025-01-02T00:00:00Z\"," rest "}"
#define AFFECTED(ecosystem, name, events)                                                                          \
	"\"affected\":[{\"package\":{\"ecosystem\":\"" ecosystem "\",\"name\":\"" name "\"},\"ranges\":[{\"type\":" \
	"\"ECOSYSTEM\",\"events\":[" events "]}]}]"
#define FIXED(version) "{\"introduced\":\"0\"},{\"fixed\":\"" version "\"}"

static const struct {
	const char *document, *rows;
} osv[] = {
	/* Distributions: by own, prefixed, upstream and related names; releases as the store has them. */
	{ OSV("CVE-2025-1", AFFECTED("Alpine:v3.14", "zlib", FIXED("1.2-r1"))), "1 alpine/zlib 8 v3.14 [*,1.2-r1)" },
	{ OSV("DEBIAN-CVE-2025-1", AFFECTED("Debian:12", "zlib", FIXED("1.2-1"))), "1 debian/zlib 8 12 [*,1.2-1)" },
	{ OSV("DSA-1-1", "\"related\":[\"CVE-2025-1\",\"CVE-2025-2\"],"
	      AFFECTED("Debian:12", "zlib", FIXED("1.2-1"))),
	  "1 debian/zlib 8 12 [*,1.2-1); 2 debian/zlib 8 12 [*,1.2-1)" },
	{ OSV("USN-1-1", "\"upstream\":[\"UBUNTU-CVE-2025-1\"]," AFFECTED("Ubuntu:22.04:LTS", "zlib", FIXED("1.2-1"))),
	  "1 ubuntu/zlib 8 22.04 [*,1.2-1)" },
	{ OSV("USN-1-1", "\"upstream\":[\"CVE-2025-1\"]," AFFECTED("Ubuntu:Pro:18.04:LTS", "zlib", FIXED("1.2-1"))), "" },
	/* Upstream: packages and repositories that are surely products; commits by the versions beside them. */
	{ OSV("GHSA-a-b-c", "\"aliases\":[\"CVE-2025-1\"],"
	      AFFECTED("npm", "jquery", "{\"introduced\":\"1.2\"},{\"fixed\":\"3.5.0\"}")),
	  "1 jquery:jquery 12  [1.2,3.5.0)" },
	{ OSV("GHSA-a-b-c", "\"aliases\":[\"CVE-2025-1\"],"
	      AFFECTED("npm", "unheard", FIXED("3.5.0"))), "" },
	{ OSV("GO-2025-1", "\"aliases\":[\"CVE-2025-1\"],"
	      AFFECTED("Go", "stdlib", "{\"introduced\":\"1.2\"},{\"last_affected\":\"1.3\"}")),
	  "1 golang:go 12  [1.2,1.3]" },
	{ OSV("CURL-CVE-2025-1", "\"aliases\":[\"CVE-2025-1\"],\"affected\":[{\"ranges\":[{\"type\":\"GIT\",\"repo\":"
	      "\"https://github.com/curl/curl.git\",\"events\":[{\"introduced\":\"abc\"},{\"fixed\":\"def\"}]}],"
	      "\"versions\":[\"curl-7_80_0\",\"v7.81.0\",\"tip\"]}]"), "1 haxx:curl 12  =7.80.0 =7.81.0" },
	{ OSV("CVE-2025-1", "\"affected\":[{\"ranges\":[{\"type\":\"GIT\",\"repo\":\"https://github.com/madler/zlib\",\"events\":"
	      "[{\"introduced\":\"0\"},{\"fixed\":\"d\"}],\"database_specific\":{\"versions\":[{\"introduced\":\"1.1\"},{\"fixed\":"
	      "\"1.3\"}]}}],\"versions\":[\"v1.2\"]}]"), "1 zlib:zlib 12  [1.1,1.3)" },
	{ OSV("GHSA-a-b-c", "\"related\":[\"CVE-2025-1\"]," AFFECTED("npm", "jquery", FIXED("3.5.0"))), "" },
	{ OSV("GHSA-a-b-c", "\"aliases\":[\"CVE-2025-1\"],\"affected\":[],\"details\":\"In OpenVPN before 2.6.3 x\""),
	  "1 openvpn:openvpn 7  [*,2.6.3)" },
	{ OSV("GHSA-a-b-c", "\"withdrawn\":\"2025-01-01\",\"aliases\":[\"CVE-2025-1\"],"
	      AFFECTED("npm", "jquery", FIXED("3.5.0"))), "" },
	{ OSV("OSV-2025-1", "\"affected\":[{\"package\":{\"ecosystem\":\"OSS-Fuzz\",\"name\":\"zstd\"},\"versions\":[\"v1.5.0\"]}]"),
	  "-1 oss-fuzz/zstd 9  =1.5.0" },
};

TEST(osv_speaks_of_distributions_packages_and_repositories)
{
	for (size_t i = 0; i < sizeof osv / sizeof *osv; i++)
		CHECK_TEXT(stored_of(osv[i].document, NULL, ROWS), osv[i].rows);
}

TEST(advisories_about_one_fault_stand_beside_each_other)
{
	CHECK_TEXT(stored_of(OSV("DSA-1-1", "\"upstream\":[\"CVE-2025-1\"]," AFFECTED("Debian:12", "zlib", FIXED("1.2-1"))),
			     OSV("DLA-1-1", "\"upstream\":[\"CVE-2025-1\"]," AFFECTED("Debian:11", "zlib", FIXED("1.1-3"))), ROWS),
		   "1 debian/zlib 8 11 [*,1.1-3); 1 debian/zlib 8 12 [*,1.2-1)");
}

#define GHSA(id, rest)                                                                                            \
	"{\"ghsa_id\":\"GHSA-a-b-c\",\"cve_id\":" id ",\"severity\":\"high\",\"published_at\":\"2025-01-02T00:00:00Z\"," \
	"\"updated_at\":\"2025-02-03T00:00:00Z\",\"cwes\":[{\"cwe_id\":\"CWE-79\"}],\"cvss_severities\":{\"cvss_v3\":{" \
	"\"vector_string\":\"CVSS:3.1/AV:N\",\"score\":6.9},\"cvss_v4\":{\"vector_string\":null,\"score\":0}}," rest "}"
#define VULNERABLE(ecosystem, name, range)                                                                          \
	"\"vulnerabilities\":[{\"package\":{\"ecosystem\":\"" ecosystem "\",\"name\":\"" name "\"}," \
	"\"vulnerable_version_range\":\"" range "\",\"first_patched_version\":\"3.5.0\"}]"

TEST(githubs_api_gives_lists_and_single_advisories)
{
	static const char one[] = GHSA("\"CVE-2025-1\"", VULNERABLE("npm", "jquery", ">= 1.2, < 3.5.0"));
	CHECK_TEXT(stored_of(one, NULL, ROWS), "1 jquery:jquery 12  [1.2,3.5.0)");
	CHECK_TEXT(stored_of(one, NULL, "SELECT score || ' ' || cvss || ' ' || weakness || ' ' || published || ' ' || (SELECT name ||"
					" ' ' || date FROM feed WHERE name <> 'assay') FROM vulnerability WHERE id = 2025000000001"),
		   "6.9 3.1 CWE-79 2025-01-02 ghsa 2025-02-03");
	CHECK_TEXT(stored_of("[" GHSA("\"CVE-2025-1\"", VULNERABLE("npm", "lodash", "<= 4.1")) ","
			     GHSA("null", VULNERABLE("npm", "lodash", "< 9")) ","
			     GHSA("\"CVE-2025-2\"", VULNERABLE("nuget", "jQuery", "= 1.2.3")) "]", NULL, ROWS),
		   "1 lodash:lodash 12  [*,4.1]; 2 jquery:jquery 12  =1.2.3");
	CHECK_TEXT(stored_of(GHSA("\"CVE-2025-1\"", "\"withdrawn_at\":\"2025-03-03\"," VULNERABLE("npm", "jquery", "< 3")), NULL,
			     ROWS), "");
}

#define EUVD(aliases, vendor, product, version)                                                                    \
	"{\"id\":\"EUVD-2025-1\",\"datePublished\":\"Jan 2, 2025, 8:30:58 PM\",\"dateUpdated\":\"Feb 13, 2025, 8:30:58 PM\"," \
	"\"baseScore\":7.5,\"baseScoreVersion\":\"3.1\",\"baseScoreVector\":\"CVSS:3.1/AV:N\",\"aliases\":\"" aliases "\"," \
	"\"enisaIdProduct\":[{\"product\":{\"name\":\"" product "\"},\"product_version\":\"" version "\"}]," \
	"\"enisaIdVendor\":[{\"vendor\":{\"name\":\"" vendor "\"}}]}"

TEST(the_unions_database_gives_pages_lists_and_records)
{
	CHECK_TEXT(stored_of("{\"items\":[" EUVD("CVE-2025-1\\nGHSA-a-b-c\\n", "madler", "zlib", "1.0 <1.3") "],\"total\":1}", NULL,
			     ROWS),
		   "1 zlib:zlib 12  [1.0,1.3)");
	CHECK_TEXT(stored_of("[" EUVD("GHSA-a-b-c\\nCVE-2025-2", "Some Vendor", "Thing", "n/a ≤1.9") "]", NULL, ROWS),
		   "2 some_vendor:thing 12  [*,1.9]");
	CHECK_TEXT(stored_of(EUVD("CVE-2025-1", "x", "y", "<1.3"), NULL,
			     "SELECT score || ' ' || published || ' ' || (SELECT date FROM feed WHERE name = 'euvd')"
			     " FROM vulnerability WHERE id = 2025000000001"), "7.5 2025-01-02 2025-02-13");
	/* A version alone may be one without the fault. */
	CHECK_TEXT(stored_of(EUVD("CVE-2025-1", "x", "y", "1.3"), NULL, ROWS), "");
	CHECK_TEXT(stored_of(EUVD("CVE-2025-1", "x", "y", "patch: 1.3"), NULL, ROWS), "");
	CHECK_TEXT(stored_of(EUVD("GHSA-a-b-c", "x", "y", "<1.3"), NULL, ROWS), "");
}

TEST(a_list_that_goes_on_as_another_is_refused_whole)
{
	struct notes notes;
	struct arena arena;
	struct builder *builder;
	static const char *const lists[] = {
		"[" GHSA("\"CVE-2025-1\"", VULNERABLE("npm", "jquery", "< 3")) ",{\"a\":1}]",
		"[" GHSA("\"CVE-2025-1\"", VULNERABLE("npm", "jquery", "< 3")) ",",
		"{\"items\":[" EUVD("CVE-2025-1", "x", "y", "<1.3") ",7]}",
	};
	arena_init(&arena, 1 << 20);
	notes_init(&notes, &arena);
	REQUIRE(builder_new(":memory:", &notes, &builder) == DONE);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("a.json"), span_of_text(lists[i])), MALFORMED);
		CHECK_EQUAL(builder_stated(builder).size, 0);
	}
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("a.json"), SPAN_LITERAL("[{\"a\":1}]")), NOT_THIS);
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("a.json"), SPAN_LITERAL("[]")), NOT_THIS);
	CHECK_EQUAL(feed_document(builder, SPAN_LITERAL("a.json"), SPAN_LITERAL("[1]")), NOT_THIS);
	builder_abandon(builder);
	arena_done(&arena);
}

TEST(days_and_badges_in_words)
{
	struct arena arena;
	arena_init(&arena, 4096);
	CHECK_TEXT(advisory_day(&arena, SPAN_LITERAL("Dec 5, 2025, 1:00:00 AM")), "2025-12-05");
	CHECK_TEXT(advisory_day(&arena, SPAN_LITERAL("Foo 5, 2025, 1:00")), "");
	CHECK_TEXT(advisory_day(&arena, SPAN_LITERAL("2025-12-05")), "");
	CHECK_TEXT(advisory_day(&arena, SPAN_LITERAL("Dec 45, 2025, x")), "");
	struct cve5_version badge = cve5_version_badge(SPAN_LITERAL("2.15< 2.40"));
	CHECK_TEXT(badge.version, "2.15");
	CHECK_TEXT(badge.below, "2.40");
	badge = cve5_version_badge(SPAN_LITERAL("0 ≤1.9"));
	CHECK_TEXT(badge.version, "0");
	CHECK_TEXT(badge.up_to, "1.9");
	badge = cve5_version_badge(SPAN_LITERAL("> 4.2.0, < 4.2.4"));
	CHECK_TEXT(badge.version, "> 4.2.0, < 4.2.4");
	CHECK_EQUAL(badge.below.size, 0);
	arena_done(&arena);
}

TESTS(osv_speaks_of_distributions_packages_and_repositories, advisories_about_one_fault_stand_beside_each_other,
      githubs_api_gives_lists_and_single_advisories, the_unions_database_gives_pages_lists_and_records,
      a_list_that_goes_on_as_another_is_refused_whole, days_and_badges_in_words)
