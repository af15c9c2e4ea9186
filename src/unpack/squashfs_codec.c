/*
 * How the blocks of a SquashFS are compressed. Version 4.0 says so in its header,
 * earlier ones always meant zlib; vendors put LZMA in either and changed no header,
 * or invented a magic. So the ways are tried on the root directory.
 */
#include "unpack/squashfs.h"

enum { PROPERTIES_SIZE = 5 }; /* of LZMA: settings, dictionary size */

/* LZMA behind the first five bytes of its usual header, without a size. */
static enum outcome decode_properties(struct codec_scratch *scratch, struct span block, size_t maximum,
				      struct buffer *out)
{
	uint8_t properties = span_byte(block, 0);
	struct codec_lzma_settings settings = { properties % 9, properties / 9 % 5, properties / 45 };
	if (properties >= 9 * 5 * 5)
		return MALFORMED;
	return codec_lzma_raw(scratch, &settings, span_from(block, PROPERTIES_SIZE), maximum, out);
}

enum outcome squashfs_decode(const struct squashfs_codec *codec, struct codec_scratch *scratch, struct span block,
			     size_t maximum, struct buffer *out)
{
	if (codec->decode)
		return codec->decode(scratch, block, maximum, out);
	return codec_lzma_raw(scratch, &codec->settings, span_from(block, codec->skip), maximum, out);
}

static enum outcome decode_unknown(struct codec_scratch *scratch, struct span block, size_t maximum,
				   struct buffer *out)
{
	(void)scratch, (void)block, (void)maximum, (void)out;
	return UNSUPPORTED;
}

/* In the order of the compression numbers of 4.0, then the vendors' ways. */
static const struct squashfs_codec known[] = {
	{ .name = "gzip", .decode = codec_zlib },
	{ .name = "lzma", .decode = codec_lzma },
	{ .name = "lzo", .decode = codec_lzo },
	{ .name = "xz", .decode = codec_xz },
	{ .name = "lz4", .decode = codec_lz4 },
	{ .name = "zstd", .decode = codec_zstd },
	{ .name = "lzma with a short header", .decode = decode_properties },
};
enum { KNOWN_COUNT = sizeof known / sizeof *known };

static bool plausible_name(struct span name)
{
	for (size_t i = 0; i < name.size; i++)
		if (span_byte(name, i) < ' ' || span_byte(name, i) == '/')
			return false;
	return true;
}

/* True where the root inode can be read and, for a guessed codec, the directory and the inodes that it names. */
static bool root_makes_sense(const struct squashfs *fs, struct squashfs_metadata *metadata, bool guessed)
{
	enum { ENOUGH = 16 };
	struct squashfs_inode inode;
	struct squashfs_directory directory;
	enum outcome outcome = squashfs_inode_read(fs, metadata, fs->super.root, &inode);
	if (outcome != DONE || inode.type != ENTRY_DIRECTORY)
		return false;
	if (!guessed)
		return true;
	squashfs_directory_open(fs, metadata, &inode, &directory);
	for (unsigned i = 0; i < ENOUGH && outcome == DONE; i++) {
		outcome = squashfs_directory_next(&directory);
		if (outcome == DONE && (!plausible_name(directory.name) ||
					squashfs_inode_read(fs, metadata, directory.reference, &inode) != DONE))
			return false;
	}
	return outcome != MALFORMED;
}

/* One search for a codec: what a candidate must be able to read. */
struct search {
	struct squashfs *fs;
	struct codec_scratch *scratch;
	struct budget *budget;
	const struct entry *file; /* a compressed one; NULL to ask for the root directory */
	bool stored;              /* the root inode lies uncompressed */
};

static bool reads_root(struct search *search, bool guessed)
{
	enum { ARENA_CEILING = 1024 * 1024 };
	const struct squashfs *fs = search->fs;
	struct arena arena;
	struct squashfs_metadata *metadata;
	bool good = false;
	arena_init(&arena, ARENA_CEILING);
	if (squashfs_metadata_new(fs, &arena, search->scratch, search->budget, &metadata) == DONE) {
		good = root_makes_sense(fs, metadata, guessed);
		search->stored = squashfs_metadata_stored(metadata, fs->super.inode_table + (fs->super.root >> 16));
		squashfs_metadata_done(metadata);
	}
	arena_done(&arena);
	return good;
}

