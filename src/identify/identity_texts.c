/* Texts within programs and pages by which devices name themselves, or show what they were built from. */
#include "identify/identity.h"

static bool counts(const struct inspection *file, const struct identity_phrase *phrase)
{
	if (phrase->in_raw)
		return file->entry->type == ENTRY_PART;
	return kind_is_text(file->kind) ? phrase->in_pages : file->kind == KIND_ELF && phrase->in_programs;
}

static void state(struct inspection *file, const char *subject, struct span value, int64_t confidence)
{
	struct fact *row = fact_new(file->facts, EVIDENCE_IDENTITY);
	fact_word(file->facts, row, IDENTITY_SUBJECT, subject);
	fact_text(file->facts, row, IDENTITY_VALUE, value);
	fact_word(file->facts, row, IDENTITY_SOURCE, kind_is_text(file->kind) ? "page" : "program");
	fact_integer(row, IDENTITY_CONFIDENCE, confidence);
}

static void inspect_hit(struct inspection *file, const struct identity_phrase *phrase, const struct pattern_hit *hit)
{
	struct pattern_match match;
	if (phrase->mark.size > 0) {
		state(file, "mark", phrase->mark, phrase->confidence);
		return;
	}
	if (!inspection_capture(file, hit, &match))
		return;
	for (size_t i = 0; i < phrase->group_count; i++)
		if (identity_plausible(match.groups[i + 1]))
			state(file, phrase->groups[i], match.groups[i + 1], phrase->confidence);
	state(file, "vendor", phrase->vendor, phrase->confidence);
}

/* A file says each text once, however often it repeats it; another text of the same form is another word. */
static void inspect(struct inspection *file)
{
	const struct identity_data *data = file->context;
	const struct pattern_hit *last = NULL;
	for (size_t i = 0; i < file->hit_count; i++) {
		const struct pattern_hit *hit = &file->hits[i];
		const struct identity_phrase *phrase = &data->phrases[hit->pattern];
		bool same = last && last->pattern == hit->pattern &&
			    (phrase->mark.size > 0 ||
			     span_equal(span_slice(file->bytes, last->start, last->end - last->start),
					span_slice(file->bytes, hit->start, hit->end - hit->start)));
		last = hit;
		if (!same && counts(file, phrase))
			inspect_hit(file, phrase, hit);
	}
}

struct inspector identity_texts_inspector(const struct identity_data *data)
{
	return (struct inspector){ .name = "identity texts", .context = data, .patterns = data->patterns,
				   .pattern_count = data->phrase_count, .inspect = inspect };
}
