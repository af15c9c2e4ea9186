#include "engine/coverage.h"

#include <stdlib.h>

#include "base/digest.h"
#include "evidence/query.h"

void coverage_init(struct coverage *coverage)
{
	*coverage = (struct coverage){ 0 };
}

void coverage_done(struct coverage *coverage)
{
	free(coverage->ranges);
	*coverage = (struct coverage){ 0 };
}

enum outcome coverage_add(struct coverage *coverage, const struct range_sighting *range)
{
	if (coverage->count == coverage->capacity) {
		size_t capacity = coverage->capacity ? coverage->capacity * 2 : 64;
		struct range_sighting *ranges = realloc(coverage->ranges, capacity * sizeof *ranges);
		if (!ranges)
			return NO_MEMORY;
		coverage->ranges = ranges;
		coverage->capacity = capacity;
	}
	coverage->ranges[coverage->count++] = *range;
	return DONE;
}

/* By map and offset; of two that start together the larger first. */
static int compare_ranges(const void *left, const void *right)
{
	const struct range_sighting *a = left, *b = right;
	if (a->within != b->within)
		return a->within < b->within ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (a->size < b->size) - (a->size > b->size);
}

static enum outcome add_unnamed(struct coverage *out, struct span image, int64_t within, uint64_t from, uint64_t to)
{
	if (to <= from)
		return DONE;
	return coverage_add(out, &(struct range_sighting){
		.offset = from,
		.size = to - from,
		.kind = "opaque",
		.bytes = within == 0 ? span_slice(image, from, to - from) : SPAN_NONE,
		.label = SPAN_LITERAL("unknown format"),
		.volume = within == 0 ? 1 : within,
		.within = within,
	});
}

/* Copies the sorted ranges of one map one after the other, without overlap and without a hole. */
static enum outcome lay_out(const struct range_sighting *ranges, size_t count, struct span image, struct coverage *out)
{
	uint64_t at = 0;
	int64_t within = count > 0 ? ranges[0].within : 0;
	for (size_t i = 0; i < count; i++) {
		struct range_sighting range = ranges[i];
		uint64_t limit = within == 0 ? image.size : UINT64_MAX;
		uint64_t room = range.offset < limit ? limit - range.offset : 0;
		uint64_t end = range.offset + (range.size < room ? range.size : room);
		if (end <= at || end == range.offset)
			continue;
		if (range.offset < at) {
			range.bytes = span_from(range.bytes, at - range.offset);
			range.offset = at;
		}
		TRY(add_unnamed(out, image, within, at, range.offset));
		range.size = end - range.offset;
		range.bytes = span_slice(range.bytes, 0, range.size);
		TRY(coverage_add(out, &range));
		at = end;
	}
	return within == 0 ? add_unnamed(out, image, within, at, image.size) : DONE;
}

/* The map of the image, and then each map of the content of a volume. */
static enum outcome lay_out_all(const struct coverage *in, struct span image, struct coverage *out)
{
	size_t from = 0;
	while (from < in->count && in->ranges[from].within == 0)
		from++;
	TRY(lay_out(in->ranges, from, image, out));
	while (from < in->count) {
		size_t to = from;
		while (to < in->count && in->ranges[to].within == in->ranges[from].within)
			to++;
		TRY(lay_out(in->ranges + from, to - from, image, out));
		from = to;
	}
	return DONE;
}

enum outcome coverage_complete(struct coverage *coverage, struct span image)
{
	struct coverage complete;
	coverage_init(&complete);
	if (coverage->count > 1)
		qsort(coverage->ranges, coverage->count, sizeof *coverage->ranges, compare_ranges);
	enum outcome outcome = lay_out_all(coverage, image, &complete);
	coverage_done(coverage);
	*coverage = complete;
	return outcome;
}

static enum outcome write_range(const struct range_sighting *range, int64_t opaque, int64_t artifact,
				struct evidence *evidence)
{
	bool wants_entropy = strcmp(range->kind, "opaque") == 0 || strcmp(range->kind, "data") == 0;
	struct value values[RANGE_COLUMNS] = { 0 };
	struct fact row = { .table = EVIDENCE_RANGE, .values = values };
	fact_integer(&row, RANGE_ARTIFACT, artifact);
	fact_integer(&row, RANGE_OFFSET, (int64_t)range->offset);
	fact_integer(&row, RANGE_SIZE, (int64_t)range->size);
	/* What mostly holds opaque bytes is drawn as they are; its label still says what it is. */
	const char *kind = opaque > (int64_t)(range->size / 2) ? "opaque" : range->kind;
	values[RANGE_KIND] = (struct value){ .type = VALUE_TEXT, .text = span_of_text(kind) };
	values[RANGE_LABEL] = (struct value){ .type = VALUE_TEXT, .text = range->label };
	fact_integer(&row, RANGE_VOLUME, range->volume);
	if (wants_entropy && range->bytes.size > 0)
		fact_real(&row, RANGE_ENTROPY, digest_entropy(range->bytes));
	if (range->within != 0)
		fact_integer(&row, RANGE_WITHIN, range->within);
	fact_integer(&row, RANGE_OPAQUE, opaque);
	return evidence_insert(evidence, 0, &row);
}

