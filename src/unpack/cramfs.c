/*
 * CramFS of both byte orders, with block pointers of the old and of the extended (execute-in-place) kind.
 * Layout: Linux include/uapi/linux/cramfs_fs.h and Documentation/filesystems/cramfs.rst.
 */
#include "base/cursor.h"
#include "base/digest.h"
#include "codec/codec.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { SUPER_SIZE = 76, INODE_SIZE = 12, BLOCK_SIZE = 4096, CHECKSUM_AT = 32 };
enum { FLAG_VERSION_2 = 0x1, FLAG_SHIFTED_ROOT = 0x400 };
/* mkcramfs -p leaves room for boot code; all offsets still count from the first byte. */
enum { BOOT_CODE_SIZE = 512 };
/* The two top bits of a block pointer; without the extension no pointer is so large. */
static const uint32_t POINTER_PLAIN = 0x80000000, POINTER_DIRECT = 0x40000000, POINTER_MASK = 0x3fffffff;

struct inode {
	uint16_t mode, uid;
	uint32_t size;
	uint8_t gid;
	uint8_t name_size; /* padded */
	uint32_t offset;   /* of the content */
};

struct super {
	bool big_endian;
	uint32_t at; /* of the superblock: 0, or BOOT_CODE_SIZE */
	uint32_t size, flags, checksum, files;
	struct span label;
	struct inode root;
};

static struct inode read_inode(struct cursor *c)
{
	uint32_t first = cursor_u32(c), second = cursor_u32(c), third = cursor_u32(c);
	struct inode inode;
	/* Bit fields begin at the low end in one byte order, at the high end in the other. */
	if (c->big_endian) {
		inode.mode = (uint16_t)(first >> 16);
		inode.uid = (uint16_t)first;
		inode.size = second >> 8;
		inode.gid = (uint8_t)second;
		inode.name_size = (uint8_t)((third >> 26) * 4);
		inode.offset = (third & 0x03ffffff) * 4;
	} else {
		inode.mode = (uint16_t)first;
		inode.uid = (uint16_t)(first >> 16);
		inode.size = second & 0xffffff;
		inode.gid = (uint8_t)(second >> 24);
		inode.name_size = (uint8_t)((third & 63) * 4);
		inode.offset = (third >> 6) * 4;
	}
	return inode;
}

static bool read_super_at(struct span bytes, uint32_t at, struct super *out)
{
	out->at = at;
	out->big_endian = span_byte(bytes, at) == 0x28;
	struct cursor c = cursor_over_order(bytes, out->big_endian);
	cursor_skip(&c, at);
	uint32_t magic = cursor_u32(&c);
	out->size = cursor_u32(&c);
	out->flags = cursor_u32(&c);
	cursor_skip(&c, 4);
	struct span signature = cursor_take(&c, 16);
	out->checksum = cursor_u32(&c);
	cursor_skip(&c, 8);
	out->files = cursor_u32(&c);
	out->label = span_trim(span_until_nul(cursor_take(&c, 16)));
	out->root = read_inode(&c);
	if (!cursor_ok(&c) || magic != 0x28cd3d45 || !span_equal_text(signature, "Compressed ROMFS") ||
	    (out->root.mode & 0170000) != 0040000 || out->size < at + SUPER_SIZE)
		return false;
	/* The root stands right behind the superblock, unless a flag says otherwise: so its place tells the two apart. */
	bool behind_boot_code = !(out->flags & FLAG_SHIFTED_ROOT) && out->root.offset == BOOT_CODE_SIZE + SUPER_SIZE;
	return behind_boot_code == (at > 0);
}

static bool read_super(struct span bytes, struct super *out)
{
	return read_super_at(bytes, 0, out) || read_super_at(bytes, BOOT_CODE_SIZE, out);
}

static bool checksum_holds(struct span bytes, const struct super *super)
{
	struct span from_super = span_slice(bytes, super->at, super->size - super->at);
	uint32_t checksum = digest_crc32(0, span_slice(from_super, 0, CHECKSUM_AT));
	checksum = digest_crc32(checksum, SPAN_LITERAL("\0\0\0\0"));
	checksum = digest_crc32(checksum, span_from(from_super, CHECKSUM_AT + 4));
	return checksum == super->checksum;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct super super;
	if (!read_super(bytes, &super))
		return NOT_THIS;
	out->size = super.size < bytes.size ? super.size : bytes.size;
	out->bits = 160;
	out->label = super.label;
	out->detail = arena_format(arena, "version %d %s-endian%s", super.flags & FLAG_VERSION_2 ? 2 : 1,
				   super.big_endian ? "big" : "little",
				   super.at > 0 ? ", behind room for boot code" : "");
	return DONE;
}

