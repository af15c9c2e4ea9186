#include "engine/explore_collection.h"

#include <stdlib.h>

#include "base/scoped.h"

#include "engine/map.h"
#include "unpack/registry.h"

enum { MEMBERS_MAX = 1024, IMAGE_LEAST = 4096 };
static const uint64_t MAPPED_MOST = UINT64_C(1) << 40; /* a map need not follow sizes that cannot be */

/* A file, or a folder that is a root file system. */
struct member {
	struct span name;
	const struct entry *entry; /* NULL of a folder */
	struct span folder;        /* of a folder: its path in the listing */
	struct span bytes;
	enum outcome outcome;      /* of reading them */
	bool image;                /* its bytes are to be searched, not only read */
};

struct members {
	struct member *list;
	size_t count, capacity;
};

/* A root file system that lies in a folder of something else: a volume whose entries another one reads. */
static const struct unpacker unpacker_folder = {
	.name = "directory",
	.title = "folder",
	.role = ROLE_FILE_SYSTEM,
};

static bool starts_container(struct explorer *explorer, struct span bytes)
{
	SCOPED(found) found = { 0 };
	return scan_start(explorer->program->magics, bytes, explorer->arena, &found);
}

static bool may_be_image(struct explorer *explorer, struct span name, struct span bytes)
{
	enum content_kind kind = kind_of(span_basename(name), bytes);
	if (kind == KIND_ELF || kind == KIND_KERNEL_MODULE)
		return false;
	bool opaque = kind == KIND_DATA || kind == KIND_ARCHIVE || kind == KIND_PART || kind == KIND_DEVICE_TREE;
	return (opaque && bytes.size >= IMAGE_LEAST) || starts_container(explorer, bytes);
}

bool explore_bundled(struct explorer *explorer, struct node *node, struct reader *reader, const struct entry *entry,
		     const struct place *place, uint64_t *content)
{
	struct span bytes;
	if (!outcome_usable(explore_read(explorer, reader, entry, &bytes)) || !may_be_image(explorer, entry->path, bytes))
		return false;
	struct place below = *place;
	below.volume = node->id;
	below.image_offset = NO_OFFSET;
	below.within = node->id;
	below.map_offset = *content;
	*content += bytes.size;
	below.name = entry->path;
	below.file = 0;
	below.depth++;
	below.entire = false;
	explore_bytes(explorer, bytes, DONE, &below, entry);
	return true;
}

/* The path without the folder that all have in common, and its slash. */
static struct span name_below(struct span path, struct span common)
{
	struct span name = span_from(path, collection_lies_in(path, common) ? common.size : 0);
	return span_starts_text(name, "/") ? span_from(name, 1) : name;
}

static struct member *add(struct explorer *explorer, const struct place *place, struct members *members,
			  struct span name)
{
	if (place->member.size > 0)
		name = arena_format(explorer->arena, "%.*s!/%.*s", SPAN_FORMAT(place->member), SPAN_FORMAT(name));
	struct member *list =
		arena_grow(explorer->arena, members->list, members->count, &members->capacity, sizeof *list);
	if (!list)
		return NULL;
	members->list = list;
	list[members->count] = (struct member){ .name = name };
	return &list[members->count++];
}

static void add_file(struct explorer *explorer, const struct place *place, struct members *members,
		     struct reader *reader, const struct entry *entry, struct span common)
{
	struct member *member = add(explorer, place, members, name_below(entry->path, common));
	if (!member)
		return;
	member->entry = entry;
	member->outcome = explore_read(explorer, reader, entry, &member->bytes);
	member->image = outcome_usable(member->outcome) && may_be_image(explorer, member->name, member->bytes);
}

/* In the order of the listing, which is that of reading. */
static void gather(struct explorer *explorer, const struct node *node, struct reader *reader, const struct place *place,
		   const struct collection *collection, struct span common, struct members *members)
{
	for (size_t i = 0; i < collection->root_count; i++) {
		struct member *member = add(explorer, place, members, name_below(collection->roots[i], common));
		if (member)
			member->folder = collection->roots[i];
	}
	for (size_t i = 0; i < node->listing.count && members->count < MEMBERS_MAX; i++) {
		const struct entry *entry = &node->listing.entries[i];
		if (entry->type == ENTRY_FILE && !collection_root_of(collection, entry->path).data)
			add_file(explorer, place, members, reader, entry, common);
	}
}

static int by_name(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	size_t shorter = a->name.size < b->name.size ? a->name.size : b->name.size;
	int order = shorter > 0 ? memcmp(a->name.data, b->name.data, shorter) : 0;
	if (order == 0)
		order = (a->name.size > b->name.size) - (a->name.size < b->name.size);
	/* An archive may hold a name twice: in the order of the archive. */
	return order ? order : (a->entry > b->entry) - (a->entry < b->entry);
}

/* The entry under the path that is shown for it. */
static const struct entry *shown_entry(struct explorer *explorer, const struct entry *entry, struct span path)
{
	struct entry *shown = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!shown)
		return entry;
	*shown = *entry;
	shown->path = path;
	return shown;
}

