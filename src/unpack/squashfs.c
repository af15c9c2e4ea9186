/* SquashFS: the unpacker. See squashfs.h for the format, and the other files here for its parts. */
#include "unpack/squashfs.h"

#include "unpack/registry.h"

/* Bits that a plausible superblock verifies: magic, version, sizes that agree, four tables in order. */
enum { BITS_VERIFIED = 160 };

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	static const char *const codecs_by_number[] = { "", "gzip ", "lzma ", "lzo ", "xz ", "lz4 ", "zstd " };
	struct squashfs_super super;
	TRY(squashfs_super_read(bytes, &super));
	unsigned number = super.compression;
	out->size = super.size < bytes.size ? super.size : bytes.size;
	out->bits = BITS_VERIFIED;
	out->detail = arena_format(arena, "%u.%u %s %s%u KiB blocks", super.major, super.minor,
				   super.big_endian ? "big-endian" : "little-endian",
				   number < sizeof codecs_by_number / sizeof *codecs_by_number ?
					   codecs_by_number[number] : "",
				   super.block_size / 1024);
	return DONE;
}

static void describe(struct volume *volume, const struct squashfs *fs)
{
	volume->extent.detail = arena_format(volume->arena, "%u.%u %s %s, %u KiB blocks", fs->super.major,
					     fs->super.minor, fs->super.big_endian ? "big-endian" : "little-endian",
					     fs->codec.name, fs->super.block_size / 1024);
}

static enum outcome worse(enum outcome a, enum outcome b)
{
	return a == DONE || (a == PARTIAL && b != DONE) ? b : a;
}

static enum outcome list_with(struct squashfs *fs, struct codec_scratch *decoder, struct arena *scratch,
			      struct volume *volume, struct listing *out)
{
	struct squashfs_metadata *metadata;
	bool proved;
	enum outcome found = squashfs_codec_find(fs, decoder, volume->budget, &proved);
	if (found != DONE) {
		notes_add(volume->notes, NOTE_ERROR, "squashfs.unreadable", fs->super.inode_table,
			  "the root directory is damaged, or compressed in an unknown way");
		return fs->super.size > fs->bytes.size ? MALFORMED : found;
	}
	TRY(squashfs_metadata_new(fs, scratch, decoder, volume->budget, &metadata));
	enum outcome fragments = squashfs_fragments_read(fs, metadata, volume->arena, volume->notes);
	enum outcome tree = squashfs_tree_list(fs, metadata, scratch, volume, out);
	if (tree == DONE && fragments == DONE)
		tree = squashfs_list_unused(fs, metadata, scratch, out);
	squashfs_metadata_done(metadata);
	if (!proved && squashfs_codec_find_for_files(fs, decoder, volume->budget, out) != DONE) {
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "squashfs.unknown-codec",
				 NOTE_NO_OFFSET, NOTE_NO_AMOUNT, "files are compressed in an unknown way");
		tree = worse(tree, PARTIAL);
	}
	describe(volume, fs);
	return worse(tree, fragments);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct squashfs *fs = ARENA_NEW(volume->arena, struct squashfs, 1);
	struct codec_scratch *decoder;
	struct arena scratch;
	if (!fs)
		return NO_MEMORY;
	fs->bytes = volume->bytes;
	TRY(squashfs_super_read(volume->bytes, &fs->super));
	volume->state = fs;
	if (fs->super.size > volume->bytes.size)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_DAMAGED, "squashfs.truncated", volume->bytes.size,
				 fs->super.size - volume->bytes.size, "the file system should have %llu bytes",
				 (unsigned long long)fs->super.size);
	if (fs->super.major < 2) {
		notes_add(volume->notes, NOTE_ERROR, "squashfs.version", 0, "version %u.%u is not read",
			  fs->super.major, fs->super.minor);
		return UNSUPPORTED;
	}
	TRY(codec_scratch_new(&decoder));
	arena_init(&scratch, volume->arena->ceiling);
	enum outcome outcome = list_with(fs, decoder, &scratch, volume, out);
	arena_done(&scratch);
	codec_scratch_free(decoder);
	return outcome == DONE && fs->super.size > volume->bytes.size ? PARTIAL : outcome;
}

const struct unpacker unpacker_squashfs = {
	.name = "squashfs",
	.title = "SquashFS file system",
	.role = ROLE_FILE_SYSTEM,
	.magics = {
		MAGIC("hsqs", 0), /* little-endian */
		MAGIC("sqsh", 0), /* big-endian */
		MAGIC("shsq", 0), /* LZMA: Linksys, D-Link */
		MAGIC("qshs", 0), /* LZMA, big-endian: Huawei */
		MAGIC("hsqt", 0), /* DD-WRT */
		MAGIC("tqsh", 0), /* DD-WRT, big-endian */
		MAGIC("sqlz", 0), /* LZMA */
		MAGIC("zlqs", 0), /* LZMA, the other byte order */
	},
	.measure = measure,
	.list = list,
	.open = squashfs_reader_open,
	.read = squashfs_reader_read,
	.close = squashfs_reader_close,
};
