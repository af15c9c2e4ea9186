#include <stdlib.h>

#include "unpack/tree.h"

enum outcome tree_names_add(struct tree_names *names, struct listing *listing, size_t index,
			    struct span target)
{
	struct tree_name *grown =
		arena_grow(listing->arena, names->names, names->count, &names->capacity, sizeof *grown);
	if (!grown)
		return NO_MEMORY;
	names->names = grown;
	struct span clean = listing_clean_path(listing->arena, target);
	names->names[names->count++] = (struct tree_name){ index, clean };
	return clean.data ? DONE : NO_MEMORY;
}

static int by_path(const void *left, const void *right)
{
	const struct tree_name *a = left, *b = right;
	int order = span_compare(a->target, b->target);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* The last file before the link that has the path; NULL where there is none. */
static struct entry *find_target(const struct tree_name *paths, size_t count, struct listing *listing,
				 const struct tree_name *link)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (by_path(&paths[middle], &(struct tree_name){ link->index, link->target }) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || !span_equal(paths[low - 1].target, link->target))
		return NULL;
	return &listing->entries[paths[low - 1].index];
}

static void follow(struct entry *link, const struct entry *target)
{
	link->type = target->type;
	link->size = target->size;
	link->plain = target->plain;
	link->offset = target->offset;
	link->cookie = target->cookie;
	link->target = target->target;
	link->identity = target->identity;
}

void tree_names_resolve(const struct tree_names *names, struct listing *listing, struct notes *notes,
			const char *code)
{
	if (names->count == 0)
		return;
	struct tree_name *paths = ARENA_NEW(listing->arena, struct tree_name, listing->count);
	if (!paths)
		return;
	for (size_t i = 0; i < listing->count; i++)
		paths[i] = (struct tree_name){ i, listing->entries[i].path };
	qsort(paths, listing->count, sizeof *paths, by_path);
	uint32_t identity = 0;
	for (size_t i = 0; i < names->count; i++) {
		struct entry *target = find_target(paths, listing->count, listing, &names->names[i]);
		struct entry *link = &listing->entries[names->names[i].index];
		if (!target || target->type == ENTRY_DIRECTORY) {
			notes_incomplete(notes, MISSING_CONTENT, CAUSE_UNREADABLE, code, link->offset, NOTE_NO_AMOUNT,
					 "%.*s is a hard link to %.*s, which is not in the archive",
					 SPAN_FORMAT(link->path), SPAN_FORMAT(names->names[i].target));
			link->target = names->names[i].target;
			continue;
		}
		if (target->identity == 0)
			target->identity = ++identity;
		follow(link, target);
	}
}
