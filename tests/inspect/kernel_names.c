#include <stdio.h>

#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/kernel_kallsyms.h"
#include "inspect/registry.h"

enum { ROOM = 1 << 20 };

/* How a version of Linux writes its table: scripts/kallsyms.c. */
struct layout {
	const char *name;
	unsigned width;     /* of a word and of the markers */
	unsigned alignment; /* before each part */
	bool big_endian;
	bool count_first;   /* since 6.4; else addresses and their base stand before */
	bool wide_lengths;  /* since 6.1 */
	unsigned sequence;  /* bytes for each name behind the markers */
};

static const struct layout layouts[] = {
	{ "2.6.36 of MIPS", 4, 16, false, false, false, 0 }, { "4.4 of x86-64", 8, 8, false, false, false, 0 },
	{ "4.19 of PowerPC", 4, 4, true, false, false, 0 },  { "5.10 of s390", 8, 8, true, false, false, 0 },
	{ "5.4 of AArch64", 8, 256, false, false, false, 0 }, { "6.2 of ARM", 4, 4, false, false, true, 3 },
	{ "6.12 of x86-64", 4, 8, false, true, true, 0 },
};
enum { LAYOUTS = sizeof layouts / sizeof *layouts };

struct writer {
	uint8_t *bytes;
	size_t size;
	const struct layout *layout;
	uint8_t tokens[KALLSYMS_TOKENS][12];
};

static void put(struct writer *w, uint64_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		w->bytes[w->size++] = (uint8_t)(value >> 8 * (w->layout->big_endian ? width - 1 - i : i));
}

static void align(struct writer *w)
{
	while (w->size % w->layout->alignment != 0)
		w->bytes[w->size++] = 0;
}

/* Every printable character is a token of its own; the others are pieces of several. */
static void make_tokens(struct writer *w)
{
	for (int i = 0; i < KALLSYMS_TOKENS; i++)
		(void)snprintf((char *)w->tokens[i], sizeof w->tokens[i], i > ' ' && i <= '~' ? "%c" : "piece%d_", i);
	memcpy(w->tokens[1], "driver_", 8);
}

static void put_name(struct writer *w, char type, const char *name, size_t pad)
{
	size_t length = 2 + strlen(name) + pad;
	if (w->layout->wide_lengths && length > 0x7f) {
		put(w, 0x80 | (length & 0x7f), 1);
		put(w, length >> 7, 1);
	} else {
		put(w, length, 1);
	}
	put(w, (uint8_t)type, 1);
	put(w, 1, 1);
	for (; *name; name++)
		put(w, (uint8_t)*name, 1);
	for (; pad > 0; pad--)
		put(w, 'z', 1);
}

/* The last but one is data, and one name is longer than a length of one byte can say, where there are two. */
static void put_names(struct writer *w, size_t count)
{
	uint32_t markers[64];
	size_t start = w->size;
	for (size_t i = 0; i < count; i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "%zu", i);
		if (i % 256 == 0)
			markers[i / 256] = (uint32_t)(w->size - start);
		put_name(w, i + 2 == count ? 'D' : i % 2 ? 't' : 'T', name, i == 9 && w->layout->wide_lengths ? 200 : 0);
	}
	align(w);
	for (size_t i = 0; i < (count + 255) / 256; i++)
		put(w, markers[i], w->layout->width);
	for (size_t i = 0; i < count * w->layout->sequence; i++)
		put(w, 0x11, 1);
	align(w);
}

static void put_tokens(struct writer *w)
{
	uint32_t starts[KALLSYMS_TOKENS], at = 0;
	for (int i = 0; i < KALLSYMS_TOKENS; i++) {
		size_t size = strlen((char *)w->tokens[i]) + 1;
		memcpy(w->bytes + w->size, w->tokens[i], size);
		w->size += size;
		starts[i] = at;
		at += (uint32_t)size;
	}
	align(w);
	for (int i = 0; i < KALLSYMS_TOKENS; i++)
		put(w, starts[i], 2);
}