/* Where a compressed or plain block of content lies. */
struct block {
	uint64_t start;
	uint64_t size;
	bool plain;
};

static uint32_t read_word(struct span bytes, bool big_endian, uint64_t at, size_t width)
{
	struct cursor c = cursor_over_order(span_slice(bytes, at, width), big_endian);
	return width == 2 ? cursor_u16(&c) : cursor_u32(&c);
}

/* A direct pointer names the start; a compressed block has its size before it. */
static struct block direct_block(struct span bytes, bool big_endian, uint32_t pointer, uint64_t plain_size)
{
	uint64_t start = (uint64_t)(pointer & POINTER_MASK) * 4;
	if (pointer & POINTER_PLAIN)
		return (struct block){ start, plain_size, true };
	return (struct block){ start + 2, read_word(bytes, big_endian, start, 2), false };
}

/* An old pointer names the end; the block starts where the one before ends. */
static struct block locate(struct span bytes, bool big_endian, const struct inode *inode, uint32_t number,
			   uint32_t count, uint64_t wanted)
{
	uint64_t pointers = inode->offset;
	uint32_t pointer = read_word(bytes, big_endian, pointers + 4ull * number, 4);
	if (pointer & POINTER_DIRECT)
		return direct_block(bytes, big_endian, pointer, wanted);
	uint64_t start = pointers + 4ull * count;
	uint64_t end = pointer & POINTER_MASK;
	if (number > 0) {
		uint32_t before = read_word(bytes, big_endian, pointers + 4ull * (number - 1), 4);
		struct block previous = direct_block(bytes, big_endian, before, BLOCK_SIZE);
		start = before & POINTER_DIRECT ? previous.start + previous.size : before & POINTER_MASK;
	}
	return (struct block){ start, end > start ? end - start : 0, pointer & POINTER_PLAIN };
}

/* Appends one block of content, wanted bytes long; a block of no bytes is a hole. */
static enum outcome read_block(struct span bytes, struct codec_scratch *scratch, struct block block,
			       uint64_t wanted, struct buffer *out)
{
	if (!span_covers(bytes, block.start, block.size))
		return MALFORMED;
	struct span stored = span_slice(bytes, block.start, block.size);
	size_t before = out->size;
	if (block.plain)
		TRY(buffer_append(out, span_slice(stored, 0, wanted)));
	else if (block.size > 0)
		TRY(codec_zlib(scratch, stored, wanted, out));
	return buffer_append_zeros(out, wanted - (out->size - before));
}

static enum outcome read_content(struct span bytes, bool big_endian, const struct inode *inode,
				 struct codec_scratch *scratch, struct buffer *out)
{
	uint32_t count = (inode->size + BLOCK_SIZE - 1) / BLOCK_SIZE;
	if (!span_covers(bytes, inode->offset, 4ull * count))
		return MALFORMED;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t left = inode->size - i * BLOCK_SIZE;
		uint32_t wanted = left < BLOCK_SIZE ? left : BLOCK_SIZE;
		struct block block = locate(bytes, big_endian, inode, i, count, wanted);
		TRY(read_block(bytes, scratch, block, wanted, out));
	}
	return DONE;
}

struct walk {
	struct volume *volume;
	struct listing *out;
	struct super super;
	struct codec_scratch *scratch;
	size_t inodes_left; /* as many as the image has room for: directories in a circle end there */
	bool damaged;
};

static void note_damage(struct walk *walk, uint64_t offset, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "cramfs.damaged", offset, NOTE_NO_AMOUNT, "%s",
			 what);
}

static enum outcome read_target(struct walk *walk, const struct inode *inode, struct entry *entry)
{
	struct buffer target;
	buffer_init(&target, BLOCK_SIZE, walk->volume->budget);
	enum outcome outcome =
	    read_content(walk->volume->bytes, walk->super.big_endian, inode, walk->scratch, &target);
	if (outcome == DONE) {
		entry->target = arena_copy(walk->out->arena, buffer_span(&target));
		outcome = entry->target.data ? DONE : NO_MEMORY;
	}
	buffer_done(&target);
	if (outcome == NO_MEMORY)
		return outcome;
	if (outcome != DONE)
		note_damage(walk, inode->offset, "the target of a link cannot be read");
	return DONE;
}

