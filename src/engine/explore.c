#include "engine/explore.h"

#include "base/scoped.h"
#include "engine/admit.h"
#include "engine/explore_collection.h"
#include "engine/explore_container.h"
#include "engine/map.h"
#include "engine/unread.h"

#include <stdlib.h>

enum {
	NODE_ARENA_CEILING = 256 << 20,
	BUNDLE_FILES_MAX = 64,    /* an archive with few files is a package of images, not a file system */
	BUNDLE_FILE_LEAST = 4096, /* bytes */
};
static const uint64_t ENTRY_MAPPED_MOST = UINT64_C(1) << 40; /* a map need not follow sizes that cannot be */

/* Decompressed bytes that volumes and targets point into. */
struct kept {
	struct buffer buffer;
	struct kept *next;
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
	return explorer->held + explorer->kept_bytes;
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
		explorer->kept_bytes -= bytes->buffer.size;
		buffer_done(&bytes->buffer);
		free(bytes);
	}
}

void explorer_done(struct explorer *explorer)
{
	release_to(explorer, NULL, NULL);
}

int64_t explore_next_file(struct explorer *explorer)
{
	return explorer->last_file += explorer->step;
}

enum outcome explore_read(struct explorer *explorer, struct reader *reader, const struct entry *entry, struct span *out)
{
	struct buffer *buffer = new_buffer(explorer);
	*out = SPAN_NONE;
	if (!buffer)
		return NO_MEMORY;
	enum outcome outcome = volume_read(reader, entry, buffer, out);
	explorer->kept_bytes += buffer->size;
	return outcome;
}

struct span explore_prefixed(struct explorer *explorer, struct span prefix, struct span path)
{
	if (prefix.size == 0)
		return path;
	return arena_format(explorer->arena, "%.*s%.*s", SPAN_FORMAT(prefix), SPAN_FORMAT(path));
}

void explore_entry(struct explorer *explorer, const struct node *node, struct reader *reader, const struct entry *entry,
		   const struct place *place, int64_t volume, struct span path)
{
	explorer->target(explorer, &(struct target){
		.file = explore_next_file(explorer),
		.artifact = explorer->artifact,
		.volume = volume,
		.node = node,
		.reader = explorer->keep ? NULL : reader,
		.entry = entry,
		.path = explore_prefixed(explorer, place->prefix, path),
		.inspect = true,
		.nest = entry->type == ENTRY_FILE,
		.depth = place->depth,
	});
}

/* *content is where the part begins in the content of the volume, decompressed; moves past it. */
static void explore_part(struct explorer *explorer, struct node *node, struct reader *reader,
			 const struct entry *entry, const struct place *place, uint64_t *content)
{
	struct span bytes;
	explorer->notes->volume = node->id;
	explorer->notes->file = 0;
	enum outcome outcome = explore_read(explorer, reader, entry, &bytes);
	struct place below = *place;
	if (node->volume.unpacker->role == ROLE_KERNEL || kernel_claim_of(entry->path) == KERNEL_CLAIMED)
		below.claim = KERNEL_CLAIMED;
	below.volume = node->id;
	below.file = 0; /* explore_bytes() gives the part its number */
	below.image_offset = entry->plain && place->image_offset != NO_OFFSET ? place->image_offset + entry->offset
									      : NO_OFFSET;
	below.within = entry->plain ? place->within : node->id;
	below.map_offset = !entry->plain                     ? *content
			   : place->map_offset == NO_OFFSET ? NO_OFFSET
							     : place->map_offset + entry->offset;
	*content += entry->plain ? 0 : bytes.size;
	below.name = entry->path;
	below.path = SPAN_NONE;
	below.depth++;
	below.entire = place->entire && node->volume.unpacker->role == ROLE_STREAM;
	explore_bytes(explorer, bytes, outcome, &below, entry);
}

static bool is_bundle(const struct node *node)
{
	enum unpacker_role role = node->volume.unpacker->role;
	return role == ROLE_ARCHIVE && node->listing.count <= BUNDLE_FILES_MAX;
}

/* A file that is not searched as an image; a map of few files shows each of them. */
static void explore_file(struct explorer *explorer, struct node *node, struct reader *reader,
			 const struct entry *entry, const struct place *place, uint64_t *content)
{
	const struct place here = { .volume = node->id, .within = node->id, .map_offset = *content };
	explore_entry(explorer, node, reader, entry, place, node->id, entry->path);
	if (entry->type != ENTRY_FILE || !is_bundle(node))
		return;
	map_file(explorer, &here, entry, explorer->last_file);
	*content += entry->size < ENTRY_MAPPED_MOST ? entry->size : ENTRY_MAPPED_MOST;
}

