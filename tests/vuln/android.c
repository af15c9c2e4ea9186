#include "stored.h"

#include "vuln/android_bulletin.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

#define LINE(cve, level, section, versions, component) \
	cve "\t" level "\tandroid\t" section "\tCritical\tRCE\t" versions "\t" component "\n"

static const char bulletins[] =
	"cve\tpatch_level\tbulletin\tsection\tseverity\ttype\tupdated_versions\tcomponent\n"
	LINE("CVE-2017-0001", "2017-05-01", "Media framework", "6.0, 6.0.1, 7.0", "")
	LINE("CVE-2017-0002", "2017-06-01", "Media framework", "6.0, 6.0.1, 7.0", "")
	LINE("CVE-2017-0003", "2017-06-05", "Qualcomm components", "", "WLAN")
	LINE("CVE-2017-0004", "2017-06-05", "MediaTek components", "", "Command queue driver")
	LINE("CVE-2017-0005", "2017-06-05", "Kernel components", "", "")
	LINE("CVE-2017-0006", "2017-07-01", "System", "7.1.1, 7.1.2", "")
	LINE("CVE-2017-0014", "2017-06-01", "System", "6.0", "")
	LINE("CVE-2017-0014", "2017-06-05", "MediaTek components", "", "")
	LINE("CVE-2015-0007", "2015-08-01", "Integer overflow during MP4 atom processing", "5.1 and below", "")
	"CVE-2017-0008\tsoon\tandroid\tSystem\tHigh\t\t\t\n"
	"CVE-2017-0009\t2017-08-01\tpixel\tSystem\tHigh\t\t6.0\t\n";

static const char kev[] =
	"{\"title\":\"x\",\"catalogVersion\":\"2026.03.13\",\"dateReleased\":\"2017-09-13T16:00:00Z\",\"vulnerabilities\":["
	"{\"cveID\":\"CVE-2024-0010\",\"vendorProject\":\"Android\",\"product\":\"Framework\",\"dateAdded\":\"2024-05-04\"},"
	"{\"cveID\":\"CVE-2024-0011\",\"vendorProject\":\"Qualcomm\",\"product\":\"Multiple Chipsets\",\"dateAdded\":\"2024-05-04\"},"
	"{\"cveID\":\"CVE-2015-0012\",\"vendorProject\":\"Android\",\"product\":\"Kernel\",\"dateAdded\":\"2022-05-04\"}]}";

/* Android by its version: what the bulletins have of it, and what they have not. */
static const char nvd[] =
	"{\"format\":\"NVD_CVE\",\"timestamp\":\"2017-09-21T03:01:41\",\"vulnerabilities\":["
	"{\"cve\":{\"id\":\"CVE-2017-0001\",\"configurations\":[{\"nodes\":[{\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:o:google:android:6.0:*:*:*:*:*:*:*\"}]}]}]}},"
	"{\"cve\":{\"id\":\"CVE-2016-0013\",\"configurations\":[{\"nodes\":[{\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:o:google:android:6.0:*:*:*:*:*:*:*\"}]}]}]}}]}";

static const struct recogniser android_recogniser[] = { STORED_RECOGNISER("android", "o:google:android", ORDER_GENERIC) };
static const struct recognisers recognisers = { .all = android_recogniser, .count = 1 };

static bool feed(struct builder *builder, const char *name, const char *text)
{
	return feed_document(builder, span_of_text(name), span_of_text(text)) == DONE;
}

static bool set_up(const char *settings)
{
	struct builder *builder;
	struct span error;
	const char *path = stored_path("android.db");
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = feed(builder, "bulletins.tsv", bulletins) && feed(builder, "kev.json", kev) && feed(builder, "nvd.json", nvd);
	bool built = builder_finish(builder) == DONE && read;
	if (!built || store_open_file(path, &arena, &store, &error) != DONE || evidence_new(&evidence) != DONE)
		return false;
	return query_run(evidence_database(evidence),
		"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 1, 'read');"
		"INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/system/build.prop', 'file', 1, 'read');"
		"INSERT INTO component (id, name, version, type, confidence) VALUES (1, 'android', '6.0', 'operating-system', 90);"
		"INSERT INTO setting VALUES (1, 1, 'android property', 'ro.build.version.release', '6.0')") == DONE &&
	       query_run(evidence_database(evidence), settings) == DONE &&
	       match_components(evidence, store, &recognisers) == DONE;
}

static void tear_down(void)
{
	evidence_free(evidence);
	store_close(store);
	(void)unlink(stored_path("android.db"));
	arena_done(&arena);
}

