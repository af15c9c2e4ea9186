#include "unpack/volume.h"

#include "base/effort.h"

/* What opening any container costs, in units: memory, handles, rows. */
enum { EFFORT_OPENING = 20000 };

/* How often the bytes of a volume may be the content of its entries. Hard links (an identity) are one content. */
enum { OVERLAP_MOST = 4, OVERLAP_SMALL = 64 * 1024 };

/* Entries that borrow their bytes cost them again: those that lie upon each other too often are not read. */
static void refuse_overlaps(const struct volume *volume, struct listing *listing)
{
	uint64_t most = (uint64_t)volume->bytes.size * OVERLAP_MOST + OVERLAP_SMALL, borrowed = 0, refused = 0;
	for (size_t i = 0; i < listing->count; i++) {
		struct entry *entry = &listing->entries[i];
		if (!entry->plain || entry->identity != 0 || entry->size == 0)
			continue;
		entry->refused = entry->size > most - borrowed;
		borrowed += entry->refused ? 0 : entry->size;
		refused += entry->refused;
	}
	if (refused > 0)
		notes_incomplete(volume->notes, MISSING_ENTRIES, CAUSE_LIMIT, "budget.overlap", NOTE_NO_OFFSET, refused,
				 "%llu entries of this %s lie upon others, more often than %d times over; they were not read",
				 (unsigned long long)refused, volume->unpacker->title, OVERLAP_MOST);
}

enum outcome volume_open(struct found *found, struct span bytes, struct arena *arena, struct budget *budget,
			 struct notes *notes, struct volume *volume, struct listing *listing)
{
	struct span beyond = span_from(bytes, found->offset);
	*volume = (struct volume){
		.unpacker = found->unpacker,
		.bytes = span_slice(beyond, 0, found->extent.size),
		.beyond = beyond,
		.extent = found->extent,
		.arena = arena,
		.budget = budget,
		.notes = notes,
		.directory = -1,
	};
	found->extent.content = (struct buffer){ 0 };
	listing_init(listing, arena, budget);
	if (!effort_spend(EFFORT_OPENING))
		return OVER_BUDGET;
	if (found->outcome == MALFORMED)
		return MALFORMED;
	enum outcome outcome = found->unpacker->list ? found->unpacker->list(volume, listing) : DONE;
	refuse_overlaps(volume, listing);
	return outcome == DONE ? found->outcome : outcome;
}

void volume_close(struct volume *volume)
{
	if (volume->unpacker && volume->unpacker->release)
		volume->unpacker->release(volume);
	buffer_done(&volume->extent.content);
	volume->unpacker = NULL;
}

enum outcome volume_reader_open(const struct volume *volume, struct arena *arena, struct notes *notes,
				struct reader *reader)
{
	*reader = (struct reader){ .volume = volume, .arena = arena, .notes = notes };
	if (!volume->unpacker->open)
		return DONE;
	enum outcome outcome = volume->unpacker->open(reader);
	if (outcome != DONE)
		volume_reader_close(reader);
	return outcome;
}

void volume_reader_close(struct reader *reader)
{
	if (reader->volume && reader->volume->unpacker->close)
		reader->volume->unpacker->close(reader);
	*reader = (struct reader){ 0 };
}

/* The content that was decoded when the stream was found, where what is asked for may be as large. */
static bool has_decoded(const struct volume *volume, const struct buffer *storage)
{
	const struct buffer *content = &volume->extent.content;
	return content->size > 0 && content->size <= storage->ceiling &&
	       (!storage->budget || budget_spend_bytes(storage->budget, content->size));
}

enum outcome volume_read(struct reader *reader, const struct entry *entry, struct buffer *storage, struct span *out)
{
	const struct volume *volume = reader->volume;
	buffer_clear(storage);
	*out = SPAN_NONE;
	/* What is borrowed costs what it is, though it takes no memory. */
	if (entry->refused || effort_over() || (entry->plain && storage->budget && !budget_spend_bytes(storage->budget, entry->size)))
		return OVER_BUDGET;
	if (entry->plain) {
		*out = span_slice(volume->bytes, entry->offset, entry->size);
		return out->size == entry->size ? DONE : PARTIAL;
	}
	if (volume->unpacker->borrow && volume->unpacker->borrow(volume, entry, out))
		return DONE;
	if (has_decoded(volume, storage)) {
		*out = buffer_span(&volume->extent.content);
		return DONE;
	}
	enum outcome outcome = volume->unpacker->read ? volume->unpacker->read(reader, entry, storage) : UNSUPPORTED;
	*out = buffer_span(storage);
	return outcome;
}