static struct span make(struct writer *w, uint8_t *bytes, const struct layout *layout, size_t count)
{
	*w = (struct writer){ .bytes = bytes, .layout = layout };
	memset(bytes, 0xff, 64);
	w->size = 64;
	make_tokens(w);
	for (size_t i = 0; !layout->count_first && i <= count; i++)
		put(w, 0x80001000 + i * 16, layout->width);
	align(w);
	put(w, count, layout->width);
	align(w);
	put_names(w, count);
	put_tokens(w);
	for (size_t i = 0; layout->count_first && i <= count; i++)
		put(w, i * 16, 4);
	return span_of(bytes, w->size);
}

static uint8_t room[ROOM];

static const struct fact *names_of(struct inspected *inspected, const char *source)
{
	return inspected_find(inspected, EVIDENCE_KERNEL_NAMES, KERNEL_NAMES_SOURCE, source);
}

static bool has_line(struct span text, const char *words)
{
	struct span line;
	while (span_next_line(&text, &line))
		if (span_equal_text(line, words))
			return true;
	return false;
}

TEST(reads_the_symbols_of_every_layout)
{
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct writer w;
		struct inspected inspected;
		inspected_run(&inspected, &inspector_kernel_names, "kernel", make(&w, room, &layouts[i], 1000));
		const struct fact *row = names_of(&inspected, "kallsyms");
		if (!row)
			printf("# not read: that of %s\n", layouts[i].name);
		struct span names = inspected_text(row, KERNEL_NAMES_NAMES);
		CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_COUNT), 999);
		CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_WHOLE), 1);
		CHECK(has_line(names, "driver_0") && has_line(names, "driver_999"));
		CHECK(!has_line(names, "driver_998")); /* data */
		CHECK_EQUAL(inspected.notes.count, 0);
		inspected_done(&inspected);
	}
}

/* A table of which a byte is lost is not read in part: what it lacks would be said not to be in the kernel. */
TEST(says_that_damaged_symbols_were_not_read)
{
	for (size_t i = 0; i < LAYOUTS; i++) {
		struct writer w;
		struct inspected inspected;
		struct span bytes = make(&w, room, &layouts[i], 600);
		size_t at = span_find_text(bytes, "\1" "300", 0); /* the token and the number */
		REQUIRE(at != SPAN_NOT_FOUND);
		room[at - 2] ^= 1; /* its length */
		inspected_run(&inspected, &inspector_kernel_names, "kernel", bytes);
		CHECK(!names_of(&inspected, "kallsyms"));
		CHECK(inspected_noted(&inspected, "kernel.kallsyms"));
		inspected_done(&inspected);
	}
}

TEST(tables_of_kernel_symbols)
{
	for (size_t tables = 8; tables <= 9; tables++) {
		struct inspected inspected;
		struct writer w = { 0 };
		size_t size = 0;
		for (size_t i = 0; i < tables; i++)
			size += make(&w, room + size, &layouts[1], 300).size;
		inspected_run(&inspected, &inspector_kernel_names, "kernel", span_of(room, size));
		CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_NAMES), 8);
		CHECK_EQUAL(inspected_noted(&inspected, "kernel.kallsyms"), tables > 8);
		inspected_done(&inspected);
	}
}

/* Cut anywhere, and with any byte changed, it ends, and says nothing of names that it did not read. */
TEST(bears_symbols_that_are_cut_and_changed)
{
	struct writer w;
	struct span bytes = make(&w, room, &layouts[0], 300);
	for (size_t size = 0; size < bytes.size; size += 97) {
		struct inspected inspected;
		inspected_run(&inspected, &inspector_kernel_names, "kernel", span_slice(bytes, 0, size));
		CHECK(!names_of(&inspected, "kallsyms"));
		inspected_done(&inspected);
	}
	for (size_t at = 0; at < bytes.size; at += 61) {
		struct inspected inspected;
		room[at] ^= 0x55;
		inspected_run(&inspected, &inspector_kernel_names, "kernel", bytes);
		CHECK(inspected_count(&inspected, EVIDENCE_KERNEL_NAMES) <= 1);
		inspected_done(&inspected);
		room[at] ^= 0x55;
	}
}

