/* SquashFS images whose compression no header names, and that unsquashfs does not open: vendors' LZMA. */
#include "harness.h"
#include "unpack/opened.h"
#include "unpack/registry.h"

struct vendor_image {
	const char *path;
	const char *magic;
	const char *detail;
	size_t files; /* at least */
};

static const struct vendor_image vendor_images[] = {
	{ "fmt-binwalk/squashfs_v2.bin", "sqsh", "2.0 big-endian lzma with a short header, 64 KiB blocks", 200 },
	{ "wrt54gl/FW_WRT54GL_4.30.18.006_ETSI_20160108.bin", "shsq",
	  "3.0 little-endian lzma with a short header, 64 KiB blocks", 200 },
	{ "ddwrt/dd-wrt.v24_mini_generic.bin", "hsqt", "3.0 little-endian lzma without a header, 64 KiB blocks", 200 },
	{ "ddwrt/dir300-firmware.bin", "tqsh", "3.0 big-endian lzma without a header, 64 KiB blocks", 200 },
	{ "iot-vulhub/HUAWEI/CVE-2017-17215/firmware/HG532eV100R001C01B020_upgrade_packet.bin", "qshs",
	  "3.0 big-endian lzma, 64 KiB blocks", 100 },
};

static bool is_program(struct span path)
{
	return span_find_text(path, "/bin/", 0) != SPAN_NOT_FOUND || span_find_text(path, "/sbin/", 0) != SPAN_NOT_FOUND;
}

/* Reads all files: every program must be an ELF object or a script, and lists of accounts must look like ones. */
static void check_contents(struct opened *opened, size_t at_least)
{
	size_t files = 0, programs = 0;
	for (size_t i = 0; i < opened->listing.count; i++) {
		const struct entry *entry = &opened->listing.entries[i];
		struct span content;
		if (entry->type != ENTRY_FILE)
			continue;
		files++;
		enum outcome outcome = opened_read(opened, entry, &content);
		if (outcome != DONE || content.size != entry->size)
			harness_fail(__FILE__, __LINE__, "%.*s is %s", SPAN_FORMAT(entry->path), outcome_name(outcome));
		if (span_equal_text(entry->path, "/etc/passwd"))
			CHECK(span_find_text(content, ":0:0:", 0) != SPAN_NOT_FOUND);
		if (!is_program(entry->path) || content.size < 4)
			continue;
		programs++;
		if (!span_starts_text(content, "\177ELF") && !span_starts_text(content, "#!"))
			harness_fail(__FILE__, __LINE__, "%.*s is no program", SPAN_FORMAT(entry->path));
	}
	CHECK(files >= at_least);
	CHECK(programs >= 5);
	CHECK_EQUAL(opened->notes.count, 0);
}

static void check_vendor_image(const struct vendor_image *image, const char *path)
{
	struct file_view view;
	struct opened opened;
	REQUIRE(file_view_open(path, SIZE_MAX, &view));
	size_t at = span_find_text(view.bytes, image->magic, 0);
	while (at != SPAN_NOT_FOUND && opened_open(&opened, &unpacker_squashfs, span_from(view.bytes, at)) == NOT_THIS) {
		opened_close(&opened);
		at = span_find_text(view.bytes, image->magic, at + 1);
	}
	REQUIRE(at != SPAN_NOT_FOUND);
	CHECK_EQUAL(opened.listed, DONE);
	CHECK_TEXT(opened.volume.extent.detail, image->detail);
	check_contents(&opened, image->files);
	opened_close(&opened);
	file_view_close(&view);
}

TEST(finds_out_vendors_compression)
{
	for (size_t i = 0; i < sizeof vendor_images / sizeof *vendor_images; i++) {
		const char *path = harness_corpus(vendor_images[i].path);
		int before = harness_failures;
		if (!path)
			SKIP("needs the corpus");
		check_vendor_image(&vendor_images[i], path);
		if (harness_failures != before)
			printf("# in %s\n", path);
	}
}

/* The same three files in every variant. */
TEST(reads_every_variant_of_one_tree)
{
	static const char *const names[] = { "avm_be.sqfs4", "avm_le.sqfs4", "gzip.sqfs", "lz4.sqfs", "lzma.sqfs",
		"lzma1_be.sqfs3", "lzma1_le.sqfs3", "lzma_be.sqfs2", "lzma_le.sqfs2", "lzo.sqfs", "xz.sqfs",
		"zlib_be.sqfs3", "zlib_le.sqfs3", "zstd.sqfs" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char name[128];
		struct file_view view;
		struct opened opened;
		struct span content = SPAN_NONE;
		(void)snprintf(name, sizeof name, "fmt-fact/squashFS/test/data/%s", names[i]);
		const char *path = harness_corpus(name);
		if (!path)
			SKIP("needs the corpus");
		int before = harness_failures;
		REQUIRE(file_view_open(path, SIZE_MAX, &view));
		CHECK_EQUAL(opened_open(&opened, &unpacker_squashfs, view.bytes), DONE);
		CHECK_EQUAL(opened.listing.count, 5);
		const struct entry *entry = opened_find(&opened, "/generic folder/test file 3_.txt");
		CHECK(entry && opened_read(&opened, entry, &content) == DONE);
		CHECK_TEXT(content, "The third test file!");
		entry = opened_find(&opened, "/testfile1");
		CHECK(entry && opened_read(&opened, entry, &content) == DONE);
		CHECK_TEXT(content, "test file:\ncontent: MyTestRule 1.2.3\nVersion: Program 0.0.0.0\n");
		CHECK(entry && entry->uid == 1000 && entry->gid == 1000 && entry->mode == 0644);
		if (harness_failures != before)
			printf("# in %s\n", names[i]);
		opened_close(&opened);
		file_view_close(&view);
	}
}

TESTS(finds_out_vendors_compression, reads_every_variant_of_one_tree)
