#include "engine/record.h"

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
      refused_memory_is_told)
