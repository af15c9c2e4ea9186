/* Fuzzes one format, named by --format=NAME: measures, opens, lists and reads whatever the bytes are. */
#include "base/scoped.h"
#include "target.h"
#include "unpack/volume.h"

enum { CEILING = 64 << 20, BYTES = 64 << 20, ENTRIES = 20000 };

static const struct unpacker *format;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = target_argument(*argc, *argv, "--format=");
	for (const struct unpacker *const *one = unpackers; *one; one++) {
		if (target_argument(*argc, *argv, "--list"))
			(void)puts((*one)->name);
		if (name && strcmp((*one)->name, name) == 0)
			format = *one;
	}
	if (!format)
		target_refuse("name a format: --format=squashfs (--list lists them)");
	return 0;
}

static void read_all(const struct volume *volume, const struct listing *listing, struct arena *arena,
		     struct notes *notes, struct budget *budget)
{
	struct reader reader;
	struct buffer content;
	if (volume_reader_open(volume, arena, notes, &reader) != DONE)
		return;
	buffer_init(&content, CEILING, budget);
	for (size_t i = 0; i < listing->count; i++) {
		struct span bytes;
		enum entry_type type = listing->entries[i].type;
		bool has_content = type == ENTRY_FILE || type == ENTRY_PART;
		if (has_content && volume_read(&reader, &listing->entries[i], &content, &bytes) == OVER_BUDGET)
			break;
	}
	buffer_done(&content);
	volume_reader_close(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size);
	struct arena arena;
	struct budget budget;
	struct notes notes;
	struct volume volume;
	struct listing listing;
	SCOPED(found) found = { .unpacker = format };
	arena_init(&arena, CEILING);
	budget_init(&budget, size);
	budget.bytes_left = BYTES;
	budget.entries_left = ENTRIES;
	notes_init(&notes, &arena);
	found.outcome = format->measure(bytes, &arena, &found.extent);
	if (outcome_usable(found.outcome)) {
		if (found.extent.size > size)
			abort();
		enum outcome opened = volume_open(&found, bytes, &arena, &budget, &notes, &volume, &listing);
		if (opened != NOT_THIS && opened != NO_MEMORY)
			read_all(&volume, &listing, &arena, &notes, &budget);
		volume_close(&volume);
	}
	arena_done(&arena);
	return 0;
}
