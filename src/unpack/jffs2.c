/* JFFS2 in both byte orders: the newest valid node of each name and inode holds. Nodes are described in
 * jffs2.h. */
#include <stdlib.h>

#include "base/effort.h"
#include "base/scoped.h"
#include "unpack/jffs2.h"
#include "unpack/registry.h"

enum { ROOT_INODE = 1, ERASE_BLOCK_LEAST = 4096 };

/* The nodes of one inode, oldest first, and what they say together: worked out once, however many names it has. */
struct pieces {
	const struct jffs2_inode *nodes;
	size_t count;
	uint64_t end;        /* of the piece that reaches furthest */
	bool is_read;        /* the two below are set */
	struct span content; /* of a link or device */
	enum outcome outcome;
};

/* All nodes of a volume, sorted. */
struct log {
	struct jffs2_inode *inodes;
	size_t inode_count, inode_capacity;
	struct jffs2_dirent *dirents;
	size_t dirent_count, dirent_capacity;
	struct pieces *files; /* one for each inode, by number */
	size_t file_count;
	bool big_endian;
	size_t damaged;
};

static bool is_big_endian(struct span bytes)
{
	return span_byte(bytes, 0) == 0x19;
}

/* A log begins an erase block, and flash is erased in powers of two: the padding up to its end belongs to it.
 */
static uint64_t end_with_padding(struct span bytes, uint64_t end)
{
	uint64_t at = end;
	while (at < bytes.size && effort_at(at) && span_byte(bytes, at) == 0xff)
		at++;
	if (at == bytes.size)
		return at;
	uint64_t aligned = at & ~(uint64_t)(ERASE_BLOCK_LEAST - 1);
	return aligned > end ? aligned : end;
}

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct jffs2_node node;
	bool big_endian = is_big_endian(bytes);
	uint64_t offset = 0, end = 0;
	uint32_t nodes = 0;
	if (!jffs2_read_node(bytes, big_endian, 0, &node))
		return NOT_THIS;
	while (jffs2_next_node(bytes, big_endian, &offset, &node)) {
		end = offset;
		nodes++;
	}
	out->size = end_with_padding(bytes, end < bytes.size ? end : bytes.size);
	out->bits = nodes > 2 ? 96 : 48;
	out->detail = arena_format(arena, "%s-endian, %u nodes", big_endian ? "big" : "little", nodes);
	return DONE;
}

