#include "unpack/listing.h"

/* No program opens a longer one (PATH_MAX of Linux): it is refused, never cut into the path of something else. */
enum { PATH_LIMIT = 4096 };

void listing_init(struct listing *listing, struct arena *arena, struct budget *budget)
{
	*listing = (struct listing){
		.arena = arena,
		.budget = budget,
		.ceiling = (size_t)(budget->entries_left / 2) + 1,
	};
}

enum outcome listing_add(struct listing *listing, struct entry **out)
{
	if (listing->count + listing->refused >= listing->ceiling || !budget_spend_entry(listing->budget))
		return OVER_BUDGET;
	struct entry *entries =
		arena_grow(listing->arena, listing->entries, listing->count, &listing->capacity, sizeof *entries);
	if (!entries)
		return NO_MEMORY;
	listing->entries = entries;
	*out = &listing->entries[listing->count++];
	**out = (struct entry){ 0 };
	return DONE;
}

enum outcome listing_refuse(struct listing *listing)
{
	bool room = listing->count + listing->refused < listing->ceiling && budget_spend_entry(listing->budget);
	listing->refused += room;
	return room ? DONE : OVER_BUDGET;
}

enum outcome listing_add_part(struct listing *listing, struct span bytes, const char *name, uint64_t offset,
			      uint64_t size)
{
	struct entry *part;
	TRY(listing_add(listing, &part));
	part->type = ENTRY_PART;
	part->path = arena_copy(listing->arena, span_of_text(name));
	part->plain = true;
	part->offset = offset < bytes.size ? offset : bytes.size;
	part->size = span_slice(bytes, offset, size).size;
	return part->path.data ? DONE : NO_MEMORY;
}

enum outcome listing_add_unused(struct listing *listing, uint64_t offset, uint64_t size)
{
	struct unused *last = listing->last_unused;
	if (last && last->offset + last->size == offset) {
		last->size += size;
		return DONE;
	}
	struct unused *unused = ARENA_NEW(listing->arena, struct unused, 1);
	if (!unused)
		return NO_MEMORY;
	*unused = (struct unused){ .offset = offset, .size = size };
	if (last)
		last->next = unused;
	else
		listing->unused = unused;
	listing->last_unused = unused;
	return DONE;
}

bool listing_may_hold(struct span path, struct span target)
{
	return span_until_nul(path).size <= PATH_LIMIT && span_until_nul(target).size <= PATH_LIMIT;
}

struct span listing_clean_path(struct arena *arena, struct span path)
{
	path = span_until_nul(path);
	uint8_t *clean = arena_allocate(arena, path.size + 2, 1);
	if (!clean)
		return SPAN_NONE;
	size_t length = 0;
	struct span component;
	while (span_next_field(&path, '/', &component)) {
		if (component.size == 0 || span_equal_text(component, ".") || span_equal_text(component, ".."))
			continue;
		clean[length++] = '/';
		memcpy(clean + length, component.data, component.size);
		length += component.size;
	}
	if (length == 0)
		clean[length++] = '/';
	return span_of(clean, length);
}

void listing_tell_escape(struct notes *notes, struct span path)
{
	struct span rest = span_until_nul(path), component;
	while (span_next_field(&rest, '/', &component))
		if (span_equal_text(component, "..")) {
			notes_add(notes, NOTE_WARNING, "archive.path-escapes", NOTE_NO_OFFSET,
				  "the name %.*s leads out of the archive; it is listed without '..'",
				  SPAN_FORMAT(span_until_nul(path)));
			return;
		}
}
