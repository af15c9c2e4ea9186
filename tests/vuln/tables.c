/* The tables that a store is written with: of names, and of records. */
#include "harness.h"
#include "vuln/name_table.h"
#include "vuln/record_table.h"

enum { MANY = 5000 };

TEST(names_have_numbers_and_those_behind_a_mark_are_undone)
{
	struct name_table table;
	char name[32];
	name_table_init(&table);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("a")), 0);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof name, "name%d", i);
		CHECK_EQUAL(name_table_add(&table, span_of_text(name), i + 1), DONE);
		if (i == MANY / 2)
			name_table_mark(&table);
	}
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name4999")), 5000);
	name_table_undo(&table);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name4999")), 0);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name2500")), 2501);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name0")), 1);
	CHECK_EQUAL(name_table_add(&table, SPAN_LITERAL("name4999"), 7), DONE);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name4999")), 7);
	name_table_done(&table);
}

static int64_t take(struct record_table *table, int64_t id, const char *stamp)
{
	const struct record_key key = { id, 2, 1 };
	int64_t number = 0;
	return record_table_take(table, &key, span_of_text(stamp), &number) == DONE ? number : 0;
}

TEST(the_newest_record_is_kept)
{
	struct record_table table = { 0 };
	CHECK(!record_table_has(&table, &(struct record_key){ 1, 2, 1 }));
	CHECK(record_table_keeps(&table, 0));
	CHECK_EQUAL(take(&table, 1, "2024-01-01"), 1);
	CHECK_EQUAL(take(&table, 1, "2023-01-01"), 0);
	CHECK(record_table_keeps(&table, 1));
	CHECK_EQUAL(take(&table, 1, "2024-01-01"), 2);
	CHECK(!record_table_keeps(&table, 1) && record_table_keeps(&table, 2));
	CHECK_EQUAL(take(&table, 2, ""), 3);
	CHECK_EQUAL(take(&table, 2, "0"), 4);
	CHECK(!record_table_keeps(&table, 99999));
	CHECK(record_table_has(&table, &(struct record_key){ 1, 2, 1 }));
	CHECK(!record_table_has(&table, &(struct record_key){ 1, 3, 1 }));
	struct record_key key;
	int64_t sum = 0;
	for (size_t at = 0; record_table_next(&table, &at, &key);)
		sum += key.id;
	CHECK_EQUAL(sum, 3);
	record_table_done(&table);
}

TEST(records_behind_a_mark_are_undone_also_those_that_replaced_others)
{
	struct record_table table = { 0 };
	for (int i = 1; i <= MANY; i++)
		CHECK_EQUAL(take(&table, i, "2"), i);
	record_table_mark(&table);
	for (int i = 1; i <= 2 * MANY; i++)
		CHECK_EQUAL(take(&table, i, "3"), MANY + i);
	CHECK_EQUAL(take(&table, 1, "4"), 3 * MANY + 1);
	record_table_undo(&table);
	for (int i = 1; i <= MANY; i++)
		CHECK(record_table_keeps(&table, i) && !record_table_keeps(&table, MANY + i));
	CHECK(!record_table_has(&table, &(struct record_key){ MANY + 1, 2, 1 }));
	CHECK(take(&table, MANY + 1, "1") > 0);
	CHECK(take(&table, 1, "2") > 0);
	record_table_mark(&table);
	CHECK(take(&table, 2, "5") > 0);
	record_table_keep(&table);
	record_table_undo(&table);
	CHECK_EQUAL(take(&table, 2, "4"), 0);
	record_table_done(&table);
}

TESTS(names_have_numbers_and_those_behind_a_mark_are_undone, the_newest_record_is_kept,
      records_behind_a_mark_are_undone_also_those_that_replaced_others)