static void explore_file(struct explorer *explorer, const struct node *node, const struct place *place,
			 const struct member *member)
{
	struct place here = {
		.volume = node->id,
		.image_offset = 0,
		.map_offset = 0,
		.prefix = place->prefix,
		.depth = place->depth + 1,
		.entire = true,
		.member = member->name,
	};
	const struct entry *entry =
		shown_entry(explorer, member->entry, arena_format(explorer->arena, "/%.*s", SPAN_FORMAT(member->name)));
	here.name = entry->path;
	if (member->image) {
		explore_bytes(explorer, member->bytes, member->outcome, &here, entry);
		return;
	}
	explorer->target(explorer, &(struct target){
		.file = explore_next_file(explorer),
		.artifact = explorer->artifact,
		.volume = node->id,
		.entry = entry,
		.path = explore_prefixed(explorer, place->prefix, entry->path),
		.bytes = member->bytes,
		.outcome = member->outcome,
		.inspect = true,
		.depth = here.depth,
	});
	map_file(explorer, &here, entry, explorer->last_file);
}

/* The map of an archive shows each of its files, whose own maps show what is in them. */
static void show_file(struct explorer *explorer, const struct node *node, const struct member *member, uint64_t *content)
{
	const struct place here = { .volume = node->id, .within = node->id, .map_offset = *content };
	map_file(explorer, &here, member->entry, explorer->last_file + explorer->step);
	*content += member->entry->size < MAPPED_MOST ? member->entry->size : MAPPED_MOST;
}

/* The volume that a folder is for itself; reading stays with the one that lists it. */
static struct node *new_folder(struct explorer *explorer, const struct node *node, const struct member *member)
{
	struct node *folder = explore_new_node(explorer);
	if (!folder)
		return NULL;
	folder->id = explorer->last_volume += explorer->step;
	folder->volume.unpacker = &unpacker_folder;
	folder->volume.extent.label = span_basename(member->name);
	folder->outcome = node->outcome;
	for (size_t i = 0; i < node->listing.count; i++) {
		const struct entry *entry = &node->listing.entries[i];
		bool inside = collection_lies_in(entry->path, member->folder) && entry->path.size > member->folder.size;
		folder->listing.count += inside;
		folder->volume.extent.size += inside && entry->type == ENTRY_FILE ? entry->size : 0;
	}
	return folder;
}

static void explore_root(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
			 const struct member *member)
{
	struct node *folder = new_folder(explorer, node, member);
	if (!folder)
		return;
	explorer->artifact = explorer->new_folder(explorer, member->name, folder->id);
	explorer->volume(explorer, &(struct volume_sighting){
		.node = folder,
		.artifact = explorer->artifact,
		.parent = node->id,
		.image_offset = NO_OFFSET,
	});
	for (size_t i = 0; i < node->listing.count; i++) {
		const struct entry *entry = &node->listing.entries[i];
		if (collection_lies_in(entry->path, member->folder) && entry->path.size > member->folder.size)
			explore_entry(explorer, node, reader, entry, place, folder->id,
				      span_from(entry->path, member->folder.size));
	}
}

/* Folders above the roots, links, and files beyond the most: what is no artifact of its own. */
static void explore_rest(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
			 const struct collection *collection, const struct members *members)
{
	size_t files = 0, most = members->count - collection->root_count;
	for (size_t i = 0; i < node->listing.count; i++) {
		const struct entry *entry = &node->listing.entries[i];
		struct span root = collection_root_of(collection, entry->path);
		bool is_root = root.data && entry->path.size == root.size;
		if ((root.data && !is_root) || (entry->type == ENTRY_FILE && files++ < most))
			continue;
		explore_entry(explorer, node, reader, entry, place, node->id, entry->path);
	}
}

/* The same bytes twice are one thing given twice, more often than not by mistake. */
static void note_twins(struct explorer *explorer, const struct members *members)
{
	for (size_t i = 1; i < members->count; i++) {
		const struct member *a = &members->list[i - 1], *b = &members->list[i];
		if (a->entry && b->entry && span_equal(a->name, b->name))
			notes_add(explorer->notes, NOTE_WARNING, "artifact.same-name", NOTE_NO_OFFSET,
				  "two files are called %.*s; each is taken for itself", SPAN_FORMAT(b->name));
	}
}

/* A root that is all there is keeps its own name. */
static struct span common_above_roots(const struct collection *collection)
{
	struct span common = collection->prefix;
	for (size_t i = 0; i < collection->root_count; i++)
		common = collection_common_folder(common, collection->roots[i]);
	return common;
}

void explore_collection(struct explorer *explorer, struct node *node, struct reader *reader, const struct place *place,
			const struct collection *collection)
{
	struct members members = { 0 };
	struct span common = common_above_roots(collection);
	uint64_t content = 0;
	int64_t holder = explorer->artifact;
	if (collection->left_out > 0)
		notes_incomplete(explorer->notes, MISSING_SIGHT, CAUSE_LIMIT, "collection.roots", NOTE_NO_OFFSET, collection->left_out,
				 "folders that may be root file systems are more than are looked at");
	gather(explorer, node, reader, place, collection, common, &members);
	if (members.count > 1)
		qsort(members.list, members.count, sizeof *members.list, by_name);
	note_twins(explorer, &members);
	for (size_t i = 0; i < members.count; i++) {
		const struct member *member = &members.list[i];
		explorer->artifact = holder;
		if (member->entry) {
			show_file(explorer, node, member, &content);
			explorer->artifact = explorer->new_artifact(explorer, member->name, member->bytes);
			explore_file(explorer, node, place, member);
		} else {
			explore_root(explorer, node, reader, place, member);
		}
	}
	explorer->artifact = holder;
	explore_rest(explorer, node, reader, place, collection, &members);
}