#define BANNER "\1\2\0Linux version 4.19.88 (a@b) (gcc version 7.3.0) #1 SMP Tue Nov 14 14:21:44 CST 2017\n\0" \
	       "Kernel command line: %s\n\0"

TEST(reads_the_source_paths_of_messages)
{
	static const char bytes[] = BANNER "fs/btrfs/inode.c\0/b/linux-4.19/kernel/fork.c\0/b/linux-4.19/mm/slub.c\0"
				    "/b/linux-4.19/drivers/net/tun.c\0/other/net/core/dev.c\0libbb/xfuncs.c\0"
				    "/b/vendor/drivers/net/x.c\0./ipc/shm.c\0include/linux/mm.h\0";
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel_names, "kernel", SPAN_LITERAL(bytes));
	const struct fact *row = names_of(&inspected, "source paths");
	CHECK_TEXT(inspected_text(row, KERNEL_NAMES_NAMES),
		   "drivers/net/tun.c\nfs/btrfs/inode.c\nipc/shm.c\nkernel/fork.c\nmm/slub.c");
	CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_WHOLE), 0);
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_kernel_names, "/usr/bin/tool", SPAN_LITERAL("\x80\x81\0fs/btrfs/inode.c\0"));
	CHECK_EQUAL(inspected_count(&inspected, EVIDENCE_KERNEL_NAMES), 0);
	inspected_done(&inspected);
}

static size_t put_text(size_t at, const char *words)
{
	memcpy(room + at, words, strlen(words) + 1);
	return at + strlen(words) + 1;
}

TEST(reads_the_exported_names)
{
	struct inspected inspected;
	size_t size = sizeof BANNER;
	memcpy(room, BANNER, size);
	room[size++] = 0xff;
	room[size++] = 0;
	static const char *const always[] = { "kmem_cache_destroy", "wake_up_process", "filp_open", "register_chrdev_region" };
	for (size_t i = 0; i < 4; i++)
		size = put_text(size, always[i]);
	for (int i = 0; i < 300; i++) {
		char name[32];
		(void)snprintf(name, sizeof name, "export_%d", i);
		size = put_text(size, name);
	}
	room[size++] = 0xfe;
	size = put_text(size, "no_export");
	inspected_run(&inspected, &inspector_kernel_names, "kernel", span_of(room, size));
	const struct fact *row = names_of(&inspected, "exports");
	CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_COUNT), 304);
	CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_WHOLE), 0);
	CHECK(!has_line(inspected_text(row, KERNEL_NAMES_NAMES), "no_export"));
	inspected_done(&inspected);
}

TEST(reads_the_lists_of_modules)
{
	struct inspected inspected;
	inspected_run(&inspected, &inspector_kernel_names, "/lib/modules/6.1.0/modules.builtin",
		      SPAN_LITERAL("kernel/fs/ext4/ext4.ko\nkernel/arch/x86/crypto/aes.ko\n"));
	const struct fact *row = names_of(&inspected, "built in");
	CHECK_TEXT(inspected_text(row, KERNEL_NAMES_NAMES), "kernel/arch/x86/crypto/aes.ko\nkernel/fs/ext4/ext4.ko");
	CHECK_EQUAL(inspected_integer(row, KERNEL_NAMES_WHOLE), 1);
	inspected_done(&inspected);
	inspected_run(&inspected, &inspector_kernel_names, "/lib/modules/6.1.0/modules.dep",
		      SPAN_LITERAL("kernel/fs/btrfs/btrfs.ko.xz: kernel/lib/xor.ko.xz\nkernel/lib/xor.ko.xz:\n"));
	CHECK_TEXT(inspected_text(names_of(&inspected, "modules"), KERNEL_NAMES_NAMES),
		   "kernel/fs/btrfs/btrfs.ko\nkernel/lib/xor.ko");
	inspected_done(&inspected);
}

