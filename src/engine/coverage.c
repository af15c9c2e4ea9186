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

/* By offset; of two that start together the larger first. */
static int compare_ranges(const void *left, const void *right)
{
	const struct range_sighting *a = left, *b = right;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return (a->size < b->size) - (a->size > b->size);
}

static enum outcome add_unnamed(struct coverage *out, struct span image, uint64_t from, uint64_t to)
{
	if (to <= from)
		return DONE;
	return coverage_add(out, &(struct range_sighting){
		.offset = from,
		.size = to - from,
		.kind = "opaque",
		.bytes = span_slice(image, from, to - from),
		.label = SPAN_LITERAL("unknown format"),
		.volume = 1,
	});
}

/* Copies the sorted ranges one after the other, without overlap and without a hole. */
static enum outcome lay_out(const struct coverage *in, struct span image, struct coverage *out)
{
	uint64_t at = 0;
	for (size_t i = 0; i < in->count; i++) {
		struct range_sighting range = in->ranges[i];
		uint64_t room = range.offset < image.size ? image.size - range.offset : 0;
		uint64_t end = range.offset + (range.size < room ? range.size : room);
		if (end <= at || end == range.offset)
			continue;
		if (range.offset < at)
			range.offset = at;
		TRY(add_unnamed(out, image, at, range.offset));
		range.size = end - range.offset;
		range.bytes = span_slice(image, range.offset, range.size);
		TRY(coverage_add(out, &range));
		at = end;
	}
	return add_unnamed(out, image, at, image.size);
}

enum outcome coverage_complete(struct coverage *coverage, struct span image)
{
	struct coverage complete;
	coverage_init(&complete);
	if (coverage->count > 1)
		qsort(coverage->ranges, coverage->count, sizeof *coverage->ranges, compare_ranges);
	enum outcome outcome = lay_out(coverage, image, &complete);
	coverage_done(coverage);
	*coverage = complete;
	return outcome;
}

struct coverage_figures coverage_figures(const struct coverage *coverage)
{
	struct coverage_figures figures = { 0 };
	for (size_t i = 0; i < coverage->count; i++) {
		const struct range_sighting *range = &coverage->ranges[i];
		bool is_opaque = strcmp(range->kind, "opaque") == 0;
		figures.opaque += is_opaque ? range->size : 0;
		figures.understood += is_opaque ? 0 : range->size;
		figures.padding += strcmp(range->kind, "padding") == 0 ? range->size : 0;
	}
	return figures;
}

enum outcome coverage_write(const struct coverage *coverage, int64_t artifact, struct evidence *evidence)
{
	for (size_t i = 0; i < coverage->count; i++) {
		const struct range_sighting *range = &coverage->ranges[i];
		bool wants_entropy = strcmp(range->kind, "opaque") == 0 || strcmp(range->kind, "data") == 0;
		struct value values[RANGE_COLUMNS] = { 0 };
		struct fact row = { .table = EVIDENCE_RANGE, .values = values };
		fact_integer(&row, RANGE_ARTIFACT, artifact);
		fact_integer(&row, RANGE_OFFSET, (int64_t)range->offset);
		fact_integer(&row, RANGE_SIZE, (int64_t)range->size);
		values[RANGE_KIND] = (struct value){ .type = VALUE_TEXT, .text = span_of_text(range->kind) };
		values[RANGE_LABEL] = (struct value){ .type = VALUE_TEXT, .text = range->label };
		fact_integer(&row, RANGE_VOLUME, range->volume);
		if (wants_entropy)
			fact_real(&row, RANGE_ENTROPY, digest_entropy(range->bytes));
		TRY(evidence_insert(evidence, 0, &row));
	}
	return DONE;
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
