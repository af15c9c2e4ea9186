#include "stored.h"

#include "vuln/device_facts.h"
#include "vuln/device_name.h"
#include "vuln/device_version.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

/* In the forms in which NVD writes devices. */
#define NVD_CVE(id, configurations) "{\"cve\":{\"id\":\"" id "\",\"configurations\":[" configurations "]}}"
#define NVD_ONE(node) "{\"nodes\":[" node "]}"
#define NVD_AND(a, b) "{\"operator\":\"AND\",\"nodes\":[" a "," b "]}"
#define NVD_NODE(matches) "{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[" matches "]}"
#define NVD_CPE(vulnerable, cpe, more) "{\"vulnerable\":" vulnerable ",\"criteria\":\"cpe:2.3:" cpe ":*:*:*:*:*:*:*\"" more "}"
#define BELOW(version) ",\"versionEndExcluding\":\"" version "\""

static const char nvd[] =
	"{\"format\":\"NVD_CVE\",\"timestamp\":\"2026-01-21T03:01:41\",\"vulnerabilities\":["
	/* Firmware in a range, on hardware of its name. */
	NVD_CVE("CVE-2016-0001", NVD_AND(NVD_NODE(NVD_CPE("true", "o:netgear:wnr2999v5_firmware:*", BELOW("1.0.0.42"))),
					 NVD_NODE(NVD_CPE("false", "h:netgear:wnr2999v5:-", "")))) ","
	/* Firmware without a version, on revisions of the hardware. */
	NVD_CVE("CVE-2023-0002", NVD_AND(NVD_NODE(NVD_CPE("true", "o:tp-link:tl-wr999n_firmware:-", "")),
					 NVD_NODE(NVD_CPE("false", "h:tp-link:tl-wr999n:v2", "") ","
						  NVD_CPE("false", "h:tp-link:tl-wr999n:v4", "")))) ","
	/* Hardware alone. */
	NVD_CVE("CVE-2011-0003", NVD_ONE(NVD_NODE(NVD_CPE("true", "h:dlink:dir-300:*", "")))) ","
	/* Hardware that is called vulnerable beside its firmware widens nothing. */
	NVD_CVE("CVE-2012-0004", NVD_AND(NVD_NODE(NVD_CPE("true", "h:netgear:wnr2999v5:-", "")),
					 NVD_NODE(NVD_CPE("true", "o:netgear:wnr2999v5_firmware:*", BELOW("1.0.0.10"))))) ","
	/* The revision in parentheses. */
	NVD_CVE("CVE-2015-0005", NVD_AND(NVD_NODE(NVD_CPE("true", "o:tp-link:tl-wr999n_\\\\(2.0\\\\)_firmware:*", BELOW("150104"))),
					 NVD_NODE(NVD_CPE("false", "h:tp-link:tl-wr999n_\\\\(2.0\\\\):-", ""))))
	"]}";