enum { MODULE_SYMBOLS = 0x100, MODULE_NAMES = 0x180, MODULE_SECTIONS = 0x200, MODULE_SIZE = 0x300 };

static void put_little(uint8_t *bytes, uint32_t value, int count)
{
	for (int i = 0; i < count; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
}

static void put_section(uint8_t *bytes, uint32_t index, const uint32_t *fields)
{
	for (uint32_t i = 0; i < 10; i++)
		put_little(bytes + MODULE_SECTIONS + index * 40 + i * 4, fields[i], 4);
}

/* Whether a module for ARM with these two functions, static ones, tells all of its functions. */
static bool tells_functions(const char *first, const char *second)
{
	static const char sections[] = "\0.symtab\0.strtab\0.modinfo";
	static uint8_t bytes[MODULE_SIZE];
	struct inspected inspected;
	memset(bytes, 0, sizeof bytes);
	memcpy(bytes, "\x7f" "ELF\1\1\1", 7);
	put_little(bytes + 16, 1, 2), put_little(bytes + 18, 40, 2), put_little(bytes + 20, 1, 4);
	put_little(bytes + 32, MODULE_SECTIONS, 4), put_little(bytes + 40, 52, 2), put_little(bytes + 46, 40, 2);
	put_little(bytes + 48, 4, 2), put_little(bytes + 50, 2, 2);
	memcpy(bytes + MODULE_NAMES, sections, sizeof sections);
	uint32_t name = sizeof sections;
	for (uint32_t i = 1; i <= 2; i++) {
		const char *function = i == 1 ? first : second;
		put_little(bytes + MODULE_SYMBOLS + i * 16, name, 4), put_little(bytes + MODULE_SYMBOLS + i * 16 + 12, 2, 1);
		put_little(bytes + MODULE_SYMBOLS + i * 16 + 14, 3, 2);
		memcpy(bytes + MODULE_NAMES + name, function, strlen(function));
		name += (uint32_t)strlen(function) + 1;
	}
	put_section(bytes, 1, (uint32_t[]){ 1, 2, 0, 0, MODULE_SYMBOLS, 48, 2, 3, 4, 16 });
	put_section(bytes, 2, (uint32_t[]){ 9, 3, 0, 0, MODULE_NAMES, name, 0, 0, 1, 0 });
	put_section(bytes, 3, (uint32_t[]){ 17, 1, 3, 0, 0x2c0, 0x40, 0, 0, 4, 0 });
	inspected_run(&inspected, &inspector_kernel_names, "/lib/modules/4.1.10/x.ko", span_of(bytes, sizeof bytes));
	const struct fact *row = names_of(&inspected, "module symbols");
	int64_t count = inspected_integer(row, KERNEL_NAMES_COUNT), whole = inspected_integer(row, KERNEL_NAMES_WHOLE);
	inspected_done(&inspected);
	CHECK_EQUAL(count, 2);
	return whole == 1;
}

/* OpenWrt gives functions numbers for names. */
TEST(a_module_that_was_stripped_of_names_tells_none)
{
	CHECK(tells_functions("init_module", "ah_mt6"));
	CHECK(!tells_functions("init_module", "cleanup_module"));
	CHECK(!tells_functions("_0", "_1"));
	CHECK(tells_functions("_0", "_1a"));
}

TESTS(reads_the_symbols_of_every_layout, says_that_damaged_symbols_were_not_read, tables_of_kernel_symbols,
      bears_symbols_that_are_cut_and_changed, reads_the_source_paths_of_messages, reads_the_exported_names,
      reads_the_lists_of_modules, a_module_that_was_stripped_of_names_tells_none)
