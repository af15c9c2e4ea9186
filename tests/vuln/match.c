#include "stored.h"

#include "vuln/decision.h"
#include "vuln/package_fix.h"
#include "vuln/vex.h"

static const char nvd_page[] =
	"{\"resultsPerPage\":5,\"format\":\"NVD_CVE\",\"version\":\"2.0\",\"timestamp\":\"2026-01-21T03:01:41\","
	"\"vulnerabilities\":["
	"{\"cve\":{\"id\":\"CVE-2020-0001\",\"published\":\"2020-01-02T00:00:00\",\"vulnStatus\":\"Analyzed\","
	"\"descriptions\":[{\"lang\":\"en\",\"value\":\"a brace } and a \\\"quote\\\" {\"}],"
	"\"metrics\":{\"cvssMetricV2\":[{\"source\":\"nvd@nist.gov\",\"type\":\"Primary\",\"cvssData\":{\"version\":\"2.0\","
	"\"vectorString\":\"AV:N\",\"baseScore\":10.0}}],\"cvssMetricV31\":[{\"source\":\"x@cna\",\"type\":\"Secondary\","
	"\"cvssData\":{\"version\":\"3.1\",\"vectorString\":\"CVSS:3.1/B\",\"baseScore\":5.0}},"
	"{\"source\":\"nvd@nist.gov\",\"type\":\"Primary\",\"cvssData\":{\"version\":\"3.1\","
	"\"vectorString\":\"CVSS:3.1/A\",\"baseScore\":9.8}}]},"
	"\"weaknesses\":[{\"type\":\"Primary\",\"description\":[{\"lang\":\"en\",\"value\":\"CWE-787\"}]}],"
	"\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*\",\"versionStartIncluding\":\"1.14.0\","
	"\"versionEndExcluding\":\"1.21.0\"}]}]}]}},"
	/* Only on a platform that stands beside it. */
	"{\"cve\":{\"id\":\"CVE-2020-0002\",\"configurations\":[{\"operator\":\"AND\",\"nodes\":["
	"{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:a:zlib:zlib:1.2.3:*:*:*:*:*:*:*\"}]},"
	"{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":false,"
	"\"criteria\":\"cpe:2.3:h:acme:box:-:*:*:*:*:*:*:*\"}]}]}]}},"
	/* Linux is only the platform of another product. */
	"{\"cve\":{\"id\":\"CVE-2020-0003\",\"configurations\":[{\"operator\":\"AND\",\"nodes\":["
	"{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:a:adobe:flash_player:11.0:*:*:*:*:*:*:*\"}]},"
	"{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":false,"
	"\"criteria\":\"cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*\",\"versionEndIncluding\":\"9.0\"}]}]}]}},"
	/* Every version, no version, a foreign system, Windows only, and a rejected one: no claims. */
	"{\"cve\":{\"id\":\"CVE-2020-0004\",\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":["
	"{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:zlib:zlib:*:*:*:*:*:*:*:*\"},"
	"{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:zlib:zlib:-:*:*:*:*:*:*:*\"},"
	"{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:zlib:zlib:1.2.3:*:*:*:*:windows:*:*\"}]}]}]}},"
	"{\"cve\":{\"id\":\"CVE-2020-0005\",\"vulnStatus\":\"Rejected\",\"configurations\":[{\"nodes\":[{\"operator\":\"OR\","
	"\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:zlib:zlib:1.2.3:*:*:*:*:*:*:*\"}]}]}]}},"
	/* NVD's range is wider than the maker's. */
	"{\"cve\":{\"id\":\"CVE-2020-0006\",\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":["
	"{\"vulnerable\":true,\"criteria\":\"cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*\",\"versionEndExcluding\":\"6.0\"}]}]}]}}"
	"]}";

static const char kernel_record[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2020-0006\",\"state\":\"PUBLISHED\"},"
	"\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":\"affected\","
	"\"programFiles\":[\"fs/btrfs/inode.c\"],\"versions\":["
	"{\"version\":\"4.0\",\"status\":\"affected\"},"
	"{\"version\":\"0\",\"lessThan\":\"4.0\",\"status\":\"unaffected\",\"versionType\":\"semver\"},"
	"{\"version\":\"4.14.100\",\"lessThanOrEqual\":\"4.14.*\",\"status\":\"unaffected\",\"versionType\":\"semver\"},"
	"{\"version\":\"5.0\",\"lessThanOrEqual\":\"*\",\"status\":\"unaffected\",\"versionType\":\"original_commit_for_fix\"}]}]}}}";

static const char github_record[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2021-0007\",\"state\":\"PUBLISHED\","
	"\"dateUpdated\":\"2024-01-01T00:00:00Z\"},\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"curl\",\"product\":\"curl\","
	"\"versions\":[{\"version\":\">= 7.10, < 7.50\",\"status\":\"affected\"},"
	"{\"version\":\"8.0\",\"lessThan\":\"8.9\",\"status\":\"affected\",\"versionType\":\"semver\","
	"\"changes\":[{\"at\":\"8.4\",\"status\":\"unaffected\"}]}]}]}}}";

static const char kev[] = "{\"title\":\"x\",\"catalogVersion\":\"2026.03.13\",\"dateReleased\":\"2026-03-13T16:00:00Z\","
			  "\"vulnerabilities\":[{\"cveID\":\"CVE-2020-0001\",\"dateAdded\":\"2022-05-04\"}]}";

static const char epss[] = "#model_version:v1,score_date:2026-02-01T00:00:00+0000\ncve,epss,percentile\n"
			   "CVE-2020-0001,0.25,0.9\nnonsense,line,0.5\n";

static const char alpine[] =
	"{\"schema_version\":\"1.6.0\",\"id\":\"CVE-2021-0008\",\"modified\":\"2025-01-01T00:00:00Z\",\"affected\":[{\"package\":"
	"{\"ecosystem\":\"Alpine:v3.10\",\"name\":\"zlib\"},\"ranges\":[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"},"
	"{\"fixed\":\"1.2.12-r0\"}]}]}]}";

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

static bool feed(struct builder *builder, const char *name, const char *text)
{
	return feed_document(builder, span_of_text(name), span_of_text(text)) == DONE;
}

/* A store of all the texts above, and an evidence database. */
static bool set_up(void)
{
	struct builder *builder;
	const char *path = stored_path("match.db");
	struct span error;
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = feed(builder, "epss.csv", epss) && feed(builder, "kev.json", kev) &&
		    feed(builder, "a.json", kernel_record) && feed(builder, "nvd.json", nvd_page) &&
		    feed(builder, "b.json", github_record) && feed(builder, "CVE-2021-0008.json", alpine);
	bool built = builder_finish(builder) == DONE && stored_without_own_facts(path);
	bool opened = store_open_file(path, &arena, &store, &error) == DONE && evidence_new(&evidence) == DONE;
	return read && built && opened;
}

static void tear_down(void)
{
	evidence_free(evidence);
	store_close(store);
	(void)unlink(stored_path("match.db"));
	arena_done(&arena);
}

static bool match(void)
{
	return match_components(evidence, store, &stored_recognisers) == DONE;
}

static struct span text_of(const char *sql)
{
	return stored_text(evidence_database(evidence), sql);
}

TEST(a_range_of_nvd_matches_with_scores)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "busybox", "1.19.4") && stored_component(evidence, 2, "busybox", "1.21.0") &&
	      stored_component(evidence, 3, "busybox", "1.13.9") && stored_component(evidence, 4, "busybox", NULL));
	REQUIRE(match());
	CHECK_TEXT(text_of("SELECT group_concat(component) FROM vulnerability"), "1");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability"), "1.19.4 lies in [1.14.0, 1.21.0) (NVD)");
	CHECK_TEXT(text_of("SELECT severity || ' ' || cvss || ' ' || cvss_version || ' ' || vector || ' ' || weakness ||"
			   " ' ' || epss || ' ' || known_exploited || ' ' || fixed_in || ' ' || source FROM vulnerability"),
		   "critical 9.8 3.1 CVSS:3.1/A CWE-787 0.25 1 1.21.0 nvd");
	CHECK_TEXT(text_of("SELECT date || ' ' || (vulnerabilities >= 6) FROM vulnerability_store"), "2026-03-13 1");
	tear_down();
}