/* An archive or folder that is all of an artifact, and may hold files that are artifacts themselves, or layers. */
static bool explore_as_collection(struct explorer *explorer, struct node *node, struct reader *reader,
				  const struct place *place)
{
	struct collection collection;
	bool may = node->volume.unpacker->role == ROLE_ARCHIVE || node->volume.directory >= 0;
	if (!explorer->keep || !place->entire || !may ||
	    collection_of(&node->listing, explorer->arena, &collection) != DONE)
		return false;
	if (collection.shape == COLLECTION_CONTAINER)
		return explore_container(explorer, node, reader, place, collection.prefix);
	if (collection.shape != COLLECTION_FILES)
		return false;
	explore_collection(explorer, node, reader, place, &collection);
	return true;
}

/* A package of images, whose file systems are the device's own; what archives in a root file system hold is not. */
static bool holds_images(struct explorer *explorer, const struct node *node)
{
	struct collection collection;
	return explorer->keep && is_bundle(node) &&
	       (collection_of(&node->listing, explorer->arena, &collection) != DONE || collection.shape != COLLECTION_ROOT);
}

static void explore_entries(struct explorer *explorer, struct node *node, struct reader *reader, bool readable,
			    const struct place *place)
{
	uint64_t content = 0;
	bool bundle = readable && holds_images(explorer, node);
	for (size_t i = 0; i < node->listing.count; i++) {
		const struct entry *entry = &node->listing.entries[i];
		bool candidate = bundle && entry->type == ENTRY_FILE && entry->size >= BUNDLE_FILE_LEAST;
		if (entry->type == ENTRY_PART && readable)
			explore_part(explorer, node, reader, entry, place, &content);
		else if (!(candidate && explore_bundled(explorer, node, reader, entry, place, &content)))
			explore_file(explorer, node, reader, entry, place, &content);
	}
}

void explore_volume(struct explorer *explorer, struct node *node, const struct place *place)
{
	struct reader reader = { 0 };
	bool readable = volume_reader_open(&node->volume, node->arena, explorer->notes, &reader) == DONE;
	if (!readable || !explore_as_collection(explorer, node, &reader, place))
		explore_entries(explorer, node, &reader, readable, place);
	if (readable)
		volume_reader_close(&reader);
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
		.file = explore_next_file(explorer),
		.artifact = explorer->artifact,
		.volume = node->id,
		.entry = entry,
		.path = explore_prefixed(explorer, place->prefix, entry->path),
		.bytes = node->volume.bytes,
		.inspect = true,
		.headers_only = node->volume.unpacker->role == ROLE_ARCHIVE,
		.repeated = true,
		.depth = place->depth,
	});
}

static bool is_refused(const struct node *node)
{
	return node->outcome == NOT_THIS || (node->outcome == MALFORMED && node->listing.count == 0);
}

/* Whose bytes a container was found in. */
static void notes_about_place(struct explorer *explorer, const struct place *place)
{
	struct span path = place->path.size > 0 ? place->path : explore_prefixed(explorer, place->prefix, place->name);
	notes_about(explorer->notes, path, place->volume, place->file);
}

bool explore_found(struct explorer *explorer, struct span bytes, struct found *found, const struct place *place)
{
	struct node *older_nodes = explorer->nodes;
	struct kept *older_kept = explorer->kept;
	notes_about_place(explorer, place);
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
	const struct note *before = explorer->notes->last;
	node->outcome = volume_open(found, bytes, node->arena, explorer->budget, explorer->notes, &node->volume,
				    &node->listing);
	if (is_refused(node)) {
		if (node->outcome == MALFORMED)
			unread_refused(explorer, found);
		release_to(explorer, older_nodes, older_kept);
		return false;
	}
	struct place inside = *place;
	inside.image_offset = place->image_offset == NO_OFFSET ? NO_OFFSET : place->image_offset + found->offset;
	inside.map_offset = place->map_offset == NO_OFFSET ? NO_OFFSET : place->map_offset + found->offset;
	inside.entire = place->entire && found->offset == 0;
	node->id = explorer->last_volume += explorer->step;
	bool told = notes_belong(explorer->notes, before, node->id);
	map_volume(explorer, node, &inside);
	explorer->volume(explorer, &(struct volume_sighting){
		.node = node,
		.artifact = explorer->artifact,
		.parent = place->volume,
		.file = place->file,
		.offset = found->offset,
		.image_offset = inside.image_offset,
	});
	unread_volume(explorer, node, found, told);
	if (found->unpacker->inspect_whole)
		emit_whole(explorer, node, &inside);
	explore_volume(explorer, node, &inside);
	if (!explorer->keep)
		release_to(explorer, older_nodes, older_kept);
	return true;
}
