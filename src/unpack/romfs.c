/*
 * ROMFS, as uClinux and small rescue systems use it. All of it is big-endian; content lies there as it is.
 * Layout: Linux Documentation/filesystems/romfs.rst.
 */
#include "base/cursor.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { ALIGNMENT = 16, CHECKED_SIZE = 512, NAME_LIMIT = 256, EXECUTABLE = 8 };

enum romfs_type {
	ROMFS_HARD_LINK,
	ROMFS_DIRECTORY,
	ROMFS_FILE,
	ROMFS_LINK,
	ROMFS_BLOCK_DEVICE,
	ROMFS_CHARACTER_DEVICE,
	ROMFS_SOCKET,
	ROMFS_FIFO,
};

struct header {
	uint32_t next; /* offset of the next in the same directory; 0 for none */
	enum romfs_type type;
	bool executable;
	uint32_t info; /* first file of a directory, target of a hard link, device numbers */
	uint32_t size;
	struct span name;
	uint64_t data; /* offset of the content */
};

static bool read_header(struct span bytes, uint32_t offset, struct header *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_seek(&c, offset);
	uint32_t next = cursor_u32be(&c);
	out->next = next & ~(uint32_t)(ALIGNMENT - 1);
	out->type = next & 7;
	out->executable = next & EXECUTABLE;
	out->info = cursor_u32be(&c);
	out->size = cursor_u32be(&c);
	cursor_skip(&c, 4);
	out->name = span_until_nul(span_slice(bytes, c.at, NAME_LIMIT));
	cursor_skip(&c, out->name.size + 1);
	cursor_align(&c, ALIGNMENT);
	out->data = c.at;
	return cursor_ok(&c) && offset % ALIGNMENT == 0;
}

/* The first 512 bytes, as big-endian words, add up to nothing. */
static bool checksum_holds(struct span bytes, uint32_t size)
{
	struct cursor c = cursor_over(span_slice(bytes, 0, size < CHECKED_SIZE ? size : CHECKED_SIZE));
	uint32_t sum = 0;
	while (cursor_left(&c) >= 4)
		sum += cursor_u32be(&c);
	return sum == 0;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	(void)arena;
	cursor_skip(&c, 8);
	uint32_t size = cursor_u32be(&c);
	cursor_skip(&c, 4);
	if (!cursor_ok(&c) || size < 2 * ALIGNMENT || !checksum_holds(bytes, size))
		return NOT_THIS;
	out->size = size < bytes.size ? size : bytes.size;
	out->bits = 96;
	out->label = span_until_nul(span_slice(bytes, 16, NAME_LIMIT));
	/* Images are made in whole KiB, which the size field leaves out. */
	uint64_t padded = (out->size + 1023) & ~(uint64_t)1023;
	struct span padding = span_slice(bytes, out->size, padded - out->size);
	if (padding.size == padded - out->size && span_find_byte(padding, 0, 0) == 0 &&
	    span_equal(span_from(padding, 1), span_slice(padding, 0, padding.size - 1)))
		out->size = padded;
	return DONE;
}

struct walk {
	struct volume *volume;
	struct listing *out;
	struct tree_links links;
	size_t headers_left; /* as many as the image has room for: a chain that turns back ends there */
	bool damaged;
};

static void note_damage(struct walk *walk, uint32_t offset, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "romfs.bad-header", offset, NOTE_NO_AMOUNT, "%s",
			 what);
}

static void fill(struct walk *walk, const struct header *header, struct entry *entry)
{
	static const enum entry_type types[] = {
		[ROMFS_HARD_LINK] = ENTRY_FILE,
		[ROMFS_DIRECTORY] = ENTRY_DIRECTORY,
		[ROMFS_FILE] = ENTRY_FILE,
		[ROMFS_LINK] = ENTRY_LINK,
		[ROMFS_BLOCK_DEVICE] = ENTRY_BLOCK_DEVICE,
		[ROMFS_CHARACTER_DEVICE] = ENTRY_CHARACTER_DEVICE,
		[ROMFS_SOCKET] = ENTRY_SOCKET,
		[ROMFS_FIFO] = ENTRY_FIFO,
	};
	entry->type = types[header->type];
	entry->offset = header->data;
	/* The format keeps no more of a mode than this; Linux shows the rest as follows. */
	entry->has_mode = true;
	entry->mode = header->executable || entry->type == ENTRY_DIRECTORY ? 0555 : 0444;
	if (entry->type == ENTRY_LINK) {
		entry->target = span_slice(walk->volume->bytes, header->data, header->size);
		entry->size = entry->target.size;
		entry->mode = 0777;
	} else if (entry->type == ENTRY_FILE) {
		entry->size = header->size;
		entry->plain = true;
	} else if (entry->type == ENTRY_BLOCK_DEVICE || entry->type == ENTRY_CHARACTER_DEVICE) {
		entry->device_major = header->info >> 16;
		entry->device_minor = header->info & 0xffff;
	}
}

static enum outcome list_directory(struct walk *walk, uint32_t first, struct span path, unsigned depth);

/* A file, or the file that a hard link names. */
static enum outcome add(struct walk *walk, uint32_t offset, struct header *header, struct span parent,
			unsigned depth)
{
	struct listing *out = walk->out;
	struct span name = header->name;
	uint32_t origin = offset;
	if (header->type == ROMFS_HARD_LINK) {
		origin = header->info & ~(uint32_t)(ALIGNMENT - 1);
		/* "." and ".." are hard links to directories, which are not listed. */
		if (!read_header(walk->volume->bytes, origin, header) || header->type == ROMFS_HARD_LINK ||
		    header->type == ROMFS_DIRECTORY) {
			note_damage(walk, offset, "a hard link leads to no file");
			return DONE;
		}
	}
	struct entry *entry;
	struct span path = tree_join(out->arena, parent, name);
	if (!path.data) {
		note_damage(walk, offset, "a path is too long");
		return DONE;
	}
	TRY(listing_add(out, &entry));
	entry->path = path;
	fill(walk, header, entry);
	if (entry->type == ENTRY_FILE)
		TRY(tree_links_add(&walk->links, out, 0, origin, out->count - 1));
	if (entry->type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_directory(walk, header->info, path, depth + 1) : listing_refuse(walk->out);
}

static enum outcome list_directory(struct walk *walk, uint32_t first, struct span path, unsigned depth)
{
	uint32_t offset = first & ~(uint32_t)(ALIGNMENT - 1);
	while (offset != 0) {
		struct header header;
		if (walk->headers_left == 0 || !read_header(walk->volume->bytes, offset, &header)) {
			note_damage(walk, offset, "a chain of headers does not end");
			return DONE;
		}
		walk->headers_left--;
		uint32_t next = header.next;
		bool self = span_equal_text(header.name, ".") || span_equal_text(header.name, "..");
		if (!self && !tree_name_is_sane(header.name))
			note_damage(walk, offset, "a name cannot be one");
		else if (!self)
			TRY(add(walk, offset, &header, path, depth));
		offset = next;
	}
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out, .headers_left = volume->bytes.size / ALIGNMENT };
	struct span label = span_until_nul(span_slice(volume->bytes, 16, NAME_LIMIT));
	uint64_t root = (16 + label.size + 1 + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
	TRY(list_directory(&walk, (uint32_t)root, SPAN_LITERAL("/"), 0));
	tree_links_resolve(&walk.links, out);
	return walk.damaged ? PARTIAL : DONE;
}

const struct unpacker unpacker_romfs = {
	.name = "romfs",
	.title = "ROMFS file system",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = { MAGIC("-rom1fs-", 0) },
	.measure = measure,
	.list = list,
};
