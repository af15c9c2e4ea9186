#include "stored.h"

#include "identify/identity.h"
#include "vuln/made.h"
#include "vuln/own_facts.h"
#include "vuln/sdk_facts.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

/* Our own facts are in every store, also in one of no feeds. */
static const char *more = ""; /* rows beside */

static struct span verdicts(const char *vendor, const char *files)
{
	struct builder *builder;
	struct span error;
	const char *path = stored_path("sdk.db");
	notes_init(&notes, &arena);
	(void)unlink(path);
	CHECK_EQUAL(builder_new(path, &notes, &builder), DONE);
	CHECK_EQUAL(builder_finish(builder), DONE);
	CHECK_EQUAL(store_open_file(path, &arena, &store, &error), DONE);
	CHECK_EQUAL(evidence_new(&evidence), DONE);
	sqlite3 *database = evidence_database(evidence);
	char *image = sqlite3_mprintf("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 1, 'read');"
				      "INSERT INTO image (name, size, kind, vendor) VALUES ('x', 1, 'firmware', %Q);"
				      "INSERT INTO file (volume, path, type, size, state, kind) VALUES %s;%s", vendor, files, more);
	CHECK_EQUAL(query_run(database, image), DONE);
	sqlite3_free(image);
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	struct query query = query_start(database, "SELECT group_concat(words, ', ') FROM"
		" (SELECT c.name || ' ' || v.id || ' ' || status ||"
		" CASE WHEN severity IS NULL THEN ' without a score' ELSE '' END AS words"
		" FROM vulnerability v JOIN component c ON c.id = v.component ORDER BY v.id)");
	struct span words = query_next(&query) ? arena_copy(&arena, query_text(&query, 0)) : SPAN_NONE;
	CHECK_EQUAL(query_end(&query), DONE);
	evidence_free(evidence);
	store_close(store);
	(void)unlink(path);
	return words;
}

#define ELF(path) "(1, '" path "', 'file', 1, 'read', 'elf')"

TEST(programs_of_an_sdk_are_its_marks)
{
	arena_init(&arena, 1 << 24);
	CHECK_TEXT(verdicts(NULL, ELF("/bin/miniigd")), "Realtek SDK CVE-2014-8361 under review");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/boa") "," ELF("/bin/flash") "," ELF("/lib/libapmib.so")),
		   "Realtek SDK CVE-2021-35395 under review");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/boa")), "");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/xminiigd")), "");
	CHECK_TEXT(verdicts(NULL, "(1, '/bin/miniigd', 'file', 1, 'read', 'script')"), "");
	arena_done(&arena);
}

#define BUILT(day) "INSERT INTO kernel (file, release, version, built, source)" \
		   " VALUES (1, '2.6.30', '2.6.30', '" day "', 'banner')"

TEST(an_image_that_is_older_than_any_fix_has_the_fault)
{
	arena_init(&arena, 1 << 24);
	more = BUILT("Thu Apr 23 10:13:09 CST 2015");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/miniigd")), "Realtek SDK CVE-2014-8361 affected");
	more = BUILT("Fri Apr 24 10:13:09 CST 2015");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/miniigd")), "Realtek SDK CVE-2014-8361 under review");
	/* A newer file in it; one kernel whose date cannot be read. */
	more = BUILT("Thu Apr 23 10:13:09 CST 2015") ";UPDATE file SET mtime = 1735689600 + id * 60 WHERE id < 4";
	CHECK_TEXT(verdicts(NULL, ELF("/bin/miniigd") "," ELF("/bin/a") "," ELF("/bin/b")),
		   "Realtek SDK CVE-2014-8361 under review");
	more = BUILT("Thu Apr 23 10:13:09 CST 2015") ";" BUILT("today");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/miniigd")), "Realtek SDK CVE-2014-8361 under review");
	more = BUILT("Thu Apr 23 10:13:09 CST 2015");
	/* Another maker's SDK has programs of these names, too: only with Realtek's own library are they his. */
	CHECK_TEXT(verdicts(NULL, ELF("/bin/wscd") "," ELF("/bin/flash")),
		   "Realtek SDK CVE-2021-35392 under review, Realtek SDK CVE-2021-35393 under review");
	more = BUILT("Thu Apr 23 10:13:09 CST 2015");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/wscd") "," ELF("/lib/libapmib.so")),
		   "Realtek SDK CVE-2021-35392 affected, Realtek SDK CVE-2021-35393 affected");
	more = BUILT("Sat Jul 8 08:00:00 CST 2023");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/wappd") "," ELF("/lib/firmware/mt7915_wm.bin")),
		   "MediaTek SDK CVE-2024-20017 affected");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/wappd") "," ELF("/lib/firmware/mt7628.bin")),
		   "MediaTek SDK CVE-2024-20017 under review");
	more = "";
	arena_done(&arena);
}

#define MARKED(word) "INSERT INTO identity (file, subject, value, source, confidence)" \
		     " VALUES (1, 'mark', '" word "', 'program', 80);"

