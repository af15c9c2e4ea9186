/*
 * SquashFS against unsquashfs: the images of the corpus that it can open, and images
 * that mksquashfs makes here. unsquashfs -pf writes every entry and all contents into
 * one file, without making any file or device.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <unistd.h>

#include "harness.h"
#include "unpack/opened.h"
#include "unpack/registry.h"

static bool have_tools(void)
{
	return harness_shell("command -v mksquashfs unsquashfs python3 >/dev/null 2>&1");
}

/* A path below this run's scratch directory. Static storage. */
static const char *scratch(const char *name)
{
	static char paths[4][512];
	static unsigned turn;
	char *out = paths[turn++ % 4];
	(void)snprintf(out, sizeof paths[0], "%s/assay-squashfs-%ld/%s", harness_scratch(), (long)getpid(), name);
	return out;
}

/* Takes the next word off a line, where a backslash makes the next character plain. */
static struct span take_word(struct span *line, uint8_t *room)
{
	size_t from = 0, to = 0;
	while (from < line->size && span_byte(*line, from) != ' ') {
		from += span_byte(*line, from) == '\\';
		room[to++] = span_byte(*line, from++);
	}
	*line = span_from(*line, from + 1);
	return span_of(room, to);
}

static uint64_t take_number(struct span *line)
{
	uint8_t room[4096];
	uint64_t number = UINT64_MAX;
	(void)span_to_number(take_word(line, room), UINT64_MAX, &number);
	return number;
}

static uint32_t take_octal(struct span *line)
{
	uint8_t room[4096];
	struct span digits = take_word(line, room);
	uint32_t number = 0;
	for (size_t i = 0; i < digits.size; i++)
		number = number * 8 + span_byte(digits, i) - '0';
	return number;
}

static const struct entry *find(const struct opened *opened, struct span path)
{
	char text[4200];
	(void)snprintf(text, sizeof text, "/%.*s", SPAN_FORMAT(span_equal_text(path, "/") ? SPAN_NONE : path));
	return opened_find(opened, text);
}

static enum entry_type expected_type(uint8_t letter, struct span rest)
{
	switch (letter) {
	case 'D': return ENTRY_DIRECTORY;
	case 'S': return ENTRY_LINK;
	case 'B': return ENTRY_BLOCK_DEVICE;
	case 'C': return ENTRY_CHARACTER_DEVICE;
	case 'I': return span_byte(rest, 0) == 'f' ? ENTRY_FIFO : ENTRY_SOCKET;
	default: return ENTRY_FILE;
	}
}

static void check_content(struct opened *opened, const struct entry *entry, struct span want)
{
	struct span got;
	CHECK_EQUAL(opened_read(opened, entry, &got), DONE);
	if (!span_equal(got, want))
		harness_fail(__FILE__, __LINE__, "%.*s: content differs (%zu bytes, %zu wanted)",
			     SPAN_FORMAT(entry->path), got.size, want.size);
}

/* One line of the pseudo file: "path type time mode uid gid rest". */
static void check_line(struct opened *opened, struct span line, struct span contents)
{
	uint8_t room[4096];
	struct span path = take_word(&line, room);
	const struct entry *entry = find(opened, path);
	uint8_t letter = span_byte(line, 0);
	line = span_from(line, 2);
	if (!entry) {
		harness_fail(__FILE__, __LINE__, "%.*s is missing", SPAN_FORMAT(path));
		return;
	}
	if (letter == 'L') {
		const struct entry *other = find(opened, take_word(&line, room));
		CHECK(other && entry->identity != 0 && other->identity == entry->identity);
		return;
	}
	CHECK_EQUAL(entry->mtime, take_number(&line));
	CHECK_EQUAL(entry->mode, take_octal(&line));
	CHECK_EQUAL(entry->uid, take_number(&line));
	CHECK_EQUAL(entry->gid, take_number(&line));
	CHECK_EQUAL(entry->type, expected_type(letter, line));
	if (letter == 'S') {
		CHECK(span_equal(entry->target, line));
		CHECK_EQUAL(entry->size, line.size);
	} else if (letter == 'B' || letter == 'C') {
		/* unsquashfs writes bits 20 to 31, which belong to the minor number, with the major one. */
		uint64_t high = take_number(&line), low = take_number(&line);
		CHECK_EQUAL(entry->device_major, high & 0xfff);
		CHECK_EQUAL(entry->device_minor, low | (high >> 12) << 8);
	} else if (letter == 'R') {
		uint64_t size = take_number(&line), offset = take_number(&line);
		CHECK_EQUAL(entry->size, size);
		check_content(opened, entry, span_slice(contents, offset, size));
	}
}

