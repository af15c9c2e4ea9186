#include "vuln/begin.h"

#include "vuln/distribution.h"
#include "vuln/version.h"
#include "vuln/version_words.h"

/* What a sentence may say before "introduced in" for that to be about the fault itself. */
static bool is_of_fault(struct span word)
{
	static const char *const words[] = { "a", "an", "and", "bug", "code", "fault", "flaw", "has", "have", "is", "issue", "it",
					     "problem", "the", "this", "vulnerability", "vulnerable", "was", "were", NULL };
	return plain_word_among(word, words);
}

struct span begin_in_note(struct span note)
{
	struct plain_word word;
	bool fault = true, introduced = false;
	struct span rest = note;
	if (span_find_text(note, "egression", 0) != SPAN_NOT_FOUND)
		return SPAN_NONE;
	while (plain_word_next(&rest, &word)) {
		bool in = introduced && plain_word_among(word.text, (const char *const[]){ "in", "with", NULL });
		introduced = fault && !word.stop && plain_word_among(word.text, (const char *const[]){ "introduced", NULL });
		fault = word.stop || (fault && (introduced || is_of_fault(word.text)));
		if (!in || !plain_word_next(&rest, &word))
			continue;
		return span_byte(word.text, 0) == 'v' ? span_from(word.text, 1) : word.text;
	}
	return SPAN_NONE;
}

bool begin_is_clear(struct span version, struct span fixed)
{
	return version_plausible(version) && span_find_byte(version, '-', 0) == SPAN_NOT_FOUND &&
	       span_find_byte(version, '.', 0) != SPAN_NOT_FOUND && version_plausible(fixed) &&
	       version_compare(ORDER_GENERIC, version, distribution_upstream(fixed)) < 0;
}

enum outcome begin_state(struct builder *builder, struct span product, struct span version)
{
	const struct builder_scope scope = { .release = SPAN_LITERAL(RELEASE_BEGINS) };
	const struct range range = { .start = version };
	return builder_record_range(builder, product, &range, &scope);
}