static const char record[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2024-0006\",\"state\":\"PUBLISHED\"},\"containers\":{\"cna\":{"
	"\"affected\":[{\"vendor\":\"D-Link\",\"product\":\"DIR-300 rev B, DIR-600\",\"versions\":["
	"{\"version\":\"2.0\",\"lessThan\":\"2.15\",\"status\":\"affected\",\"versionType\":\"custom\"}]}]}}}";

static const char kev[] =
	"{\"title\":\"x\",\"catalogVersion\":\"2026.03.13\",\"dateReleased\":\"2026-03-13T16:00:00Z\",\"vulnerabilities\":["
	"{\"cveID\":\"CVE-2024-0007\",\"vendorProject\":\"NETGEAR\",\"product\":\"WNR2999v5 Router\",\"dateAdded\":\"2022-05-04\"},"
	"{\"cveID\":\"CVE-2016-0001\",\"vendorProject\":\"NETGEAR\",\"product\":\"WNR2999v5 Router\",\"dateAdded\":\"2022-05-04\"},"
	"{\"cveID\":\"CVE-2024-0008\",\"vendorProject\":\"TP-Link\",\"product\":\"Multiple Routers\",\"dateAdded\":\"2022-05-04\"}]}";

static bool feed(struct builder *builder, const char *name, const char *text)
{
	return feed_document(builder, span_of_text(name), span_of_text(text)) == DONE;
}

static bool set_up(void)
{
	struct builder *builder;
	struct span error;
	const char *path = stored_path("device.db");
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = feed(builder, "nvd.json", nvd) && feed(builder, "a.json", record) && feed(builder, "kev.json", kev);
	bool built = builder_finish(builder) == DONE;
	return read && built && store_open_file(path, &arena, &store, &error) == DONE;
}

static void tear_down(void)
{
	store_close(store);
	(void)unlink(stored_path("device.db"));
	arena_done(&arena);
}

/* "CVE-2016-0001 affected, …" of the device: all that is said of it. */
static struct span verdicts(const char *values)
{
	CHECK_EQUAL(evidence_new(&evidence), DONE);
	sqlite3 *database = evidence_database(evidence);
	char *insert = sqlite3_mprintf("INSERT INTO image (name, size, kind, vendor, model, hardware, version, system)"
				       " VALUES ('x', 1, 'firmware', %s)", values);
	CHECK_EQUAL(query_run(database, insert), DONE);
	sqlite3_free(insert);
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	struct query query = query_start(database, "SELECT group_concat(words, ', ') FROM (SELECT id || ' ' || status ||"
		" coalesce(' ' || fixed_in, '') AS words FROM vulnerability ORDER BY id)");
	struct span words = query_next(&query) ? arena_copy(&arena, query_text(&query, 0)) : SPAN_NONE;
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

static struct span answer(const char *sql)
{
	struct query query = query_start(evidence_database(evidence), sql);
	struct span words = query_next(&query) ? arena_copy(&arena, query_text(&query, 0)) : SPAN_NONE;
	CHECK_EQUAL(query_end(&query), DONE);
	return words;
}

TEST(names_come_to_one_spelling)
{
	static const char *const cases[][3] = {
		{ "TL-WR841N v14", "tlwr841n", "14" }, { "tl-wr841n_v14_firmware", "tlwr841n", "14" },
		{ "tl-wr841n_(9.0)_firmware", "tlwr841n", "9" }, { "WNR2999v5 Router", "wnr2999", "5" },
		{ "wnr2999v5_firmware", "wnr2999", "5" }, { "DIR-300 rev B", "dir300", "b" }, { "dir-300_b1_firmware", "dir300", "b1" },
		{ "DIR-300 B1", "dir300", "b1" }, { "dir-300-b1", "dir300", "b1" }, { "HG532e", "hg532e", "" },
		{ "Archer C7 v2", "archerc7", "2" }, { "archer_c50+", "archerc50plus", "" }, { "P660HN-T1A Routers", "p660hnt1a", "" },
		{ "RT-AX55 Routers", "rtax55", "" }, { "DSL-2750B Devices", "dsl2750b", "" }, { "TL-WR841N(EU) V14", "tlwr841n", "14" },
		{ "WAP54G v3.1", "wap54g", "3.1" },
	};
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct device_name name;
		CHECK(device_name_of(span_of_text(cases[i][0]), &arena, &name));
		CHECK_TEXT(name.model, cases[i][1]);
		CHECK_TEXT(name.revision, cases[i][2]);
	}
	struct device_name none;
	CHECK(!device_name_of(SPAN_LITERAL("Multiple Routers"), &arena, &none) && !device_name_of(SPAN_NONE, &arena, &none));
	CHECK(!device_name_of(SPAN_LITERAL("a b c d e f g h i j k l m n o p q 1"), &arena, &none));
	CHECK_TEXT(device_maker(SPAN_LITERAL("D-Link Systems, Inc."), &arena), "dlink");
	CHECK_TEXT(device_maker(SPAN_LITERAL("TP-Link Technologies Co., Ltd."), &arena), "tplink");
	CHECK_TEXT(device_revision(SPAN_LITERAL("V14.0"), &arena), "14");
	CHECK_TEXT(device_revision(SPAN_LITERAL("rev. B1"), &arena), "b1");
	CHECK_TEXT(device_revision(SPAN_LITERAL("WNR2999v5"), &arena), "");
	arena_done(&arena);
}

TEST(lists_of_models_are_taken_apart)
{
	arena_init(&arena, 1 << 20);
	struct span rest = SPAN_LITERAL("AC7, AC9, and AC10 Routers; TL-WR841N/ND v9"), previous = SPAN_NONE, all = SPAN_NONE;
	struct device_name name;
	while (device_name_next(&rest, &previous, &arena, &name))
		all = arena_format(&arena, "%.*s %.*s", SPAN_FORMAT(all), SPAN_FORMAT(name.model));
	CHECK_TEXT(all, " ac7 ac9 ac10 tlwr841n tlwr841nd");
	rest = SPAN_LITERAL("TL-WR841N/ND");
	CHECK(device_name_next(&rest, &previous, &arena, &name) && device_name_next(&rest, &previous, &arena, &name));
	CHECK_TEXT(name.model, "tlwr841nd");
	arena_done(&arena);
}

TEST(revisions_meet_only_their_own)
{
	static const struct {
		const char *named, *own;
		enum device_match match;
	} cases[] = {
		{ "", "14", DEVICE_SAME }, { "", "", DEVICE_SAME }, { "14", "14", DEVICE_SAME }, { "14", "", DEVICE_UNKNOWN },
		{ "1", "14", DEVICE_OTHER }, { "14", "1", DEVICE_OTHER }, { "14", "14.8", DEVICE_SAME }, { "14.8", "14", DEVICE_UNKNOWN },
		{ "b", "b1", DEVICE_SAME }, { "b1", "b", DEVICE_UNKNOWN }, { "b1", "b2", DEVICE_OTHER }, { "a1", "b1", DEVICE_OTHER },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_EQUAL(device_revision_match(span_of_text(cases[i].named), span_of_text(cases[i].own)), cases[i].match);
}

TEST(versions_stand_in_an_order_only_where_their_form_is_the_same)
{
	static const struct {
		const char *start, *end, *version;
		bool excluded;
		enum device_place place;
	} cases[] = {
		{ "", "1.0.0.42", "V1.0.0.18", true, DEVICE_IN },
		{ "", "1.0.0.42", "V1.0.0.42", true, DEVICE_AFTER },
		{ "", "1.0.0.42", "V1.0.0.42", false, DEVICE_IN },
		{ "", "1.0.0.42", "1.0.2", true, DEVICE_OPEN },
		{ "", "1.0.0.42", "", true, DEVICE_OPEN },
		{ "", "1.05b01", "1.05B03", true, DEVICE_AFTER },
		{ "", "1.05b04", "1.05B03", true, DEVICE_IN },
		{ "", "1.05", "1.05B03", true, DEVICE_OPEN }, /* a build of it, or what came before it */
		{ "", "1.05b04", "1.05", true, DEVICE_OPEN },
		{ "", "1.05b04", "1.05_beta03", true, DEVICE_OPEN },
		{ "", "1.04-b04", "1.04B03", true, DEVICE_IN },
		{ "", "1.1.4 build 20230219", "1.1.4 Build 20211014", true, DEVICE_IN },
		{ "", "1.1.4_build_230219", "1.1.4 Build 20211014", true, DEVICE_OPEN },
		{ "", "1.1.4 build 20230219", "1.1.4", true, DEVICE_OPEN },
		{ "", "3.16.9", "3.16.9 Build 150310 Rel.57500n", false, DEVICE_IN },
		{ "", "3.16.9", "3.16.9 Build 150310 Rel.57500n", true, DEVICE_AFTER },
		{ "", "3.16.9", "3.16.9_3", false, DEVICE_OPEN },
		{ "", "0.9.1 4.20", "0.9.1 4.19", true, DEVICE_IN },
		{ "", "1.06b01", "1.05B03", true, DEVICE_IN },
		{ "2.0", "2.5", "1.9", true, DEVICE_BEFORE },
		{ "", "14", "3.16.9 Build 150310", true, DEVICE_OPEN },
		{ "2.0", "", "2.5", true, DEVICE_OPEN },
		{ "", "150104", "9", true, DEVICE_OPEN },
	};
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct range range = { .start = span_of_text(cases[i].start),
				       .end = device_version(span_of_text(cases[i].end), &arena),
				       .end_excluded = cases[i].excluded };
		CHECK_EQUAL(device_place(&range, device_version(span_of_text(cases[i].version), &arena)), cases[i].place);
	}
	CHECK(device_version_is_older_build(SPAN_LITERAL("1.1.3_build_20221125_rel.50204"), SPAN_LITERAL("1.1.4_build_20230219")));
	CHECK(!device_version_is_older_build(SPAN_LITERAL("1.1.3_build_20230219"), SPAN_LITERAL("1.1.4_build_20230219")));
	CHECK(!device_version_is_older_build(SPAN_LITERAL("1.1.3_build_221125"), SPAN_LITERAL("1.1.4_build_20230219")));
	CHECK(!device_version_is_older_build(SPAN_LITERAL("1.1.3"), SPAN_LITERAL("1.1.4_build_20230219")));
	arena_done(&arena);
}

TEST(a_device_meets_what_is_known_of_its_firmware)
{
	REQUIRE(set_up());
	CHECK_TEXT(verdicts("'NETGEAR', 'WNR2999v5', 'WNR2999v5', 'V1.0.0.18', NULL"),
		   "CVE-2012-0004 fixed 1.0.0.10, CVE-2016-0001 affected 1.0.0.42, CVE-2024-0007 under review");
	CHECK_TEXT(answer("SELECT name || ' ' || version || ' ' || type FROM component"), "WNR2999v5 V1.0.0.18 firmware");
	CHECK_TEXT(answer("SELECT reason FROM vulnerability WHERE id = 'CVE-2024-0007'"),
		   "this product is on the list of exploited ones");
	CHECK_TEXT(answer("SELECT known_exploited FROM vulnerability WHERE id = 'CVE-2016-0001'"), "1");
	CHECK(query_number(evidence_database(evidence), "SELECT count(*) FROM premise WHERE kind = 'device'") == 3);
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'NETGEAR', 'WNR2999v5', NULL, 'V1.0.0.50', NULL"),
		   "CVE-2012-0004 fixed 1.0.0.10, CVE-2016-0001 fixed 1.0.0.42, CVE-2024-0007 under review");
	evidence_free(evidence);
	tear_down();
}

