/* ext2, ext3 and ext4: directories and files. The layout is described in ext.h; nothing is ever written. */
#include "base/cursor.h"
#include "unpack/ext.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

/* A file may be so much larger than its file system, in bytes: beyond, it is only a hole. */
static const uint64_t HOLE_LIMIT = 16 * 1024 * 1024;
enum { SHORT_LINK = 60, LINK_LIMIT = 4096 };

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct ext ext;
	struct ext_inode root;
	if (!ext_read_super(bytes, &ext))
		return NOT_THIS;
	bool rooted = ext_read_inode(&ext, EXT_ROOT_INODE, &root) && (root.mode & 0170000) == 0040000;
	uint64_t blocks = bytes.size / ext.block_size;
	out->size = ext.blocks <= blocks ? ext.blocks * ext.block_size : bytes.size;
	out->bits = rooted ? 96 : 32;
	out->label = ext.label;
	bool journal = ext.compatible & 4;
	out->detail = arena_format(arena, "ext%d, %u KiB blocks",
				   ext.incompatible & EXT_FEATURE_EXTENTS ? 4
				   : journal                              ? 3
									  : 2,
				   ext.block_size / 1024);
	return DONE;
}

struct walk {
	struct volume *volume;
	struct listing *out;
	const struct ext *ext;
	uint8_t *entered;     /* a bit for each inode: a directory is entered once */
	uint64_t blocks_left; /* of directories: as many as the file system has */
	bool damaged;
};

static void note_damage(struct walk *walk, uint32_t inode, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "ext.damaged", NOTE_NO_OFFSET, 1,
			 "inode %u: %s", inode, what);
}

/* Copies content that is kept in the inode itself. */
static struct span join_inline(struct arena *arena, const struct ext_inode *inode)
{
	struct span rest = ext_inline_rest(inode);
	uint8_t *whole = arena_allocate(arena, inode->map.size + rest.size + 1, 1);
	if (!whole)
		return SPAN_NONE;
	memcpy(whole, inode->map.data, inode->map.size);
	if (rest.size > 0)
		memcpy(whole + inode->map.size, rest.data, rest.size);
	return span_slice(span_of(whole, inode->map.size + rest.size), 0, inode->size);
}

static enum outcome read_blocks(const struct ext *ext, const struct ext_inode *inode, uint64_t size,
				struct buffer *out)
{
	uint64_t done = 0;
	while (done < size) {
		struct ext_run run;
		if (!ext_map(ext, inode, done / ext->block_size, &run))
			return MALFORMED;
		uint64_t left = size - done;
		uint64_t wanted = run.count > left / ext->block_size ? left : run.count * ext->block_size;
		if (run.physical == 0) {
			TRY(buffer_append_zeros(out, wanted));
		} else {
			uint64_t at =
			    run.physical < ext->blocks ? run.physical * ext->block_size : UINT64_MAX;
			struct span piece = span_slice(ext->bytes, at, wanted);
			TRY(buffer_append(out, piece));
			if (piece.size < wanted)
				return MALFORMED;
		}
		done += wanted;
	}
	return DONE;
}

static enum outcome read_target(struct walk *walk, const struct ext_inode *inode, struct entry *entry)
{
	struct buffer target;
	enum outcome outcome = DONE;
	buffer_init(&target, LINK_LIMIT, walk->volume->budget);
	if (inode->flags & EXT_INODE_INLINE) {
		entry->target = join_inline(walk->out->arena, inode);
	} else if (inode->size < SHORT_LINK && !(inode->flags & EXT_INODE_EXTENTS)) {
		entry->target = span_slice(inode->map, 0, inode->size);
	} else {
		outcome = inode->size < LINK_LIMIT ? read_blocks(walk->ext, inode, inode->size, &target)
						   : MALFORMED;
		entry->target = arena_copy(walk->out->arena, buffer_span(&target));
	}
	buffer_done(&target);
	if (!entry->target.data)
		return NO_MEMORY;
	if (outcome != DONE || inode->flags & EXT_INODE_ENCRYPTED)
		note_damage(walk, inode->number, "the target of the link cannot be read");
	entry->size = entry->target.size;
	return DONE;
}

static void set_device(const struct ext_inode *inode, struct entry *entry)
{
	struct cursor c = cursor_over(inode->map);
	uint32_t old = cursor_u32le(&c), new = cursor_u32le(&c);
	if (old != 0)
		tree_set_old_device(entry, old);
	else
		tree_set_device(entry, new);
}

