#include "unpack/manifest.h"
#include "unpack/registry.h"

static void check_variant(const char *variant, const char *sed)
{
	struct manifest_volume image;
	if (!manifest_has("cpio"))
		SKIP("cpio is not installed");
	REQUIRE(manifest_make_tree("cpio-tree"));
	REQUIRE(manifest_shell("(cd cpio-tree && find . | sort | cpio -o -H %s --quiet) > cpio.img && "
			       "head -c 5000 /dev/urandom >> cpio.img",
			       variant));
	REQUIRE(manifest_open(manifest_path("cpio.img"), &unpacker_cpio, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK(image.opened.volume.extent.size <= image.view.bytes.size - 5000);
	CHECK_EQUAL(manifest_write(&image.opened, "cpio"), DONE);
	CHECK(manifest_same("cpio", "cpio-tree", sed));
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	CHECK_EQUAL(image.opened.notes.count, 0);
	manifest_close(&image);
}

TEST(reads_new_ascii)
{
	check_variant("newc", "");
}

TEST(reads_new_ascii_with_checksums)
{
	check_variant("crc", "");
}

TEST(reads_old_octal)
{
	check_variant("odc", "");
}

TEST(notes_a_wrong_checksum)
{
	struct manifest_volume image;
	if (!manifest_has("cpio"))
		SKIP("cpio is not installed");
	REQUIRE(manifest_shell("printf 0123456789 > ten && echo ten | cpio -o -H crc --quiet | "
			       "sed s/0123456789/0123456780/ > bad.cpio"));
	REQUIRE(manifest_open(manifest_path("bad.cpio"), &unpacker_cpio, &image));
	REQUIRE(image.opened.notes.count == 1);
	CHECK_TEXT(image.opened.notes.first->code, "cpio.bad-checksum");
	manifest_close(&image);
}

TEST(keeps_what_a_cut_archive_holds)
{
	struct manifest_volume image;
	if (!manifest_has("cpio"))
		SKIP("cpio is not installed");
	REQUIRE(manifest_shell("for i in 1 2 3; do echo file $i > f$i; echo f$i; done | "
			       "cpio -o -H newc --quiet | head -c 300 > cut.cpio"));
	REQUIRE(manifest_open(manifest_path("cut.cpio"), &unpacker_cpio, &image));
	CHECK_EQUAL(image.opened.listed, PARTIAL);
	CHECK_EQUAL(image.opened.listing.count, 2);
	manifest_close(&image);
}

TEST(survives_damage)
{
	if (!manifest_has("cpio"))
		SKIP("cpio is not installed");
	REQUIRE(manifest_make_tree("cpio-tree"));
	REQUIRE(manifest_shell("cd cpio-tree && find . | cpio -o -H newc --quiet > ../cpio.img"));
	manifest_damage_file(manifest_path("cpio.img"), &unpacker_cpio, 200);
}

TESTS(reads_new_ascii, reads_new_ascii_with_checksums, reads_old_octal, notes_a_wrong_checksum,
      keeps_what_a_cut_archive_holds, survives_damage)