TEST(another_revision_or_model_never_matches)
{
	REQUIRE(set_up());
	CHECK_TEXT(verdicts("'NETGEAR', 'WNR2999v4', NULL, 'V1.0.0.18', NULL"), "");
	CHECK_EQUAL(query_number(evidence_database(evidence), "SELECT count(*) FROM component"), 0);
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR999N', 'v6', '3.16.9 Build 150310', NULL"), "");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR999ND', 'v4', NULL, NULL"), "");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'ASUS', 'WNR2999v5', NULL, 'V1.0.0.18', NULL"), "");
	evidence_free(evidence);
	tear_down();
}

TEST(what_the_image_does_not_show_is_asked)
{
	REQUIRE(set_up());
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR999N', 'v4', NULL, NULL"), "CVE-2023-0002 under review");
	CHECK_TEXT(answer("SELECT question FROM vulnerability"), "which version of its maker's firmware is this?");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR999N', NULL, '1.2', NULL"),
		   "CVE-2015-0005 under review 150104, CVE-2023-0002 under review");
	CHECK_TEXT(answer("SELECT question FROM vulnerability WHERE id = 'CVE-2023-0002'"), "is the hardware of revision 2?");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'NETGEAR', 'WNR2999v5', NULL, NULL, NULL"),
		   "CVE-2012-0004 under review 1.0.0.10, CVE-2016-0001 under review 1.0.0.42, CVE-2024-0007 under review");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'D-Link', 'DIR-300', 'B1', '2.14', 'OpenWrt 15.05'"),
		   "CVE-2011-0003 under review, CVE-2024-0006 under review 2.15");
	CHECK_TEXT(answer("SELECT question FROM vulnerability"), "does OpenWrt 15.05 have the fault, too?");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'D-Link', 'DIR-300', 'B1', '2.14', NULL"), "CVE-2011-0003 under review, CVE-2024-0006 affected 2.15");
	evidence_free(evidence);
	tear_down();
}

