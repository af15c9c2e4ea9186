#define _POSIX_C_SOURCE 200809L
#include "vuln/starter_facts.h"

#include <unistd.h>

#include "base/file.h"
#include "base/lookup.h"
#include "base/scoped.h"
#include "vuln/builder.h"
#include "vuln/identifier.h"
#include "vuln/seal.h"
#include "vuln/store_writer.h"

enum { FILE_SIZE_MAX = 64 * 1024 * 1024, LINE_MEMORY = 64 * 1024, WHOLE_MEMORY = 16 * 1024 * 1024 };
enum { RANGES_SIZE_MAX = 1024 * 1024 };

/* What has been said on the lines before. */
struct reading {
	struct builder *builder;
	struct arena line;  /* of one line */
	struct arena whole; /* of the file */
	struct buffer ranges;
	bool affected;      /* in a section of table affected */
	struct span product, feed, year;
	uint64_t source, entry, listed;
	struct list {
		struct span name, releases;
	} *lists;
	size_t list_count;
};

/* Negative where there is none. */
static double number(struct span field)
{
	double value;
	return span_to_decimal(field, &value) ? value : -1.0;
}

/* "2021-42374", or "-42374" of the same year; 0 for what is none. */
static int64_t read_identifier(struct reading *r, struct span field)
{
	if (span_byte(field, 0) != '-') {
		r->year = arena_copy(&r->whole, span_slice(field, 0, 4));
		field = span_from(field, 4);
	}
	return identifier_parse(arena_format(&r->line, "CVE-%.*s%.*s", SPAN_FORMAT(r->year), SPAN_FORMAT(field)));
}

static bool among(uint8_t letter, const char *letters, size_t *place)
{
	const char *found = letter ? strchr(letters, letter) : NULL;
	*place = found ? (size_t)(found - letters) : 0;
	return found != NULL;
}

static enum outcome read_ssvc(struct reading *r, int64_t id, struct span letters)
{
	static const char *const exploitation[] = { "", "none", "poc", "active" }, *const automatable[] = { "", "yes", "no" };
	static const char *const impact[] = { "", "partial", "total" };
	size_t places[3];
	if (letters.size == 0)
		return DONE;
	if (letters.size != 3 || !among(span_byte(letters, 0), "-npa", &places[0]) ||
	    !among(span_byte(letters, 1), "-yn", &places[1]) || !among(span_byte(letters, 2), "-pt", &places[2]))
		return MALFORMED;
	return builder_ssvc(r->builder, id, span_of_text(exploitation[places[0]]), span_of_text(automatable[places[1]]),
			    span_of_text(impact[places[2]]));
}

static enum outcome read_flags(struct reading *r, struct builder_facts *facts, struct span rest)
{
	struct span flag, kev = SPAN_LITERAL("kev="), severity = SPAN_LITERAL("severity=");
	while (span_next_field(&rest, '\t', &flag)) {
		if (span_starts(flag, kev))
			TRY(builder_exploited(r->builder, facts->id, span_from(flag, kev.size)));
		else if (span_starts(flag, severity))
			facts->severity = span_from(flag, severity.size);
		else if (span_equal_text(flag, "disputed"))
			TRY(builder_disputed(r->builder, facts->id));
		else
			return MALFORMED;
	}
	return DONE;
}

static enum outcome read_vulnerability(struct reading *r, int64_t id, struct span rest)
{
	struct builder_facts facts = builder_facts_of(id);
	facts.score = number(lookup_field(&rest));
	facts.rank = facts.score >= 0.0 ? 0 : facts.rank;
	struct span cvss = lookup_field(&rest), weakness = lookup_field(&rest);
	if (cvss.size > 0 && !starter_vector(&r->line, cvss, &facts.cvss, &facts.vector))
		return MALFORMED;
	if (weakness.size > 0)
		facts.weakness = arena_format(&r->line, "CWE-%.*s", SPAN_FORMAT(weakness));
	double epss = number(lookup_field(&rest));
	facts.published = lookup_field(&rest);
	if (facts.published.size == 5)
		facts.published = arena_format(&r->line, "%.*s-%.*s", SPAN_FORMAT(r->year), SPAN_FORMAT(facts.published));
	TRY(read_ssvc(r, id, lookup_field(&rest)));
	TRY(read_flags(r, &facts, rest));
	TRY(builder_vulnerability(r->builder, &facts));
	return epss >= 0.0 ? builder_epss(r->builder, id, epss) : DONE;
}

/* The list of releases by that name; others stand for themselves. */
static struct span releases_of(const struct reading *r, struct span field)
{
	for (size_t i = 0; span_byte(field, 0) == '@' && i < r->list_count; i++)
		if (span_equal(r->lists[i].name, field))
			return r->lists[i].releases;
	return field;
}

