/* What the starter facts write short: ranges and vectors. */
#include "vuln/starter_facts.h"

#include "vuln/range.h"

static enum outcome put(struct buffer *out, const char *before, struct span text, const char *behind)
{
	TRY(buffer_append(out, span_of_text(before)));
	TRY(buffer_append(out, text));
	return buffer_append(out, span_of_text(behind));
}

/* "5.4.3": from there to the end of the branch that all its fields but the last name. */
static enum outcome put_branch(struct buffer *out, struct span start)
{
	size_t dot = SPAN_NOT_FOUND;
	for (size_t i = 0; i < start.size; i++)
		if (span_byte(start, i) == '.')
			dot = i;
	if (dot == SPAN_NOT_FOUND)
		return MALFORMED;
	TRY(put(out, "[", start, ","));
	return put(out, "", span_slice(start, 0, dot), ".*]");
}

static enum outcome put_range(struct buffer *out, struct span item)
{
	if (span_equal_text(item, "*"))
		return put(out, "[*,", item, "]");
	if (span_starts_text(item, "<="))
		return put(out, "[*,", span_from(item, 2), "]");
	if (span_starts_text(item, "<"))
		return put(out, "[*,", span_from(item, 1), ")");
	if (span_byte(item, 0) != '[' && span_ends_text(item, "+"))
		return put_branch(out, span_slice(item, 0, item.size - 1));
	return buffer_append(out, item);
}

enum outcome starter_ranges(struct buffer *out, struct span text)
{
	struct span item;
	struct range range;
	size_t count = 0;
	buffer_clear(out);
	while (span_next_field(&text, ' ', &item)) {
		if (count++ > 0)
			TRY(buffer_append(out, SPAN_LITERAL(" ")));
		bool unaffected = span_byte(item, 0) == '!';
		if (unaffected)
			TRY(buffer_append(out, SPAN_LITERAL("!")));
		TRY(put_range(out, span_from(item, unaffected ? 1 : 0)));
	}
	struct span rest = buffer_span(out);
	while (rest.size > 0 && range_next(&rest, &range))
		count--;
	return count == 0 && out->size > 0 ? DONE : MALFORMED;
}

static const char *const metrics_2[] = { "AV", "AC", "Au", "C", "I", "A", NULL };
static const char *const metrics_3[] = { "AV", "AC", "PR", "UI", "S", "C", "I", "A", NULL };
static const char *const metrics_4[] = { "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA", NULL };

bool starter_vector(struct arena *arena, struct span text, struct span *cvss, struct span *vector)
{
	if (!span_next_field(&text, '/', cvss) || cvss->size != 3)
		return false;
	uint8_t version = span_byte(*cvss, 0);
	const char *const *metrics = version == '2' ? metrics_2 : version == '3' ? metrics_3 : metrics_4;
	*vector = version == '2' ? SPAN_NONE : arena_format(arena, "CVSS:%.*s/", SPAN_FORMAT(*cvss));
	if (span_find_byte(text, ':', 0) != SPAN_NOT_FOUND || text.size == 0) {
		*vector = text.size == 0 ? SPAN_NONE : arena_format(arena, "%.*s%.*s", SPAN_FORMAT(*vector), SPAN_FORMAT(text));
		return true;
	}
	size_t count = 0;
	for (; metrics[count] && count < text.size; count++)
		*vector = arena_format(arena, "%.*s%s%s:%c", SPAN_FORMAT(*vector), count > 0 ? "/" : "", metrics[count],
				       span_byte(text, count));
	return count == text.size && !metrics[count];
}
