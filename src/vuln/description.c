#include "vuln/description.h"

#include "inspect/lines.h"
#include "vuln/product_names.h"
#include "vuln/version_words.h"

enum { ASIDE_WORDS_MAX = 8, TEXT_MAX = 16 * 1024 };

/* "(aka glibc or libc6)", right behind a name. */
static void skip_aside(struct span *rest, struct plain_word *last)
{
	struct span from = *rest, word = span_trim(from);
	if (span_byte(word, 0) != '(')
		return;
	for (int i = 0; i < ASIDE_WORDS_MAX && span_next_word(&from, &word); i++) {
		if (span_find_byte(word, ')', 0) == SPAN_NOT_FOUND)
			continue;
		bool plain = span_byte(word, word.size - 1) == ')';
		*last = (struct plain_word){ .text = word, .comma = !plain && span_ends_text(word, "),"),
					     .stop = !plain && !span_ends_text(word, "),") };
		*rest = from;
		return;
	}
}

/* Faults of builds for other systems, and texts that also name versions without the fault. */
static bool is_unclear(struct span text)
{
	static const char *const words[] = { "Windows", "macOS", "iOS", "Android", "OS X", "not affected",
					     "unaffected", "not vulnerable" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(text, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* The sentence that the place is in. */
static struct span sentence_at(struct span text, size_t at)
{
	size_t start = 0, end = text.size;
	for (size_t dot = span_find_text(text, ". ", 0); dot != SPAN_NOT_FOUND; dot = span_find_text(text, ". ", dot + 1)) {
		if (dot < at)
			start = dot + 1;
		else if (dot < end)
			end = dot;
	}
	return span_slice(text, start, end - start);
}

/* A version in a sentence with such words may be the one with the fix, or one that a fault came with. */
static bool tells_of_fix(struct span sentence)
{
	static const char *const words[] = { "fixed", "patched", "pgrad", "pdate to", "introduced", "since ", "mitigat",
					     "resolved", "ddress", "orrected", "ncomplete fix", "egression", "tested",
					     "not ", "recommend", "atest version", "ncluded in", "shipped", "ontains the fix",
					     "available in", "eleased in", "starting", "tarting" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(sentence, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* Words before a name by which it is a tool of the fault, not its place. */
static bool is_bystander(struct span before)
{
	static const char *const words[] = { "with", "using", "under", "against", "via", "for", "by", "since", "to", "than",
					     "like", "uses", "when", "on", "running", "requires", "includes", "include", "bundles",
					     "bundled", "embeds", NULL };
	return plain_word_among(before, words);
}

/* A version alone is the name's where the name stands by itself: not "Shop Using PHP and MySQL 1.1". */
static bool stands_alone(struct span before)
{
	static const char *const words[] = { "in", "of", "at", "the", "within", "inside", "from", "affects", "affecting", "gnu",
					     "project", "arm", "eclipse", "version", "versions", NULL };
	return before.size == 0 || plain_word_among(before, words);
}

static enum outcome add_ranges(struct builder *builder, struct span product, const struct version_words *words,
			       bool *found)
{
	for (size_t i = 0; i < words->count; i++) {
		TRY(builder_record_range(builder, product, &words->all[i], NULL));
		*found = true;
	}
	return DONE;
}

enum outcome description_ranges(struct builder *builder, struct span text, bool *found)
{
	struct span rest = text, before = SPAN_NONE;
	struct plain_word word;
	bool understood = true;
	*found = false;
	text = span_slice(text, 0, TEXT_MAX);
	if (is_unclear(text))
		return DONE;
	while (rest.size > 0) {
		struct span product = product_names_take(builder_names(builder), &rest, &word);
		if (product.size == 0 && !plain_word_next(&rest, &word))
			break;
		bool bystander = is_bystander(before), alone = stands_alone(before);
		before = word.stop ? SPAN_NONE : word.text;
		if (product.size == 0)
			continue;
		skip_aside(&rest, &word);
		if (bystander || word.stop || word.comma)
			continue;
		struct version_words words;
		version_words_read(rest, &words);
		if (words.singles && !alone)
			continue;
		if (words.singles && tells_of_fix(sentence_at(text, text.size - rest.size)))
			continue;
		understood = understood && words.understood;
		TRY(add_ranges(builder, product, &words, found));
	}
	*found = *found && understood;
	return DONE;
}

bool description_disputed(struct span text)
{
	static const char *const words[] = { "** DISPUTED **", "is disputed by", "disputes this", "dispute this", "disputes the",
					     "third parties report that this is a" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(text, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

enum outcome description_record(struct builder *builder, int64_t id, struct span stamp, struct span text)
{
	bool found;
	TRY(builder_record_begin(builder, id, SOURCE_DESCRIPTION, stamp));
	TRY(description_ranges(builder, text, &found));
	return found ? builder_record_end(builder) : DONE;
}
