#include "unpack/tree.h"

#include <stdlib.h>

#include "codec/codec.h"

enum { PATH_LIMIT = 4096 };

bool tree_set_mode(struct entry *entry, uint32_t mode)
{
	static const struct {
		uint32_t bits;
		enum entry_type type;
	} types[] = {
		{ 0010000, ENTRY_FIFO },      { 0020000, ENTRY_CHARACTER_DEVICE },
		{ 0040000, ENTRY_DIRECTORY }, { 0060000, ENTRY_BLOCK_DEVICE },
		{ 0100000, ENTRY_FILE },      { 0120000, ENTRY_LINK },
		{ 0140000, ENTRY_SOCKET },
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (types[i].bits != (mode & 0170000))
			continue;
		entry->type = types[i].type;
		entry->mode = mode & 07777;
		entry->has_mode = true;
		return true;
	}
	return false;
}

void tree_set_device(struct entry *entry, uint32_t device)
{
	entry->device_major = (device >> 8) & 0xfff;
	entry->device_minor = (device & 0xff) | ((device >> 12) & 0xfff00);
}

void tree_set_old_device(struct entry *entry, uint32_t device)
{
	entry->device_major = (device >> 8) & 0xff;
	entry->device_minor = device & 0xff;
}

bool tree_name_is_sane(struct span name)
{
	return name.size > 0 && !span_equal_text(name, ".") && !span_equal_text(name, "..") &&
	       span_find_byte(name, '/', 0) == SPAN_NOT_FOUND && span_find_byte(name, 0, 0) == SPAN_NOT_FOUND;
}

struct span tree_join(struct arena *arena, struct span parent, struct span name)
{
	if (span_equal_text(parent, "/"))
		parent = SPAN_NONE;
	if (parent.size + name.size + 1 > PATH_LIMIT)
		return SPAN_NONE;
	uint8_t *path = arena_allocate(arena, parent.size + name.size + 2, 1);
	if (!path)
		return SPAN_NONE;
	if (parent.size > 0)
		memcpy(path, parent.data, parent.size);
	path[parent.size] = '/';
	memcpy(path + parent.size + 1, name.data, name.size);
	return span_of(path, parent.size + name.size + 1);
}

enum outcome tree_reader_open(struct reader *reader)
{
	struct codec_scratch *scratch;
	TRY(codec_scratch_new(&scratch));
	reader->state = scratch;
	return DONE;
}

void tree_reader_close(struct reader *reader)
{
	codec_scratch_free(reader->state);
}

enum outcome tree_links_add(struct tree_links *links, struct listing *listing, uint64_t high, uint64_t low,
			    size_t index)
{
	struct tree_link *grown =
		arena_grow(listing->arena, links->links, links->count, &links->capacity, sizeof *grown);
	if (!grown)
		return NO_MEMORY;
	links->links = grown;
	links->links[links->count++] = (struct tree_link){ high, low, index };
	return DONE;
}

static bool same_content(const struct tree_link *a, const struct tree_link *b)
{
	return a->high == b->high && a->low == b->low;
}

static int by_content(const void *left, const void *right)
{
	const struct tree_link *a = left, *b = right;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	return (a->index > b->index) - (a->index < b->index);
}

/* One group of links; the last that has content gives its place to all. */
static void share(struct listing *listing, const struct tree_link *group, size_t count, uint32_t identity)
{
	const struct entry *holder = NULL;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &listing->entries[group[i].index];
		if (entry->size > 0)
			holder = entry;
	}
	for (size_t i = 0; i < count; i++) {
		struct entry *entry = &listing->entries[group[i].index];
		entry->identity = identity;
		if (holder && entry->size == 0) {
			entry->size = holder->size;
			entry->offset = holder->offset;
			entry->plain = holder->plain;
		}
	}
}

void tree_links_resolve(struct tree_links *links, struct listing *listing)
{
	uint32_t identity = 0;
	if (links->count == 0)
		return;
	qsort(links->links, links->count, sizeof *links->links, by_content);
	for (size_t start = 0, end; start < links->count; start = end) {
		end = start + 1;
		while (end < links->count && same_content(&links->links[start], &links->links[end]))
			end++;
		if (end - start > 1)
			share(listing, links->links + start, end - start, ++identity);
	}
}
