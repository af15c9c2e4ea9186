#include "engine/explore.h"

#include "base/scoped.h"
#include "engine/admit.h"
#include "engine/gaps.h"
#include "engine/map.h"
#include "engine/unread.h"

#include <stdlib.h>

enum {
	NODE_ARENA_CEILING = 1 << 30,
	BUNDLE_FILES_MAX = 64,    /* an archive with few files is a package of images, not a file system */
	BUNDLE_FILE_LEAST = 4096, /* bytes */
};

/* Decompressed bytes that volumes and targets point into. */
struct kept {
	struct buffer buffer;
	struct kept *next;
};

/* A search of some bytes, and what it has found so far. */
struct search {
	struct explorer *explorer;
	const struct place *place;
	struct span bytes;
	struct claims claims;
	bool is_listed; /* the bytes begin with an archive or a file system: one may hold a kernel, or a log of one */
};

struct node *explore_new_node(struct explorer *explorer)
{
	struct node *node = calloc(1, sizeof *node);
	struct arena *arena = calloc(1, sizeof *arena);
	if (!node || !arena) {
		free(node);
		free(arena);
		return NULL;
	}
	arena_init(arena, NODE_ARENA_CEILING);
	node->arena = arena;
	node->volume.directory = -1;
	node->next = explorer->nodes;
	explorer->nodes = node;
	return node;
}

static uint64_t held_bytes(const struct explorer *explorer)
{
	uint64_t held = explorer->held;
	for (const struct kept *kept = explorer->kept; kept; kept = kept->next)
		held += kept->buffer.size;
	return held;
}

static struct buffer *new_buffer(struct explorer *explorer)
{
	struct kept *kept = calloc(1, sizeof *kept);
	if (!kept)
		return NULL;
	buffer_init(&kept->buffer, (size_t)budget_room(explorer->budget, held_bytes(explorer)), explorer->budget);
	kept->next = explorer->kept;
	explorer->kept = kept;
	return &kept->buffer;
}

/* Closes what was opened since a moment: the newest first, since volumes lie in the bytes of older ones. */
static void release_to(struct explorer *explorer, struct node *nodes, struct kept *kept)
{
	while (explorer->nodes != nodes) {
		struct node *node = explorer->nodes;
		explorer->nodes = node->next;
		volume_close(&node->volume);
		arena_done(node->arena);
		free(node->arena);
		free(node);
	}
	while (explorer->kept != kept) {
		struct kept *bytes = explorer->kept;
		explorer->kept = bytes->next;
		buffer_done(&bytes->buffer);
		free(bytes);
	}
}

void explorer_done(struct explorer *explorer)
{
	release_to(explorer, NULL, NULL);
}

static int64_t next_file(struct explorer *explorer)
{
	return explorer->last_file += explorer->step;
}

/* Reads an entry into bytes that live as long as the volume. */
static enum outcome read_kept(struct explorer *explorer, struct reader *reader, const struct entry *entry,
			      struct span *out)
{
	struct buffer *buffer = new_buffer(explorer);
	*out = SPAN_NONE;
	return buffer ? volume_read(reader, entry, buffer, out) : NO_MEMORY;
}

static struct span prefixed(struct explorer *explorer, struct span prefix, struct span path)
{
	if (prefix.size == 0)
		return path;
	return arena_format(explorer->arena, "%.*s%.*s", SPAN_FORMAT(prefix), SPAN_FORMAT(path));
}

static void emit_entry(struct explorer *explorer, const struct node *node, struct reader *reader,
		       const struct entry *entry, const struct place *place)
{
	explorer->target(explorer, &(struct target){
		.file = next_file(explorer),
		.artifact = explorer->artifact,
		.volume = node->id,
		.node = node,
		.reader = explorer->keep ? NULL : reader,
		.entry = entry,
		.path = prefixed(explorer, place->prefix, entry->path),
		.inspect = true,
		.nest = entry->type == ENTRY_FILE,
		.depth = place->depth,
	});
}

/* A stream's content has no name of its own; a kernel is called one, for the reader's sake. */
static const struct entry *named_entry(struct explorer *explorer, const struct entry *entry, struct span bytes,
				       enum kernel_claim claim)
{
	if (!span_equal_text(entry->path, "data") || !kernel_image_find(bytes, claim, NULL))
		return entry;
	struct entry *named = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!named)
		return entry;
	*named = *entry;
	named->path = SPAN_LITERAL("kernel");
	return named;
}

static void explore_part(struct explorer *explorer, struct node *node, struct reader *reader,
			 const struct entry *entry, const struct place *place)
{
	struct span bytes;
	enum outcome outcome = read_kept(explorer, reader, entry, &bytes);
	struct place below = *place;
	if (node->volume.unpacker->role == ROLE_KERNEL || kernel_claim_of(entry->path) == KERNEL_CLAIMED)
		below.claim = KERNEL_CLAIMED;
	below.volume = node->id;
	below.file = 0; /* explore_bytes() gives the part its number */
	below.image_offset = entry->plain && place->image_offset != NO_OFFSET ? place->image_offset + entry->offset
									      : NO_OFFSET;
	below.name = entry->path;
	below.depth++;
	explore_bytes(explorer, bytes, outcome, &below, entry);
}