static enum outcome keep(struct log *log, struct volume *volume, const struct jffs2_node *node)
{
	struct jffs2_inode inode;
	struct jffs2_dirent dirent;
	if (node->type == JFFS2_INODE) {
		if (!jffs2_read_inode(volume->bytes, log->big_endian, node, &inode)) {
			log->damaged++;
			return DONE;
		}
		log->inodes =
		    arena_grow(volume->arena, log->inodes, log->inode_count, &log->inode_capacity, sizeof inode);
		if (!log->inodes)
			return NO_MEMORY;
		log->inodes[log->inode_count++] = inode;
	} else if (node->type == JFFS2_DIRENT) {
		if (!jffs2_read_dirent(volume->bytes, log->big_endian, node, &dirent)) {
			log->damaged++;
			return DONE;
		}
		log->dirents = arena_grow(volume->arena, log->dirents, log->dirent_count, &log->dirent_capacity,
				     sizeof dirent);
		if (!log->dirents)
			return NO_MEMORY;
		log->dirents[log->dirent_count++] = dirent;
	}
	return DONE;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_inode(const void *left, const void *right)
{
	const struct jffs2_inode *a = left, *b = right;
	if (a->number != b->number)
		return order(a->number, b->number);
	return a->version != b->version ? order(a->version, b->version) : order(a->data, b->data);
}

static int by_parent(const void *left, const void *right)
{
	const struct jffs2_dirent *a = left, *b = right;
	if (a->parent != b->parent)
		return order(a->parent, b->parent);
	int names = span_compare(a->name, b->name);
	return names ? names : order(a->version, b->version);
}

/* Keeps the newest of each name, and drops names that were taken away. */
static void drop_old_names(struct log *log)
{
	size_t kept = 0;
	for (size_t i = 0; i < log->dirent_count; i++) {
		const struct jffs2_dirent *dirent = &log->dirents[i];
		bool newest = i + 1 == log->dirent_count || dirent->parent != log->dirents[i + 1].parent ||
			      !span_equal(dirent->name, log->dirents[i + 1].name);
		if (newest && dirent->inode != 0)
			log->dirents[kept++] = *dirent;
	}
	log->dirent_count = kept;
}

/* Cuts the sorted nodes into inodes. */
static enum outcome gather_files(struct log *log, struct arena *arena)
{
	log->files = ARENA_NEW(arena, struct pieces, log->inode_count + 1);
	if (!log->files)
		return NO_MEMORY;
	for (size_t i = 0; i < log->inode_count; i++) {
		const struct jffs2_inode *node = &log->inodes[i];
		uint64_t end = (uint64_t)node->start + node->length;
		if (i == 0 || node->number != log->inodes[i - 1].number)
			log->files[log->file_count++] = (struct pieces){ .nodes = node };
		struct pieces *file = &log->files[log->file_count - 1];
		file->count++;
		file->end = end > file->end ? end : file->end;
	}
	return DONE;
}

static enum outcome read_log(struct log *log, struct volume *volume)
{
	struct jffs2_node node;
	uint64_t offset = 0;
	while (jffs2_next_node(volume->bytes, log->big_endian, &offset, &node))
		if (!node.obsolete)
			TRY(keep(log, volume, &node));
	if (log->inode_count > 0)
		qsort(log->inodes, log->inode_count, sizeof *log->inodes, by_inode);
	if (log->dirent_count > 0)
		qsort(log->dirents, log->dirent_count, sizeof *log->dirents, by_parent);
	drop_old_names(log);
	return gather_files(log, volume->arena);
}

/* NULL where no node has that number. */
static struct pieces *find_inode(const struct log *log, uint32_t number)
{
	size_t low = 0, high = log->file_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (log->files[middle].nodes->number < number)
			low = middle + 1;
		else
			high = middle;
	}
	bool found = low < log->file_count && log->files[low].nodes->number == number;
	return found ? &log->files[low] : NULL;
}

