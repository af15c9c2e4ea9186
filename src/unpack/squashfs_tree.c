/* Lists a SquashFS: its fragment table, and every entry below the root. */
#include "unpack/squashfs.h"

enum { PATH_MAXIMUM = 4096 };

/* A directory that is still to be walked. */
struct pending {
	struct span path;
	struct squashfs_inode inode;
	struct pending *next;
};

/* References of directories, so that a loop is walked once. */
struct seen {
	uint64_t *references; /* 0 where free: no reference is stored as 0 */
	size_t count, capacity;
};

struct walk {
	const struct squashfs *fs;
	struct squashfs_metadata *metadata;
	struct arena *scratch;
	struct volume *volume;
	struct listing *listing;
	struct squashfs_xattrs *xattrs;
	struct pending *first, **end;
	struct seen seen;
	bool damaged;
};

static void complain(struct walk *walk, const char *code, struct span path, const char *words)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, code, NOTE_NO_OFFSET, NOTE_NO_AMOUNT, "%.*s: %s",
			 SPAN_FORMAT(path), words);
}

static bool seen_insert(struct seen *seen, uint64_t key)
{
	size_t mask = seen->capacity - 1;
	for (size_t at = (size_t)(key * 0x9e3779b97f4a7c15U >> 20) & mask;; at = (at + 1) & mask) {
		if (seen->references[at] == key)
			return false;
		if (seen->references[at] == 0) {
			seen->references[at] = key;
			seen->count++;
			return true;
		}
	}
}

static enum outcome seen_grow(struct seen *seen, struct arena *arena)
{
	struct seen larger = { .capacity = seen->capacity ? seen->capacity * 2 : 256 };
	larger.references = ARENA_NEW(arena, uint64_t, larger.capacity);
	if (!larger.references)
		return NO_MEMORY;
	for (size_t i = 0; i < seen->capacity; i++)
		if (seen->references[i] != 0)
			(void)seen_insert(&larger, seen->references[i]);
	*seen = larger;
	return DONE;
}

/* Queues a directory, unless it has been. */
static enum outcome enqueue(struct walk *walk, uint64_t reference, struct span path, const struct squashfs_inode *inode)
{
	if (walk->seen.count >= walk->seen.capacity / 2)
		TRY(seen_grow(&walk->seen, walk->scratch));
	if (!seen_insert(&walk->seen, reference + 1)) {
		complain(walk, "squashfs.directory-loop", path, "the directory stands in two places");
		return DONE;
	}
	struct pending *pending = ARENA_NEW(walk->scratch, struct pending, 1);
	if (!pending)
		return NO_MEMORY;
	pending->path = path;
	pending->inode = *inode;
	*walk->end = pending;
	walk->end = &pending->next;
	return DONE;
}

/* Number of a user or group; its index where the table has none. */
static uint32_t owner(const struct squashfs *fs, struct squashfs_metadata *metadata, uint64_t table, uint32_t count,
		      uint32_t index)
{
	struct span number;
	if (index >= count)
		return index;
	if (fs->super.major == 4)
		number = squashfs_metadata_indexed(metadata, table, index, 4);
	else
		number = span_slice(fs->bytes, table + (uint64_t)index * 4, 4);
	struct cursor c = cursor_over_order(number, fs->super.big_endian);
	return cursor_u32(&c);
}

static void set_owner(struct walk *walk, const struct squashfs_inode *inode, struct entry *entry)
{
	const struct squashfs_super *super = &walk->fs->super;
	entry->uid = owner(walk->fs, walk->metadata, super->uid_table, super->uid_count, inode->uid_index);
	if (inode->gid_index == SQUASHFS_NONE)
		entry->gid = entry->uid;
	else
		entry->gid = owner(walk->fs, walk->metadata, super->gid_table, super->gid_count, inode->gid_index);
}

static enum outcome read_blocks(struct walk *walk, const struct squashfs_inode *inode, struct squashfs_file *file)
{
	uint64_t block_size = walk->fs->super.block_size;
	uint64_t count = inode->size / block_size;
	struct squashfs_position at = inode->tail, end = at;
	if (inode->file.fragment == SQUASHFS_NONE && inode->size % block_size != 0)
		count++;
	if (count == 0)
		return DONE;
	if (count > UINT32_MAX || !squashfs_metadata_skip(walk->metadata, &end, count * 4))
		return MALFORMED;
	uint32_t *blocks = ARENA_NEW(walk->listing->arena, uint32_t, (size_t)count);
	if (!blocks)
		return NO_MEMORY;
	struct span words = squashfs_metadata_read(walk->metadata, &at, (size_t)count * 4);
	struct cursor c = cursor_over_order(words, walk->fs->super.big_endian);
	for (size_t i = 0; i < count; i++)
		blocks[i] = cursor_u32(&c);
	file->blocks = blocks;
	file->block_count = (uint32_t)count;
	return cursor_ok(&c) ? DONE : NO_MEMORY;
}

