#include "engine/record.h"
#include "engine/unread.h"

#include "evidence/query.h"
#include "harness.h"

static void begin(struct report_card *card)
{
	*card = (struct report_card){ 0 };
	arena_init(&card->arena, 1 << 20);
	notes_init(&card->notes, &card->arena);
}

static void add_volume(struct report_card *card, int64_t id, int64_t parent, int64_t file)
{
	struct record *record = record_add(card, RECORD_VOLUME);
	REQUIRE(record);
	record->id = id;
	record->volume = parent;
	record->file = file;
	fact_word(&record->facts, &record->row, VOLUME_FORMAT, "zip");
	fact_integer(&record->row, VOLUME_OFFSET, 0);
	fact_integer(&record->row, VOLUME_SIZE, 1);
	fact_integer(&record->row, VOLUME_FILES, 0);
	fact_word(&record->facts, &record->row, VOLUME_STATE, "read");
}

/* A file with one fact: its attribute, of the same name. */
static void add_file(struct report_card *card, int64_t id, int64_t volume, const char *path)
{
	struct record *record = record_add(card, RECORD_FILE);
	REQUIRE(record);
	record->id = id;
	record->volume = volume;
	fact_word(&record->facts, &record->row, FILE_PATH, path);
	fact_word(&record->facts, &record->row, FILE_TYPE, "file");
	fact_integer(&record->row, FILE_SIZE, 1);
	fact_word(&record->facts, &record->row, FILE_STATE, "read");
	struct fact *fact = fact_new(&record->facts, EVIDENCE_ATTRIBUTE);
	fact_word(&record->facts, fact, ATTRIBUTE_NAME, path);
	fact_word(&record->facts, fact, ATTRIBUTE_VALUE, "x");
}

static void check(struct evidence *evidence, const char *sql, int64_t want)
{
	if (query_number(evidence_database(evidence), sql) != want)
		harness_fail(__FILE__, __LINE__, "%s is %lld, not %lld", sql,
			     (long long)query_number(evidence_database(evidence), sql), (long long)want);
}

/* Two jobs with numbers of their own, -1 and on, after what was numbered beforehand. */
TEST(local_numbers_follow_the_last_ones)
{
	struct evidence *evidence;
	struct report_card first, second;
	struct numbering numbering = { .last_volume = 3, .last_file = 10 };
	REQUIRE(evidence_new(&evidence) == DONE);
	begin(&first);
	add_file(&first, 7, 2, "/outer.zip");
	add_volume(&first, -1, 2, 7);
	add_file(&first, -1, -1, "/outer.zip!/inner.zip");
	add_volume(&first, -2, -1, -1);
	add_file(&first, -2, -2, "/outer.zip!/inner.zip!/a");
	add_file(&first, -3, -2, "/outer.zip!/inner.zip!/b");
	begin(&second);
	add_file(&second, 8, 2, "/other.zip");
	add_volume(&second, -1, 2, 8);
	add_file(&second, -1, -1, "/other.zip!/c");
	CHECK_EQUAL(records_write(evidence, &numbering, &first), DONE);
	CHECK_EQUAL(numbering.last_volume, 5);
	CHECK_EQUAL(numbering.last_file, 13);
	CHECK_EQUAL(records_write(evidence, &numbering, &second), DONE);
	CHECK_EQUAL(numbering.last_volume, 6);
	CHECK_EQUAL(numbering.last_file, 14);
	check(evidence, "SELECT id * 100 + volume FROM file WHERE path = '/outer.zip'", 702);
	check(evidence, "SELECT id * 100 + volume FROM file WHERE path = '/outer.zip!/inner.zip'", 1104);
	check(evidence, "SELECT id * 100 + volume FROM file WHERE path = '/outer.zip!/inner.zip!/b'", 1305);
	check(evidence, "SELECT id * 100 + volume FROM file WHERE path = '/other.zip!/c'", 1406);
	check(evidence, "SELECT parent * 100 + file FROM volume WHERE id = 4", 207);
	check(evidence, "SELECT parent * 100 + file FROM volume WHERE id = 5", 411);
	check(evidence, "SELECT parent * 100 + file FROM volume WHERE id = 6", 208);
	/* Facts go with their files. */
	check(evidence, "SELECT count(*) FROM attribute a JOIN file f ON f.id = a.file WHERE a.name = f.path", 6);
	check(evidence, "SELECT count(*) FROM attribute", 6);
	arena_done(&first.arena);
	arena_done(&second.arena);
	evidence_free(evidence);
}

TEST(nothing_local_moves_no_number)
{
	struct evidence *evidence;
	struct report_card card;
	struct numbering numbering = { .last_volume = 1, .last_file = 2 };
	REQUIRE(evidence_new(&evidence) == DONE);
	begin(&card);
	add_volume(&card, 1, 0, 0);
	add_file(&card, 2, 1, "/a");
	notes_add(&card.notes, NOTE_WARNING, "test.note", NOTE_NO_OFFSET, "a remark");
	CHECK_EQUAL(records_write(evidence, &numbering, &card), DONE);
	CHECK_EQUAL(numbering.last_volume, 1);
	CHECK_EQUAL(numbering.last_file, 2);
	check(evidence, "SELECT count(*) FROM volume WHERE parent IS NULL AND file IS NULL", 1);
	check(evidence, "SELECT count(*) FROM note WHERE code = 'test.note'", 1);
	arena_done(&card.arena);
	evidence_free(evidence);
}

TEST(a_number_given_twice_is_refused)
{
	struct evidence *evidence;
	struct report_card card;
	struct numbering numbering = { 0 };
	REQUIRE(evidence_new(&evidence) == DONE);
	begin(&card);
	add_file(&card, 2, 1, "/a");
	add_file(&card, 2, 1, "/b");
	CHECK_EQUAL(records_write(evidence, &numbering, &card), MALFORMED);
	arena_done(&card.arena);
	evidence_free(evidence);
}

