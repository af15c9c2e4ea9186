/* EPSS scores (CSV "cve,epss,percentile" after a comment line with the date; https://www.first.org/epss/data_stats). */
#include "vuln/feed.h"
#include "vuln/identifier.h"

/* FIRST's list has more scores than this since 2023; a shorter one is a selection. */
enum { WHOLE_FROM = 200000 };

/* A probability as it is written: digits and a point. */
static bool read_probability(struct span text, double *out)
{
	return span_to_decimal(text, out) && *out >= 0.0 && *out <= 1.0;
}

static bool has_three_fields(struct span line)
{
	size_t first = span_find_byte(line, ',', 0);
	size_t second = first == SPAN_NOT_FOUND ? SPAN_NOT_FOUND : span_find_byte(line, ',', first + 1);
	return second != SPAN_NOT_FOUND && second + 1 < line.size &&
	       span_find_byte(line, ',', second + 1) == SPAN_NOT_FOUND;
}

enum outcome feed_epss(struct builder *builder, struct span document)
{
	struct span line, id_text, probability_text;
	struct span day = SPAN_NONE;
	size_t broken = 0, read = 0;
	while (span_next_line(&document, &line)) {
		size_t date = span_find_text(line, "score_date:", 0);
		if (span_byte(line, 0) == '#' && date != SPAN_NOT_FOUND)
			day = span_slice(line, date + 11, 10);
		if (span_byte(line, 0) == '#' || span_starts_text(line, "cve,") || line.size == 0)
			continue;
		double probability;
		if (!has_three_fields(line))
			return MALFORMED; /* a table of other columns, or cut off */
		bool fields = span_next_field(&line, ',', &id_text) && span_next_field(&line, ',', &probability_text);
		int64_t id = fields ? identifier_parse(id_text) : 0;
		if (id == 0 || !read_probability(probability_text, &probability)) {
			broken++;
			continue;
		}
		TRY(builder_epss(builder, id, probability));
		read++;
	}
	TRY(builder_feed(builder, SPAN_LITERAL("epss")));
	TRY(builder_date(builder, day));
	if (read >= WHOLE_FROM && day.size == 10)
		TRY(builder_epss_whole(builder, day));
	return builder_note_count(builder, "feed.left-out", broken, "lines have no score of a CVE and were left out");
}