/* True where the content lies in the image as it is, in one piece. */
static bool lies_plain(const struct squashfs_file *file, uint64_t size, const struct squashfs_fragment *fragment)
{
	uint64_t stored = 0;
	if (size == 0 || (fragment && file->block_count > 0))
		return false;
	if (fragment)
		return fragment->size & SQUASHFS_STORED_BLOCK;
	for (uint32_t i = 0; i < file->block_count; i++) {
		if (!(file->blocks[i] & SQUASHFS_STORED_BLOCK))
			return false;
		stored += squashfs_block_bytes(file->blocks[i]);
	}
	return stored == size;
}

static enum outcome set_file(struct walk *walk, const struct squashfs_inode *inode, struct entry *entry)
{
	const struct squashfs *fs = walk->fs;
	struct squashfs_file *file = ARENA_NEW(walk->listing->arena, struct squashfs_file, 1);
	const struct squashfs_fragment *fragment = NULL;
	if (!file)
		return NO_MEMORY;
	*file = inode->file;
	entry->detail = file;
	entry->offset = file->start;
	TRY(read_blocks(walk, inode, file));
	if (file->fragment != SQUASHFS_NONE) {
		if (file->fragment >= fs->fragment_count)
			return MALFORMED;
		fragment = &fs->fragments[file->fragment];
		entry->group = (uint64_t)file->fragment + 1;
		if (file->block_count == 0)
			entry->offset = fragment->start;
	}
	if (!lies_plain(file, entry->size, fragment))
		return DONE;
	entry->plain = true;
	entry->group = 0;
	if (fragment)
		entry->offset += file->fragment_offset;
	return DONE;
}

static enum outcome set_target(struct walk *walk, const struct squashfs_inode *inode, struct entry *entry)
{
	struct squashfs_position at = inode->tail;
	if (inode->size > PATH_MAXIMUM * 16)
		return MALFORMED;
	struct span target = squashfs_metadata_read(walk->metadata, &at, (size_t)inode->size);
	if (!target.data)
		return MALFORMED;
	entry->target = arena_copy(walk->listing->arena, target);
	return entry->target.data ? DONE : NO_MEMORY;
}

static void set_device(const struct squashfs *fs, uint32_t device, struct entry *entry)
{
	entry->device_major = device >> 8 & 0xfff;
	entry->device_minor = device & 0xff;
	if (fs->super.major == 4)
		entry->device_minor |= device >> 12 & 0xfff00;
}

/* Adds an entry for the inode; what is wrong with it is noted, and the rest of it kept. */
static enum outcome add(struct walk *walk, struct span path, const struct squashfs_inode *inode)
{
	struct entry *entry;
	enum outcome outcome = DONE;
	TRY(listing_add(walk->listing, &entry));
	entry->path = path;
	entry->type = inode->type;
	entry->has_mode = true;
	entry->mode = inode->mode;
	entry->mtime = inode->time;
	set_owner(walk, inode, entry);
	if (inode->links > 1 && inode->type != ENTRY_DIRECTORY)
		entry->identity = inode->number;
	if (inode->type == ENTRY_FILE || inode->type == ENTRY_LINK)
		entry->size = inode->size;
	if (inode->type == ENTRY_FILE)
		outcome = set_file(walk, inode, entry);
	else if (inode->type == ENTRY_LINK)
		outcome = set_target(walk, inode, entry);
	else if (inode->type == ENTRY_BLOCK_DEVICE || inode->type == ENTRY_CHARACTER_DEVICE)
		set_device(walk->fs, inode->device, entry);
	if (outcome == MALFORMED) {
		entry->detail = NULL;
		complain(walk, "squashfs.bad-inode", path, "its content cannot be found");
	} else {
		TRY(outcome);
	}
	if (inode->xattr == SQUASHFS_NONE || !walk->xattrs)
		return DONE;
	outcome = squashfs_xattrs_get(walk->xattrs, inode->xattr, &entry->attributes);
	if (outcome == MALFORMED)
		complain(walk, "squashfs.bad-attributes", path, "its extended attributes cannot be read");
	return outcome == MALFORMED ? DONE : outcome;
}