TEST(a_snapshot_is_put_under_review)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "busybox", "2012-03-14") && stored_component(evidence, 2, "uhttpd", "2012-03-14"));
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0001")), "under review");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability"),
		   "2012-03-14 is the day of a snapshot, whose place among the versions is not known; "
		   "affected are [1.14.0, 1.21.0) (NVD)");
	tear_down();
}

TEST(platforms_and_wildcards_make_no_claims)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "zlib", "1.2.3") && stored_component(evidence, 2, "linux", "3.10"));
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0002")), "under review");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE id = 'CVE-2020-0002'"),
		   "1.2.3 is listed (NVD), but only together with acme:box");
	CHECK_TEXT(span_of_text(stored_status(evidence, 2, "CVE-2020-0003")), "none");
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0004")), "none");
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0005")), "none");
	tear_down();
}

TEST(the_cve_record_is_believed_before_nvd)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "linux", "4.14.63") && stored_component(evidence, 2, "linux", "3.10.14") &&
	      stored_component(evidence, 3, "linux", "4.14.120") && stored_component(evidence, 4, "linux", "6.1"));
	CHECK_EQUAL(query_run(evidence_database(evidence), "INSERT INTO kernel_option VALUES (1, 'CONFIG_BTRFS_FS', 'y')"), DONE);
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0006")), "affected");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 1"),
		   "4.14.63 lies in [4.0, 4.14.100) (the CVE record)");
	CHECK_TEXT(text_of("SELECT fixed_in FROM vulnerability WHERE component = 1"), "4.14.100");
	CHECK_TEXT(span_of_text(stored_status(evidence, 2, "CVE-2020-0006")), "not affected");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 2"),
		   "the CVE record says that 3.10.14 is not affected; against it, 3.10.14 lies in (…, 6.0) (NVD)");
	CHECK_TEXT(span_of_text(stored_status(evidence, 3, "CVE-2020-0006")), "not affected");
	CHECK_TEXT(span_of_text(stored_status(evidence, 4, "CVE-2020-0006")), "none");
	tear_down();
}

