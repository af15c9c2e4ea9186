/*
 * YAFFS2 images with their spare bytes, as mkyaffs2image writes them and dumps of raw NAND hold them, in both
 * byte orders. Layout: Charles Manning, "How YAFFS Works"; yaffs_guts.h and yaffs_packedtags2.h of yaffs.net.
 */
#include <stdlib.h>

#include "base/cursor.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { ROOT_OBJECT = 1, OBJECT_LIMIT = 0x40000, PROBED_CHUNKS = 16, TAGS_SIZE = 16 };
static const uint32_t FIRST_SEQUENCE = 0x1000, LAST_SEQUENCE = 0xefffff00, HEADER_MARK = 0x80000000;

enum object_type { OBJECT_FILE = 1, OBJECT_LINK, OBJECT_DIRECTORY, OBJECT_HARD_LINK, OBJECT_SPECIAL };

/* Sizes of a chunk and its spare bytes, and where the tags stand in those. */
struct geometry {
	uint32_t chunk, spare, tags;
	bool big_endian;
};

/* What the spare bytes say about a chunk. */
struct tags {
	uint32_t sequence, object;
	uint32_t number; /* 0: the header of the object; else the place in the file, from 1 */
	uint32_t size;
	uint64_t offset; /* of the chunk */
};

struct header {
	enum object_type type;
	uint32_t parent, mode, uid, gid, mtime, size, original, device;
	struct span name, alias;
};

struct state {
	struct geometry geometry;
	struct tags *tags; /* sorted by object and number; the newest of each */
	size_t count;
};

static bool read_tags(struct span bytes, const struct geometry *geometry, uint64_t index, struct tags *out)
{
	uint64_t offset = index * (geometry->chunk + geometry->spare);
	struct cursor c = cursor_over_order(
	    span_slice(bytes, offset + geometry->chunk + geometry->tags, TAGS_SIZE), geometry->big_endian);
	out->sequence = cursor_u32(&c);
	out->object = cursor_u32(&c);
	out->number = cursor_u32(&c);
	out->size = cursor_u32(&c);
	out->offset = offset;
	/* A marked header keeps its parent where others keep the number, and its type above the object. */
	if (out->number & HEADER_MARK) {
		out->number = 0;
		out->object &= 0x0fffffff;
	}
	return cursor_ok(&c) && out->sequence >= FIRST_SEQUENCE && out->sequence <= LAST_SEQUENCE &&
	       out->object > 0 && out->object < OBJECT_LIMIT &&
	       (out->number == 0 || out->size <= geometry->chunk);
}

static bool is_erased(struct span bytes, const struct geometry *geometry, uint64_t index)
{
	uint64_t offset = index * (geometry->chunk + geometry->spare) + geometry->chunk + geometry->tags;
	return span_has_at(bytes, offset, SPAN_LITERAL("\xff\xff\xff\xff\xff\xff\xff\xff"));
}

/* How many chunks in a row make sense with this geometry. */
static uint64_t count_chunks(struct span bytes, const struct geometry *geometry, uint64_t limit)
{
	uint64_t index = 0;
	struct tags tags;
	while (index < limit &&
	       (read_tags(bytes, geometry, index, &tags) || is_erased(bytes, geometry, index)))
		index++;
	return index;
}

static bool find_geometry(struct span bytes, struct geometry *out)
{
	static const uint32_t sizes[][2] = {
		{ 2048, 64 }, { 4096, 128 }, { 1024, 32 }, { 4096, 224 }, { 8192, 256 }
	};
	static const uint32_t places[] = { 0, 2 };
	bool big_endian = span_byte(bytes, 0) == 0;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		for (size_t j = 0; j < sizeof places / sizeof *places; j++) {
			struct tags first;
			*out = (struct geometry){ sizes[i][0], sizes[i][1], places[j], big_endian };
			uint64_t room = bytes.size / (out->chunk + out->spare);
			uint64_t wanted = room < PROBED_CHUNKS ? room : PROBED_CHUNKS;
			if (wanted > 0 && read_tags(bytes, out, 0, &first) && first.number == 0 &&
			    count_chunks(bytes, out, wanted) == wanted)
				return true;
		}
	}
	return false;
}