/* Content that lies in one run can be borrowed as it is. */
static void place(const struct ext *ext, const struct ext_inode *inode, struct entry *entry)
{
	struct ext_run run;
	if (inode->flags & (EXT_INODE_INLINE | EXT_INODE_ENCRYPTED) || inode->size == 0 ||
	    !ext_map(ext, inode, 0, &run) || run.physical == 0 || run.physical >= ext->blocks)
		return;
	entry->offset = run.physical * ext->block_size;
	entry->plain =
	    inode->size <= run.count * ext->block_size && span_covers(ext->bytes, entry->offset, inode->size);
}

static enum outcome fill(struct walk *walk, const struct ext_inode *inode, struct entry *entry)
{
	bool damaged;
	entry->uid = inode->uid;
	entry->gid = inode->gid;
	entry->mtime = (int32_t)inode->mtime;
	entry->cookie = inode->number;
	TRY(ext_read_attributes(walk->ext, inode, walk->out->arena, &entry->attributes, &damaged));
	if (damaged)
		note_damage(walk, inode->number, "some extended attributes cannot be read");
	if (entry->type == ENTRY_LINK)
		return read_target(walk, inode, entry);
	if (entry->type == ENTRY_BLOCK_DEVICE || entry->type == ENTRY_CHARACTER_DEVICE)
		set_device(inode, entry);
	if (entry->type == ENTRY_FILE) {
		entry->size = inode->size;
		entry->identity = inode->links > 1 ? inode->number : 0;
		place(walk->ext, inode, entry);
	}
	return DONE;
}

static enum outcome list_directory(struct walk *walk, const struct ext_inode *inode, struct span path,
				   unsigned depth);

