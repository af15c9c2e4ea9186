/*
 * Android's security bulletins as lines of fields parted by tabs, under the heading
 *     cve  patch_level  bulletin  section  severity  type  updated_versions  component
 * A row of the store holds for all patch levels before that one. Pixel's bulletins speak of Google's own devices, and
 * are kept apart.
 */
#include "vuln/android_bulletin.h"
#include "vuln/feed.h"
#include "vuln/identifier.h"

enum { NAME_SIZE_MAX = 64, FIELDS = 8 };

static struct span severity_of(struct span word)
{
	static const char *const words[][2] = { { "Critical", "critical" }, { "High", "high" }, { "Moderate", "medium" },
						{ "Low", "low" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_starts_text(word, words[i][0]))
			return span_of_text(words[i][1]);
	return SPAN_NONE;
}

static enum outcome add(struct builder *builder, int64_t id, const struct span *field, int64_t number)
{
	struct buffer product, list;
	const struct range range = { .end = field[1], .end_excluded = true };
	const struct builder_scope scope = { .entry = number, .platform = field[6], .part = field[3] };
	struct builder_facts facts = builder_facts_of(id);
	facts.severity = severity_of(field[4]);
	TRY(builder_vulnerability(builder, &facts));
	TRY(builder_date(builder, field[1]));
	buffer_init(&product, NAME_SIZE_MAX, NULL);
	buffer_init(&list, NAME_SIZE_MAX, NULL);
	enum outcome outcome = buffer_append(&product, span_equal_text(field[2], "pixel") ? SPAN_LITERAL("pixel/")
											: SPAN_LITERAL("android/"));
	if (outcome == DONE)
		outcome = buffer_append(&product, span_of_text(android_owner(field[3], field[7], field[1])));
	if (outcome == DONE)
		outcome = range_append(&list, &range);
	if (outcome == DONE)
		outcome = builder_affected(builder, buffer_span(&product), id, SOURCE_VENDOR, buffer_span(&list), &scope);
	buffer_done(&product);
	buffer_done(&list);
	return outcome;
}

enum outcome feed_android(struct builder *builder, struct span document)
{
	struct span line;
	size_t broken = 0;
	enum outcome outcome = builder_feed(builder, SPAN_LITERAL("android"));
	(void)span_next_line(&document, &line); /* the heading */
	for (int64_t number = 1; outcome == DONE && span_next_line(&document, &line); number++) {
		struct span field[FIELDS] = { SPAN_NONE };
		for (size_t i = 0; i < FIELDS && span_next_field(&line, '\t', &field[i]); i++)
			;
		int64_t id = identifier_parse(field[0]);
		if (id != 0 && android_level_valid(field[1]))
			outcome = add(builder, id, field, number);
		else
			broken += field[0].size > 0;
	}
	return outcome == DONE ? builder_note_count(builder, "android.bad-line", broken, "lines could not be read") : outcome;
}
