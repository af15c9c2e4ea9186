#include "unpack/manifest.h"
#include "unpack/registry.h"

/* Makes an archive of a tree with a command, and compares it; sed drops what the format does not keep. */
static void check(const struct unpacker *unpacker, const char *command, const char *sed)
{
	struct manifest_volume image;
	if (!manifest_has("zip bsdtar cpio ar python3"))
		SKIP("zip, bsdtar, cpio, ar or python3 is not installed");
	REQUIRE(manifest_make_tree("archive-tree"));
	REQUIRE(
	    manifest_shell("rm -f archive.img; cd archive-tree && rm -f pipe console disk && %s", command));
	REQUIRE(manifest_shell("cp archive.img padded.img && head -c 70000 /dev/zero >> padded.img"));
	REQUIRE(manifest_open(manifest_path("padded.img"), unpacker, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK(unpacker->at_start_only || image.opened.volume.extent.size <= image.view.bytes.size - 70000);
	CHECK_EQUAL(manifest_write(&image.opened, "archive"), DONE);
	CHECK(manifest_same("archive", "archive-tree", sed));
	manifest_close(&image);
	manifest_damage_file(manifest_path("archive.img"), unpacker, 100);
}

/* The unpacker of a corpus file claims it, and finds that entry with that size. */
static void check_corpus(const char *file, const char *ending, const struct unpacker *unpacker,
			 const char *path, uint64_t size)
{
	struct manifest_volume image;
	char name[256];
	(void)snprintf(name, sizeof name, "%s%s", file, ending);
	const char *corpus = harness_corpus(name);
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_open(corpus, unpacker, &image));
	const struct entry *entry = opened_find(&image.opened, path);
	CHECK(entry != NULL);
	if (entry)
		CHECK_EQUAL(entry->size, size);
	CHECK_EQUAL(manifest_write(&image.opened, "read"), DONE);
	if (image.view.bytes.size < 1024 * 1024)
		opened_exercise_damaged(unpacker, image.view.bytes, 20, 200);
	manifest_close(&image);
}

#define NO_OWNERS "s/|[0-7]*|[0-9]*|[0-9]*|/|/"

TEST(reads_zip)
{
	check(&unpacker_zip, "zip -qryX ../archive.img .", NO_OWNERS);
}

/* Sizes and checksums stand behind each content. zip itself can do this only in some versions, so Python writes it. */
static const char stream_zip[] =
    "cat > ../stream-zip.py <<'END'\n"
    "import os, stat, sys, zipfile\n"
    "class Pipe:\n"
    "    write, flush = sys.stdout.buffer.write, sys.stdout.buffer.flush\n"
    "with zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as archive:\n"
    "    for folder, folders, files in os.walk('.'):\n"
    "        folders.sort()\n"
    "        for path in sorted(os.path.join(folder, name) for name in folders + files):\n"
    "            mode = os.lstat(path).st_mode\n"
    "            entry = zipfile.ZipInfo(path[2:] + '/' * stat.S_ISDIR(mode))\n"
    "            entry.create_system, entry.external_attr = 3, mode << 16\n"
    "            entry.compress_type = zipfile.ZIP_DEFLATED if stat.S_ISREG(mode) else zipfile.ZIP_STORED\n"
    "            link = stat.S_ISLNK(mode)\n"
    "            content = os.readlink(path).encode() if link else open(path, 'rb').read() if stat.S_ISREG(mode) else b''\n"
    "            archive.writestr(entry, content)\n"
    "END\n"
    "python3 ../stream-zip.py | cat > ../archive.img";

TEST(reads_zip_written_as_a_stream)
{
	check(&unpacker_zip, stream_zip, NO_OWNERS);
}

TEST(reads_sevenzip)
{
	check(&unpacker_sevenzip, "bsdtar --format=7zip -cf ../archive.img *", NO_OWNERS);
}

TEST(reads_iso9660)
{
	check(&unpacker_iso9660, "bsdtar --format=iso9660 -cf ../archive.img .", NO_OWNERS);
}

TEST(reads_old_binary_cpio)
{
	check(&unpacker_old_cpio, "find . | cpio -o -H bin --quiet > ../archive.img", "");
}

TEST(reads_ar)
{
	check(&unpacker_ar,
	      "mkdir flat && cp bin/random flat && cp bin/tool flat/a-name-longer-than-sixteen && "
	      "(cd flat && ar rcSD ../../archive.img *) && find . -mindepth 1 -maxdepth 1 ! -name flat "
	      "-exec rm -rf {} + && mv flat/* . && rmdir flat && chmod 644 *",
	      NO_OWNERS);
}

TEST(notes_encryption)
{
	struct manifest_volume image;
	REQUIRE(manifest_shell(
	    "rm -f locked.zip && echo secret > plain.txt && zip -q -P word locked.zip plain.txt"));
	REQUIRE(manifest_open(manifest_path("locked.zip"), &unpacker_zip, &image));
	CHECK_EQUAL(image.opened.listing.count, 1);
	CHECK_EQUAL(manifest_write(&image.opened, "read"), UNSUPPORTED);
	CHECK(image.opened.notes.first &&
	      span_equal_text(image.opened.notes.first->code, "archive.encrypted"));
	manifest_close(&image);
}

TEST(reads_foreign_archives)
{
	static const char *const patool = "fmt-fact/patool/test/data/test",
				 *const sevenz = "fmt-fact/sevenz/test/data/test";
	static const char *const file = "/get_files_test/testfile1";
	check_corpus(patool, ".cab", &unpacker_cab, file, 62);
	check_corpus(patool, ".lha", &unpacker_lha, file, 62);
	check_corpus(patool, ".deb", &unpacker_ar, "/data.tar.xz", 130904);
	check_corpus(patool, ".a", &unpacker_ar, "/test.data", 128);
	check_corpus(patool, ".jar", &unpacker_zip, file, 62);
	check_corpus(patool, ".cpio", &unpacker_old_cpio, file, 62);
	check_corpus(patool, ".tar", &unpacker_tar, file, 62);
	check_corpus(sevenz, ".7z", &unpacker_sevenzip, file, 62);
	check_corpus(sevenz, ".rar", &unpacker_rar, file, 62);
	check_corpus(sevenz, ".iso", &unpacker_iso9660, "/testfile1", 62);
	check_corpus(sevenz, "_zisofs.iso", &unpacker_iso9660, "/LOREM", 296);
	check_corpus("linksys-netgear/wnr2000v5/WNR2000v5-V1.0.0.18", ".zip", &unpacker_zip,
		     "/WNR2000v5-V1.0.0.18.img", 3625093);
}

TESTS(reads_zip, reads_zip_written_as_a_stream, reads_sevenzip, reads_iso9660, reads_old_binary_cpio,
      reads_ar, notes_encryption, reads_foreign_archives)