/* The first block of the file that says anything about the codec: where it lies, and how much it must give. */
static struct span witness(const struct squashfs *fs, const struct entry *entry, uint64_t *least, uint64_t *most)
{
	const struct squashfs_file *file = entry->detail;
	uint64_t at = file->start, block_size = fs->super.block_size;
	for (uint32_t i = 0; i < file->block_count; i++) {
		uint32_t size = file->blocks[i];
		uint64_t left = entry->size - i * block_size;
		*least = *most = left < block_size ? left : block_size;
		if (size != 0 && !(size & SQUASHFS_STORED_BLOCK))
			return span_slice(fs->bytes, at, size);
		at += squashfs_block_bytes(size);
	}
	if (file->fragment >= fs->fragment_count || fs->fragments[file->fragment].size & SQUASHFS_STORED_BLOCK)
		return SPAN_NONE;
	*least = file->fragment_offset + entry->size % block_size;
	*most = block_size;
	return span_slice(fs->bytes, fs->fragments[file->fragment].start, fs->fragments[file->fragment].size);
}

static bool reads_file(const struct search *search)
{
	uint64_t least, most;
	struct buffer content;
	struct span block = witness(search->fs, search->file, &least, &most);
	buffer_init(&content, search->fs->super.block_size, search->budget);
	enum outcome outcome = squashfs_decode(&search->fs->codec, search->scratch, block, (size_t)most, &content);
	size_t gave = content.size;
	buffer_done(&content);
	return outcome == DONE && gave >= least;
}

static bool fits(struct search *search, const struct squashfs_codec *codec, bool guessed)
{
	search->fs->codec = *codec;
	return search->file ? reads_file(search) : reads_root(search, guessed);
}

/* The block that the search is about. */
static struct span block_of(const struct search *search)
{
	const struct squashfs_super *super = &search->fs->super;
	uint64_t least, most;
	if (search->file)
		return witness(search->fs, search->file, &least, &most);
	return span_from(search->fs->bytes, super->inode_table + (super->root >> 16) + (super->check_bytes ? 3 : 2));
}

/*
 * LZMA without a header: the usual settings first, behind nothing and behind headers
 * of other sizes. The first byte of its data is always zero.
 */
static bool find_bare(struct search *search)
{
	static const uint8_t skips[] = { 0, 4, 8, 5, 9, 13 };
	struct squashfs_codec bare = { .name = "lzma without a header", .settings = { 3, 0, 2 } };
	struct span block = block_of(search);
	if (fits(search, &bare, true))
		return true;
	for (size_t i = 0; i < sizeof skips; i++) {
		if (span_byte(block, skips[i]) != 0)
			continue;
		for (unsigned code = 0; code < 5 * 5 * 5; code++) {
			bare.settings = (struct codec_lzma_settings){ (uint8_t)(code % 5), (uint8_t)(code / 5 % 5),
								      (uint8_t)(code / 25) };
			bare.skip = skips[i];
			if (bare.settings.literal_context + bare.settings.literal_position <= 4 &&
			    fits(search, &bare, true))
				return true;
		}
	}
	return false;
}

static enum outcome find(struct search *search)
{
	const struct squashfs_super *super = &search->fs->super;
	unsigned said = super->major == 4 ? super->compression - 1U : 0;
	if (said < KNOWN_COUNT && fits(search, &known[said], super->major != 4))
		return DONE;
	for (unsigned i = 0; i < KNOWN_COUNT; i++)
		if (i != said && fits(search, &known[i], true))
			return DONE;
	if (find_bare(search))
		return DONE;
	search->fs->codec = (struct squashfs_codec){ .name = "unknown compression", .decode = decode_unknown };
	return UNSUPPORTED;
}

enum outcome squashfs_codec_find(struct squashfs *fs, struct codec_scratch *scratch, struct budget *budget,
				 bool *proved)
{
	struct search search = { .fs = fs, .scratch = scratch, .budget = budget };
	*proved = false;
	if (!span_covers(fs->bytes, fs->super.inode_table + (fs->super.root >> 16), 2))
		return MALFORMED;
	enum outcome outcome = find(&search);
	*proved = !search.stored;
	return outcome;
}

enum outcome squashfs_codec_find_for_files(struct squashfs *fs, struct codec_scratch *scratch, struct budget *budget,
					   const struct listing *listing)
{
	struct search search = { .fs = fs, .scratch = scratch, .budget = budget };
	for (size_t i = 0; i < listing->count && !search.file; i++) {
		const struct entry *entry = &listing->entries[i];
		uint64_t least, most;
		if (entry->type == ENTRY_FILE && entry->detail && witness(fs, entry, &least, &most).size > 0)
			search.file = entry;
	}
	return search.file ? find(&search) : DONE;
}