TEST(every_fact_can_be_read)
{
	struct span rest = device_facts_text();
	struct device_fact fact, last = { 0 };
	size_t count = 0;
	arena_init(&arena, 1 << 20);
	for (; device_facts_next(&rest, &fact); count++) {
		struct span models = fact.models, previous = SPAN_NONE, ranges = fact.ranges;
		struct device_name name;
		struct range range;
		CHECK(fact.id != 0 && fact.id >= last.id && fact.why.size > 0 && device_maker(fact.maker, &arena).size > 0);
		CHECK(device_name_next(&models, &previous, &arena, &name));
		CHECK(ranges.size == 0 || (range_next(&ranges, &range) && ranges.size == 0));
		last = fact;
	}
	CHECK(count > 0);
	arena_done(&arena);
}

TEST(our_own_facts_are_in_every_store)
{
	REQUIRE(set_up());
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR841N', 'v10', '3.16.9 Build 150310', NULL"),
		   "CVE-2020-8423 affected, CVE-2023-33538 under review");
	evidence_free(evidence);
	/* One image for two models is the firmware of each; one for either of two is not known to be that of one. */
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR841N/ND', 'v10', '3.16.9', NULL"),
		   "CVE-2020-8423 affected, CVE-2023-33538 under review");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'TP-Link', 'TL-WR841N or TL-WR842N', 'v10', '3.16.9', NULL"),
		   "CVE-2020-8423 under review, CVE-2023-33538 under review");
	CHECK_TEXT(answer("SELECT question FROM vulnerability"), "which of the models is the device?");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'D-Link', 'DIR-868L', NULL, '1.10', NULL"), "CVE-2018-6530 affected");
	evidence_free(evidence);
	CHECK_TEXT(verdicts("'D-Link', 'DIR-868L', NULL, '1.13', NULL"), "CVE-2018-6530 not affected");
	evidence_free(evidence);
	/* Each revision has firmware of its own, and the fact says of none whether it is meant. */
	CHECK_TEXT(verdicts("'D-Link', 'DIR-868L', 'B1', '1.10', NULL"), "CVE-2018-6530 under review");
	CHECK_TEXT(answer("SELECT question FROM vulnerability"), "does it concern hardware revision b1?");
	evidence_free(evidence);
	tear_down();
}

TESTS(every_fact_can_be_read, our_own_facts_are_in_every_store,
      names_come_to_one_spelling, lists_of_models_are_taken_apart, revisions_meet_only_their_own,
      versions_stand_in_an_order_only_where_their_form_is_the_same, a_device_meets_what_is_known_of_its_firmware,
      another_revision_or_model_never_matches, what_the_image_does_not_show_is_asked)