TEST(ranges_in_words_and_changes_are_read)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "curl", "7.29.0") && stored_component(evidence, 2, "curl", "7.50.0") &&
	      stored_component(evidence, 3, "curl", "8.3") && stored_component(evidence, 4, "curl", "8.4.0"));
	REQUIRE(match());
	CHECK_TEXT(text_of("SELECT group_concat(component) FROM vulnerability WHERE status = 'affected'"), "1,3");
	tear_down();
}

TEST(code_that_the_configuration_leaves_out_is_not_affected)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "linux", "4.14.63"));
	CHECK_EQUAL(query_run(evidence_database(evidence),
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO kernel_option SELECT 1, 'CONFIG_X' || i, 'y' FROM n;"
		"INSERT INTO kernel_option VALUES (1, 'CONFIG_SWAP', 'y'), (1, 'CONFIG_CRYPTO', 'n'), (1, 'CONFIG_CRC32', 'y'),"
		" (1, 'CONFIG_DEBUG_FS', 'n')"), DONE);
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0006")), "not affected");
	CHECK_EQUAL(query_run(evidence_database(evidence), "DELETE FROM vulnerability; DELETE FROM vulnerability_store;"
		"INSERT INTO kernel_option VALUES (1, 'CONFIG_BTRFS_FS', 'm')"), DONE);
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0006")), "affected");
	tear_down();
}

TEST(a_few_options_are_no_configuration)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "linux", "4.14.63"));
	CHECK_EQUAL(query_run(evidence_database(evidence), "INSERT INTO kernel_option VALUES (1, 'CONFIG_SMP', 'y')"), DONE);
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0006")), "under review");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability"), "4.14.63 lies in [4.0, 4.14.100) (the CVE record), "
		   "where the kernel is built with BTRFS_FS, which the image does not show (fs/btrfs/inode.c)");
	tear_down();
}

/* A package of the component, as a package manager records it. */
static bool package(int component, const char *manager, const char *version)
{
	char sql[1024];
	(void)snprintf(sql, sizeof sql,
		       "UPDATE component SET package_version = '%s' WHERE id = %d;"
		       "INSERT INTO package (file, line, manager, name, version) VALUES (9, %d, '%s', 'busybox', '%s');"
		       "INSERT INTO witness (file, line, component, method, detail, confidence)"
		       " VALUES (9, %d, 'busybox', 'package', '', 99);"
		       "INSERT INTO component_witness VALUES (%d, last_insert_rowid())",
		       version, component, component, manager, version, component, component);
	return query_run(evidence_database(evidence), sql) == DONE;
}

