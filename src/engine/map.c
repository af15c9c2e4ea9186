#include "engine/map.h"

#include "base/digest.h"
#include "inspect/code.h"

static void sight(struct explorer *explorer, uint64_t offset, struct span bytes, const char *kind, struct span label,
		  int64_t volume)
{
	if (bytes.size > 0)
		explorer->range(explorer, &(struct range_sighting){
			.offset = offset,
			.size = bytes.size,
			.kind = kind,
			.bytes = bytes,
			.label = label,
			.artifact = explorer->artifact,
			.volume = volume,
		});
}

static bool is_plain_part(const struct entry *entry)
{
	return entry->type == ENTRY_PART && entry->plain && entry->size > 0;
}

/* The plain part that covers `at`, or else the first one after it; NULL where there is none. */
static const struct entry *part_from(const struct listing *listing, uint64_t at)
{
	const struct entry *best = NULL;
	for (size_t i = 0; i < listing->count; i++) {
		const struct entry *part = &listing->entries[i];
		if (is_plain_part(part) && part->offset + part->size > at && (!best || part->offset < best->offset))
			best = part;
	}
	return best;
}

static const char *kind_of_volume(const struct node *node)
{
	static const char *const kinds[] = {
		[ROLE_FILE_SYSTEM] = "file system", [ROLE_ARCHIVE] = "archive", [ROLE_STREAM] = "archive",
		[ROLE_PACKAGE] = "header", [ROLE_KERNEL] = "kernel", [ROLE_BOOT] = "boot", [ROLE_DATA] = "data",
	};
	enum unpacker_role role = node->volume.unpacker->role;
	if (!outcome_usable(node->outcome))
		return "opaque";
	/* A package whose parts are spread over it is no header alone: UBI. */
	return role == ROLE_PACKAGE && node->listing.count > 0 ? "file system" : kinds[role];
}

/* Fewer bytes than this say nothing about themselves. */
enum { TRAILER_MOST = 32 };

/* Names that a boot loader's own bytes carry. */
static bool looks_like_boot_loader(struct span bytes)
{
	static const char *const names[] = { "U-Boot ", "CFE version", "RedBoot(tm)", "barebox ", "BL31: ", "BL2: v" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_find_text(bytes, names[i], 0) != SPAN_NOT_FOUND)
			return code_may_be_raw(bytes);
	return false;
}

void map_gap(struct explorer *explorer, uint64_t image_offset, const struct gap *gap, struct span bytes,
	     int64_t volume)
{
	if (!explorer->range || image_offset == NO_OFFSET)
		return;
	uint64_t offset = image_offset + gap->offset;
	if (gap->padding)
		sight(explorer, offset, bytes, "padding",
		      arena_format(explorer->arena, "padding of 0x%02x", span_byte(bytes, 0)), volume);
	else if (looks_like_boot_loader(bytes))
		sight(explorer, offset, bytes, "boot", SPAN_LITERAL("boot loader"), volume);
	else if (kernel_image_find(bytes, KERNEL_UNCLAIMED, NULL))
		sight(explorer, offset, bytes, "kernel", SPAN_LITERAL("Linux kernel"), volume);
	else if (bytes.size < TRAILER_MOST)
		sight(explorer, offset, bytes, "data", SPAN_LITERAL("a few bytes"), volume);
	else if (kind_of(SPAN_NONE, bytes) != KIND_DATA)
		sight(explorer, offset, bytes, "data", span_of_text(kind_name(kind_of(SPAN_NONE, bytes))), volume);
	else if (digest_entropy(bytes) > 7.5 && bytes.size >= 1024)
		sight(explorer, offset, bytes, "opaque", SPAN_LITERAL("encrypted or compressed in an unknown way"),
		      volume);
	else
		sight(explorer, offset, bytes, "opaque", SPAN_LITERAL("unknown format"), volume);
}

void map_gaps(struct explorer *explorer, uint64_t image_offset, struct span bytes, int64_t volume)
{
	struct claims none = { 0 };
	struct gap gap;
	uint64_t at = 0;
	if (!explorer->range || image_offset == NO_OFFSET)
		return;
	while (gaps_next(&none, bytes, &at, &gap))
		map_gap(explorer, image_offset, &gap, span_slice(bytes, gap.offset, gap.size), volume);
}

enum {
	HEADER_WHOLE = 2048,    /* a header this short is one, with the padding in it */
	HEADER_MOST = 64 * 1024 /* a piece longer than this is no header */
};

/* Bytes between two parts: headers and padding; a large piece is what nobody named. */
static void map_between(struct explorer *explorer, const struct node *node, uint64_t image_offset, uint64_t start,
			struct span bytes)
{
	struct claims none = { 0 };
	struct gap gap;
	uint64_t at = 0;
	if (node->volume.unpacker->role == ROLE_KERNEL) { /* the code that unpacks it */
		sight(explorer, image_offset + start, bytes, "kernel", span_of_text(node->volume.unpacker->title), node->id);
		return;
	}
	if (bytes.size <= HEADER_WHOLE) {
		sight(explorer, image_offset + start, bytes, "header", span_of_text(node->volume.unpacker->title), node->id);
		return;
	}
	while (gaps_next(&none, bytes, &at, &gap)) {
		struct span piece = span_slice(bytes, gap.offset, gap.size);
		if (gap.padding || gap.size > HEADER_MOST)
			map_gap(explorer, image_offset + start, &gap, piece, node->id);
		else
			sight(explorer, image_offset + start + gap.offset, piece, "header",
			      span_of_text(node->volume.unpacker->title), node->id);
	}
}

/* The bytes of a package that lie in none of its parts. */
static void map_headers(struct explorer *explorer, const struct node *node, uint64_t image_offset)
{
	struct span bytes = node->volume.bytes;
	uint64_t at = 0;
	while (at < bytes.size) {
		const struct entry *part = part_from(&node->listing, at);
		uint64_t end = part ? part->offset : bytes.size;
		map_between(explorer, node, image_offset, at, span_slice(bytes, at, end - at));
		at = part ? part->offset + part->size : bytes.size;
	}
}

void map_volume(struct explorer *explorer, const struct node *node, uint64_t image_offset)
{
	const struct extent *extent = &node->volume.extent;
	if (!explorer->range || image_offset == NO_OFFSET)
		return;
	if (part_from(&node->listing, 0)) {
		map_headers(explorer, node, image_offset);
		return;
	}
	struct span label = arena_format(explorer->arena, "%s%s%.*s", node->volume.unpacker->title,
					 extent->detail.size > 0 ? ", " : "", SPAN_FORMAT(extent->detail));
	sight(explorer, image_offset, node->volume.bytes, kind_of_volume(node), label, node->id);
}