static enum outcome add(struct walk *walk, uint32_t number, struct span name, struct span parent,
			unsigned depth)
{
	struct ext_inode inode;
	struct entry probe = { 0 }, *entry;
	if (span_equal_text(name, ".") || span_equal_text(name, ".."))
		return DONE;
	probe.path = tree_name_is_sane(name) ? tree_join(walk->out->arena, parent, name) : SPAN_NONE;
	if (!probe.path.data || !ext_read_inode(walk->ext, number, &inode) ||
	    !tree_set_mode(&probe, inode.mode)) {
		note_damage(walk, number, "its name or its mode is damaged");
		return DONE;
	}
	TRY(fill(walk, &inode, &probe));
	TRY(listing_add(walk->out, &entry));
	*entry = probe;
	if (entry->type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_directory(walk, &inode, probe.path, depth + 1) : listing_refuse(walk->out);
}

/* The entries of one block, or of a directory within its inode. Index blocks look like empty entries. */
static enum outcome list_entries(struct walk *walk, uint32_t directory, struct span entries, struct span path,
				 unsigned depth)
{
	struct cursor c = cursor_over(entries);
	while (cursor_left(&c) >= 8) {
		size_t start = c.at;
		uint32_t number = cursor_u32le(&c);
		uint32_t size = cursor_u16le(&c);
		uint8_t name_size = cursor_u8(&c);
		cursor_skip(&c, 1);
		/* A block of 64 KiB does not fit the field. */
		if (size == 0 || size == 0xffff)
			size = (uint32_t)(entries.size - start);
		struct span name = cursor_take(&c, name_size);
		cursor_seek(&c, start + (uint64_t)size);
		if (!cursor_ok(&c) || size < 8 || size < 8u + name_size) {
			note_damage(walk, directory, "a directory entry is damaged");
			return DONE;
		}
		if (number != 0 && name_size > 0)
			TRY(add(walk, number, name, path, depth));
	}
	return DONE;
}

static bool enter(struct walk *walk, uint32_t number)
{
	uint8_t *byte = walk->entered + number / 8;
	uint8_t bit = (uint8_t)(1u << number % 8);
	bool first = !(*byte & bit);
	*byte |= bit;
	return first;
}

static enum outcome list_inline(struct walk *walk, const struct ext_inode *inode, struct span path,
				unsigned depth)
{
	/* The number of the parent stands before the entries, which never cross from one part into the other.
	 */
	TRY(list_entries(walk, inode->number, span_from(inode->map, 4), path, depth));
	return list_entries(walk, inode->number, ext_inline_rest(inode), path, depth);
}

static enum outcome list_directory(struct walk *walk, const struct ext_inode *inode, struct span path,
				   unsigned depth)
{
	const struct ext *ext = walk->ext;
	if (!enter(walk, inode->number))
		return DONE;
	if (inode->flags & EXT_INODE_ENCRYPTED) {
		note_damage(walk, inode->number, "the directory is encrypted");
		return DONE;
	}
	if (inode->flags & EXT_INODE_INLINE)
		return list_inline(walk, inode, path, depth);
	uint64_t count = inode->size / ext->block_size;
	for (uint64_t i = 0; i < count;) {
		struct ext_run run;
		if (walk->blocks_left == 0 || !ext_map(ext, inode, i, &run)) {
			note_damage(walk, inode->number, "the blocks of a directory are damaged");
			return DONE;
		}
		walk->blocks_left--;
		struct span block = run.physical ? ext_blocks(ext, run.physical, 1) : SPAN_NONE;
		if (run.physical && block.size == 0)
			note_damage(walk, inode->number, "a block of a directory is not there");
		TRY(list_entries(walk, inode->number, block, path, depth));
		i += run.physical ? 1 : run.count;
	}
	return DONE;
}

/* The journal's superblock says where its first transaction begins: nowhere, where all have reached the file system. */
static bool journal_is_empty(const struct ext *ext)
{
	enum { JOURNAL_INODE = 8, START_AT = 28 };
	struct ext_inode inode;
	struct ext_run run;
	if (!ext_read_inode(ext, JOURNAL_INODE, &inode) || !ext_map(ext, &inode, 0, &run) || run.physical == 0)
		return false;
	struct cursor c = cursor_over_order(ext_blocks(ext, run.physical, 1), true);
	bool journal = cursor_u32(&c) == 0xC03B3998;
	cursor_seek(&c, START_AT);
	return journal && cursor_u32(&c) == 0 && cursor_ok(&c);
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct ext *ext = ARENA_NEW(volume->arena, struct ext, 1);
	struct ext_inode root;
	if (!ext)
		return NO_MEMORY;
	volume->state = ext;
	if (!ext_read_super(volume->bytes, ext))
		return MALFORMED;
	if (ext->incompatible & EXT_FEATURE_JOURNAL_DEVICE) {
		notes_add(volume->notes, NOTE_WARNING, "ext.unsupported", NOTE_NO_OFFSET,
			  "its features 0x%x are not read", ext->incompatible);
		return UNSUPPORTED;
	}
	if (ext->incompatible & EXT_FEATURE_RECOVER && !journal_is_empty(ext))
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_UNSUPPORTED, "ext.unclean", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "it was not unmounted: what its journal holds is newer, and is not read");
	uint64_t room = volume->bytes.size / ext->inode_size;
	struct walk walk = {
		.volume = volume, .out = out, .ext = ext, .blocks_left = volume->bytes.size / ext->block_size
	};
	if (ext->blocks * ext->block_size > volume->bytes.size)
		note_damage(&walk, 0, "the file system is cut short");
	if (!ext_read_inode(ext, EXT_ROOT_INODE, &root) || ext->inodes / 8 > room) {
		note_damage(&walk, EXT_ROOT_INODE, "the root directory cannot be read");
		return MALFORMED;
	}
	walk.entered = arena_allocate(volume->arena, ext->inodes / 8 + 1, 1);
	if (!walk.entered)
		return NO_MEMORY;
	TRY(list_directory(&walk, &root, SPAN_LITERAL("/"), 0));
	TRY(ext_list_unused(ext, out));
	return walk.damaged ? PARTIAL : DONE;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct ext *ext = reader->volume->state;
	struct ext_inode inode;
	enum outcome outcome = MALFORMED;
	const char *why = "its blocks are damaged";
	if (entry->type != ENTRY_FILE)
		return DONE;
	uint64_t limit = ext->bytes.size + HOLE_LIMIT;
	if (!ext_read_inode(ext, (uint32_t)entry->cookie, &inode))
		return MALFORMED;
	if (inode.flags & EXT_INODE_ENCRYPTED) {
		why = "it is encrypted";
		outcome = UNSUPPORTED;
	} else if (inode.flags & EXT_INODE_INLINE) {
		struct span rest = ext_inline_rest(&inode);
		TRY(buffer_append(out, span_slice(inode.map, 0, inode.size)));
		TRY(buffer_append(out, span_slice(rest, 0, inode.size - out->size)));
		/* mke2fs keeps files of zeros, however large, as inline content of no bytes. */
		outcome = inode.size <= limit && out->size < inode.size
			      ? buffer_append_zeros(out, inode.size - out->size)
			      : DONE;
		outcome = outcome == DONE && out->size < inode.size ? PARTIAL : outcome;
	} else {
		outcome = read_blocks(ext, &inode, inode.size < limit ? inode.size : limit, out);
		if (outcome == DONE && inode.size > limit) {
			why = "it is larger than its file system";
			outcome = PARTIAL;
		}
	}
	if (outcome == MALFORMED || outcome == UNSUPPORTED || outcome == PARTIAL)
		notes_add(reader->notes, NOTE_WARNING, "ext.unreadable", NOTE_NO_OFFSET, "%.*s: %s",
			  SPAN_FORMAT(entry->path), why);
	return outcome;
}

const struct unpacker unpacker_ext = {
	.name = "ext",
	.title = "ext2, ext3 or ext4 file system",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("\x53\xef", 1080) },
	.measure = measure,
	.list = list,
	.read = read_file,
};
