#include "inspect/kernel_texts.h"

#include <stdio.h>

#include "base/effort.h"
#include "base/embedded.h"
#include "base/lookup.h"
#include "harness.h"

static struct arena arena;
static struct name_list found;
static uint64_t offset;

/* What every kernel says. */
#define MESSAGES "\1\3Kernel panic - not syncing: %s\0Attempted to kill init!\0\1\3BUG: scheduling while atomic: %s\0" \
		 "VFS: Unable to mount root fs on %s\0Out of memory: %s\0"

/* The first text of an option of the table. */
static struct span text_of(const char *option)
{
	struct span rest = SPAN_NONE, text = SPAN_NONE;
	(void)lookup_line(embedded("kernel/traces.tsv"), span_of_text(option), &rest);
	for (int i = 0; i < 7; i++)
		text = lookup_field(&rest);
	return text;
}

/* Whether the text is found where it stands between these, among what every kernel says. */
static bool is_found(const char *messages, size_t size, const char *before, const char *behind)
{
	static struct span text; /* looked up while there is effort left */
	text = text.size > 0 ? text : text_of("BTRFS_FS");
	static uint8_t bytes[1024];
	memcpy(bytes, messages, size);
	size += (size_t)snprintf((char *)bytes + size, sizeof bytes - size, "%s%.*s%s", before, SPAN_FORMAT(text), behind);
	arena_init(&arena, 16 << 20);
	found = (struct name_list){ .arena = &arena };
	bool read = kernel_texts_find(span_of(bytes, size), &found, &offset);
	bool there = read && found.count == 1 && span_equal(found.names[0], text);
	arena_done(&arena);
	return there;
}

static bool among_messages(const char *before, const char *behind)
{
	return is_found(MESSAGES, sizeof MESSAGES, before, behind);
}

TEST(a_text_ends_with_its_first_conversion)
{
	REQUIRE(text_of("BTRFS_FS").size > 0);
	CHECK(among_messages("", ""));
	CHECK(among_messages("", "%d of %d"));
	CHECK(among_messages("", "\n"));
	CHECK(!among_messages("", "s"));
	CHECK(!among_messages("x", ""));
}

TEST(a_text_begins_behind_its_level_or_a_colon)
{
	CHECK(among_messages("\1" "3", ""));
	CHECK(among_messages("<3>", ""));
	CHECK(among_messages("\1" "6BTRFS: ", ""));
	CHECK(among_messages("a: b: c: ", "%s"));
	CHECK(!among_messages("a: b: c: d: e: ", ""));
	CHECK(!among_messages("a:", ""));
}

/* A kernel that says nothing, as one is built without printk(), lacks nothing. */
TEST(without_messages_nothing_is_said)
{
	static const char silent[] = "Linux version 4.14\0Attempted to kill init!\0";
	CHECK(!is_found(silent, sizeof silent, "", ""));
}

TEST(without_effort_nothing_is_said)
{
	struct effort effort;
	effort_start(&effort, 100, 0);
	CHECK(!among_messages("", ""));
	effort_stop(&effort);
	CHECK(among_messages("", ""));
}

/* Whoever set the meter, and gave the arena, tells what was not searched: neither may hide it. */
TEST(what_was_not_searched_for_lack_of_effort_or_memory_can_be_told)
{
	static const uint64_t efforts[] = { 100, 1000, 10000 };
	for (size_t i = 0; i < sizeof efforts / sizeof *efforts; i++) {
		struct effort effort;
		effort_start(&effort, efforts[i], 0);
		bool there = among_messages("", "");
		CHECK(there || effort.end == EFFORT_USED_UP);
		effort_stop(&effort);
	}
	struct arena small;
	arena_init(&small, 4096);
	struct name_list names = { .arena = &small };
	CHECK(!kernel_texts_find(span_of(MESSAGES, sizeof MESSAGES), &names, &offset));
	CHECK(small.refused);
	arena_done(&small);
}

TEST(the_table_has_a_checksum)
{
	CHECK(kernel_texts_table() > 0);
	CHECK_EQUAL(kernel_texts_table(), kernel_texts_table());
}

TESTS(a_text_ends_with_its_first_conversion, a_text_begins_behind_its_level_or_a_colon, without_messages_nothing_is_said,
      without_effort_nothing_is_said, what_was_not_searched_for_lack_of_effort_or_memory_can_be_told, the_table_has_a_checksum)