/* Facts at their ceiling, and one more: that one is missing is a row of the evidence. */
TEST(facts_without_room_are_told)
{
	for (size_t beyond = 0; beyond < 2; beyond++) {
		struct evidence *evidence;
		struct report_card card;
		struct numbering numbering = { .last_volume = 1 };
		REQUIRE(evidence_new(&evidence) == DONE);
		begin(&card);
		add_volume(&card, 1, 0, 0);
		add_file(&card, -1, 1, "/a");
		struct facts *facts = &card.last->facts;
		facts->ceiling = 3;
		for (size_t i = 0; i < 2 + beyond; i++)
			fact_word(facts, fact_new(facts, EVIDENCE_ATTRIBUTE), ATTRIBUTE_NAME, "b");
		for (struct fact *fact = facts->first; fact; fact = fact->next)
			fact_word(facts, fact, ATTRIBUTE_VALUE, "x");
		CHECK_EQUAL(records_write(evidence, &numbering, &card), DONE);
		check(evidence, "SELECT count(*) FROM attribute", 3);
		check(evidence, "SELECT count(*) FROM incomplete", (int64_t)beyond);
		check(evidence, "SELECT count(*) FROM incomplete i JOIN file f ON f.id = i.file WHERE f.path = '/a' AND i.path = '/a' AND"
		      " i.missing = 'facts' AND i.cause = 'limit' AND i.amount = 1 AND i.code = 'facts.attribute'", (int64_t)beyond);
		arena_done(&card.arena);
		evidence_free(evidence);
	}
}

TEST(texts_that_are_cut_are_told)
{
	static char text[64 * 1024 + 1];
	struct arena arena;
	struct facts facts;
	memset(text, 'x', sizeof text);
	arena_init(&arena, 1 << 20);
	facts_init(&facts, &arena);
	struct fact *fact = fact_new(&facts, EVIDENCE_ATTRIBUTE);
	fact_text(&facts, fact, ATTRIBUTE_VALUE, span_of(text, sizeof text - 1));
	CHECK_EQUAL(facts.dropped, 0);
	fact_text(&facts, fact, ATTRIBUTE_VALUE, span_of(text, sizeof text));
	CHECK_EQUAL(facts.dropped, 1);
	CHECK_EQUAL(fact->values[ATTRIBUTE_VALUE].text.size, sizeof text - 1);
	arena_done(&arena);
}

/* Several readers of a file come upon the same limit: it is told once, and of each file. */
TEST(what_is_missing_is_told_once)
{
	struct arena arena;
	struct notes notes;
	arena_init(&arena, 1 << 20);
	notes_init(&notes, &arena);
	for (notes.file = 1; notes.file <= 2; notes.file++)
		for (int i = 0; i < 2; i++)
			notes_incomplete(&notes, MISSING_SEARCH, CAUSE_LIMIT, "test.limit", 5, 1, "a limit");
	CHECK_EQUAL(notes.count, 2);
	notes.file = 2;
	notes_incomplete(&notes, MISSING_SEARCH, CAUSE_LIMIT, "test.limit", 6, 1, "a limit");
	CHECK_EQUAL(notes.count, 3);
	notes_incomplete(&notes, MISSING_SEARCH, CAUSE_LIMIT, "test.limit", 6, 9, "a limit");
	notes_incomplete(&notes, MISSING_SEARCH, CAUSE_LIMIT, "test.limit", 6, 4, "a limit");
	CHECK_EQUAL(notes.last->amount, 9);
	notes.ceiling = notes.count;
	notes_incomplete(&notes, MISSING_SEARCH, CAUSE_LIMIT, "test.limit", 7, 1, "a limit");
	notes_add(&notes, NOTE_WARNING, "test.remark", 7, "a remark");
	CHECK_EQUAL(notes.dropped, 2);
	CHECK_EQUAL(notes.dropped_missing, 1);
	arena_done(&arena);
}

/* What a time limit left is counted in one row, and nothing is said where there was time. */
TEST(what_time_left_is_told)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	CHECK(query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read'),"
			" (2, 'tar', 0, 9, 'over-budget'); INSERT INTO file (id, volume, path, type, size, state) VALUES"
			" (1, 2, '/a', 'file', 40, 'over-budget'), (2, 2, '/b', 'file', 2, 'over-budget'), (3, 2, '/c', 'file', 7, 'read')")
	      == DONE);
	CHECK_EQUAL(unread_in_time(evidence), DONE);
	check(evidence, "SELECT count(*) FROM incomplete", 0);
	CHECK(query_run(database, "INSERT INTO incomplete (missing, cause, code, detail)"
			" VALUES ('content', 'time', 'budget.time', 'x')")
	      == DONE);
	CHECK_EQUAL(unread_in_time(evidence), DONE);
	check(evidence, "SELECT count(*) FROM incomplete WHERE code = 'time.left' AND cause = 'time' AND amount = 42 AND detail LIKE"
	      " 'time was up: 2 files with 42 bytes and 1 containers %'", 1);
	evidence_free(evidence);
}

TEST(refused_memory_is_told)
{
	struct report_card card = { 0 };
	arena_init(&card.arena, 64);
	while (!card.incomplete)
		(void)record_add(&card, RECORD_FILE);
	CHECK(record_add(&card, RECORD_FILE) == NULL);
	arena_done(&card.arena);
}

TESTS(local_numbers_follow_the_last_ones, nothing_local_moves_no_number, a_number_given_twice_is_refused,
      facts_without_room_are_told, what_time_left_is_told, texts_that_are_cut_are_told, what_is_missing_is_told_once,
      refused_memory_is_told)
