/*
 * Debian's advisories (DSA and DLA) as lines of fields parted by tabs, under the heading
 *     cve  source_package  release  fixed_version  advisory  date
 * Releases go by code names. Lines of one CVE follow each other.
 */
#include "vuln/feed.h"
#include "vuln/identifier.h"
#include "vuln/release_name.h"
#include "vuln/version.h"

enum { NAME_SIZE_MAX = 512, FIELDS = 6 };

struct reading {
	struct builder *builder;
	struct buffer product;
	int64_t id; /* of the record under way; 0 for none */
	size_t broken;
};

static enum outcome change_record(struct reading *r, int64_t id)
{
	if (r->id != 0)
		TRY(builder_record_end(r->builder));
	r->id = 0;
	if (id == 0)
		return DONE;
	r->id = id;
	return builder_record_begin(r->builder, id, SOURCE_DISTRIBUTION, SPAN_NONE);
}

static enum outcome read_line(struct reading *r, struct span line)
{
	struct span field[FIELDS] = { SPAN_NONE };
	for (size_t i = 0; i < FIELDS && span_next_field(&line, '\t', &field[i]); i++)
		;
	if (field[FIELDS - 1].size == 0 || line.size > 0)
		return MALFORMED; /* a table of other columns, or cut off */
	int64_t id = identifier_parse(field[0]);
	struct span release = release_number("debian", field[2]);
	if (id == 0 || field[1].size == 0 || !version_plausible(field[3])) {
		r->broken++;
		return DONE;
	}
	if (id != r->id)
		TRY(change_record(r, id));
	if (r->id == 0 || release.size == 0)
		return DONE;
	buffer_clear(&r->product);
	enum outcome outcome = buffer_append(&r->product, SPAN_LITERAL("debian/"));
	if (outcome == DONE)
		outcome = buffer_append(&r->product, field[1]);
	if (outcome != DONE) {
		r->broken++;
		return DONE;
	}
	TRY(builder_date(r->builder, field[5]));
	const struct range range = { .end = field[3], .end_excluded = true };
	const struct builder_scope scope = { .release = release };
	return builder_record_range(r->builder, buffer_span(&r->product), &range, &scope);
}

enum outcome feed_debian(struct builder *builder, struct span document)
{
	struct reading reading = { .builder = builder };
	struct span line;
	TRY(builder_feed(builder, SPAN_LITERAL("debian")));
	buffer_init(&reading.product, NAME_SIZE_MAX, NULL);
	(void)span_next_line(&document, &line); /* the heading */
	enum outcome outcome = DONE;
	while (outcome == DONE && span_next_line(&document, &line))
		if (line.size > 0)
			outcome = read_line(&reading, line);
	if (outcome == DONE)
		outcome = change_record(&reading, 0);
	buffer_done(&reading.product);
	return outcome != DONE ? outcome : builder_note_count(builder, "feed.left-out", reading.broken,
							      "lines name no version and were left out");
}