TEST(a_packager_may_have_mended_an_older_version)
{
	REQUIRE(set_up());
	for (int i = 1; i <= 5; i++)
		CHECK(stored_component(evidence, i, "busybox", "1.19.4"));
	CHECK(package(1, "dpkg", "1:1.19.4-3") && package(2, "rpm", "1.19.4-1.el7") && package(3, "opkg", "1.19.4-1") &&
	      package(4, "opkg", "1.19.4-6"));
	REQUIRE(match());
	static const char *const statuses[] = { "under review", "under review", "affected", "under review", "affected" };
	for (int i = 0; i < 5; i++)
		CHECK_TEXT(span_of_text(stored_status(evidence, i + 1, "CVE-2020-0001")), statuses[i]);
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 1"), "1.19.4 lies in [1.14.0, 1.21.0) (NVD); "
		   "its distribution mends older versions too, and nothing says whether package 1:1.19.4-3 is mended");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 3"), "1.19.4 lies in [1.14.0, 1.21.0) (NVD)");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 4"),
		   "1.19.4 lies in [1.14.0, 1.21.0) (NVD); its distribution mends older versions too, and nothing says whether "
		   "package 1.19.4-6 is mended");
	CHECK_TEXT(text_of("SELECT question FROM vulnerability WHERE component = 4"),
		   "does package 1.19.4-6 carry the fix?");
	tear_down();
}

TEST(declarations_change_status_and_reason)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "busybox", "1.19.4"));
	CHECK_EQUAL(query_run(evidence_database(evidence),
		"INSERT INTO declaration VALUES ('vulnerabilities.CVE-2020-0001.status', 'not affected', 3),"
		" ('vulnerabilities.CVE-2020-0001.justification', 'the applet is not built', 4)"), DONE);
	REQUIRE(match());
	struct span error = SPAN_NONE;
	CHECK_EQUAL(vex_declared(evidence, SPAN_LITERAL("p.yaml"), &arena, &error), DONE);
	CHECK_EQUAL(vex_apply(evidence, &stored_recognisers), DONE);
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2020-0001")), "not affected");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE id = 'CVE-2020-0001'"),
		   "declared not affected (the applet is not built); 1.19.4 lies in [1.14.0, 1.21.0) (NVD)");
	tear_down();
}

TEST(a_distribution_knows_its_own_packages)
{
	REQUIRE(set_up());
	CHECK(stored_component(evidence, 1, "zlib", "1.2.11") && stored_component(evidence, 2, "zlib", "1.2.12") &&
	      stored_component(evidence, 3, "zlib", "1.2.11"));
	CHECK_EQUAL(query_run(evidence_database(evidence),
		"UPDATE component SET package_version = '1.2.11-r3' WHERE id = 3;"
		"INSERT INTO package (file, line, manager, name, version, distribution)"
		" VALUES (9, 7, 'apk', 'zlib', '1.2.11-r3', 'alpine');"
		"INSERT INTO witness (file, line, component, method, detail, confidence) VALUES (9, 7, 'zlib', 'package', '', 99);"
		"INSERT INTO component_witness VALUES (3, 1)"), DONE);
	REQUIRE(match());
	CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2021-0008")), "under review");
	CHECK_TEXT(span_of_text(stored_status(evidence, 2, "CVE-2021-0008")), "none");
	CHECK_TEXT(span_of_text(stored_status(evidence, 3, "CVE-2021-0008")), "affected");
	tear_down();
}

