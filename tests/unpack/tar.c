#include "unpack/manifest.h"
#include "unpack/registry.h"

static void check_variant(const char *variant)
{
	struct manifest_volume image;
	REQUIRE(manifest_make_tree("tar-tree"));
	/* A name of more than 100 bytes, and one of more than 255. */
	REQUIRE(manifest_shell(
	    "cd tar-tree && d=$(printf 'd%%.0s' $(seq 60)) && mkdir -p $d/$d && echo long > $d/$d/$d && "
	    "[ %s = ustar ] || { mkdir -p $d/$d/e$d/$d/$d && echo longer > $d/$d/e$d/$d/$d/f; }",
	    variant));
	REQUIRE(manifest_shell(
	    "tar --format=%s -C tar-tree -cf tar.img . && head -c 5000 /dev/urandom >> tar.img", variant));
	REQUIRE(manifest_open(manifest_path("tar.img"), &unpacker_tar, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	CHECK_EQUAL(image.opened.volume.extent.size, image.view.bytes.size - 5000);
	CHECK_EQUAL(manifest_write(&image.opened, "tar"), DONE);
	CHECK(manifest_same("tar", "tar-tree", ""));
	const struct entry *one = opened_find(&image.opened, "/etc/passwd");
	const struct entry *two = opened_find(&image.opened, "/etc/passwd-hard");
	CHECK(one && two && one->identity != 0 && one->identity == two->identity);
	CHECK_EQUAL(image.opened.notes.count, 0);
	manifest_close(&image);
}

TEST(reads_ustar)
{
	check_variant("ustar");
}

TEST(reads_gnu)
{
	check_variant("gnu");
}

TEST(reads_pax)
{
	check_variant("pax");
}

TEST(reads_a_router_root_file_system)
{
	struct manifest_volume image;
	const char *corpus = harness_corpus("miwifi-r4a-rootfs-3.0.24.tar.xz");
	if (!corpus)
		SKIP("the corpus is not here");
	REQUIRE(manifest_shell("xz -dc %s > miwifi.tar && tar -tf miwifi.tar | wc -l > miwifi.count && "
			       "tar --numeric-owner -tvf miwifi.tar | grep -c '^l' > miwifi.links",
			       corpus));
	REQUIRE(manifest_open(manifest_path("miwifi.tar"), &unpacker_tar, &image));
	CHECK_EQUAL(image.opened.listed, DONE);
	size_t links = 0;
	for (size_t i = 0; i < image.opened.listing.count; i++)
		links += image.opened.listing.entries[i].type == ENTRY_LINK;
	CHECK(manifest_shell("[ $(cat miwifi.count) = %zu ] && [ $(cat miwifi.links) = %zu ]",
			     image.opened.listing.count, links));
	CHECK_EQUAL(manifest_write(&image.opened, "miwifi"), DONE);
	REQUIRE(manifest_shell(
	    "rm -rf miwifi && mkdir miwifi && tar --no-same-permissions --no-same-owner -C miwifi "
	    "--exclude='dev/*' -xf miwifi.tar"));
	/* Names, types, sizes, targets and content; owners and modes are those of whoever extracts. */
	CHECK(manifest_same("miwifi", "miwifi", "/^.dev.[^|]*|/d;s/|[0-7]*|[0-9]*|[0-9]*|/|/;/^[^|]*|d|/d"));
	manifest_close(&image);
}

TEST(survives_damage)
{
	REQUIRE(manifest_make_tree("tar-tree"));
	REQUIRE(manifest_shell("tar --format=pax -C tar-tree -cf tar.img ."));
	manifest_damage_file(manifest_path("tar.img"), &unpacker_tar, 200);
}

TESTS(reads_ustar, reads_gnu, reads_pax, reads_a_router_root_file_system, survives_damage)
