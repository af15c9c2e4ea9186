#include "engine/measure.h"

static const uint64_t SIZE_MOST = UINT64_C(1) << 40; /* bytes: what an image says of a file's size may be anything */
enum { DENSE_TOLD_LEAST = 1024 };                    /* fewer dense bytes are a digest, a seed or a signature */

/* The bytes of a package between its containers, each piece by itself. */
static void measure_pieces(const struct target *target, struct span bytes, struct understood_sums *sums)
{
	struct gap gap;
	uint64_t at = 0;
	while (gaps_next(&target->claims, bytes, &at, &gap)) {
		struct span piece = span_slice(bytes, gap.offset, gap.size);
		struct understood content;
		if (gap.padding) {
			sums->padding += gap.size;
			continue;
		}
		enum content_kind kind = kind_of(SPAN_NONE, piece);
		understood_begin(&content, target->path, piece, kind == KIND_DATA ? KIND_PART : kind, UNDERSTOOD_RAW_LEAST);
		content.held = target->held;
		content.base = gap.offset;
		understood_add(&content, sums);
	}
}

static void measure_whole(const struct target *target, const struct measured *measured, struct understood_sums *sums)
{
	struct understood content;
	struct claim container = { .size = measured->container };
	bool part = target->entry->type == ENTRY_PART;
	understood_begin(&content, span_basename(target->path), measured->bytes, measured->kind,
			 part ? UNDERSTOOD_RAW_LEAST : UNDERSTOOD_FILE_LEAST);
	content.held = target->held;
	content.base = target->held_base;
	if (measured->container > 0) {
		content.held = &container;
		content.base = 0;
		content.known = 0;
		content.rule = RULE_UNKNOWN;
	}
	understood_add(&content, sums);
}

/* What was not read is as opaque as what was not understood. */
static void measure_unread(const struct target *target, const struct measured *measured, struct understood_sums *sums)
{
	uint64_t size = target->entry->size < SIZE_MOST ? target->entry->size : SIZE_MOST;
	bool holes = measured->outcome == PARTIAL && target->entry->type == ENTRY_FILE;
	if (!outcome_usable(measured->outcome) || holes)
		*sums = (struct understood_sums){ .opaque = size > measured->bytes.size ? size : measured->bytes.size };
	else if (measured->outcome != DONE && size > measured->bytes.size)
		sums->opaque += size - measured->bytes.size;
}

static void tell(struct report_card *card, const struct target *target, const struct understood_sums *sums)
{
	card->notes.path = target->path;
	card->notes.volume = target->volume;
	card->notes.file = target->file;
	if (sums->dense >= DENSE_TOLD_LEAST)
		notes_incomplete(&card->notes, MISSING_SEARCH, CAUSE_ENCRYPTED, "content.opaque", NOTE_NO_OFFSET, sums->dense,
				 "%llu bytes are encrypted, or compressed in an unknown way: nothing is known of what they hold",
				 (unsigned long long)sums->dense);
	if (sums->encoded > 0)
		notes_incomplete(&card->notes, MISSING_SEARCH, CAUSE_UNSUPPORTED, "content.encoded", NOTE_NO_OFFSET,
				 sums->encoded, "%llu bytes of this text are other bytes, written down: they were not decoded",
				 (unsigned long long)sums->encoded);
}

void measure_record(struct report_card *card, const struct target *target, struct record *record,
		    const struct measured *measured)
{
	struct understood_sums sums = { 0 };
	bool pieces = !target->node && !target->inspect && target->claims.first;
	if (pieces)
		measure_pieces(target, measured->bytes, &sums);
	else if (outcome_usable(measured->outcome))
		measure_whole(target, measured, &sums);
	if (!pieces && outcome_usable(measured->outcome)) /* pieces speak for themselves */
		tell(card, target, &sums);
	measure_unread(target, measured, &sums);
	fact_integer(&record->row, FILE_OPAQUE, (int64_t)sums.opaque);
	fact_integer(&record->row, FILE_DENSE, (int64_t)sums.dense);
	if (target->entry->type == ENTRY_PART)
		fact_integer(&record->row, FILE_PADDING, (int64_t)sums.padding);
}
