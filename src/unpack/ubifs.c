/* UBIFS as its last commit left it: what only its journal holds is not read. Nodes are described in ubifs.h.
 */
#include "unpack/ubifs.h"

#include "base/cursor.h"
#include "codec/codec.h"
#include "unpack/registry.h"
#include "unpack/tree.h"

enum { FLAG_ENCRYPTED = 0x40 };
/* A file may end in a hole that no node fills; a larger one is not believed, in bytes. */
static const uint64_t HOLE_LIMIT = 16 * 1024 * 1024;

/* The blocks of one file, by number. */
struct content {
	const struct ubifs_piece *pieces;
	size_t count;
	bool encrypted;
	bool lost; /* some of them, or what the index says of them, cannot be read */
};

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct ubifs ubifs;
	if (!ubifs_read_super(bytes, &ubifs))
		return NOT_THIS;
	uint64_t size = (uint64_t)ubifs.block_size * ubifs.blocks;
	out->size = size < bytes.size ? size : bytes.size;
	out->bits = 96;
	out->detail = arena_format(arena, "erase blocks of %u bytes", ubifs.block_size);
	return DONE;
}

struct walk {
	struct volume *volume;
	struct listing *out;
	struct ubifs_index index;
	bool *entered; /* by index of the first child: a directory is entered once */
	bool damaged;
};

static void note_damage(struct walk *walk, struct span path, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "ubifs.damaged", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
			 "%.*s: %s", SPAN_FORMAT(path), what);
}

