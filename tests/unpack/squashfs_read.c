/* SquashFS images that are cut, flipped or made to mislead: never a crash or a hang, and what is whole is still read. */
#define _POSIX_C_SOURCE 200809L
#include <unistd.h>

#include "harness.h"
#include "unpack/opened.h"
#include "unpack/registry.h"

static const char *scratch(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *out = paths[turn++ % 4];
	(void)snprintf(out, sizeof paths[0], "%s/assay-squashfs-read-%ld/%s", harness_scratch(), (long)getpid(), name);
	return out;
}

/* An image of 40 files in a few directories; each file is its own name, repeated. */
static bool make_image(const char *options, struct file_view *view)
{
	bool made = harness_shell("mkdir -p '%s' && cd '%s' && for i in $(seq 40); do mkdir -p d$((i %% 5)); "
				  "yes file-$i | head -c $((i * 997)) > d$((i %% 5))/f$i; done; ln -sf d1/f1 link; ln -f d1/f1 hard; "
				  "mksquashfs . '%s' -noappend -no-progress -quiet -b 8K %s >/dev/null",
				  scratch("tree"), scratch("tree"), scratch("image"), options);
	return made && file_view_open(scratch("image"), SIZE_MAX, view);
}

static void remove_scratch(void)
{
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

/* Every byte must belong to the repeated name, or be a zero in place of what was lost. */
static bool is_own_name(const struct entry *entry, struct span content)
{
	char name[64];
	struct span base = span_basename(entry->path);
	size_t length = (size_t)snprintf(name, sizeof name, "file-%.*s\n", SPAN_FORMAT(span_from(base, 1)));
	for (size_t i = 0; i < content.size; i++)
		if (span_byte(content, i) != (uint8_t)name[i % length] && span_byte(content, i) != 0)
			return false;
	return true;
}

TEST(survives_damage_in_every_format)
{
	static const char *const options[] = { "-comp gzip", "-comp lzma", "-comp lzo", "-comp xz", "-comp lz4",
		"-comp zstd", "-noI -no-fragments", "-comp xz -Xbcj arm -always-use-fragments" };
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		struct file_view view;
		if (!make_image(options[i], &view))
			SKIP("needs squashfs-tools");
		opened_exercise_damaged(&unpacker_squashfs, view.bytes, 60, 250);
		file_view_close(&view);
	}
	remove_scratch();
}

TEST(survives_damage_in_old_versions)
{
	static const char *const names[] = { "lzma1_be.sqfs3", "lzma1_le.sqfs3", "lzma_be.sqfs2", "lzma_le.sqfs2",
		"zlib_be.sqfs3", "zlib_le.sqfs3", "avm_be.sqfs4" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char name[128];
		struct file_view view;
		(void)snprintf(name, sizeof name, "fmt-fact/squashFS/test/data/%s", names[i]);
		const char *path = harness_corpus(name);
		if (!path)
			SKIP("needs the corpus");
		REQUIRE(file_view_open(path, SIZE_MAX, &view));
		/* The file system is some hundred bytes of the 4 KiB. */
		opened_exercise_damaged(&unpacker_squashfs, span_slice(view.bytes, 0, 600), 100, 400);
		file_view_close(&view);
	}
}

/* A broken data block costs that block alone. */
TEST(reads_the_rest_of_a_damaged_image)
{
	struct file_view view;
	struct opened opened;
	size_t partial = 0, whole = 0;
	if (!make_image("-comp xz -no-fragments", &view))
		SKIP("needs squashfs-tools");
	uint8_t *copy = malloc(view.bytes.size);
	memcpy(copy, view.bytes.data, view.bytes.size);
	copy[96 + 400] ^= 0x55;
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, span_of(copy, view.bytes.size)), DONE);
	for (size_t i = 0; i < opened.listing.count; i++) {
		const struct entry *entry = &opened.listing.entries[i];
		struct span content;
		if (entry->type != ENTRY_FILE || span_equal_text(entry->path, "/hard"))
			continue;
		enum outcome outcome = opened_read(&opened, entry, &content);
		partial += outcome == PARTIAL;
		whole += outcome == DONE;
		CHECK_EQUAL(content.size, entry->size);
		CHECK(is_own_name(entry, content));
	}
	CHECK_EQUAL(whole + partial, 40);
	CHECK(partial >= 1 && partial <= 4);
	CHECK(opened.notes.count >= 1);
	CHECK_TEXT(opened.notes.first->code, "squashfs.bad-block");
	opened_close(&opened);
	free(copy);
	file_view_close(&view);
	remove_scratch();
}

/* Where the end is missing, so are the tables: the loss is said, not passed over. */
TEST(says_that_an_image_is_cut)
{
	struct file_view view;
	struct opened opened;
	if (!make_image("", &view))
		SKIP("needs squashfs-tools");
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, span_slice(view.bytes, 0, view.bytes.size / 3)), MALFORMED);
	CHECK(opened.notes.count >= 1);
	CHECK_TEXT(opened.notes.first->code, "squashfs.truncated");
	opened_close(&opened);
	file_view_close(&view);
	remove_scratch();
}

static void put_u64le(uint8_t *at, uint64_t value)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

/*
 * A directory that holds itself, twice: /a and /b are the root. Its only metadata
 * blocks are stored, so the whole image is written here.
 */
TEST(walks_a_loop_once)
{
	enum { SUPER = 96, INODES = 96, ROOT_SIZE = 32, DIRECTORY = INODES + 2 + ROOT_SIZE, ENTRIES = 12 + 2 * 9,
	       IDS = DIRECTORY + 2 + ENTRIES, END = IDS + 2 + 4 + 8 };
	static const uint8_t head[48] = { 'h', 's', 'q', 's', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 17, 0,
		0, 0, 1, 0, 4, 0, 0, 0 };
	static const uint8_t inodes[] = { ROOT_SIZE, 0x80, 1, 0, 0xed, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		3, 0, 0, 0, ENTRIES + 3, 0, 0, 0, 1, 0, 0, 0 };
	static const uint8_t entries[] = { ENTRIES, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'a',
		0, 0, 0, 0, 1, 0, 0, 0, 'b' };
	uint8_t image[END] = { 0 };
	struct opened opened;
	memcpy(image, head, sizeof head);
	put_u64le(image + 40, END);
	put_u64le(image + 48, IDS + 6);
	put_u64le(image + 56, UINT64_MAX);
	put_u64le(image + 64, INODES);
	put_u64le(image + 72, DIRECTORY);
	put_u64le(image + 80, IDS);
	put_u64le(image + 88, UINT64_MAX);
	memcpy(image + INODES, inodes, sizeof inodes);
	memcpy(image + DIRECTORY, entries, sizeof entries);
	image[IDS] = 4;
	image[IDS + 1] = 0x80;
	put_u64le(image + IDS + 6, IDS);
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, span_of(image, END)), PARTIAL);
	CHECK_EQUAL(opened.listing.count, 3);
	CHECK(opened_find(&opened, "/a") && opened_find(&opened, "/b"));
	CHECK_EQUAL(opened.notes.count, 2);
	CHECK_TEXT(opened.notes.first->code, "squashfs.directory-loop");
	opened_close(&opened);
}

TESTS(survives_damage_in_every_format, survives_damage_in_old_versions, reads_the_rest_of_a_damaged_image,
      says_that_an_image_is_cut, walks_a_loop_once)