static bool good_name(struct span name)
{
	return !span_equal_text(name, ".") && !span_equal_text(name, "..") &&
	       span_find_byte(name, '/', 0) == SPAN_NOT_FOUND && span_find_byte(name, 0, 0) == SPAN_NOT_FOUND;
}

/* Adds the entry at which the directory stands. */
static enum outcome add_child(struct walk *walk, struct span parent, const struct squashfs_directory *directory)
{
	struct squashfs_inode inode;
	if (parent.size == 1)
		parent = SPAN_NONE;
	if (!good_name(directory->name) || parent.size + 1 + directory->name.size > PATH_MAXIMUM) {
		complain(walk, "squashfs.bad-name", parent, "an entry has an impossible name");
		return listing_refuse(walk->listing);
	}
	struct span path = arena_format(walk->listing->arena, "%.*s/%.*s", SPAN_FORMAT(parent),
					SPAN_FORMAT(directory->name));
	if (!path.data)
		return NO_MEMORY;
	if (squashfs_inode_read(walk->fs, walk->metadata, directory->reference, &inode) != DONE) {
		complain(walk, "squashfs.bad-inode", path, "its inode cannot be read");
		return listing_refuse(walk->listing);
	}
	TRY(add(walk, path, &inode));
	return inode.type == ENTRY_DIRECTORY ? enqueue(walk, directory->reference, path, &inode) : DONE;
}

static enum outcome walk_directory(struct walk *walk, const struct pending *pending)
{
	struct squashfs_directory directory;
	enum outcome outcome;
	squashfs_directory_open(walk->fs, walk->metadata, &pending->inode, &directory);
	while ((outcome = squashfs_directory_next(&directory)) == DONE)
		TRY(add_child(walk, pending->path, &directory));
	if (outcome == MALFORMED)
		complain(walk, "squashfs.bad-directory", pending->path, "the rest of the directory cannot be read");
	return DONE;
}

enum outcome squashfs_tree_list(const struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *scratch,
				struct volume *volume, struct listing *out)
{
	struct walk walk = { fs, metadata, scratch, volume, out, .end = &walk.first };
	struct span path = SPAN_LITERAL("/");
	struct squashfs_inode root;
	if (squashfs_xattrs_new(fs, metadata, scratch, out->arena, &walk.xattrs) != DONE)
		complain(&walk, "squashfs.bad-attributes", path, "the table of extended attributes cannot be read");
	TRY(squashfs_inode_read(fs, metadata, fs->super.root, &root));
	TRY(add(&walk, path, &root));
	TRY(enqueue(&walk, fs->super.root, path, &root));
	for (struct pending *pending = walk.first; pending; pending = pending->next)
		TRY(walk_directory(&walk, pending));
	return walk.damaged ? PARTIAL : DONE;
}

enum outcome squashfs_fragments_read(struct squashfs *fs, struct squashfs_metadata *metadata, struct arena *arena,
				     struct notes *notes)
{
	uint32_t count = fs->super.fragments;
	bool wide = fs->super.major > 2;
	size_t entry_size = wide ? 16 : 8;
	/* Each block of the table has a position in its index: more than fit cannot be there. */
	if ((uint64_t)count * entry_size / SQUASHFS_METADATA_SIZE * 4 > fs->bytes.size)
		return MALFORMED;
	fs->fragments = ARENA_NEW(arena, struct squashfs_fragment, count);
	if (!fs->fragments)
		return NO_MEMORY;
	for (fs->fragment_count = 0; fs->fragment_count < count; fs->fragment_count++) {
		struct squashfs_fragment *fragment = &fs->fragments[fs->fragment_count];
		struct span entry = squashfs_metadata_indexed(metadata, fs->super.fragment_table, fs->fragment_count,
							      entry_size);
		struct cursor c = cursor_over_order(entry, fs->super.big_endian);
		fragment->start = wide ? cursor_u64(&c) : cursor_u32(&c);
		fragment->size = cursor_u32(&c);
		if (!cursor_ok(&c)) {
			notes_incomplete(notes, MISSING_CONTENT, CAUSE_DAMAGED, "squashfs.bad-fragments",
					 fs->super.fragment_table, NOTE_NO_AMOUNT,
					 "only %u of %u fragment blocks can be found", fs->fragment_count, count);
			return PARTIAL;
		}
	}
	return DONE;
}