/* What the magic and the tags leave open: the first object's name, and a mode that is of its type. */
static bool is_header(struct span bytes, const struct geometry *geometry)
{
	enum { NAME = 10, NAME_SIZE = 256, MODE = 268, TYPE_MASK = 0170000 };
	static const uint32_t modes[] = { [OBJECT_FILE] = 0100000, [OBJECT_LINK] = 0120000, [OBJECT_DIRECTORY] = 0040000 };
	struct span name = span_until_nul(span_slice(bytes, NAME, NAME_SIZE));
	struct tags tags;
	struct cursor c = cursor_over_order(bytes, geometry->big_endian);
	uint32_t type = cursor_u32(&c);
	cursor_seek(&c, MODE);
	uint32_t mode = cursor_u32(&c);
	if (!cursor_ok(&c) || type < OBJECT_FILE || type > OBJECT_DIRECTORY || (mode & TYPE_MASK) != modes[type] || mode > UINT16_MAX)
		return false;
	bool root = read_tags(bytes, geometry, 0, &tags) && tags.object == ROOT_OBJECT;
	return tree_name_is_sane(name) || (root && name.size == 0);
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct geometry geometry;
	if (!find_geometry(bytes, &geometry) || !is_header(bytes, &geometry))
		return NOT_THIS;
	uint64_t chunks = count_chunks(bytes, &geometry, UINT64_MAX);
	out->size = chunks * (geometry.chunk + geometry.spare);
	if (out->size > bytes.size)
		out->size = bytes.size;
	out->bits = 96;
	out->detail = arena_format(arena, "%s-endian, chunks of %u + %u bytes",
				   geometry.big_endian ? "big" : "little", geometry.chunk, geometry.spare);
	return DONE;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_age(const void *left, const void *right)
{
	const struct tags *a = left, *b = right;
	if (a->object != b->object)
		return order(a->object, b->object);
	if (a->number != b->number)
		return order(a->number, b->number);
	return a->sequence != b->sequence ? order(a->sequence, b->sequence) : order(a->offset, b->offset);
}

/* Collects all chunks and keeps the newest of each. */
static enum outcome read_all_tags(struct volume *volume, struct state *state)
{
	const struct geometry *geometry = &state->geometry;
	uint64_t chunks = volume->bytes.size / (geometry->chunk + geometry->spare);
	size_t count = 0;
	state->tags = ARENA_NEW(volume->arena, struct tags, chunks + 1);
	if (!state->tags)
		return NO_MEMORY;
	for (uint64_t i = 0; i < chunks; i++)
		count += read_tags(volume->bytes, geometry, i, &state->tags[count]);
	qsort(state->tags, count, sizeof *state->tags, by_age);
	for (size_t i = 0; i < count; i++) {
		bool newest = i + 1 == count || state->tags[i].object != state->tags[i + 1].object ||
			      state->tags[i].number != state->tags[i + 1].number;
		if (newest)
			state->tags[state->count++] = state->tags[i];
	}
	return DONE;
}

/* The first chunk of an object: its header, where it has one. */
static size_t find_object(const struct state *state, uint32_t object)
{
	size_t low = 0, high = state->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (state->tags[middle].object < object)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool read_header(struct span bytes, const struct state *state, uint32_t object, struct header *out)
{
	size_t first = find_object(state, object);
	if (first == state->count || state->tags[first].object != object || state->tags[first].number != 0)
		return false;
	struct cursor c = cursor_over_order(
	    span_slice(bytes, state->tags[first].offset, state->geometry.chunk), state->geometry.big_endian);
	out->type = cursor_u32(&c);
	out->parent = cursor_u32(&c);
	cursor_skip(&c, 2);
	out->name = span_until_nul(cursor_take(&c, 256));
	cursor_seek(&c, 268);
	out->mode = cursor_u32(&c);
	out->uid = cursor_u32(&c);
	out->gid = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->mtime = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->size = cursor_u32(&c);
	out->original = cursor_u32(&c);
	out->alias = span_until_nul(cursor_take(&c, 160));
	out->device = cursor_u32(&c);
	return cursor_ok(&c);
}

/* An object and the directory that it is in. */
struct child {
	uint32_t parent, object;
	struct header header;
};

struct walk {
	struct volume *volume;
	struct listing *out;
	const struct state *state;
	struct child *children; /* sorted by parent and name */
	size_t count;
	struct tree_links links;
	bool damaged;
};

static int by_parent(const void *left, const void *right)
{
	const struct child *a = left, *b = right;
	if (a->parent != b->parent)
		return order(a->parent, b->parent);
	int names = span_compare(a->header.name, b->header.name);
	return names ? names : order(a->object, b->object);
}

static enum outcome find_children(struct walk *walk)
{
	walk->children = ARENA_NEW(walk->volume->arena, struct child, walk->state->count + 1);
	if (!walk->children)
		return NO_MEMORY;
	for (size_t i = 0; i < walk->state->count; i++) {
		struct child *child = &walk->children[walk->count];
		child->object = walk->state->tags[i].object;
		if (walk->state->tags[i].number != 0 || child->object == ROOT_OBJECT ||
		    !read_header(walk->volume->bytes, walk->state, child->object, &child->header))
			continue;
		child->parent = child->header.parent;
		walk->count++;
	}
	qsort(walk->children, walk->count, sizeof *walk->children, by_parent);
	return DONE;
}

static void fill(const struct header *header, uint32_t object, struct entry *entry)
{
	static const enum entry_type types[] = {
		[OBJECT_FILE] = ENTRY_FILE,
		[OBJECT_LINK] = ENTRY_LINK,
		[OBJECT_DIRECTORY] = ENTRY_DIRECTORY,
	};
	if (!tree_set_mode(entry, header->mode) && header->type <= OBJECT_DIRECTORY)
		entry->type = types[header->type];
	entry->uid = header->uid;
	entry->gid = header->gid;
	entry->mtime = header->mtime;
	entry->cookie = object;
	if (entry->type == ENTRY_LINK) {
		entry->target = header->alias;
		entry->size = header->alias.size;
	} else if (entry->type == ENTRY_FILE) {
		entry->size = header->size == UINT32_MAX ? 0 : header->size;
	} else if (entry->type == ENTRY_BLOCK_DEVICE || entry->type == ENTRY_CHARACTER_DEVICE) {
		tree_set_device(entry, header->device);
	}
}

static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth);

static enum outcome add(struct walk *walk, struct child *child, struct span parent, unsigned depth)
{
	struct header header = child->header;
	uint32_t object = child->object;
	struct span path =
	    tree_name_is_sane(header.name) ? tree_join(walk->out->arena, parent, header.name) : SPAN_NONE;
	struct entry *entry, probe = { .path = path };
	if (header.type == OBJECT_HARD_LINK)
		object = header.original;
	bool found = header.type != OBJECT_HARD_LINK ||
		     (read_header(walk->volume->bytes, walk->state, object, &header) &&
		      header.type != OBJECT_HARD_LINK && header.type != OBJECT_DIRECTORY);
	if (!path.data || !found || header.type < OBJECT_FILE || header.type > OBJECT_SPECIAL) {
		walk->damaged = true;
		notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "yaffs2.damaged", NOTE_NO_OFFSET, 1,
				 "object %u is damaged, or a link to nothing", child->object);
		return DONE;
	}
	fill(&header, object, &probe);
	size_t first = find_object(walk->state, object);
	probe.offset = first < walk->state->count ? walk->state->tags[first].offset : 0;
	TRY(listing_add(walk->out, &entry));
	*entry = probe;
	if (entry->type == ENTRY_FILE)
		TRY(tree_links_add(&walk->links, walk->out, 0, object, walk->out->count - 1));
	if (entry->type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_directory(walk, object, path, depth + 1) : listing_refuse(walk->out);
}

/* An object has one parent, so that no directory can be met twice on the way from the root. */
static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth)
{
	size_t low = 0, high = walk->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (walk->children[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < walk->count && walk->children[i].parent == parent; i++)
		TRY(add(walk, &walk->children[i], path, depth));
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct state *state = ARENA_NEW(volume->arena, struct state, 1);
	if (!state)
		return NO_MEMORY;
	volume->state = state;
	if (!find_geometry(volume->bytes, &state->geometry))
		return MALFORMED;
	struct walk walk = { .volume = volume, .out = out, .state = state };
	TRY(read_all_tags(volume, state));
	TRY(find_children(&walk));
	TRY(list_directory(&walk, ROOT_OBJECT, SPAN_LITERAL("/"), 0));
	tree_links_resolve(&walk.links, out);
	return walk.damaged ? PARTIAL : DONE;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct state *state = reader->volume->state;
	uint64_t size = entry->type == ENTRY_FILE ? entry->size : 0;
	size_t start = out->size;
	uint32_t chunk = state->geometry.chunk;
	for (size_t i = find_object(state, (uint32_t)entry->cookie);
	     i < state->count && state->tags[i].object == entry->cookie; i++) {
		const struct tags *tags = &state->tags[i];
		uint64_t at = tags->number ? (uint64_t)(tags->number - 1) * chunk : 0;
		if (tags->number == 0 || at >= size)
			continue;
		uint64_t wanted = size - at < tags->size ? size - at : tags->size;
		if (at > reader->volume->bytes.size)
			break;
		TRY(buffer_append_zeros(out, at > out->size - start ? at - (out->size - start) : 0));
		out->size = start + (size_t)at;
		TRY(buffer_append(out, span_slice(reader->volume->bytes, tags->offset, wanted)));
	}
	if (out->size - start == size)
		return DONE;
	notes_add(reader->notes, NOTE_WARNING, "yaffs2.missing", entry->offset, "%.*s: its end is missing",
		  SPAN_FORMAT(entry->path));
	return PARTIAL;
}

/* The header of the first object: its type, the root as its parent, and a checksum that is not used. */
const struct unpacker unpacker_yaffs2 = {
	.name = "yaffs2",
	.title = "YAFFS2 file system",
	.role = ROLE_FILE_SYSTEM,
	.stored = true,
	.magics = {
		MAGIC("\x03\0\0\0\x01\0\0\0\xff\xff", 0), MAGIC("\0\0\0\x03\0\0\0\x01\xff\xff", 0),
		MAGIC("\x01\0\0\0\x01\0\0\0\xff\xff", 0), MAGIC("\0\0\0\x01\0\0\0\x01\xff\xff", 0),
		MAGIC("\x02\0\0\0\x01\0\0\0\xff\xff", 0), MAGIC("\0\0\0\x02\0\0\0\x01\xff\xff", 0),
	},
	.measure = measure,
	.list = list,
	.read = read_file,
};
