#include "engine/container_merge.h"

#include <stdlib.h>

#define WHITEOUT ".wh."
#define OPAQUE ".wh..wh..opq"

/* Up to which layer a path is taken away itself (self), and what lies below it (below): layers under that number. */
struct hider {
	struct span path;
	size_t self, below;
};

struct hiders {
	struct hider *list;
	size_t count, capacity;
};

static int by_bytes(struct span a, struct span b)
{
	size_t shorter = a.size < b.size ? a.size : b.size;
	int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
	return order ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_hiders(const void *left, const void *right)
{
	const struct hider *a = left, *b = right;
	return by_bytes(a->path, b->path);
}

static int compare_entries(const void *left, const void *right)
{
	const struct layer_entry *a = left, *b = right;
	int order = by_bytes(a->entry->path, b->entry->path);
	if (order == 0)
		order = (a->layer > b->layer) - (a->layer < b->layer);
	return order ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

static struct span folder_of(struct span path)
{
	struct span name = span_basename(path);
	return span_slice(path, 0, path.size > name.size ? path.size - name.size - 1 : 0);
}

static enum outcome add_hider(struct hiders *hiders, struct arena *arena, struct span path, size_t self, size_t below)
{
	struct hider *list = arena_grow(arena, hiders->list, hiders->count, &hiders->capacity, sizeof *list);
	if (!list)
		return NO_MEMORY;
	hiders->list = list;
	list[hiders->count++] = (struct hider){ .path = path, .self = self, .below = below };
	return DONE;
}

/* What an entry takes away from the layers below its own. */
static enum outcome note_hider(struct hiders *hiders, struct arena *arena, struct layer_entry *one)
{
	struct span path = one->entry->path, name = span_basename(path), folder = folder_of(path);
	if (span_equal_text(name, OPAQUE)) {
		one->whiteout = true;
		return add_hider(hiders, arena, folder, 0, one->layer);
	}
	if (span_starts_text(name, WHITEOUT)) {
		one->whiteout = true;
		struct span hidden = arena_format(arena, "%.*s/%.*s", SPAN_FORMAT(folder),
						  SPAN_FORMAT(span_from(name, sizeof WHITEOUT - 1)));
		return hidden.data ? add_hider(hiders, arena, hidden, one->layer, one->layer) : NO_MEMORY;
	}
	/* In place of all that has its name; of a folder, only of what is none. */
	return one->entry->type == ENTRY_DIRECTORY ? DONE : add_hider(hiders, arena, path, one->layer, one->layer);
}

static void sort_hiders(struct hiders *hiders)
{
	size_t kept = 0;
	if (hiders->count > 1)
		qsort(hiders->list, hiders->count, sizeof *hiders->list, compare_hiders);
	for (size_t i = 0; i < hiders->count; i++) {
		struct hider *last = kept > 0 ? &hiders->list[kept - 1] : NULL;
		if (!last || compare_hiders(&hiders->list[i], last) != 0) {
			hiders->list[kept++] = hiders->list[i];
			continue;
		}
		last->self = hiders->list[i].self > last->self ? hiders->list[i].self : last->self;
		last->below = hiders->list[i].below > last->below ? hiders->list[i].below : last->below;
	}
	hiders->count = kept;
}

static const struct hider *hider_at(const struct hiders *hiders, struct span path)
{
	struct hider key = { .path = path };
	return hiders->count > 0 ? bsearch(&key, hiders->list, hiders->count, sizeof key, compare_hiders) : NULL;
}

static bool is_hidden(const struct hiders *hiders, const struct layer_entry *one)
{
	struct span path = one->entry->path;
	const struct hider *hider = hider_at(hiders, path);
	if (hider && hider->self > one->layer)
		return true;
	for (size_t at = 0; at < path.size; at++) {
		if (span_byte(path, at) != '/')
			continue;
		hider = hider_at(hiders, span_slice(path, 0, at));
		if (hider && hider->below > one->layer)
			return true;
	}
	return false;
}

/* The entry of a path as a layer sees it: the highest of those not above it that have content. */
static const struct layer_entry *seen_from(const struct merged *merged, struct span path, size_t layer)
{
	const struct layer_entry *best = NULL;
	size_t low = 0, high = merged->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_bytes(merged->list[middle].entry->path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < merged->count && span_equal(merged->list[low].entry->path, path); low++)
		if (merged->list[low].layer <= layer && !merged->list[low].whiteout)
			best = &merged->list[low];
	return best;
}

/* A hard link whose target is in a layer below has that one's content; the archive of its own layer could not say. */
static void follow_links(struct merged *merged)
{
	for (size_t i = 0; i < merged->count; i++) {
		struct layer_entry *one = &merged->list[i];
		if (one->entry->type != ENTRY_FILE || one->entry->target.size == 0)
			continue;
		const struct layer_entry *target = seen_from(merged, one->entry->target, one->layer);
		if (!target || target == one || target->entry->type != ENTRY_FILE || target->entry->target.size > 0)
			continue;
		one->content = target->entry;
		one->content_layer = target->layer;
	}
}

enum outcome container_merge(const struct listing *const *layers, size_t count, struct arena *arena, struct merged *out)
{
	struct hiders hiders = { 0 };
	size_t total = 0;
	for (size_t i = 0; i < count; i++)
		total += layers[i] ? layers[i]->count : 0;
	*out = (struct merged){ .list = ARENA_NEW(arena, struct layer_entry, total) };
	if (!out->list)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; layers[i] && k < layers[i]->count; k++) {
			const struct entry *entry = &layers[i]->entries[k];
			struct layer_entry *one = &out->list[out->count++];
			*one = (struct layer_entry){ .entry = entry, .content = entry, .layer = i, .content_layer = i };
			TRY(note_hider(&hiders, arena, one));
		}
	}
	sort_hiders(&hiders);
	qsort(out->list, out->count, sizeof *out->list, compare_entries);
	follow_links(out);
	for (size_t i = 0; i < out->count; i++) {
		struct layer_entry *one = &out->list[i];
		bool replaced = i + 1 < out->count && !out->list[i + 1].whiteout &&
				span_equal(out->list[i + 1].entry->path, one->entry->path);
		one->stays = !one->whiteout && !replaced && !is_hidden(&hiders, one);
	}
	return DONE;
}