/* The list is of v3.10: nothing for a system of v3.11, whatever a greeting says of it. */
TEST(the_surest_words_tell_the_release)
{
	static const struct {
		const char *words, *status;
	} cases[] = {
		{ "(9, 'system', 'Alpine Linux v3.10.2', 'x', 60)", "affected" },
		{ "(9, 'system', 'Alpine Linux v3.11.0', 'x', 60)", "under review" },
		{ "(9, 'system', 'Alpine Linux v3.11.0', 'x', 60), (9, 'system', 'Alpine Linux comes as it is', 'x', 45)",
		  "under review" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		REQUIRE(set_up());
		char sql[1024];
		CHECK(stored_component(evidence, 1, "zlib", "1.2.11"));
		(void)snprintf(sql, sizeof sql,
			       "UPDATE component SET package_version = '1.2.11-r3' WHERE id = 1;"
			       "INSERT INTO identity (file, subject, value, source, confidence) VALUES %s;"
			       "INSERT INTO package (file, line, manager, name, version, distribution)"
			       " VALUES (9, 7, 'apk', 'zlib', '1.2.11-r3', 'alpine');"
			       "INSERT INTO witness (file, line, component, method, detail, confidence)"
			       " VALUES (9, 7, 'zlib', 'package', '', 99); INSERT INTO component_witness VALUES (1, 1)", cases[i].words);
		CHECK_EQUAL(query_run(evidence_database(evidence), sql), DONE);
		REQUIRE(match());
		CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2021-0008")), cases[i].status);
		tear_down();
	}
}

/* Of one distribution, the list of another source package says nothing: lvm2's of what device-mapper 1.02 is in. */
TEST(fixes_are_listed_by_source_packages)
{
	static const struct {
		const char *source, *version, *distribution, *status;
	} cases[] = {
		{ "zlib", "1.2.11-r3", "alpine", "affected" },
		{ "zlib (1.2.12-r0)", "0.9-r1", "alpine", "none" },
		{ "zlib-ng", "1.2.11-r3", "alpine", "under review" },
		{ "zlib", "1.2.11-r3", "openwrt", "under review" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		REQUIRE(set_up());
		char sql[1024];
		CHECK(stored_component(evidence, 1, "zlib", "1.2.11"));
		(void)snprintf(sql, sizeof sql,
			       "UPDATE component SET package_version = '%s' WHERE id = 1;"
			       "INSERT INTO package (file, line, manager, name, version, distribution, source)"
			       " VALUES (9, 7, 'apk', 'libz1', '%s', '%s', '%s');"
			       "INSERT INTO witness (file, line, component, method, detail, confidence)"
			       " VALUES (9, 7, 'zlib', 'package', '', 99); INSERT INTO component_witness VALUES (1, 1)",
			       cases[i].version, cases[i].version, cases[i].distribution, cases[i].source);
		CHECK_EQUAL(query_run(evidence_database(evidence), sql), DONE);
		REQUIRE(match());
		CHECK_TEXT(span_of_text(stored_status(evidence, 1, "CVE-2021-0008")), cases[i].status);
		tear_down();
	}
}

TEST(a_distribution_may_never_have_been_affected)
{
	struct range_result result = package_fix_judge(SPAN_LITERAL("[*,0) [*,0)"), SPAN_LITERAL("1.1.1k-r0"), false);
	struct arena words;
	arena_init(&words, 1 << 16);
	CHECK(result.never && result.verdict == RANGE_UNAFFECTED);
	CHECK(!package_fix_judge(SPAN_LITERAL("[*,0) [*,1.0-r1)"), SPAN_LITERAL("1.1.1k-r0"), false).never);
	struct claims claims = { .count = 2, .all = (struct claim[]){
		{ .source = SOURCE_NVD, .result = { .verdict = RANGE_AFFECTED, .hit = { .end = SPAN_LITERAL("1.1.1o") } } },
		{ .source = SOURCE_DISTRIBUTION, .own = true, .result = result },
	} };
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("1.1.1k") };
	struct decision decision = decide(&claims, &subject, &words);
	CHECK_TEXT(span_of_text(decision.status), "not affected");
	claims.all[1].result.never = false;
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "fixed");
	arena_done(&words);
}

TEST(an_older_package_is_spared_where_the_fault_came_later)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct claims claims = { .count = 2, .all = (struct claim[]){
		{ .source = SOURCE_NVD, .result = { .verdict = RANGE_UNAFFECTED } },
		{ .source = SOURCE_DISTRIBUTION, .own = true,
		  .result = { .verdict = RANGE_AFFECTED, .hit = { .end = SPAN_LITERAL("5.6.1-r2") } } },
	} };
	struct claim_subject subject = { .branch = 1, .version = SPAN_LITERAL("5.4.1") };
	struct decision decision = decide(&claims, &subject, &words);
	CHECK_TEXT(span_of_text(decision.status), "not affected");
	CHECK_TEXT(decision.reason, "NVD says that 5.4.1 is not affected; against it, its package is older than 5.6.1-r2, "
				    "in which its distribution fixed it");
	claims.count = 1;
	claims.all[0] = claims.all[1];
	CHECK_TEXT(span_of_text(decide(&claims, &subject, &words).status), "affected");
	arena_done(&words);
}

TEST(no_store_gives_no_rows)
{
	REQUIRE(evidence_new(&evidence) == DONE);
	CHECK(stored_component(evidence, 1, "busybox", "1.19.4"));
	CHECK_EQUAL(match_components(evidence, NULL, &stored_recognisers), DONE);
	CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM vulnerability_store"), 0);
	evidence_free(evidence);
}

TESTS(fixes_are_listed_by_source_packages,
      a_range_of_nvd_matches_with_scores, a_snapshot_is_put_under_review,
      platforms_and_wildcards_make_no_claims, the_cve_record_is_believed_before_nvd,
      ranges_in_words_and_changes_are_read, code_that_the_configuration_leaves_out_is_not_affected,
      a_few_options_are_no_configuration, declarations_change_status_and_reason, a_distribution_knows_its_own_packages,
      the_surest_words_tell_the_release, a_packager_may_have_mended_an_older_version,
      a_distribution_may_never_have_been_affected,
      an_older_package_is_spared_where_the_fault_came_later, no_store_gives_no_rows)
