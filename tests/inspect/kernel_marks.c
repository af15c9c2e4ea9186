#include "inspect/kernel_marks.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "base/lookup.h"
#include "harness.h"

static struct arena arena;
static struct name_list found;
static uint64_t offset;

/* The first name by which the code of an option registers, or exports, something. */
static struct span mark_of(const char *option, bool exported)
{
	struct span rest, name = SPAN_NONE, word = SPAN_NONE;
	(void)lookup_line(embedded("kernel/marks.tsv"), span_of_text(option), &rest);
	for (int i = 0; i < (exported ? 3 : 6); i++)
		name = lookup_field(&rest);
	return exported && span_next_word(&name, &word) ? word : name;
}

/* Whether the name is found between what stands before it and behind it. */
static bool is_found(struct span name, const char *before, struct span behind)
{
	struct buffer bytes;
	buffer_init(&bytes, 1024, NULL);
	bool whole = buffer_append(&bytes, span_of_text(before)) == DONE && buffer_append(&bytes, name) == DONE &&
		     buffer_append(&bytes, behind) == DONE;
	arena_init(&arena, 64 << 20);
	found = (struct name_list){ .arena = &arena };
	offset = 99;
	bool there = whole && kernel_marks_find(buffer_span(&bytes), &found, &offset) && found.count == 1 &&
		     span_equal(found.names[0], name);
	arena_done(&arena);
	buffer_done(&bytes);
	return there;
}

#define END span_of("", 1)

TEST(a_mark_is_the_end_of_a_string)
{
	struct span name = mark_of("NET_SCH_HFSC", false);
	REQUIRE(name.size > 0);
	CHECK(is_found(name, "", END));
	CHECK_EQUAL(offset, 0);
	CHECK(is_found(name, "other_", END)); /* linkers keep a name that another ends with in that */
	CHECK_EQUAL(offset, 6);
	CHECK(!is_found(name, "", span_of("x", 2)));
	CHECK(!is_found(name, "", SPAN_NONE));
}

TEST(exports_are_marks)
{
	struct span name = mark_of("VT", true);
	REQUIRE(name.size > 0);
	CHECK(is_found(name, "", END));
	CHECK(!is_found(span_slice(name, 1, name.size - 1), "", END));
}

TEST(without_effort_nothing_is_said)
{
	struct effort effort;
	effort_start(&effort, 3, 0);
	CHECK(!is_found(mark_of("VT", true), "", END));
	effort_stop(&effort);
	CHECK(is_found(mark_of("VT", true), "", END));
}

TESTS(a_mark_is_the_end_of_a_string, exports_are_marks, without_effort_nothing_is_said)