static enum outcome fill(struct walk *walk, const struct inode *inode, struct entry *entry)
{
	struct inode *detail = ARENA_NEW(walk->out->arena, struct inode, 1);
	if (!detail)
		return NO_MEMORY;
	*detail = *inode;
	entry->detail = detail;
	entry->uid = inode->uid;
	entry->gid = inode->gid;
	entry->offset = inode->offset;
	if (entry->type == ENTRY_FILE || entry->type == ENTRY_LINK)
		entry->size = inode->size;
	if (entry->type == ENTRY_BLOCK_DEVICE || entry->type == ENTRY_CHARACTER_DEVICE)
		tree_set_old_device(entry, inode->size);
	return entry->type == ENTRY_LINK ? read_target(walk, inode, entry) : DONE;
}

static enum outcome list_directory(struct walk *walk, const struct inode *directory, struct span path,
				   unsigned depth)
{
	struct listing *out = walk->out;
	struct cursor c = cursor_over_order(
	    span_slice(walk->volume->bytes, directory->offset, directory->size), walk->super.big_endian);
	if (c.span.size < directory->size)
		note_damage(walk, directory->offset, "a directory is cut short");
	while (cursor_left(&c) >= INODE_SIZE && walk->inodes_left > 0) {
		walk->inodes_left--;
		uint64_t at = directory->offset + c.at;
		struct inode inode = read_inode(&c);
		struct span name = span_until_nul(cursor_take(&c, inode.name_size));
		struct span inner = tree_name_is_sane(name) ? tree_join(out->arena, path, name) : SPAN_NONE;
		struct entry probe = { 0 };
		if (!cursor_ok(&c) || !inner.data || !tree_set_mode(&probe, inode.mode)) {
			note_damage(walk, at, "an entry of a directory is damaged");
			return DONE;
		}
		struct entry *entry;
		TRY(listing_add(out, &entry));
		*entry = probe;
		entry->path = inner;
		TRY(fill(walk, &inode, entry));
		if (entry->type == ENTRY_DIRECTORY)
			TRY(depth < TREE_DEPTH_MAX ? list_directory(walk, &inode, inner, depth + 1) : listing_refuse(out));
	}
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out, .inodes_left = volume->bytes.size / INODE_SIZE };
	struct super *kept = ARENA_NEW(volume->arena, struct super, 1);
	if (!kept)
		return NO_MEMORY;
	if (!read_super(volume->bytes, &walk.super))
		return MALFORMED;
	*kept = walk.super;
	volume->state = kept;
	TRY(codec_scratch_new(&walk.scratch));
	if (walk.super.flags & FLAG_VERSION_2 && !checksum_holds(volume->bytes, &walk.super))
		note_damage(&walk, 0, "the checksum of the file system is wrong");
	enum outcome outcome = list_directory(&walk, &walk.super.root, SPAN_LITERAL("/"), 0);
	codec_scratch_free(walk.scratch);
	return outcome == DONE && walk.damaged ? PARTIAL : outcome;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct super *super = reader->volume->state;
	if (entry->type != ENTRY_FILE)
		return DONE;
	enum outcome outcome =
	    read_content(reader->volume->bytes, super->big_endian, entry->detail, reader->state, out);
	if (outcome == MALFORMED)
		notes_add(reader->notes, NOTE_WARNING, "cramfs.bad-block", entry->offset,
			  "%.*s: a block is damaged", SPAN_FORMAT(entry->path));
	return outcome;
}

const struct unpacker unpacker_cramfs = {
	.name = "cramfs",
	.title = "CramFS file system",
	.role = ROLE_FILE_SYSTEM,
	.magics = { MAGIC("\x45\x3d\xcd\x28", 0), MAGIC("\x28\xcd\x3d\x45", 0),
		    MAGIC("\x45\x3d\xcd\x28", BOOT_CODE_SIZE), MAGIC("\x28\xcd\x3d\x45", BOOT_CODE_SIZE) },
	.measure = measure,
	.list = list,
	.open = tree_reader_open,
	.read = read_file,
	.close = tree_reader_close,
};
