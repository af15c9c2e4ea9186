#include "engine/explore_container.h"

#include <stdlib.h>

#include "base/scoped.h"
#include "engine/admit.h"
#include "engine/container_manifest.h"
#include "engine/container_merge.h"
#include "engine/unread.h"

enum { WRAPPERS_MAX = 4 };

/* A layer that was opened: the archive in it, and the entries of it that are in some image. */
struct layer {
	const struct entry *entry; /* of the archive that holds all */
	struct node *node;         /* NULL where it could not be opened */
	bool *used;                /* by entry */
};

struct layers {
	struct layer list[CONTAINER_LAYERS_MAX];
	size_t count;
};

/* The root file system of an image: a volume whose entries the layers read. */
static const struct unpacker unpacker_container = {
	.name = "container",
	.title = "container image",
	.role = ROLE_FILE_SYSTEM,
};

static struct node *open_volume(struct explorer *explorer, struct span bytes, const struct place *place,
				struct found *found)
{
	if (!admit_may_open(explorer, found, place))
		return NULL;
	struct node *node = explore_new_node(explorer);
	if (!node)
		return NULL;
	const struct note *before = explorer->notes->last;
	notes_about(explorer->notes, place->name, place->volume, place->file);
	node->outcome =
		volume_open(found, bytes, node->arena, explorer->budget, explorer->notes, &node->volume, &node->listing);
	node->id = explorer->last_volume += explorer->step;
	bool told = notes_belong(explorer->notes, before, node->id);
	explorer->volume(explorer, &(struct volume_sighting){
		.node = node,
		.artifact = explorer->artifact,
		.parent = place->volume,
		.file = place->file,
		.image_offset = NO_OFFSET,
	});
	unread_volume(explorer, node, found, told);
	return node;
}

static enum outcome read_stream(struct explorer *explorer, struct node *node, struct span *out)
{
	struct reader reader;
	if (node->listing.count != 1)
		return MALFORMED;
	enum outcome outcome = volume_reader_open(&node->volume, node->arena, explorer->notes, &reader);
	if (outcome != DONE)
		return outcome;
	outcome = explore_read(explorer, &reader, &node->listing.entries[0], out);
	volume_reader_close(&reader);
	return outcome;
}

static void tell_broken(struct explorer *explorer, const struct node *node, enum outcome outcome, size_t read)
{
	notes_about(explorer->notes, explorer->notes->path, node->id, 0);
	notes_incomplete(explorer->notes, MISSING_CONTENT, note_cause_of(outcome), "container.layer", read, NOTE_NO_AMOUNT,
			 "this layer of a container image could not be decompressed whole (%s): %zu bytes of it were",
			 outcome_name(outcome), read);
}

/* Through the compression to the archive; NULL where there is none. */
static struct node *open_layer(struct explorer *explorer, struct span bytes, struct place place)
{
	bool whole = true;
	for (int i = 0; i <= WRAPPERS_MAX; i++) {
		SCOPED(found) found = { 0 };
		if (!scan_start(explorer->program->magics, bytes, explorer->arena, &found))
			return NULL;
		enum unpacker_role role = found.unpacker->role;
		struct node *node = role == ROLE_STREAM || role == ROLE_ARCHIVE ? open_volume(explorer, bytes, &place, &found)
										: NULL;
		if (node && role == ROLE_ARCHIVE && !whole && node->outcome == DONE)
			node->outcome = PARTIAL;
		if (!node || role == ROLE_ARCHIVE)
			return node;
		place.volume = node->id;
		place.file = 0;
		place.depth++;
		enum outcome outcome = read_stream(explorer, node, &bytes);
		if (outcome != DONE)
			tell_broken(explorer, node, outcome, bytes.size);
		if (!outcome_usable(outcome))
			return NULL;
		whole &= outcome == DONE;
	}
	return NULL;
}

/* The file that is a layer: its content is looked at in the root file system. */
static void emit_layer(struct explorer *explorer, const struct node *node, const struct place *place,
		       const struct entry *entry, struct span bytes, enum outcome outcome, int64_t file)
{
	struct claim *whole = ARENA_NEW(explorer->arena, struct claim, 1);
	if (whole)
		*whole = (struct claim){ .size = bytes.size };
	explorer->target(explorer, &(struct target){
		.file = file,
		.artifact = explorer->artifact,
		.volume = node->id,
		.entry = entry,
		.path = explore_prefixed(explorer, place->prefix, entry->path),
		.bytes = bytes,
		.outcome = outcome,
		.held = whole,
		.claims = { .first = whole, .last = whole },
		.depth = place->depth,
	});
}

static struct layer *layer_of(struct explorer *explorer, struct node *node, struct reader *reader,
			      const struct place *place, struct layers *layers, const struct entry *entry)
{
	for (size_t i = 0; i < layers->count; i++)
		if (layers->list[i].entry == entry)
			return &layers->list[i];
	if (!entry)
		return NULL;
	notes_about(explorer->notes, entry->path, node->id, 0);
	if (layers->count == CONTAINER_LAYERS_MAX) {
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_LIMIT, "container.many", NOTE_NO_OFFSET, 1,
				 "%.*s: too many layers; this one was not opened", SPAN_FORMAT(entry->path));
		return NULL;
	}
	struct layer *layer = &layers->list[layers->count++];
	struct span bytes;
	struct place inside = { .volume = node->id, .image_offset = NO_OFFSET, .map_offset = NO_OFFSET,
				.name = entry->path, .depth = place->depth + 1 };
	*layer = (struct layer){ .entry = entry };
	inside.file = explore_next_file(explorer);
	enum outcome outcome = explore_read(explorer, reader, entry, &bytes);
	if (outcome_usable(outcome))
		layer->node = open_layer(explorer, bytes, inside);
	emit_layer(explorer, node, place, entry, bytes, outcome, inside.file);
	if (layer->node)
		layer->used = ARENA_NEW(explorer->arena, bool, layer->node->listing.count);
	notes_about(explorer->notes, entry->path, node->id, inside.file);
	if (!layer->node || !layer->used)
		notes_incomplete(explorer->notes, MISSING_CONTENT, CAUSE_UNSUPPORTED, "container.layer", NOTE_NO_OFFSET,
				 entry->size, "%.*s: this layer of a container image is no archive that is read",
				 SPAN_FORMAT(entry->path));
	return layer->node && layer->used ? layer : NULL;
}

