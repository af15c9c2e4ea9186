/* The tables that a store is written with: of names, and of records. */
#include "harness.h"
#include "base/scoped.h"
#include "vuln/name_table.h"
#include "vuln/record_table.h"
#include "vuln/row_table.h"
#include "vuln/vulnerability_table.h"

enum { MANY = 5000 };

TEST(names_have_numbers_in_the_order_in_which_they_come)
{
	struct name_table table;
	char name[32];
	uint32_t number;
	name_table_init(&table);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("a")), 0);
	for (unsigned i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof name, "name%u", i);
		CHECK_EQUAL(name_table_take(&table, span_of_text(name), &number), DONE);
		CHECK_EQUAL(number, i + 1);
	}
	CHECK_EQUAL(name_table_take(&table, SPAN_LITERAL("name2500"), &number), DONE);
	CHECK_EQUAL(number, 2501);
	CHECK_EQUAL(name_table_take(&table, SPAN_NONE, &number), DONE);
	CHECK_EQUAL(number, MANY + 1);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name4999")), 5000);
	CHECK_EQUAL(name_table_find(&table, SPAN_LITERAL("name5000")), 0);
	CHECK(span_equal_text(name_table_name(&table, 5000), "name4999"));
	CHECK_EQUAL(name_table_name(&table, 0).size, 0);
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

static struct fact said_of(const char *ranges)
{
	return (struct fact){ .kind = FACT_ROW, .numbers = 2, .number = { 1, 0 }, .texts = ROW_TEXTS,
			      .text = { span_of_text(ranges) } };
}

static void add_row(struct row_table *table, struct row_key key, const char *release, const char *ranges)
{
	const struct fact said = said_of(ranges);
	CHECK_EQUAL(row_table_add(table, &key, span_of_text(release), &said), DONE);
}

TEST(rows_stand_in_the_order_of_their_keys_and_of_one_key_the_last_counts)
{
	static const char *const expected[] = { "own", "last", "second release", "other source", "later" };
	struct row_table table;
	row_table_init(&table);
	add_row(&table, (struct row_key){ .product = 2, .id = 9, .source = 1, .feed = 1 }, "", "later");
	add_row(&table, (struct row_key){ .product = 1, .id = 9, .source = 2, .feed = 1 }, "a", "other source");
	add_row(&table, (struct row_key){ .product = 1, .id = 9, .source = 1, .feed = 1 }, "b", "second release");
	add_row(&table, (struct row_key){ .product = 1, .id = 9, .source = 1, .feed = 1 }, "a", "first");
	add_row(&table, (struct row_key){ .product = 1, .id = 9, .source = 1, .feed = 1 }, "a", "last");
	add_row(&table, (struct row_key){ .product = 1, .id = 9, .source = 1, .feed = 1, .borrowed = true }, "a", "borrowed");
	add_row(&table, (struct row_key){ .product = 1, .id = -3, .source = 1, .feed = 1 }, "z", "own");
	CHECK_EQUAL(row_table_order(&table), DONE);
	CHECK_EQUAL(table.count, 5);
	for (size_t i = 0; i < table.count && i < 5; i++) {
		struct fact said;
		CHECK_EQUAL(row_table_read(&table, &table.all[i], &said), DONE);
		CHECK(span_equal_text(said.text[ROW_RANGES], expected[i]));
		CHECK_EQUAL(said.number[0], 1);
	}
	CHECK(span_equal_text(table.ranked[table.all[0].release], "z"));
	row_table_done(&table);
}

TEST(facts_come_back_as_they_were_stated)
{
	SCOPED(buffer) log = { 0 };
	struct fact fact = { .kind = FACT_AFFECTED, .numbers = 5, .number = { INT64_MIN, INT64_MAX, -1, 0, 127 }, .texts = 7,
			     .text = { SPAN_LITERAL("a"), SPAN_NONE, SPAN_LITERAL("ranges"), SPAN_NONE, SPAN_NONE, SPAN_NONE,
				       SPAN_LITERAL("why") } };
	const struct fact plain = { .kind = FACT_EPSS, .numbers = 1, .number = { 2024000000001 }, .real = -0.25 };
	struct fact out;
	buffer_init(&log, SIZE_MAX, NULL);
	CHECK_EQUAL(fact_log_add(&log, &fact), DONE);
	CHECK_EQUAL(fact_log_add(&log, &plain), DONE);
	struct span rest = buffer_span(&log);
	CHECK(fact_log_next(&rest, &out));
	CHECK(out.kind == fact.kind && out.numbers == 5 && out.texts == 7 && out.real >= 0.0 && out.real <= 0.0);
	CHECK(memcmp(out.number, fact.number, sizeof fact.number) == 0);
	CHECK(span_equal_text(out.text[2], "ranges"));
	CHECK(span_equal_text(out.text[6], "why"));
	CHECK(fact_log_next(&rest, &out));
	CHECK(out.kind == FACT_EPSS && out.number[0] == 2024000000001 && out.real < -0.24 && out.real > -0.26);
	CHECK(!fact_log_next(&rest, &out));
}

static void describe(struct vulnerability_table *table, int64_t rank, double score, const char *severity, const char *day)
{
	const struct fact fact = { .kind = FACT_VULNERABILITY, .numbers = 2, .number = { 7, rank }, .real = score, .texts = 5,
				   .text = { SPAN_LITERAL("3.1"), SPAN_NONE, span_of_text(severity), SPAN_NONE, span_of_text(day) } };
	CHECK_EQUAL(vulnerability_table_state(table, &fact), DONE);
}

TEST(of_scores_the_best_rank_counts_and_of_days_the_first)
{
	struct vulnerability_table table;
	vulnerability_table_init(&table);
	describe(&table, 5, 5.0, "medium", "2024-02-02");
	describe(&table, 9, 9.0, "high", "2024-01-01");
	describe(&table, 5, 6.0, "low", "");
	const struct vulnerability *known = vulnerability_table_find(&table, 7);
	CHECK(known->score > 4.9 && known->score < 5.1 && known->rank == 5);
	CHECK(span_equal_text(vulnerability_table_text(&table, known->severity), "medium"));
	CHECK(span_equal_text(vulnerability_table_text(&table, known->published), "2024-01-01"));
	describe(&table, 1, -1.0, "", "2025-01-01");
	known = vulnerability_table_find(&table, 7);
	CHECK(known->score < 0.0 && known->rank == 1 && known->severity == 0);
	CHECK(vulnerability_table_find(&table, 8) == NULL);
	vulnerability_table_done(&table);
}

TESTS(names_have_numbers_in_the_order_in_which_they_come, the_newest_record_is_kept,
      rows_stand_in_the_order_of_their_keys_and_of_one_key_the_last_counts, facts_come_back_as_they_were_stated,
      of_scores_the_best_rank_counts_and_of_days_the_first)
