#include "engine/several.h"

#include "unpack/registry.h"
#include "unpack/tree.h"

/* The volume's state. */
struct several {
	const struct source *sources;
	struct volume *folders; /* of each source that is one */
};

static enum outcome read_entry(struct reader *reader, const struct entry *entry, struct buffer *out)
{
	const struct several *several = reader->volume->state;
	const struct source *source = &several->sources[entry->cookie];
	struct reader inner = { .volume = &several->folders[entry->cookie], .notes = reader->notes, .arena = reader->arena };
	if (source->directory < 0)
		return buffer_append(out, source->bytes);
	return unpacker_directory.read(&inner, entry->detail, out);
}

static bool borrow_entry(const struct volume *volume, const struct entry *entry, struct span *out)
{
	const struct several *several = volume->state;
	*out = several->sources[entry->cookie].bytes;
	return several->sources[entry->cookie].directory < 0;
}

static const struct unpacker unpacker_several = {
	.name = "files",
	.title = "files given together",
	.role = ROLE_ARCHIVE,
	.read = read_entry,
	.borrow = borrow_entry,
};

static enum outcome add_file(struct node *node, struct span path, const struct source *source, size_t number)
{
	struct entry *entry;
	TRY(listing_add(&node->listing, &entry));
	entry->path = path;
	entry->type = ENTRY_FILE;
	entry->size = source->bytes.size;
	entry->offset = node->listing.count;
	entry->cookie = number;
	return DONE;
}

/* An entry of a folder, under the path of the folder. Hard links are told apart by their folder. */
static enum outcome add_inner(struct node *node, struct span path, const struct entry *inner, size_t number,
			      uint32_t identities)
{
	struct entry *entry;
	TRY(listing_add(&node->listing, &entry));
	*entry = *inner;
	entry->path = tree_join(node->arena, path, span_from(inner->path, 1));
	entry->identity = inner->identity ? inner->identity + identities : 0;
	entry->offset = node->listing.count;
	entry->cookie = number;
	entry->detail = inner;
	if (entry->path.data)
		return DONE;
	node->listing.count--;
	notes_incomplete(node->volume.notes, MISSING_ENTRIES, CAUSE_LIMIT, "files.path", NOTE_NO_OFFSET, 1,
			 "%.*s: its path is too long", SPAN_FORMAT(inner->path));
	return PARTIAL;
}

static enum outcome add_folder(struct node *node, struct span path, struct volume *folder, size_t number,
			       uint32_t *identities)
{
	struct listing inner;
	uint32_t most = 0;
	listing_init(&inner, node->arena, node->volume.budget);
	enum outcome outcome = unpacker_directory.list(folder, &inner);
	for (size_t i = 0; i < inner.count; i++) {
		enum outcome step = add_inner(node, path, &inner.entries[i], number, *identities);
		if (!outcome_usable(step))
			return step;
		outcome = step == DONE ? outcome : step;
		most = inner.entries[i].identity > most ? inner.entries[i].identity : most;
	}
	*identities += most;
	return outcome;
}

static enum outcome list_all(struct node *node, const struct source *sources, size_t count, struct several *several)
{
	enum outcome worst = DONE;
	uint32_t identities = 0;
	for (size_t i = 0; i < count; i++) {
		struct span path = listing_clean_path(node->arena, span_of_text(sources[i].name));
		struct volume *folder = &several->folders[i];
		if (!path.data)
			return NO_MEMORY;
		*folder = (struct volume){
			.unpacker = &unpacker_directory,
			.arena = node->arena,
			.budget = node->volume.budget,
			.notes = node->volume.notes,
			.directory = sources[i].directory,
		};
		enum outcome outcome = sources[i].directory < 0 ? add_file(node, path, &sources[i], i)
								: add_folder(node, path, folder, i, &identities);
		worst = outcome == DONE ? worst : outcome;
		if (outcome == NO_MEMORY || outcome == OVER_BUDGET)
			break;
	}
	return worst;
}

enum outcome several_list(struct node *node, const struct source *sources, size_t count)
{
	struct several *several = ARENA_NEW(node->arena, struct several, 1);
	struct volume *folders = ARENA_NEW(node->arena, struct volume, count);
	if (!several || !folders)
		return NO_MEMORY;
	*several = (struct several){ .sources = sources, .folders = folders };
	node->volume.unpacker = &unpacker_several;
	node->volume.state = several;
	return list_all(node, sources, count, several);
}