static struct node *new_root(struct explorer *explorer, const struct container_image *image, const struct merged *merged,
			     bool whole)
{
	struct node *root = explore_new_node(explorer);
	if (!root)
		return NULL;
	root->volume.unpacker = &unpacker_container;
	root->volume.extent.label = image->name;
	root->volume.extent.detail = arena_format(explorer->arena, "%zu layer%s, merged", image->layer_count,
						   image->layer_count == 1 ? "" : "s");
	root->outcome = whole ? DONE : PARTIAL;
	for (size_t i = 0; i < merged->count; i++) {
		root->listing.count += merged->list[i].stays;
		root->volume.extent.size +=
			merged->list[i].stays && merged->list[i].entry->type == ENTRY_FILE ? merged->list[i].content->size : 0;
	}
	return root;
}

/* A hard link across layers is shown with the metadata of its own, and read from the layer of its target. */
static const struct entry *shown_entry(struct explorer *explorer, const struct layer_entry *one)
{
	if (one->content == one->entry)
		return one->entry;
	struct entry *shown = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!shown)
		return one->content;
	*shown = *one->content;
	shown->path = one->entry->path;
	return shown;
}

static void explore_root(struct explorer *explorer, const struct node *node, const struct place *place,
			 const struct container_image *image, struct layer *const *layers, const struct merged *merged,
			 bool whole)
{
	struct node *root = new_root(explorer, image, merged, whole);
	if (!root)
		return;
	root->id = explorer->last_volume += explorer->step;
	explorer->volume(explorer, &(struct volume_sighting){
		.node = root,
		.artifact = explorer->artifact,
		.parent = node->id,
		.image_offset = NO_OFFSET,
	});
	for (size_t i = 0; i < merged->count; i++) {
		const struct layer_entry *one = &merged->list[i];
		const struct layer *from = layers[one->content_layer], *own = layers[one->layer];
		if (!one->stays)
			continue;
		own->used[one->entry - own->node->listing.entries] = true;
		from->used[one->content - from->node->listing.entries] = true;
		explore_entry(explorer, from->node, NULL, shown_entry(explorer, one), place, root->id, one->entry->path);
	}
}

static void explore_image(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
			  struct layers *layers, const struct container_image *image)
{
	struct merged merged;
	bool whole = true;
	struct layer **own = ARENA_NEW(explorer->arena, struct layer *, image->layer_count);
	const struct listing **listings = ARENA_NEW(explorer->arena, const struct listing *, image->layer_count);
	if (!own || !listings)
		return;
	for (size_t i = 0; i < image->layer_count; i++) {
		own[i] = layer_of(explorer, node, reader, place, layers, image->layers[i]);
		listings[i] = own[i] ? &own[i]->node->listing : NULL;
		whole &= own[i] && own[i]->node->outcome == DONE;
	}
	if (container_merge(listings, image->layer_count, explorer->arena, &merged) == DONE)
		explore_root(explorer, node, place, image, own, &merged, whole);
	else
		notes_incomplete(explorer->notes, MISSING_ENTRIES, CAUSE_MEMORY, "container.merge", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "the layers of a container image have no room in memory: %.*s",
				 SPAN_FORMAT(image->name));
}

/* What no image shows, and whoever has the archive can still read. */
static void explore_residue(struct explorer *explorer, const struct layers *layers, const struct place *place)
{
	for (size_t i = 0; i < layers->count; i++) {
		const struct layer *layer = &layers->list[i];
		for (size_t k = 0; layer->used && k < layer->node->listing.count; k++) {
			const struct entry *entry = &layer->node->listing.entries[k];
			if (layer->used[k] || entry->type != ENTRY_FILE || entry->size == 0)
				continue;
			explorer->target(explorer, &(struct target){
				.file = explore_next_file(explorer),
				.artifact = explorer->artifact,
				.volume = layer->node->id,
				.node = layer->node,
				.entry = entry,
				.path = entry->path,
				.inspect = true,
				.residue = true,
				.depth = place->depth,
			});
		}
	}
}

static bool is_layer(const struct layers *layers, const struct entry *entry)
{
	for (size_t i = 0; i < layers->count; i++)
		if (layers->list[i].entry == entry)
			return true;
	return false;
}

bool explore_container(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
		       struct span folder)
{
	struct container_images images;
	struct layers *layers = ARENA_NEW(explorer->arena, struct layers, 1);
	if (!layers)
		return false;
	container_manifest_read(explorer, node, reader, folder, &images);
	if (images.count == 0)
		return false;
	for (size_t i = 0; i < images.count; i++)
		explore_image(explorer, node, reader, place, layers, &images.list[i]);
	explore_residue(explorer, layers, place);
	for (size_t i = 0; i < node->listing.count; i++)
		if (!is_layer(layers, &node->listing.entries[i]))
			explore_entry(explorer, node, reader, &node->listing.entries[i], place, node->id,
				      node->listing.entries[i].path);
	return true;
}
