#include "engine/map.h"

enum {
	HEADER_WHOLE = 2048,     /* a header this short is one, with the padding in it */
	HEADER_MOST = 64 * 1024, /* a piece longer than this is no header */
	SIGNATURE_MOST = 1024,   /* dense bytes in a header, up to which they are a signature and keys */
};

static void sight(struct explorer *explorer, const struct place *place, const struct range_sighting *range)
{
	if (!explorer->range || place->map_offset == NO_OFFSET || range->size == 0)
		return;
	struct range_sighting placed = *range;
	placed.offset += place->map_offset;
	placed.within = place->within;
	placed.artifact = explorer->artifact;
	explorer->range(explorer, &placed);
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

static struct span label_of(struct explorer *explorer, const struct stretch *stretch, struct span bytes)
{
	if (stretch->nature != NATURE_PADDING)
		return span_of_text(stretch->label);
	return arena_format(explorer->arena, "padding of 0x%02x", span_byte(bytes, 0));
}

static void draw(struct explorer *explorer, const struct place *place, uint64_t offset, struct span bytes,
		 const struct stretch *stretch, int64_t volume)
{
	bool wanted = explorer->range && place->map_offset != NO_OFFSET;
	sight(explorer, place, &(struct range_sighting){
		.offset = offset,
		.size = bytes.size,
		.kind = stretch->range,
		.bytes = bytes,
		.label = wanted ? label_of(explorer, stretch, bytes) : SPAN_NONE,
		.volume = volume,
	});
}

/* Stretch by stretch; to the sums too, where there are any. */
static void draw_piece(struct explorer *explorer, const struct place *place, uint64_t offset,
		       struct understood *content, int64_t volume, struct understood_sums *sums)
{
	struct stretch stretch;
	uint64_t at = 0;
	while (understood_next(content, &at, &stretch)) {
		draw(explorer, place, offset + stretch.offset, span_slice(content->bytes, stretch.offset, stretch.size),
		     &stretch, volume);
		if (sums)
			understood_sum(sums, &stretch);
	}
}

/* Bytes of no file: they may be a boot loader or a kernel. */
static void begin_raw(struct understood *content, struct span name, struct span bytes)
{
	enum content_kind kind = kind_of(SPAN_NONE, bytes);
	understood_begin(content, name, bytes, kind == KIND_DATA ? KIND_PART : kind, UNDERSTOOD_RAW_LEAST);
}

void map_piece(struct explorer *explorer, const struct place *place, uint64_t offset, struct span bytes,
	       const struct claim *held, uint64_t base)
{
	struct understood content;
	if (!explorer->range || place->map_offset == NO_OFFSET)
		return;
	begin_raw(&content, place->name, bytes);
	content.held = held;
	content.base = base;
	draw_piece(explorer, place, offset, &content, place->volume, NULL);
}

void map_padding(struct explorer *explorer, const struct place *place, uint64_t offset, struct span bytes)
{
	const struct stretch padding = { .nature = NATURE_PADDING, .range = "padding" };
	draw(explorer, place, offset, bytes, &padding, place->volume);
}

void map_file(struct explorer *explorer, const struct place *place, const struct entry *entry, int64_t file)
{
	sight(explorer, place, &(struct range_sighting){
		.size = entry->size,
		.kind = "data",
		.label = entry->path,
		.volume = place->volume,
		.file = file,
	});
}

/* What is no padding between two parts: a header as far as it is not dense, and not too long to be one. */
static void map_header(struct explorer *explorer, struct node *node, const struct place *place, uint64_t start,
		       struct span bytes, const struct stretch *header)
{
	struct understood content;
	struct stretch stretch;
	uint64_t at = 0;
	begin_raw(&content, SPAN_NONE, bytes);
	while (understood_next(&content, &at, &stretch)) {
		struct span piece = span_slice(bytes, stretch.offset, stretch.size);
		bool unknown = stretch.nature == NATURE_OPAQUE && (stretch.dense || bytes.size > HEADER_MOST) &&
			       stretch.size >= SIGNATURE_MOST;
		if (stretch.nature == NATURE_OPAQUE && !unknown)
			stretch = *header;
		understood_sum(&node->own, &(struct stretch){ .nature = stretch.nature, .size = piece.size });
		draw(explorer, place, start + (at - piece.size), piece, &stretch, node->id);
	}
}

/* Bytes between two parts: headers and padding; a large piece is what nobody named. */
static void map_between(struct explorer *explorer, struct node *node, const struct place *place, uint64_t start,
			struct span bytes)
{
	const struct stretch header = {
		.nature = NATURE_KNOWN,
		.label = node->volume.unpacker->title,
		.range = node->volume.unpacker->role == ROLE_KERNEL ? "kernel" : "header", /* the code that unpacks it */
	};
	struct claims none = { 0 };
	struct gap gap;
	uint64_t at = 0;
	if (node->volume.unpacker->role == ROLE_KERNEL || (bytes.size <= HEADER_WHOLE && !understood_is_dense(bytes))) {
		draw(explorer, place, start, bytes, &header, node->id);
		return;
	}
	while (gaps_next(&none, bytes, &at, &gap))
		map_header(explorer, node, place, start + gap.offset, span_slice(bytes, gap.offset, gap.size), &header);
}

/* The bytes of a package that lie in none of its parts. */
static void map_headers(struct explorer *explorer, struct node *node, const struct place *place)
{
	struct span bytes = node->volume.bytes;
	uint64_t at = 0;
	while (at < bytes.size) {
		const struct entry *part = part_from(&node->listing, at);
		uint64_t end = part ? part->offset : bytes.size;
		if (end > at)
			map_between(explorer, node, place, at, span_slice(bytes, at, end - at));
		at = part ? part->offset + part->size : bytes.size;
	}
}

/* Free space: what is left in it is no file, but it may have been one. */
static void sum_unused(struct node *node)
{
	for (const struct unused *unused = node->listing.unused; unused; unused = unused->next) {
		struct understood content;
		struct understood_sums sums = { 0 };
		begin_raw(&content, SPAN_NONE, span_slice(node->volume.bytes, unused->offset, unused->size));
		understood_add(&content, &sums);
		node->own.opaque += sums.opaque;
		node->own.padding += sums.padding;
	}
}

void map_volume(struct explorer *explorer, struct node *node, const struct place *place)
{
	const struct extent *extent = &node->volume.extent;
	sum_unused(node);
	if (part_from(&node->listing, 0)) {
		map_headers(explorer, node, place);
		return;
	}
	if (!explorer->range || place->map_offset == NO_OFFSET)
		return;
	sight(explorer, place, &(struct range_sighting){
		.size = node->volume.bytes.size,
		.kind = kind_of_volume(node),
		.bytes = node->volume.bytes,
		.label = arena_format(explorer->arena, "%s%s%.*s", node->volume.unpacker->title,
				      extent->detail.size > 0 ? ", " : "", SPAN_FORMAT(extent->detail)),
		.volume = node->id,
		.whole = true,
	});
}