/* Opaque bytes of a range that stands for a volume or a file: its share of theirs. */
static int64_t held_opaque(struct query *holder, int64_t id, const struct range_sighting *range)
{
	query_rewind(holder);
	query_bind_integer(holder, 1, id);
	if (!query_next(holder) || query_integer(holder, 1) <= 0)
		return 0;
	double share = query_real(holder, 0) / query_real(holder, 1);
	return (int64_t)((share < 1 ? share : 1) * (double)range->size + 0.5);
}

enum outcome coverage_write(const struct coverage *coverage, int64_t artifact, struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	struct query volume = query_start(database, "SELECT opaque, size FROM volume WHERE id = ?1");
	struct query file = query_start(database, "SELECT opaque, size FROM file WHERE id = ?1");
	enum outcome outcome = DONE;
	for (size_t i = 0; i < coverage->count && outcome == DONE; i++) {
		const struct range_sighting *range = &coverage->ranges[i];
		int64_t opaque = range->whole     ? held_opaque(&volume, range->volume, range)
				 : range->file != 0 ? held_opaque(&file, range->file, range)
				 : strcmp(range->kind, "opaque") == 0 ? (int64_t)range->size
								      : 0;
		outcome = write_range(range, opaque, artifact, evidence);
	}
	enum outcome volumes = query_end(&volume), files = query_end(&file);
	return outcome != DONE ? outcome : volumes != DONE ? volumes : files;
}

enum outcome coverage_sum_up(struct evidence *evidence)
{
	return query_run(evidence_database(evidence),
		"UPDATE artifact SET (opaque, padding) = (SELECT CAST(total(opaque) AS INTEGER),"
		" CAST(total(CASE kind WHEN 'padding' THEN size END) AS INTEGER) FROM range"
		" WHERE artifact = artifact.id AND within IS NULL);"
		/* Padding within volumes that are one range. */
		"UPDATE artifact SET padding = padding + (SELECT CAST(total(v.padding) AS INTEGER) FROM volume v JOIN range r"
		" ON r.volume = v.id AND r.within IS NULL AND r.offset = v.image_offset AND r.size = v.size AND r.kind <> 'opaque'"
		" WHERE v.artifact = artifact.id AND v.format <> 'raw');"
		"UPDATE artifact SET (opaque, padding) = (SELECT opaque, padding FROM volume WHERE artifact = artifact.id"
		" AND format = 'directory') WHERE EXISTS (SELECT 1 FROM volume WHERE artifact = artifact.id AND format = 'directory');"
		"UPDATE artifact SET understood = size - opaque;"
		"UPDATE volume SET (understood, opaque, padding) = (SELECT understood, opaque, padding FROM artifact"
		" WHERE id = volume.artifact) WHERE format = 'raw';"
		/* What lies in an archive is counted there. */
		"UPDATE image SET (understood, opaque, padding) = (SELECT CAST(total(understood) AS INTEGER),"
		" CAST(total(opaque) AS INTEGER), CAST(total(padding) AS INTEGER) FROM artifact WHERE parent IS NULL);"
		"UPDATE image SET opaque_content = coalesce(opaque_content, 0) + (SELECT CAST(total(r.size) AS INTEGER)"
		" FROM range r JOIN volume v ON v.id = r.volume WHERE r.within IS NULL AND r.kind = 'opaque' AND v.format = 'raw')");
}

/* From the file with the kernel or boot loader up through the volumes that hold it, to the one that is in the map. */
#define NAME_RANGES(kind, table, words)                                                                          \
	"WITH RECURSIVE up(volume, name) AS ("                                                                   \
	" SELECT f.volume, " words " FROM " table " t JOIN file f ON f.id = t.file WHERE f.type = 'part'"        \
	" UNION SELECT v.parent, up.name FROM up JOIN volume v ON v.id = up.volume WHERE v.image_offset IS NULL" \
	") UPDATE range SET kind = '" kind "', label = (SELECT min(name) FROM up WHERE up.volume = range.volume)" \
	" || ', ' || label WHERE kind = 'archive' AND volume IN (SELECT up.volume FROM up JOIN volume v"          \
	" ON v.id = up.volume WHERE v.format NOT IN ('raw', 'zip', 'tar', 'sevenzip', 'ar', 'cpio'));"

enum outcome coverage_name(struct evidence *evidence)
{
	return query_run(evidence_database(evidence),
			 NAME_RANGES("kernel", "kernel", "'Linux ' || t.release")
			 NAME_RANGES("boot", "boot_loader", "t.name || coalesce(' ' || t.version, '')"));
}
