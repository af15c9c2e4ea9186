#define _POSIX_C_SOURCE 200809L
#include "vuln/starter_facts.h"

#include <unistd.h>

#include "base/file.h"
#include "base/lookup.h"
#include "vuln/builder.h"
#include "vuln/identifier.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024, LINE_MEMORY = 64 * 1024 };

/* Negative where there is none. */
static double number(struct span field)
{
	double value;
	return span_to_decimal(field, &value) ? value : -1.0;
}

static enum outcome read_vulnerability(struct builder *builder, struct span rest, struct arena *arena)
{
	struct builder_facts facts = builder_facts_of(identifier_parse(lookup_field(&rest)));
	if (facts.id == 0)
		return MALFORMED;
	facts.score = number(lookup_field(&rest));
	facts.rank = facts.score >= 0.0 ? 0 : facts.rank;
	facts.cvss = lookup_field(&rest);
	struct span vector = lookup_field(&rest);
	if (vector.size > 0)
		facts.vector = span_byte(facts.cvss, 0) == '2' ? vector
			     : arena_format(arena, "CVSS:%.*s/%.*s", SPAN_FORMAT(facts.cvss), SPAN_FORMAT(vector));
	facts.severity = lookup_field(&rest);
	facts.weakness = lookup_field(&rest);
	struct span exploited = lookup_field(&rest);
	double epss = number(lookup_field(&rest));
	TRY(builder_vulnerability(builder, &facts));
	if (exploited.size > 0)
		TRY(builder_exploited(builder, facts.id, exploited));
	if (span_equal_text(lookup_field(&rest), "1"))
		TRY(builder_disputed(builder, facts.id));
	return epss >= 0.0 ? builder_epss(builder, facts.id, epss) : DONE;
}

static enum outcome read_affected(struct builder *builder, struct span rest)
{
	struct span product = lookup_field(&rest);
	int64_t id = identifier_parse(lookup_field(&rest));
	uint64_t source;
	if (id == 0 || !span_to_number(lookup_field(&rest), SOURCE_COUNT - 1, &source))
		return MALFORMED;
	TRY(builder_feed(builder, lookup_field(&rest)));
	struct span releases = lookup_field(&rest);
	struct builder_scope scope = { 0 };
	uint64_t entry, listed;
	if (!span_to_number(lookup_field(&rest), UINT32_MAX, &entry) || !span_to_number(lookup_field(&rest), 1, &listed))
		return MALFORMED;
	scope.entry = (int64_t)entry;
	scope.listed = listed == 1;
	struct span ranges = lookup_field(&rest);
	scope.platform = lookup_field(&rest);
	scope.part = lookup_field(&rest);
	scope.files = lookup_field(&rest);
	do {
		(void)span_next_field(&releases, ',', &scope.release);
		TRY(builder_affected(builder, product, id, (enum store_source)source, ranges, &scope));
	} while (releases.size > 0);
	return DONE;
}

static enum outcome read_line(struct builder *builder, struct span line, struct arena *arena)
{
	struct span kind = lookup_field(&line);
	if (span_equal_text(kind, "V"))
		return read_vulnerability(builder, line, arena);
	if (span_equal_text(kind, "A"))
		return read_affected(builder, line);
	if (!span_equal_text(kind, "D"))
		return MALFORMED;
	TRY(builder_feed(builder, lookup_field(&line)));
	return builder_date(builder, line);
}

static enum outcome read_file(struct builder *builder, const char *path, struct notes *notes)
{
	struct arena arena;
	struct file_view view;
	if (!file_view_open(path, FILE_SIZE_MAX, &view))
		return MALFORMED;
	arena_init(&arena, LINE_MEMORY);
	struct span rest = view.bytes, line;
	enum outcome outcome = DONE;
	for (size_t at = 1; outcome == DONE && span_next_line(&rest, &line); at++) {
		if (line.size == 0 || span_byte(line, 0) == '#')
			continue;
		arena_reset(&arena);
		outcome = read_line(builder, line, &arena);
		if (outcome != DONE)
			notes_add(notes, NOTE_ERROR, "starter.bad-line", NOTE_NO_OFFSET,
				  "%s:%zu cannot be read", path, at);
	}
	arena_done(&arena);
	file_view_close(&view);
	return outcome;
}

enum outcome starter_compile(const char *store, const char *const *files, size_t count, struct notes *notes)
{
	struct builder *builder;
	(void)unlink(store);
	TRY(builder_new(store, notes, &builder));
	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = read_file(builder, files[i], notes);
		if (outcome != DONE) {
			builder_abandon(builder);
			return outcome;
		}
	}
	return builder_finish(builder);
}