static enum outcome read_affected(struct reading *r, int64_t id, struct span rest)
{
	struct builder_scope scope = { .entry = (int64_t)r->entry, .listed = r->listed == 1 };
	TRY(starter_ranges(&r->ranges, lookup_field(&rest)));
	struct span releases = releases_of(r, lookup_field(&rest));
	if (span_byte(releases, 0) == '@')
		return MALFORMED;
	scope.files = lookup_field(&rest);
	scope.platform = lookup_field(&rest);
	scope.part = lookup_field(&rest);
	do {
		(void)span_next_field(&releases, ',', &scope.release);
		TRY(builder_affected(r->builder, r->product, id, (enum store_source)r->source, buffer_span(&r->ranges), &scope));
	} while (releases.size > 0);
	return DONE;
}

static enum outcome read_section(struct reading *r, struct span rest)
{
	r->affected = span_to_number(lookup_field(&rest), SOURCE_COUNT - 1, &r->source);
	r->feed = arena_copy(&r->whole, lookup_field(&rest));
	struct span entry = lookup_field(&rest), listed = lookup_field(&rest);
	r->entry = r->listed = 0;
	bool whole = entry.size == 0 || (span_to_number(entry, UINT32_MAX, &r->entry) && span_to_number(listed, 1, &r->listed));
	if (!r->affected || r->source == 0 || r->feed.size == 0 || r->product.size == 0 || !whole)
		return MALFORMED;
	return builder_feed(r->builder, r->feed);
}

static enum outcome read_list(struct reading *r, struct span rest)
{
	struct span name = lookup_field(&rest);
	if (span_byte(name, 0) != '@' || rest.size == 0 || r->list_count == STARTER_LISTS_MAX)
		return MALFORMED;
	r->lists[r->list_count++] = (struct list){ arena_copy(&r->whole, name), arena_copy(&r->whole, rest) };
	return DONE;
}

static enum outcome read_line(struct reading *r, struct span line)
{
	struct span kind = lookup_field(&line);
	int64_t id = kind.size > 1 ? read_identifier(r, kind) : 0;
	if (id != 0)
		return r->affected ? read_affected(r, id, line) : read_vulnerability(r, id, line);
	if (span_equal_text(kind, "S"))
		return read_section(r, line);
	r->affected = false;
	if (span_equal_text(kind, "P") && line.size > 0) {
		r->product = arena_copy(&r->whole, line);
		return DONE;
	}
	if (span_equal_text(kind, "R"))
		return read_list(r, line);
	if (span_equal_text(kind, "V"))
		return DONE;
	if (!span_equal_text(kind, "D"))
		return MALFORMED;
	TRY(builder_feed(r->builder, lookup_field(&line)));
	return builder_date(r->builder, line);
}

static enum outcome read_lines(struct reading *r, struct span rest, const char *path, struct notes *notes)
{
	struct span line;
	for (size_t at = 1; span_next_line(&rest, &line); at++) {
		if (line.size == 0 || span_byte(line, 0) == '#')
			continue;
		arena_reset(&r->line);
		enum outcome outcome = read_line(r, line);
		if (outcome == DONE)
			continue;
		notes_add(notes, NOTE_ERROR, "starter.bad-line", NOTE_NO_OFFSET, "%s:%zu cannot be read", path, at);
		return outcome;
	}
	return DONE;
}

static enum outcome account_for(struct builder *builder, const char *path, struct span bytes)
{
	uint8_t digest[SHA256_SIZE];
	digest_sha256(bytes, digest);
	struct store_writer *writer = builder_writer(builder);
	return !writer ? MALFORMED : store_writer_input(writer, &(struct manifest_input){
		.name = span_basename(span_of_text(path)), .digest = span_of(digest, sizeof digest), .size = bytes.size,
		.documents = 1 });
}

static enum outcome read_file(struct builder *builder, const char *path, struct notes *notes)
{
	struct reading reading = { .builder = builder };
	struct file_view view;
	if (!file_view_open(path, FILE_SIZE_MAX, &view))
		return MALFORMED;
	arena_init(&reading.line, LINE_MEMORY);
	arena_init(&reading.whole, WHOLE_MEMORY);
	buffer_init(&reading.ranges, RANGES_SIZE_MAX, NULL);
	reading.lists = ARENA_NEW(&reading.whole, struct list, STARTER_LISTS_MAX);
	enum outcome outcome = reading.lists ? read_lines(&reading, view.bytes, path, notes) : NO_MEMORY;
	if (outcome == DONE)
		outcome = account_for(builder, path, view.bytes);
	buffer_done(&reading.ranges);
	arena_done(&reading.line);
	arena_done(&reading.whole);
	file_view_close(&view);
	return outcome;
}

enum outcome starter_compile(const char *store, const char *const *files, size_t count, struct notes *notes)
{
	struct builder *builder;
	SCOPED(buffer) manifest = { 0 };
	buffer_init(&manifest, SEAL_MANIFEST_MAX, NULL);
	(void)unlink(store);
	TRY(builder_new(store, notes, &builder));
	store_writer_manifest_into(builder_writer(builder), &manifest);
	for (size_t i = 0; i < count; i++) {
		enum outcome outcome = read_file(builder, files[i], notes);
		if (outcome != DONE) {
			builder_abandon(builder);
			return outcome;
		}
	}
	TRY(builder_finish(builder));
	return seal_append(store, buffer_span(&manifest));
}
