#define _GNU_SOURCE /* O_DIRECTORY */
#include <fcntl.h>
#include <unistd.h>

#include "unpack/manifest.h"
#include "unpack/registry.h"

static void open_folder(const char *name, struct opened *out)
{
	*out = (struct opened){ 0 };
	buffer_init(&out->content, (size_t)64 << 20, &out->budget);
	arena_init(&out->arena, (size_t)64 << 20);
	budget_init(&out->budget, 0);
	notes_init(&out->notes, &out->arena);
	listing_init(&out->listing, &out->arena, &out->budget);
	out->volume = (struct volume){ .unpacker = &unpacker_directory,
				       .arena = &out->arena,
				       .budget = &out->budget,
				       .notes = &out->notes,
				       .directory = open(manifest_path(name), O_RDONLY | O_DIRECTORY) };
	out->listed = unpacker_directory.list(&out->volume, &out->listing);
	out->reading = volume_reader_open(&out->volume, &out->arena, &out->notes, &out->reader);
}

static void close_folder(struct opened *from)
{
	close(from->volume.directory);
	buffer_done(&from->content);
	arena_done(&from->arena);
}

TEST(lists_and_reads_a_tree)
{
	struct opened folder;
	REQUIRE(manifest_make_tree("folder"));
	open_folder("folder", &folder);
	CHECK_EQUAL(folder.listed, DONE);
	CHECK_EQUAL(manifest_write(&folder, "directory"), DONE);
	CHECK(manifest_same("directory", "folder", ""));
	for (size_t i = 1; i < folder.listing.count; i++)
		CHECK(!span_equal(folder.listing.entries[i].path, folder.listing.entries[i - 1].path));
	close_folder(&folder);
}

TEST(does_not_follow_links_out)
{
	struct opened folder;
	REQUIRE(manifest_shell(
	    "rm -rf folder outside && mkdir -p folder/sub outside && echo secret > outside/file && "
	    "echo inner > folder/sub/file && ln -s ../outside folder/out"));
	open_folder("folder", &folder);
	CHECK_EQUAL(folder.listed, DONE);
	CHECK(opened_find(&folder, "/out") && opened_find(&folder, "/out")->type == ENTRY_LINK);
	CHECK(!opened_find(&folder, "/out/file"));
	/* The folder becomes a link after it was listed. */
	REQUIRE(manifest_shell("rm -rf folder/sub && ln -s ../outside folder/sub"));
	CHECK_EQUAL(manifest_write(&folder, "read"), MALFORMED);
	CHECK(folder.notes.count == 1);
	close_folder(&folder);
}

TESTS(lists_and_reads_a_tree, does_not_follow_links_out)