/* Compares everything with what unsquashfs makes of it; false where it cannot open the image. */
static bool check_image(const char *path, uint64_t offset, struct span image)
{
	static const char start[] = "#\n# START OF DATA - DO NOT MODIFY\n#\n";
	struct file_view view;
	struct opened opened;
	const char *pseudo = scratch("pseudo");
	(void)unlink(pseudo);
	if (!harness_shell("unsquashfs -no-progress -o %" PRIu64 " -pf '%s' '%s' >/dev/null 2>&1", offset, pseudo, path) ||
	    !file_view_open(pseudo, SIZE_MAX, &view))
		return false;
	size_t data = span_find_text(view.bytes, start, 0);
	struct span lines = span_slice(view.bytes, 0, data == SPAN_NOT_FOUND ? UINT64_MAX : data), line;
	struct span contents = data == SPAN_NOT_FOUND ? SPAN_NONE : span_from(view.bytes, data + sizeof start - 1);
	size_t count = 0;
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, image), DONE);
	for (; span_next_line(&lines, &line) && !span_starts_text(line, "#"); count++)
		check_line(&opened, line, contents);
	CHECK(count > 0);
	CHECK_EQUAL(opened.listing.count, count);
	CHECK_EQUAL(opened.notes.count, 0);
	opened_close(&opened);
	file_view_close(&view);
	return true;
}

/* Every file system in a file, wherever it lies; gives how many unsquashfs could open too. */
static unsigned check_all_in(const char *path)
{
	static const char *const magics[] = { "hsqs", "sqsh" };
	struct file_view view;
	unsigned checked = 0;
	if (!file_view_open(path, SIZE_MAX, &view))
		return 0;
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		size_t at = 0;
		while ((at = span_find_text(view.bytes, magics[i], at)) != SPAN_NOT_FOUND) {
			checked += check_image(path, at, span_from(view.bytes, at));
			at++;
		}
	}
	file_view_close(&view);
	return checked;
}

TEST(agrees_with_unsquashfs_on_real_images)
{
	static const char *const files[] = {
		"dafang/dafang/5.5.1.177/rootfs.bin",
		"fmt-binwalk/squashfs.bin",
		"fmt-fact/broadcom/test/data/broadcom-sao.bin",
		"fmt-fact/draytek_vigor_167/test/data/valid_draytekvigor167_image.bin",
		"fmt-fact/squashFS/test/data/avm_le.sqfs4",
		"fmt-fact/squashFS/test/data/gzip.sqfs",
		"fmt-fact/squashFS/test/data/lz4.sqfs",
		"fmt-fact/squashFS/test/data/lzma.sqfs",
		"fmt-fact/squashFS/test/data/lzo.sqfs",
		"fmt-fact/squashFS/test/data/xz.sqfs",
		"fmt-fact/squashFS/test/data/zlib_be.sqfs3",
		"fmt-fact/squashFS/test/data/zlib_le.sqfs3",
		"fmt-fact/squashFS/test/data/zstd.sqfs",
		"fmt-fact/tpl/test/data/test.tpl",
		"hc5661/openwrt-18.06.1-ramips-mt7620-hc5661-squashfs-sysupgrade.bin",
		"iot-vulhub/TP-Link/CVE-2020-8423/firmware/wr841nv10_wr841ndv10_en_3_16_9_up_boot(150310).bin",
		"librarybox/openwrt-ar71xx-generic-tl-wr703n-v1-squashfs-factory.bin",
		"linksys-netgear/wrt54g/FW_WRT54Gv4_4.21.5.000_20120220.bin",
		"wr841nv14/firmware/TL-WR841Nv14_EU.bin",
		"wr841nv14/firmware/firmware-backdoored.bin",
	};
	if (!harness_corpus(files[0]) || !have_tools())
		SKIP("needs the corpus and squashfs-tools");
	REQUIRE(harness_shell("mkdir -p '%s'", scratch("")));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *path = harness_corpus(files[i]);
		int before = harness_failures;
		if (!path || check_all_in(path) == 0)
			harness_fail(__FILE__, __LINE__, "nothing to compare in %s", files[i]);
		if (harness_failures != before)
			printf("# in %s\n", files[i]);
	}
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