static bool starts_container(struct explorer *explorer, struct span bytes)
{
	SCOPED(found) found = { 0 };
	return scan_start(explorer->program->magics, bytes, explorer->arena, &found);
}

/* A file of a small archive may be an image: then it is searched like one. */
static bool explore_bundled(struct explorer *explorer, struct node *node, struct reader *reader,
			    const struct entry *entry, const struct place *place)
{
	struct span bytes;
	if (!outcome_usable(read_kept(explorer, reader, entry, &bytes)))
		return false;
	enum content_kind kind = kind_of(span_basename(entry->path), bytes);
	bool opaque = kind == KIND_DATA || kind == KIND_ARCHIVE || kind == KIND_PART;
	if (kind == KIND_ELF || (!opaque && !starts_container(explorer, bytes)))
		return false;
	struct place below = *place;
	below.volume = node->id;
	below.image_offset = NO_OFFSET;
	below.name = entry->path;
	below.file = 0;
	below.depth++;
	explore_bytes(explorer, bytes, DONE, &below, entry);
	return true;
}

static bool is_bundle(const struct node *node)
{
	enum unpacker_role role = node->volume.unpacker->role;
	return role == ROLE_ARCHIVE && node->listing.count <= BUNDLE_FILES_MAX;
}

void explore_volume(struct explorer *explorer, struct node *node, const struct place *place)
{
	struct reader reader = { 0 };
	bool readable = volume_reader_open(&node->volume, node->arena, explorer->notes, &reader) == DONE;
	bool bundle = explorer->keep && is_bundle(node);
	for (size_t i = 0; i < node->listing.count; i++) {
		const struct entry *entry = &node->listing.entries[i];
		bool candidate = bundle && entry->type == ENTRY_FILE && entry->size >= BUNDLE_FILE_LEAST;
		if (entry->type == ENTRY_PART && readable)
			explore_part(explorer, node, &reader, entry, place);
		else if (!(candidate && readable && explore_bundled(explorer, node, &reader, entry, place)))
			emit_entry(explorer, node, &reader, entry, place);
	}
	if (readable)
		volume_reader_close(&reader);
}

/*
 * In the image itself all that is found is spoken for. Within decompressed bytes a
 * compressed stream or a device tree stays part of what holds it: a kernel is
 * examined whole, with the configuration that is packed inside it.
 */
static bool speaks_for_bytes(const struct node *node, const struct place *place)
{
	enum unpacker_role role = node->volume.unpacker->role;
	return place->image_offset != NO_OFFSET ||
	       (role != ROLE_STREAM && role != ROLE_DATA && role != ROLE_BOOT);
}

/* The volume's own bytes as a part, for inspectors that read headers. */
static void emit_whole(struct explorer *explorer, const struct node *node, const struct place *place)
{
	struct entry *entry = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!entry)
		return;
	entry->type = ENTRY_PART;
	entry->path = arena_copy(explorer->arena, span_of_text(node->volume.unpacker->name));
	entry->size = node->volume.bytes.size;
	explorer->target(explorer, &(struct target){
		.file = next_file(explorer),
		.artifact = explorer->artifact,
		.volume = node->id,
		.entry = entry,
		.path = prefixed(explorer, place->prefix, entry->path),
		.bytes = node->volume.bytes,
		.inspect = true,
		.headers_only = node->volume.unpacker->role == ROLE_ARCHIVE,
		.depth = place->depth,
	});
}

static bool is_refused(const struct node *node)
{
	return node->outcome == NOT_THIS || (node->outcome == MALFORMED && node->listing.count == 0);
}

