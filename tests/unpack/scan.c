/* Bids of formats that are made here, in place of the registry's: what a search believes, and which of two it prefers. */
#include "unpack/scan.h"

#include "harness.h"

/* A bid is written down in the bytes: a letter for the outcome, the bits, the size. "AB" begins one, for each format. */
static enum outcome bid(struct span bytes, size_t at, struct extent *out)
{
	static const struct {
		char letter;
		enum outcome outcome;
	} outcomes[] = { { 'S', DONE }, { 'P', PARTIAL }, { 'D', MALFORMED }, { 'U', UNSUPPORTED } };
	out->bits = span_byte(bytes, at + 1);
	out->size = span_byte(bytes, at + 2);
	for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++)
		if (span_byte(bytes, at) == outcomes[i].letter)
			return outcomes[i].outcome;
	return NOT_THIS;
}

static enum outcome measure_first(struct span bytes, struct arena *arena, struct extent *out)
{
	(void)arena;
	return bid(bytes, 2, out);
}

static enum outcome measure_second(struct span bytes, struct arena *arena, struct extent *out)
{
	(void)arena;
	return bid(bytes, 5, out);
}

static const struct unpacker first = { .name = "first", .magics = { MAGIC("AB", 0) }, .measure = measure_first };
static const struct unpacker second = { .name = "second", .magics = { MAGIC("AB", 0) }, .measure = measure_second };
const struct unpacker *const unpackers[] = { &first, &second, NULL };

static bool keep_last(void *context, struct found *found)
{
	*(struct found *)context = *found;
	return true;
}

/* The format whose bid wins, both where the bytes begin with it and further on; "" where none is believed. */
static void check_bids(const char *bids, const char *winner)
{
	struct scan_index *index;
	struct arena arena;
	char text[32];
	arena_init(&arena, 1 << 20);
	REQUIRE(scan_index_new(&index) == DONE);
	for (int offset = 0; offset < 4; offset += 3) {
		struct found found = { 0 };
		(void)snprintf(text, sizeof text, "%.*sAB%s", offset, "xxx", bids);
		scan_bytes(index, span_of_text(text), &arena, keep_last, &found);
		CHECK_TEXT(found.unpacker ? span_of_text(found.unpacker->name) : SPAN_LITERAL(""), winner);
		CHECK(!found.unpacker || found.offset == (uint64_t)offset);
	}
	scan_index_free(index);
	arena_done(&arena);
}

TEST(sound_bid_beats_a_damaged_one_of_more_bits)
{
	check_bids("S\x20\x05" "D\x60\x08", "first");
	check_bids("D\x60\x08" "S\x20\x05", "second");
	check_bids("P\x20\x05" "D\x60\x08", "first");
	check_bids("D\x60\x08" "P\x20\x05", "second");
	check_bids("D\x20\x05" "N\x60\x08", "first"); /* a damaged one is better than none */
	check_bids("D\x20\x08" "D\x60\x05", "second");
}

TEST(more_bits_win_then_the_larger_then_the_first)
{
	check_bids("S\x30\x05" "S\x31\x04", "second");
	check_bids("S\x31\x04" "S\x30\x05", "first");
	check_bids("S\x30\x04" "S\x30\x05", "second");
	check_bids("S\x30\x05" "S\x30\x04", "first");
	check_bids("S\x30\x05" "S\x30\x05", "first");
	check_bids("P\x31\x05" "S\x30\x05", "first"); /* what is cut short is sound as far as it goes */
}

TEST(too_few_bits_and_other_outcomes_are_not_believed)
{
	check_bids("S\x18\x05" "N\x01\x01", "first"); /* 24 bits */
	check_bids("S\x17\x05" "N\x01\x01", "");
	check_bids("U\x60\x05" "S\x20\x05", "second");
	check_bids("N\x60\x05" "U\x20\x05", "");
}

TESTS(sound_bid_beats_a_damaged_one_of_more_bits, more_bits_win_then_the_larger_then_the_first,
      too_few_bits_and_other_outcomes_are_not_believed)
