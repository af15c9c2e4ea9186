/* Searches bytes for containers, and decides what becomes of the bytes between them. */
#include "engine/explore.h"
#include "engine/map.h"
#include "inspect/known.h"

/* A search of some bytes, and what it has found so far. */
struct search {
	struct explorer *explorer;
	const struct place *place;
	struct span bytes;
	uint64_t unit;        /* bytes from the first that are one program: what lies in it stays a part of it */
	struct claims claims; /* what is spoken for, and becomes no part of the bytes around it */
	struct claims held;   /* every container that was found */
	bool is_listed; /* the bytes begin with an archive or a file system: one may hold a kernel, or a log of one */
};

/* A stream's content has no name of its own; a kernel or boot loader is called one, for the reader's sake. */
static const struct entry *named_entry(struct explorer *explorer, const struct entry *entry, struct span bytes,
				       enum kernel_claim claim, bool whole)
{
	if (!span_equal_text(entry->path, "data"))
		return entry;
	bool kernel = kernel_image_find(bytes, claim, NULL);
	bool code = whole && kind_of(SPAN_NONE, bytes) == KIND_DATA;
	if (!kernel && !(code && understood_is_boot_loader(bytes)))
		return entry;
	struct entry *named = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!named)
		return entry;
	*named = *entry;
	named->path = kernel ? SPAN_LITERAL("kernel") : SPAN_LITERAL("boot-loader");
	return named;
}

/*
 * In the image itself all that is found is spoken for. Within decompressed bytes a
 * compressed stream or a device tree stays part of what holds it: a kernel is
 * examined whole, with the configuration that is packed inside it.
 */
static bool speaks_for_bytes(enum unpacker_role role, const struct place *place)
{
	return place->image_offset != NO_OFFSET ||
	       (role != ROLE_STREAM && role != ROLE_DATA && role != ROLE_BOOT);
}

/* The configuration that a kernel carries stays in it: whoever examines the kernel reads it there. */
static bool is_kernel_configuration(struct span bytes, const struct found *found)
{
	struct span mark = SPAN_LITERAL("IKCFG_ST");
	return found->unpacker->role == ROLE_STREAM && found->offset >= mark.size &&
	       span_has_at(bytes, found->offset - mark.size, mark);
}

static bool take(void *context, struct found *found)
{
	struct search *search = context;
	struct explorer *explorer = search->explorer;
	if (is_kernel_configuration(search->bytes, found))
		return false;
	enum unpacker_role role = found->unpacker->role;
	bool speaks = speaks_for_bytes(role, search->place) && found->offset + found->extent.size > search->unit;
	if (!explore_found(explorer, search->bytes, found, search->place))
		return false;
	search->is_listed |= found->offset == 0 && (role == ROLE_ARCHIVE || role == ROLE_FILE_SYSTEM);
	claims_add(&search->held, explorer->arena, found->offset, found->extent.size);
	if (speaks)
		claims_add(&search->claims, explorer->arena, found->offset, found->extent.size);
	return true;
}

/* A piece that nothing has claimed becomes a part of its own. */
static void explore_piece(struct search *search, const struct gap *gap)
{
	struct explorer *explorer = search->explorer;
	const struct place *place = search->place;
	struct entry *entry = ARENA_NEW(explorer->arena, struct entry, 1);
	if (!entry)
		return;
	entry->type = ENTRY_PART;
	entry->size = gap->size;
	entry->path = place->name.size > 0 && place->file != 0
			      ? arena_format(explorer->arena, "%.*s@0x%llx", SPAN_FORMAT(place->name),
					     (unsigned long long)gap->offset)
			      : arena_format(explorer->arena, "0x%llx", (unsigned long long)gap->offset);
	explorer->target(explorer, &(struct target){
		.file = explore_next_file(explorer),
		.artifact = explorer->artifact,
		.volume = place->volume,
		.entry = entry,
		.path = explore_prefixed(explorer, place->prefix, entry->path),
		.bytes = span_slice(search->bytes, gap->offset, gap->size),
		.held = search->held.first,
		.held_base = gap->offset,
		.part_of = place->file,
		.inspect = true,
		.depth = place->depth,
	});
}

/* The bytes that nothing has claimed: padding is passed over, the rest is examined. */
static void explore_gaps(struct search *search)
{
	struct explorer *explorer = search->explorer;
	uint64_t at = 0;
	struct gap gap;
	while (gaps_next(&search->claims, search->bytes, &at, &gap)) {
		struct span bytes = span_slice(search->bytes, gap.offset, gap.size);
		if (gap.padding) {
			map_padding(explorer, search->place, gap.offset, bytes);
			continue;
		}
		map_piece(explorer, search->place, gap.offset, bytes, search->held.first, gap.offset);
		explore_piece(search, &gap);
	}
}

/*
 * Whether what was found leaves the bytes to be examined as one: a kernel with a
 * small file system inside it is, a package of images is not.
 */
static bool is_examined_whole(const struct search *search)
{
	uint64_t covered = 0;
	for (const struct claim *claim = search->claims.first; claim; claim = claim->next)
		covered += claim->size;
	bool in_image = search->place->image_offset != NO_OFFSET;
	return !search->claims.first || (!in_image && covered < search->bytes.size / 2);
}

/* Bytes from the first that are one program: it is examined as one, zeros and all. */
static uint64_t program_size(struct span bytes)
{
	struct known known;
	return known_content(SPAN_NONE, bytes, &known) && known.program ? known.end : 0;
}

void explore_bytes(struct explorer *explorer, struct span bytes, enum outcome outcome, const struct place *place,
		   const struct entry *entry)
{
	struct place here = *place;
	here.file = entry ? explore_next_file(explorer) : 0;
	struct search search = { .explorer = explorer, .place = &here, .bytes = bytes, .unit = program_size(bytes) };
	scan_bytes(explorer->program->magics, bytes, explorer->arena, take, &search);
	bool whole = entry && is_examined_whole(&search);
	if (entry && !search.is_listed) {
		entry = named_entry(explorer, entry, bytes, place->claim, whole);
		here.name = entry->path;
	}
	if (entry)
		explorer->target(explorer, &(struct target){
			.file = here.file,
			.artifact = explorer->artifact,
			.volume = here.volume,
			.entry = entry,
			.path = explore_prefixed(explorer, here.prefix, entry->path),
			.bytes = bytes,
			.outcome = outcome,
			.held = search.held.first,
			.claims = search.claims,
			.inspect = whole,
			.depth = here.depth,
		});
	if (whole)
		map_piece(explorer, &here, 0, bytes, search.held.first, 0);
	else
		explore_gaps(&search);
}