bool explore_found(struct explorer *explorer, struct span bytes, struct found *found, const struct place *place)
{
	struct node *older_nodes = explorer->nodes;
	struct kept *older_kept = explorer->kept;
	explorer->notes->volume = place->volume;
	explorer->notes->file = place->file;
	if (admit_is_opened(explorer, span_slice(bytes, found->offset, found->extent.size), found->unpacker))
		return true;
	if (!admit_may_open(explorer, found, place))
		return false;
	struct node *node = explore_new_node(explorer);
	if (!node) {
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_MEMORY, "volume.memory", found->offset, 1,
				 "there was no memory to open this %s", found->unpacker->title);
		return false;
	}
	size_t notes = explorer->notes->count;
	node->outcome = volume_open(found, bytes, node->arena, explorer->budget, explorer->notes, &node->volume,
				    &node->listing);
	if (is_refused(node)) {
		release_to(explorer, older_nodes, older_kept);
		return false;
	}
	bool told = explorer->notes->count > notes;
	struct place inside = *place;
	inside.image_offset = place->image_offset == NO_OFFSET ? NO_OFFSET : place->image_offset + found->offset;
	node->id = explorer->last_volume += explorer->step;
	explorer->volume(explorer, &(struct volume_sighting){
		.node = node,
		.artifact = explorer->artifact,
		.parent = place->volume,
		.file = place->file,
		.offset = found->offset,
		.image_offset = inside.image_offset,
	});
	unread_volume(explorer, node, found, told);
	map_volume(explorer, node, inside.image_offset);
	if (found->unpacker->inspect_whole)
		emit_whole(explorer, node, &inside);
	explore_volume(explorer, node, &inside);
	if (!explorer->keep)
		release_to(explorer, older_nodes, older_kept);
	return true;
}

/* The configuration that a kernel carries stays in it: whoever examines the kernel reads it there. */
static bool is_kernel_configuration(struct span bytes, const struct found *found)
{
	struct span mark = SPAN_LITERAL("IKCFG_ST");
	return found->unpacker->role == ROLE_STREAM && found->offset >= mark.size &&
	       span_has_at(bytes, found->offset - mark.size, mark);
}

static bool take(void *context, struct found *found)
{
	struct search *search = context;
	struct explorer *explorer = search->explorer;
	if (is_kernel_configuration(search->bytes, found))
		return false;
	enum unpacker_role role = found->unpacker->role;
	bool speaks = speaks_for_bytes(&(struct node){ .volume = { .unpacker = found->unpacker } }, search->place);
	if (!explore_found(explorer, search->bytes, found, search->place))
		return false;
	search->is_listed |= found->offset == 0 && (role == ROLE_ARCHIVE || role == ROLE_FILE_SYSTEM);
	if (speaks)
		claims_add(&search->claims, explorer->arena, found->offset, found->extent.size);
	return true;
}

/* The bytes that nothing has claimed: padding is passed over, the rest is examined. */
static void explore_gaps(struct search *search)
{
	struct explorer *explorer = search->explorer;
	const struct place *place = search->place;
	uint64_t at = 0;
	struct gap gap;
	while (gaps_next(&search->claims, search->bytes, &at, &gap)) {
		struct span bytes = span_slice(search->bytes, gap.offset, gap.size);
		map_gap(explorer, place->image_offset, &gap, bytes, place->volume);
		if (gap.padding)
			continue;
		struct entry *entry = ARENA_NEW(explorer->arena, struct entry, 1);
		if (!entry)
			return;
		entry->type = ENTRY_PART;
		entry->size = gap.size;
		entry->path = place->name.size > 0 && place->file != 0
				      ? arena_format(explorer->arena, "%.*s@0x%llx", SPAN_FORMAT(place->name),
						     (unsigned long long)gap.offset)
				      : arena_format(explorer->arena, "0x%llx", (unsigned long long)gap.offset);
		explorer->target(explorer, &(struct target){
			.file = next_file(explorer),
			.artifact = explorer->artifact,
			.volume = place->volume,
			.entry = entry,
			.path = prefixed(explorer, place->prefix, entry->path),
			.bytes = bytes,
			.inspect = true,
			.depth = place->depth,
		});
	}
}

/*
 * Whether what was found leaves the bytes to be examined as one: a kernel with a
 * small file system inside it is, a package of images is not.
 */
static bool is_examined_whole(const struct search *search)
{
	uint64_t covered = 0;
	for (const struct claim *claim = search->claims.first; claim; claim = claim->next)
		covered += claim->size;
	bool in_image = search->place->image_offset != NO_OFFSET;
	return !search->claims.first || (!in_image && covered < search->bytes.size / 2);
}

void explore_bytes(struct explorer *explorer, struct span bytes, enum outcome outcome, const struct place *place,
		   const struct entry *entry)
{
	struct place here = *place;
	here.file = entry ? next_file(explorer) : 0;
	struct search search = { .explorer = explorer, .place = &here, .bytes = bytes };
	scan_bytes(explorer->program->magics, bytes, explorer->arena, take, &search);
	if (entry && !search.is_listed) {
		entry = named_entry(explorer, entry, bytes, place->claim);
		here.name = entry->path;
	}
	bool whole = entry && is_examined_whole(&search);
	if (entry)
		explorer->target(explorer, &(struct target){
			.file = here.file,
			.artifact = explorer->artifact,
			.volume = here.volume,
			.entry = entry,
			.path = prefixed(explorer, here.prefix, entry->path),
			.bytes = bytes,
			.outcome = outcome,
			.inspect = whole,
			.depth = here.depth,
		});
	if (whole)
		map_gaps(explorer, here.image_offset, bytes, here.volume);
	else
		explore_gaps(&search);
}
