#include "stored.h"

#include "vuln/sdk_facts.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

/* Our own facts are in every store, also in one of no feeds. */
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
				      "INSERT INTO file (volume, path, type, size, state, kind) VALUES %s", vendor, files);
	CHECK_EQUAL(query_run(database, image), DONE);
	sqlite3_free(image);
	CHECK_EQUAL(match_components(evidence, store, &stored_recognisers), DONE);
	struct query query = query_start(database, "SELECT group_concat(words, ', ') FROM"
		" (SELECT c.name || ' ' || v.id || ' ' || status AS words"
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
	for (; sdk_facts_next(&rest, &fact); count++) {
		CHECK(fact.id != 0 && fact.id >= last.id && fact.sdk.size > 0 && fact.mark.size > 0 && fact.what.size > 0);
		last = fact;
	}
	CHECK(count > 0);
}

TESTS(programs_of_an_sdk_are_its_marks, a_maker_is_a_mark_of_its_firmware, every_fact_can_be_read)