static struct span answer(const char *sql)
{
	struct query query = query_start(evidence_database(evidence), sql);
	struct span words = query_next(&query) ? arena_copy(&arena, query_text(&query, 0)) : SPAN_NONE;
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

#define VERDICTS "SELECT group_concat(words, ', ') FROM" \
	" (SELECT substr(id, 5) || ' ' || status AS words FROM vulnerability ORDER BY id)"
#define LEVEL "INSERT INTO setting VALUES (1, 2, 'android property', 'ro.build.version.security_patch', '2017-05-01');"

TEST(a_bulletin_speaks_of_the_platform_the_kernel_or_a_maker)
{
	static const char *const cases[][4] = {
		{ "Media framework", "", "2017-05-01", "platform" },
		{ "Remote code execution in Bluetooth", "", "2015-12-01", "platform" },
		{ "Qualcomm closed-source components", "", "2018-01-05", "qualcomm" },
		{ "Kernel components", "", "2018-01-05", "kernel" },
		{ "Elevation of privilege vulnerability in Broadcom Wi-Fi drive", "", "2017-05-05", "broadcom" },
		{ "Elevation of Privilege Misc drivers", "", "2016-05-01", "kernel" }, { "Other", "", "2018-01-05", "kernel" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(span_of_text(android_owner(span_of_text(cases[i][0]), span_of_text(cases[i][1]), span_of_text(cases[i][2]))),
			   cases[i][3]);
	CHECK_TEXT(android_chip_maker(SPAN_LITERAL("MSM8953")), "qualcomm");
	CHECK_TEXT(android_chip_maker(SPAN_LITERAL("mediatek,mt6768")), "mediatek");
	CHECK_TEXT(android_chip_maker(SPAN_LITERAL("goldfish")), "");
	CHECK(android_level_valid(SPAN_LITERAL("2017-05-01")) && !android_level_valid(SPAN_LITERAL("2017-5-01x")));
}

TEST(later_bulletins_count_and_earlier_ones_are_mended)
{
	REQUIRE(set_up(LEVEL "INSERT INTO setting VALUES (1, 3, 'android property', 'ro.board.platform', 'msm8953')"));
	CHECK_TEXT(answer(VERDICTS),
		   "2016-0013 under review, 2017-0001 fixed, 2017-0002 affected, 2017-0003 under review, 2017-0004 not affected, "
		   "2017-0005 under review, 2017-0006 under review, 2017-0014 affected, 2024-0010 under review, 2024-0011 under review");
	CHECK_TEXT(answer("SELECT fixed_in || ' ' || severity || ' ' || reason FROM vulnerability WHERE id = 'CVE-2017-0002'"),
		   "2017-06-01 critical the patch level 2017-05-01 comes before 2017-06-01, which mends it");
	CHECK_TEXT(answer("SELECT justification FROM vulnerability WHERE id = 'CVE-2017-0004'"), "component_not_present");
	CHECK_TEXT(answer("SELECT question FROM vulnerability WHERE id = 'CVE-2017-0006'"), "does Android 6.0 have the fault?");
	CHECK_TEXT(answer("SELECT question FROM vulnerability WHERE id = 'CVE-2016-0013'"), "which patch level mends it?");
	CHECK_TEXT(answer("SELECT count(*) FROM component"), "1");
	CHECK_TEXT(answer("SELECT message FROM note WHERE code = 'match.android-months'"),
		   "the store has no security bulletins of Android for 2 months after the patch level 2017-05-01 (2017-08 to 2017-09):"
		   " what they mend is under review");
	tear_down();
}

TEST(drivers_follow_the_level_of_the_vendor)
{
	REQUIRE(set_up(LEVEL
		       "INSERT INTO setting VALUES (1, 3, 'android property', 'ro.vendor.build.security_patch', '2017-06-05')"));
	CHECK_TEXT(answer("SELECT group_concat(id) FROM vulnerability WHERE id IN ('CVE-2017-0003', 'CVE-2017-0005')"), "");
	CHECK_TEXT(answer("SELECT status FROM vulnerability WHERE id = 'CVE-2017-0002'"), "affected");
	tear_down();
}

TEST(an_image_without_a_level_is_told_once)
{
	REQUIRE(set_up("SELECT 1"));
	CHECK_TEXT(answer(VERDICTS), "2016-0013 under review, 2017-0001 under review");
	CHECK_TEXT(answer("SELECT count(*) FROM note WHERE code = 'match.android-level'"), "1");
	tear_down();
}

TESTS(a_bulletin_speaks_of_the_platform_the_kernel_or_a_maker, later_bulletins_count_and_earlier_ones_are_mended,
      drivers_follow_the_level_of_the_vendor, an_image_without_a_level_is_told_once)
