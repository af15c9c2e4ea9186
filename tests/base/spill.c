#include "base/spill.h"

#include "harness.h"

enum { PIECES = 300 };

/* Whether pieces come back from where they were put, the last first and again. */
static void check_pieces(struct spill *spill)
{
	uint64_t places[PIECES];
	char text[64];
	struct span out;
	for (int i = 0; i < PIECES; i++) {
		(void)snprintf(text, sizeof text, "piece %d of several", i);
		CHECK_EQUAL(spill_append(spill, span_of_text(text), &places[i]), DONE);
	}
	for (int i = 2 * PIECES - 1; i >= 0; i--) {
		(void)snprintf(text, sizeof text, "piece %d of several", i % PIECES);
		REQUIRE(spill_read(spill, places[i % PIECES], strlen(text), &out) == DONE);
		CHECK(span_equal_text(out, text));
	}
}

TEST(what_does_not_fit_into_memory_comes_back_from_a_file)
{
	static const size_t memory[] = { 0, 1000, 1 << 20 };
	for (size_t i = 0; i < sizeof memory / sizeof *memory; i++) {
		struct spill spill;
		spill_init(&spill, memory[i]);
		check_pieces(&spill);
		CHECK_EQUAL(spill.file != NULL, i < 2);
		CHECK(spill.memory.size <= memory[i]);
		spill_clear(&spill);
		check_pieces(&spill);
		spill_done(&spill);
	}
}

TEST(what_follows_a_reading_is_read_too)
{
	struct spill spill;
	struct span out;
	uint64_t first, second;
	spill_init(&spill, 0);
	CHECK_EQUAL(spill_append(&spill, SPAN_LITERAL("one"), &first), DONE);
	CHECK_EQUAL(spill_read(&spill, first, 3, &out), DONE);
	CHECK_EQUAL(spill_append(&spill, SPAN_LITERAL("two"), &second), DONE);
	CHECK_EQUAL(spill_read(&spill, second, 3, &out), DONE);
	CHECK(span_equal_text(out, "two"));
	CHECK_EQUAL(spill_read(&spill, second, 4, &out), NO_MEMORY); /* there is no more */
	spill_done(&spill);
}

TESTS(what_does_not_fit_into_memory_comes_back_from_a_file, what_follows_a_reading_is_read_too)