TEST(the_faulty_code_itself_is_seen)
{
	arena_init(&arena, 1 << 24);
	more = MARKED("realtek-form-command") MARKED("realtek-system-command");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/webs")), "Realtek SDK CVE-2021-35395 affected");
	more = MARKED("realtek-toolchain") MARKED("ecos");
	CHECK_TEXT(verdicts(NULL, ELF("/code")), "Realtek eCos SDK CVE-2022-27255 under review");
	more = MARKED("realtek-form-command");
	CHECK_TEXT(verdicts(NULL, ELF("/bin/webs")), "");
	/* What is asked about the device is answered by the code, in the device's own row. */
	more = "UPDATE image SET model = 'HG532e';" MARKED("huawei-upnp-upgrade");
	CHECK_TEXT(verdicts("Huawei", ELF("/bin/upnp")), "HG532e CVE-2017-17215 affected");
	/* A model and its revision, with firmware of its maker. */
#define DEVICE(model, hardware, system, day) "UPDATE image SET model = '" model "', hardware = '" hardware "', system = " system \
	";" BUILT(day)
	more = DEVICE("TL-WR841N/ND", "v10", "NULL", "Tue Mar 10 15:10:01 CST 2015");
	CHECK_TEXT(verdicts("TP-Link", ELF("/bin/httpd")),
		   "TL-WR841N/ND CVE-2020-8423 under review, TL-WR841N/ND CVE-2023-33538 affected");
	more = DEVICE("TL-WR841N/ND", "v10", "NULL", "Tue Mar 6 15:10:01 CST 2018");
	CHECK_TEXT(verdicts("TP-Link", ELF("/bin/httpd")),
		   "TL-WR841N/ND CVE-2020-8423 under review, TL-WR841N/ND CVE-2023-33538 under review");
	more = DEVICE("TL-WR841N/ND", "v9", "NULL", "Tue Mar 10 15:10:01 CST 2015");
	CHECK_TEXT(verdicts("TP-Link", ELF("/bin/httpd")), "");
	more = DEVICE("TL-WR841N/ND", "v10", "'OpenWrt 12.09'", "Tue Mar 10 15:10:01 CST 2015");
	CHECK_TEXT(verdicts("TP-Link", ELF("/bin/httpd")),
		   "TL-WR841N/ND CVE-2020-8423 under review, TL-WR841N/ND CVE-2023-33538 under review");
	more = "UPDATE image SET model = 'HG532e'";
	CHECK_TEXT(verdicts("Huawei", ELF("/bin/upnp")), "HG532e CVE-2017-17215 under review");
	more = "";
	arena_done(&arena);
}

TEST(dates_of_banners_are_read)
{
	static const char *const all[][2] = {
		{ "Sat Jul 21 10:13:09 CST 2012", "2012-07-21" }, { "Tue Mar 3 15:10:01 UTC 2015", "2015-03-03" },
		{ "SMP PREEMPT Debian 5.10.1-1 (2021-01-02)", "" }, { "Mon Jul 1994", "" }, { "", "" }, { "Jul 32 2012", "" },
	};
	arena_init(&arena, 1 << 20);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		CHECK_TEXT(made_of_banner(span_of_text(all[i][0]), &arena), all[i][1]);
	arena_done(&arena);
}

/* "@realtek-form-command" of a mark. */
static bool is_known_mark(const struct identity_data *data, struct span mark)
{
	struct span one;
	while (span_next_field(&mark, '+', &one)) {
		bool known = span_byte(one, 0) != '@';
		for (size_t i = 0; i < data->phrase_count; i++)
			known = known || span_equal(data->phrases[i].mark, span_from(one, 1));
		if (!known)
			return false;
	}
	return true;
}

TEST(a_maker_is_a_mark_of_its_firmware)
{
	arena_init(&arena, 1 << 24);
	CHECK_TEXT(verdicts("Hikvision", ELF("/bin/x")),
		   "Hikvision firmware CVE-2017-7921 under review, Hikvision firmware CVE-2021-36260 under review");
	CHECK_TEXT(verdicts("Axis", ELF("/bin/x")), "");
	arena_done(&arena);
}

TEST(every_fact_can_be_read)
{
	struct span rest = sdk_facts_text();
	struct sdk_fact fact, last = { 0 };
	size_t count = 0;
	struct identity_data data;
	struct span error;
	arena_init(&arena, 64 << 20);
	REQUIRE(identity_load(&arena, &data, &error) == DONE);
	for (; sdk_facts_next(&rest, &fact); count++) {
		bool day = fact.known.size == 10 && span_byte(fact.known, 4) == '-' && span_byte(fact.known, 7) == '-';
		CHECK(fact.known.size == 0 || span_equal_text(fact.known, SDK_CODE) || day);
		CHECK(is_known_mark(&data, fact.mark));
		CHECK(fact.id != 0 && fact.id >= last.id && fact.sdk.size > 0 && fact.mark.size > 0 && fact.what.size > 0);
		last = fact;
	}
	CHECK(count > 0);
	arena_done(&arena);
}

TEST(every_score_can_be_read)
{
	struct span rest = own_scores_text();
	struct own_score score, last = { 0 };
	size_t count = 0;
	for (; own_scores_next(&rest, &score); count++) {
		CHECK(score.id > last.id && score.score > 0.0 && score.score <= 10.0);
		CHECK(span_starts_text(score.vector, "CVSS:3.1/AV:"));
		last = score;
	}
	CHECK(count > 0);
}

TESTS(every_score_can_be_read, an_image_that_is_older_than_any_fix_has_the_fault, the_faulty_code_itself_is_seen,
      dates_of_banners_are_read, programs_of_an_sdk_are_its_marks, a_maker_is_a_mark_of_its_firmware, every_fact_can_be_read)
