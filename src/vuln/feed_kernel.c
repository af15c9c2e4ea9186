/*
 * Facts of the linux_kernel_cves project, one JSON object a line: "affected_versions", "v4.10-rc1 to v5.2-rc3", of
 * Linus's tree ("unk" where it is not known); "stream_fixed", the first fixed version of each stable series;
 * "rejected"; "subject" of the commit that mends it, whose first words tell which files have the
 * fault. v2.6.12-rc2 is where the history of git begins: the fault may be older.
 */
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"
#include "vuln/identifier.h"
#include "vuln/kernel_subject.h"
#include "vuln/version.h"

#define KERNEL SPAN_LITERAL("linux:linux_kernel")
#define HISTORY SPAN_LITERAL("2.6.12-rc2")

enum { BRANCH_SIZE_MAX = 64, SUBJECT_MEMORY = 64 * 1024 };

/* "v4.10-rc1" without its letter; empty for "unk". */
static struct span version_of(struct span tag)
{
	tag = span_trim(tag);
	if (span_byte(tag, 0) == 'v')
		tag = span_from(tag, 1);
	return version_plausible(tag) ? tag : SPAN_NONE;
}

/* From the first fixed version of a series to its end: not affected. */
static enum outcome add_series(struct builder *builder, const struct json_value *fixed, const struct builder_scope *scope)
{
	if (!json_value_is(fixed, JSON_OBJECT))
		return DONE;
	JSON_EACH(series, fixed) {
		struct buffer branch;
		struct range range = { .unaffected = true, .start = json_value_text(series) };
		buffer_init(&branch, BRANCH_SIZE_MAX, NULL);
		enum outcome outcome = buffer_append(&branch, json_value_key(series));
		if (outcome == DONE)
			outcome = buffer_append(&branch, SPAN_LITERAL(".*"));
		range.end = buffer_span(&branch);
		if (outcome == DONE && version_plausible(range.start))
			outcome = builder_record_range(builder, KERNEL, &range, scope);
		buffer_done(&branch);
		if (outcome != OVER_BUDGET) /* no name of a series */
			TRY(outcome);
	}
	return DONE;
}

static enum outcome add_mainline(struct builder *builder, struct span start, struct span end,
				 const struct builder_scope *scope)
{
	struct range range = { .start = start, .end = end, .end_excluded = true };
	if (version_compare(ORDER_KERNEL, start, HISTORY) <= 0 && start.size > 0) {
		struct range older = { .end = HISTORY, .end_excluded = true };
		TRY(builder_record_range(builder, KERNEL, &older, scope));
	}
	return builder_record_range(builder, KERNEL, &range, scope);
}

static enum outcome read_line(struct builder *builder, const struct json_value *line, void *context)
{
	(void)context;
	int64_t id = identifier_parse(feed_json_text(line, "id"));
	if (id == 0)
		return MALFORMED;
	if (feed_json_true(line, "rejected"))
		return builder_reject(builder, id);
	struct span versions = feed_json_text(line, "affected_versions");
	size_t to = span_find_text(versions, " to ", 0);
	struct span start = to == SPAN_NOT_FOUND ? SPAN_NONE : version_of(span_slice(versions, 0, to));
	struct span end = to == SPAN_NOT_FOUND ? SPAN_NONE : version_of(span_from(versions, to + 4));
	/* Without an end it would claim the future; with the same beginning and end nothing is known. */
	if (end.size == 0 || version_compare(ORDER_KERNEL, start, end) >= 0)
		return DONE;
	struct builder_facts facts = builder_facts_of(id);
	TRY(builder_vulnerability(builder, &facts));
	TRY(builder_record_begin(builder, id, SOURCE_TRACKER, SPAN_NONE));
	struct arena arena;
	arena_init(&arena, SUBJECT_MEMORY);
	struct builder_scope scope = { .files = kernel_subject_path(feed_json_text(line, "subject"), &arena) };
	enum outcome outcome = add_mainline(builder, start, end, &scope);
	if (outcome == DONE)
		outcome = add_series(builder, json_value_member(line, "stream_fixed"), &scope);
	arena_done(&arena);
	return outcome == DONE ? builder_record_end(builder) : outcome;
}

enum outcome feed_kernel(struct builder *builder, struct span document)
{
	TRY(builder_feed(builder, SPAN_LITERAL("linux-cves")));
	return feed_lines(builder, document, LINES_KERNEL, read_line, NULL);
}