/* An old mksquashfs that writes indexes of attributes without a table of them; the image lies in a zip file. */
TEST(agrees_with_unsquashfs_on_a_zipped_image)
{
	const char *zip = harness_corpus("linksys-netgear/wnr2000v5/WNR2000v5-V1.0.0.18.zip");
	if (!zip || !have_tools())
		SKIP("needs the corpus, squashfs-tools and python3");
	REQUIRE(harness_shell("mkdir -p '%s' && cd '%s' && python3 -m zipfile -e '%s' . && mv *.img image", scratch(""),
			      scratch(""), zip));
	CHECK_EQUAL(check_all_in(scratch("image")), 1);
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

/* A tree with a file of every awkward size, links, names, a hole, and a directory that needs several blocks. */
static bool make_tree(void)
{
	return harness_shell("rm -rf '%s' && mkdir -p '%s'", scratch(""), scratch("tree")) &&
	       harness_shell("cd '%s' && python3 -c '\n"
		   "import os, random\n"
		   "random.seed(7)\n"
		   "words = [random.randbytes(random.randrange(3, 12)) for i in range(500)]\n"
		   "def text(size):\n"
		   "    out = bytearray()\n"
		   "    while len(out) < size: out += random.choice(words)\n"
		   "    return bytes(out[:size])\n"
		   "for size in 0, 1, 2, 4095, 4096, 4097, 131071, 131072, 131073, 262144, 1048576, 3000001:\n"
		   "    open(\"size%%d\" %% size, \"wb\").write(text(size))\n"
		   "open(\"random\", \"wb\").write(random.randbytes(300000))\n"
		   "with open(\"holes\", \"wb\") as f:\n"
		   "    f.seek(2000000); f.write(text(200000)); f.seek(5000000); f.write(b\"end\")\n"
		   "with open(\"onlyhole\", \"wb\") as f: f.truncate(1 << 20)\n"
		   "os.mkdir(\"empty\"); os.mkdir(\"many\"); os.makedirs(\"a/b/c/d/e/f/g\")\n"
		   "for i in range(3000): open(\"many/%%s-%%d\" %% (\"n\" * (i %% 90), i), \"wb\").write(text(i %% 50))\n"
		   "open(\"sp ace\\\\back\", \"wb\").write(b\"x\")\n"
		   "os.link(\"size4097\", \"a/hard\"); os.link(\"size4097\", \"a/b/hard\")\n"
		   "os.symlink(\"../some where\", \"a/link\"); os.symlink(\"t\" * 3000, \"longlink\")\n"
		   "os.chmod(\"size1\", 0o6755); os.chmod(\"empty\", 0o1777)\n"
		   "open(\"x86\", \"wb\").write(open(\"/bin/sh\", \"rb\").read())\n"
		   "'", scratch("tree")) &&
	       harness_shell("printf 'dev d 755 0 0\\ndev/null c 666 0 0 1 3\\ndev/sda b 660 0 6 8 1\\n"
		   "dev/tty250 c 620 1000 5 4 250\\nfifo i 600 1 2 f\\nsocket i 600 70000 2000000000 s\\n' > '%s'",
		   scratch("devices"));
}

static void check_made(const char *options)
{
	struct file_view view;
	int before = harness_failures;
	const char *image = scratch("image");
	REQUIRE(harness_shell("mksquashfs '%s' '%s' -noappend -no-progress -quiet -pf '%s' %s >/dev/null", scratch("tree"), image,
		    scratch("devices"), options));
	REQUIRE(file_view_open(image, SIZE_MAX, &view));
	CHECK(check_image(image, 0, view.bytes));
	file_view_close(&view);
	if (harness_failures != before)
		printf("# made with %s\n", options);
}

TEST(agrees_with_unsquashfs_on_made_images)
{
	static const char *const options[] = {
		"-comp gzip", "-comp lzma", "-comp lzo", "-comp xz", "-comp lz4", "-comp zstd",
		"-comp lzo -Xalgorithm lzo1x_1", "-comp lzo -Xalgorithm lzo1x_1_15 -b 1M", "-comp lz4 -Xhc -b 4K",
		"-comp gzip -Xwindow-size 9 -Xcompression-level 1", "-comp zstd -Xcompression-level 1 -b 1M",
		"-comp xz -Xbcj x86", "-comp xz -Xbcj arm,armthumb -b 64K", "-comp xz -Xdict-size 25%",
		"-no-fragments", "-always-use-fragments -b 16K", "-tailends -b 8K", "-no-duplicates -no-sparse",
		"-noI", "-noD", "-noF", "-noI -noD -noF -noX", "-noI -comp xz", "-no-exports -no-hardlinks",
		"-b 4K -comp zstd -all-root", "-nopad",
	};
	if (!have_tools())
		SKIP("needs squashfs-tools and python3");
	REQUIRE(make_tree());
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		check_made(options[i]);
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

TEST(gives_large_device_numbers_whole)
{
	struct file_view view;
	struct opened opened;
	if (!have_tools())
		SKIP("needs squashfs-tools");
	REQUIRE(harness_shell("mkdir -p '%s'", scratch("tree")));
	REQUIRE(harness_shell("mksquashfs '%s' '%s' -noappend -no-progress -quiet -p 'blk b 600 3 4 259 70000' >/dev/null",
		    scratch("tree"), scratch("image")));
	REQUIRE(file_view_open(scratch("image"), SIZE_MAX, &view));
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, view.bytes), DONE);
	const struct entry *device = opened_find(&opened, "/blk");
	CHECK(device && device->device_major == 259 && device->device_minor == 70000);
	opened_close(&opened);
	file_view_close(&view);
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

static const struct attribute *attribute_of(const struct entry *entry, const char *name)
{
	const struct attribute *found = entry ? entry->attributes : NULL;
	while (found && !span_equal_text(found->name, name))
		found = found->next;
	return found;
}

TEST(reads_extended_attributes)
{
	struct file_view view;
	struct opened opened;
	if (!have_tools())
		SKIP("needs squashfs-tools and python3");
	REQUIRE(harness_shell("mkdir -p '%s'", scratch("tree/d")));
	if (!harness_shell("cd '%s' && python3 -c '\n"
		 "import os\n"
		 "for i in range(400):\n"
		 "    open(\"f%%d\" %% i, \"w\").write(str(i))\n"
		 "    os.setxattr(\"f%%d\" %% i, \"user.number\", b\"value-%%d\" %% i)\n"
		 "    os.setxattr(\"f%%d\" %% i, \"user.shared\", b\"s\" * 300)\n"
		 "os.setxattr(\"d\", \"user.large\", bytes(range(256)) * 8)\n"
		 "'", scratch("tree")))
		SKIP("the scratch directory has no extended attributes");
	REQUIRE(harness_shell("mksquashfs '%s' '%s' -noappend -no-progress -quiet >/dev/null", scratch("tree"),
		    scratch("image")));
	REQUIRE(file_view_open(scratch("image"), SIZE_MAX, &view));
	CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, view.bytes), DONE);
	for (unsigned i = 0; i < 400; i++) {
		char path[32], value[32];
		(void)snprintf(path, sizeof path, "/f%u", i);
		(void)snprintf(value, sizeof value, "value-%u", i);
		const struct attribute *number = attribute_of(opened_find(&opened, path), "user.number");
		const struct attribute *shared = attribute_of(opened_find(&opened, path), "user.shared");
		CHECK(number && span_equal_text(number->value, value));
		CHECK(shared && shared->value.size == 300 && span_byte(shared->value, 299) == 's');
	}
	const struct attribute *large = attribute_of(opened_find(&opened, "/d"), "user.large");
	CHECK(large && large->value.size == 2048 && span_byte(large->value, 2047) == 255);
	opened_close(&opened);
	file_view_close(&view);
	(void)harness_shell("rm -rf '%s'", scratch(""));
}

TESTS(agrees_with_unsquashfs_on_real_images, agrees_with_unsquashfs_on_a_zipped_image,
      agrees_with_unsquashfs_on_made_images, gives_large_device_numbers_whole, reads_extended_attributes)