static const struct ubifs_inode *find_inode(const struct ubifs_index *index, uint32_t number)
{
	size_t low = 0, high = index->inode_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->inodes[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->inode_count && index->inodes[low].number == number ? &index->inodes[low] : NULL;
}

static size_t find_children(const struct ubifs_index *index, uint32_t parent)
{
	size_t low = 0, high = index->dirent_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->dirents[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The first piece of an inode of that number or a higher one. */
static size_t first_piece(const struct ubifs_index *index, uint64_t number)
{
	size_t low = 0, high = index->piece_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->pieces[middle].inode < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct content find_content(const struct ubifs_index *index, const struct ubifs_inode *inode)
{
	size_t low = first_piece(index, inode->number), end = first_piece(index, (uint64_t)inode->number + 1);
	return (struct content){ index->pieces + low, end - low, inode->flags & FLAG_ENCRYPTED,
				 ubifs_content_is_lost(index, inode->number) };
}

static uint64_t believable_size(const struct ubifs_inode *inode, const struct content *content)
{
	uint64_t end = content->count
			   ? ((uint64_t)content->pieces[content->count - 1].number + 1) * UBIFS_BLOCK_SIZE
			   : 0;
	return inode->size > end + HOLE_LIMIT ? end : inode->size;
}

static enum outcome fill(struct walk *walk, const struct ubifs_inode *inode, struct entry *entry)
{
	entry->uid = inode->uid;
	entry->gid = inode->gid;
	entry->mtime = (int64_t)inode->mtime;
	entry->offset = inode->offset;
	if (entry->type == ENTRY_LINK) {
		entry->target = inode->content;
		entry->size = inode->content.size;
	} else if (entry->type == ENTRY_BLOCK_DEVICE || entry->type == ENTRY_CHARACTER_DEVICE) {
		struct cursor c = cursor_over(inode->content);
		tree_set_device(entry, cursor_u32le(&c));
	} else if (entry->type == ENTRY_FILE) {
		struct content *content = ARENA_NEW(walk->out->arena, struct content, 1);
		if (!content)
			return NO_MEMORY;
		*content = find_content(&walk->index, inode);
		entry->detail = content;
		entry->size = believable_size(inode, content);
		content->lost |= entry->size < inode->size;
		entry->identity = inode->links > 1 ? inode->number : 0;
		entry->offset = content->count ? content->pieces[0].offset : inode->offset;
	}
	return DONE;
}

static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth);

static enum outcome add(struct walk *walk, const struct ubifs_dirent *dirent, struct span parent,
			unsigned depth)
{
	const struct ubifs_inode *inode = find_inode(&walk->index, dirent->inode);
	struct span path =
	    tree_name_is_sane(dirent->name) ? tree_join(walk->out->arena, parent, dirent->name) : SPAN_NONE;
	struct entry *entry, probe = { .path = path };
	if (!path.data || !inode || !tree_set_mode(&probe, inode->mode)) {
		note_damage(walk, dirent->name, inode ? "its name or mode is damaged" : "it has no inode");
		return DONE;
	}
	TRY(fill(walk, inode, &probe));
	TRY(listing_add(walk->out, &entry));
	*entry = probe;
	if (entry->type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_directory(walk, dirent->inode, path, depth + 1) : listing_refuse(walk->out);
}

static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth)
{
	const struct ubifs_index *index = &walk->index;
	size_t first = find_children(index, parent);
	if (first == index->dirent_count || index->dirents[first].parent != parent || walk->entered[first])
		return DONE;
	walk->entered[first] = true;
	for (size_t i = first; i < index->dirent_count && index->dirents[i].parent == parent; i++)
		TRY(add(walk, &index->dirents[i], path, depth));
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out };
	struct ubifs ubifs;
	if (!ubifs_read_super(volume->bytes, &ubifs))
		return MALFORMED;
	enum outcome outcome = ubifs_read_index(&ubifs, volume->arena, &walk.index);
	if (outcome == MALFORMED)
		note_damage(&walk, SPAN_LITERAL("/"), "there is no master node, and so no index");
	TRY(outcome);
	walk.entered = ARENA_NEW(volume->arena, bool, walk.index.dirent_count + 1);
	if (!walk.entered)
		return NO_MEMORY;
	TRY(list_directory(&walk, UBIFS_ROOT_INODE, SPAN_LITERAL("/"), 0));
	uint64_t journal;
	TRY(ubifs_list_unused(&ubifs, out, &journal));
	if (journal > 0)
		notes_incomplete(volume->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "ubifs.journal", NOTE_NO_OFFSET, journal,
				 "%llu bytes of the journal are newer than the index, and were not read",
				 (unsigned long long)journal);
	if (walk.index.damaged > 0)
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "ubifs.bad-node", NOTE_NO_OFFSET,
				 walk.index.damaged, "%zu nodes cannot be read and were left out", walk.index.damaged);
	return walk.damaged || walk.index.damaged > 0 ? PARTIAL : DONE;
}

static enum outcome decode(struct codec_scratch *scratch, const struct ubifs_piece *piece, struct buffer *out)
{
	enum { NONE, LZO, ZLIB, ZSTD };
	switch (piece->compression) {
	case NONE: return buffer_append(out, span_slice(piece->stored, 0, piece->length));
	case LZO: return codec_lzo(scratch, piece->stored, piece->length, out);
	case ZLIB: return codec_deflate(scratch, piece->stored, piece->length, out);
	case ZSTD: return codec_zstd(scratch, piece->stored, piece->length, out);
	default: return UNSUPPORTED;
	}
}

/* Makes content, which starts in out at `start`, exactly size bytes long. */
static enum outcome resize(struct buffer *out, size_t start, uint64_t size)
{
	size_t have = out->size - start;
	if (size > have)
		return buffer_append_zeros(out, size - have);
	out->size = start + (size_t)size;
	return DONE;
}

static enum outcome read_pieces(struct codec_scratch *scratch, const struct content *content, uint64_t size,
				struct buffer *out)
{
	size_t start = out->size;
	enum outcome worst = content->lost ? PARTIAL : DONE;
	for (size_t i = 0; i < content->count; i++) {
		const struct ubifs_piece *piece = &content->pieces[i];
		uint64_t at = (uint64_t)piece->number * UBIFS_BLOCK_SIZE;
		if (at >= size)
			break;
		if (at > out->size - start + HOLE_LIMIT)
			return PARTIAL;
		TRY(resize(out, start, at));
		enum outcome step = decode(scratch, piece, out);
		if (step == DONE && out->size - start != at + piece->length)
			step = PARTIAL;
		if (step == OVER_BUDGET || step == NO_MEMORY)
			return step;
		worst = step > worst ? step : worst;
	}
	TRY(resize(out, start, size));
	return worst == MALFORMED ? PARTIAL : worst;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct content *content = entry->detail;
	if (entry->type != ENTRY_FILE)
		return DONE;
	enum outcome outcome =
	    content->encrypted ? UNSUPPORTED : read_pieces(reader->state, content, entry->size, out);
	if (outcome == PARTIAL || outcome == UNSUPPORTED)
		notes_add(reader->notes, NOTE_WARNING, "ubifs.bad-content", entry->offset, "%.*s: %s",
			  SPAN_FORMAT(entry->path),
			  outcome == PARTIAL ? "some of its nodes are damaged or lost"
					     : "it is encrypted or compressed in an unknown way");
	return outcome;
}

const struct unpacker unpacker_ubifs = {
	.name = "ubifs",
	.title = "UBIFS file system",
	.role = ROLE_FILE_SYSTEM,
	.magics = { MAGIC("\x31\x18\x10\x06", 0) },
	.measure = measure,
	.list = list,
	.open = tree_reader_open,
	.read = read_file,
	.close = tree_reader_close,
};