static size_t find_children(const struct log *log, uint32_t parent)
{
	size_t low = 0, high = log->dirent_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (log->dirents[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct walk {
	struct volume *volume;
	struct listing *out;
	struct log log;
	struct codec_scratch *scratch;
	bool *entered; /* by index of the first child: a directory is entered once */
	bool damaged;
};

static void note_damage(struct walk *walk, struct span path, const char *what)
{
	walk->damaged = true;
	notes_incomplete(walk->volume->notes, MISSING_ENTRIES, CAUSE_DAMAGED, "jffs2.damaged", NOTE_NO_OFFSET, 1, "%.*s: %s",
			 SPAN_FORMAT(path), what);
}

/* The size that the newest node gives, as far as it can be believed. */
static uint64_t believable_size(const struct pieces *pieces)
{
	uint64_t size = pieces->nodes[pieces->count - 1].size;
	return size > pieces->end + JFFS2_HOLE_LIMIT ? pieces->end : size;
}

/* Short content that the listing itself holds: the target of a link, the numbers of a device. */
static enum outcome read_short(struct walk *walk, struct pieces *pieces, struct span *out)
{
	if (!pieces->is_read) {
		SCOPED(buffer) content = { 0 };
		buffer_init(&content, 4096, walk->volume->budget);
		pieces->outcome =
		    jffs2_read_content(walk->volume->bytes, walk->scratch, pieces->nodes, pieces->count, &content);
		pieces->content = arena_copy(walk->out->arena, buffer_span(&content));
		pieces->is_read = true;
	}
	*out = pieces->content;
	if (!out->data)
		return NO_MEMORY;
	return pieces->outcome == OVER_BUDGET ? PARTIAL : pieces->outcome;
}

static void set_device(struct walk *walk, struct span content, struct entry *entry)
{
	struct cursor c = cursor_over_order(content, walk->log.big_endian);
	if (content.size >= 4)
		tree_set_device(entry, cursor_u32(&c));
	else
		tree_set_old_device(entry, cursor_u16(&c));
}

static enum outcome fill(struct walk *walk, struct pieces *pieces, struct entry *entry)
{
	const struct jffs2_inode *newest = &pieces->nodes[pieces->count - 1];
	struct span content = SPAN_NONE;
	entry->detail = pieces;
	entry->uid = newest->uid;
	entry->gid = newest->gid;
	entry->mtime = newest->mtime;
	entry->offset = pieces->nodes[0].data;
	if (entry->type == ENTRY_FILE) {
		entry->size = believable_size(pieces);
		entry->identity = newest->number;
		return DONE;
	}
	if (entry->type == ENTRY_DIRECTORY || entry->type == ENTRY_FIFO || entry->type == ENTRY_SOCKET)
		return DONE;
	enum outcome outcome = read_short(walk, pieces, &content);
	if (outcome == NO_MEMORY)
		return outcome;
	if (outcome != DONE)
		note_damage(walk, entry->path, "what it points to cannot be read");
	if (entry->type == ENTRY_LINK) {
		entry->target = content;
		entry->size = content.size;
	} else {
		set_device(walk, content, entry);
	}
	return DONE;
}

static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth);

static enum outcome add(struct walk *walk, const struct jffs2_dirent *dirent, struct span parent,
			unsigned depth)
{
	struct listing *out = walk->out;
	struct span path =
	    tree_name_is_sane(dirent->name) ? tree_join(out->arena, parent, dirent->name) : SPAN_NONE;
	struct pieces *pieces = find_inode(&walk->log, dirent->inode);
	struct entry *entry, probe = { .path = path };
	if (!path.data || !pieces || !tree_set_mode(&probe, pieces->nodes[pieces->count - 1].mode)) {
		note_damage(walk, dirent->name,
			    pieces ? "its name or mode is damaged" : "it has no inode");
		return DONE;
	}
	TRY(fill(walk, pieces, &probe));
	TRY(listing_add(out, &entry));
	*entry = probe;
	if (entry->type != ENTRY_DIRECTORY)
		return DONE;
	return depth < TREE_DEPTH_MAX ? list_directory(walk, dirent->inode, path, depth + 1) : listing_refuse(walk->out);
}

static enum outcome list_directory(struct walk *walk, uint32_t parent, struct span path, unsigned depth)
{
	size_t first = find_children(&walk->log, parent);
	if (first == walk->log.dirent_count || walk->log.dirents[first].parent != parent ||
	    walk->entered[first])
		return DONE;
	walk->entered[first] = true;
	for (size_t i = first; i < walk->log.dirent_count && walk->log.dirents[i].parent == parent; i++)
		TRY(add(walk, &walk->log.dirents[i], path, depth));
	return DONE;
}

/* An inode number marks hard links only where more than one entry has it. */
static enum outcome settle_identities(struct listing *out)
{
	struct tree_links links = { 0 };
	for (size_t i = 0; i < out->count; i++) {
		uint32_t number = out->entries[i].identity;
		out->entries[i].identity = 0;
		if (number != 0)
			TRY(tree_links_add(&links, out, 0, number, i));
	}
	tree_links_resolve(&links, out);
	return DONE;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	struct walk walk = { .volume = volume, .out = out };
	walk.log.big_endian = is_big_endian(volume->bytes);
	TRY(read_log(&walk.log, volume));
	walk.entered = ARENA_NEW(volume->arena, bool, walk.log.dirent_count + 1);
	if (!walk.entered)
		return NO_MEMORY;
	TRY(codec_scratch_new(&walk.scratch));
	enum outcome outcome = list_directory(&walk, ROOT_INODE, SPAN_LITERAL("/"), 0);
	codec_scratch_free(walk.scratch);
	TRY(outcome);
	if (walk.log.damaged > 0)
		notes_incomplete(volume->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "jffs2.bad-node", NOTE_NO_OFFSET,
				 walk.log.damaged, "%zu nodes have wrong checksums and were left out", walk.log.damaged);
	TRY(settle_identities(out));
	TRY(jffs2_list_unused(volume->bytes, walk.log.big_endian, out));
	return walk.damaged || walk.log.damaged > 0 ? PARTIAL : DONE;
}

/* Bytes of a file that a node wrote and no newer one cut off. */
struct written {
	uint64_t start, end;
};

static int by_start(const void *left, const void *right)
{
	const struct written *a = left, *b = right;
	return order(a->start, b->start);
}

/*
 * Whether every byte of a file was written by a node: the format writes holes too, so one that none wrote is lost.
 * From the newest node back, one without content ends what older ones wrote.
 */
static bool is_covered(struct arena *arena, const struct pieces *pieces)
{
	struct written *all = ARENA_NEW(arena, struct written, pieces->count);
	uint64_t covered = 0, limit = UINT64_MAX;
	if (!all)
		return false;
	for (size_t i = pieces->count; i-- > 0;) {
		const struct jffs2_inode *node = &pieces->nodes[i];
		uint64_t end = (uint64_t)node->start + node->length;
		if (node->length == 0 && node->size < limit)
			limit = node->size;
		all[i] = (struct written){ node->start, end < limit ? end : limit };
	}
	qsort(all, pieces->count, sizeof *all, by_start);
	for (size_t i = 0; i < pieces->count && all[i].start <= covered; i++)
		covered = all[i].end > covered ? all[i].end : covered;
	return covered >= pieces->nodes[pieces->count - 1].size;
}

static enum outcome read_file(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct pieces *pieces = entry->detail;
	if (entry->type != ENTRY_FILE)
		return DONE;
	enum outcome outcome =
	    jffs2_read_content(reader->volume->bytes, reader->state, pieces->nodes, pieces->count, out);
	if (outcome == OVER_BUDGET || outcome == NO_MEMORY)
		return outcome;
	if (out->size < entry->size)
		TRY(buffer_append_zeros(out, entry->size - out->size));
	out->size = (size_t)entry->size;
	if (outcome == DONE && !is_covered(reader->arena, pieces))
		outcome = PARTIAL;
	if (outcome != DONE)
		notes_add(reader->notes, NOTE_WARNING, "jffs2.bad-content", entry->offset, "%.*s: %s",
			  SPAN_FORMAT(entry->path),
			  outcome == UNSUPPORTED ? "its compression is not known"
						 : "some of its nodes are damaged or lost");
	return outcome;
}

const struct unpacker unpacker_jffs2 = {
	.name = "jffs2",
	.title = "JFFS2 file system",
	.role = ROLE_FILE_SYSTEM,
	.magics = {
		MAGIC("\x85\x19\x03\x20", 0), MAGIC("\x85\x19\x01\xe0", 0), MAGIC("\x85\x19\x02\xe0", 0),
		MAGIC("\x85\x19\x06\x20", 0), MAGIC("\x19\x85\x20\x03", 0), MAGIC("\x19\x85\xe0\x01", 0),
		MAGIC("\x19\x85\xe0\x02", 0), MAGIC("\x19\x85\x20\x06", 0),
	},
	.measure = measure,
	.list = list,
	.open = tree_reader_open,
	.read = read_file,
	.close = tree_reader_close,
};
