/* Compiles, saves and reads back sets of patterns. */
#include <stdlib.h>

#include "base/pattern_set.h"
#include "base/pattern_word.h"

pcre2_code *pattern_code(const struct pattern *pattern)
{
	/* No search of its own for where a match may start: that would go over the whole file for each word. */
	uint32_t options = PCRE2_USE_OFFSET_LIMIT | PCRE2_NO_START_OPTIMIZE | PCRE2_NEVER_UTF;
	if (pattern->flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (pattern->flags & PATTERN_MULTILINE)
		options |= PCRE2_MULTILINE;
	int error;
	PCRE2_SIZE where;
	return pcre2_compile((PCRE2_SPTR)pattern->expression, PCRE2_ZERO_TERMINATED, options, &error, &where, NULL);
}

static int compare_uses(const void *left, const void *right)
{
	const struct pattern_use *a = left, *b = right;
	if (a->caseless != b->caseless)
		return a->caseless ? 1 : -1;
	int order = span_compare(a->word, b->word);
	return order != 0 ? order : (a->pattern > b->pattern) - (a->pattern < b->pattern);
}

static enum outcome add_uses(struct pattern_set *set, uint32_t index, size_t *capacity, struct span *error)
{
	const struct pattern *pattern = &set->patterns[index];
	struct pattern_words words;
	const char *problem = NULL;
	enum outcome outcome = pattern_words_of(&set->arena, pattern->expression, &words, &problem);
	if (outcome != DONE) {
		*error = arena_format(&set->arena, "%s: %s", pattern->expression, problem);
		return outcome;
	}
	for (size_t i = 0; i < words.count; i++) {
		struct pattern_use *uses = arena_grow(&set->arena, set->uses, set->use_count, capacity, sizeof *uses);
		if (!uses)
			return NO_MEMORY;
		/* Vectorscan takes a word that begins with zero for an empty one. */
		uint32_t zeros = 0;
		while (zeros < words.all[i].size && span_byte(words.all[i], zeros) == 0)
			zeros++;
		set->uses = uses;
		uses[set->use_count++] = (struct pattern_use){
			span_from(words.all[i], zeros), pattern->flags & PATTERN_CASELESS, index,
			words.before_least + zeros, words.before_most + zeros,
		};
	}
	return DONE;
}

/* Each word once, with all patterns that it is a word of. */
static enum outcome gather_words(struct pattern_set *set, struct span *error)
{
	size_t capacity = 0;
	for (size_t i = 0; i < set->count; i++)
		TRY(add_uses(set, (uint32_t)i, &capacity, error));
	set->words = ARENA_NEW(&set->arena, uint32_t, set->use_count + 1);
	if (!set->words)
		return NO_MEMORY;
	if (set->use_count > 1)
		qsort(set->uses, set->use_count, sizeof *set->uses, compare_uses);
	for (size_t i = 0; i < set->use_count; i++)
		if (i == 0 || set->uses[i].caseless != set->uses[i - 1].caseless ||
		    !span_equal(set->uses[i].word, set->uses[i - 1].word))
			set->words[set->word_count++] = (uint32_t)i;
	set->words[set->word_count] = (uint32_t)set->use_count;
	return DONE;
}

static enum outcome new_set(const struct pattern *patterns, size_t count, struct pattern_set **out, struct span *error)
{
	enum { WORDS_CEILING = 64 << 20 };
	struct pattern_set *set = calloc(1, sizeof *set);
	if (!set)
		return NO_MEMORY;
	arena_init(&set->arena, WORDS_CEILING);
	set->patterns = patterns;
	set->count = count;
	*out = set;
	return gather_words(set, error);
}

/* Compiled for the least machine of the architecture, since the build machine is not the user's. */
static enum outcome compile(struct pattern_set *set, struct span *error)
{
	const char **words = ARENA_NEW(&set->arena, const char *, set->word_count);
	unsigned *flags = ARENA_NEW(&set->arena, unsigned, set->word_count);
	unsigned *ids = ARENA_NEW(&set->arena, unsigned, set->word_count);
	size_t *sizes = ARENA_NEW(&set->arena, size_t, set->word_count);
	if (!words || !flags || !ids || !sizes)
		return NO_MEMORY;
	for (size_t i = 0; i < set->word_count; i++) {
		const struct pattern_use *use = &set->uses[set->words[i]];
		words[i] = (const char *)use->word.data;
		sizes[i] = use->word.size;
		flags[i] = use->caseless ? HS_FLAG_CASELESS : 0;
		ids[i] = (unsigned)i;
	}
	hs_platform_info_t platform = { .tune = HS_TUNE_FAMILY_GENERIC };
	hs_compile_error_t *problem = NULL;
	if (hs_compile_lit_multi(words, flags, ids, sizes, (unsigned)set->word_count, HS_MODE_BLOCK, &platform,
				 &set->database, &problem) == HS_SUCCESS)
		return DONE;
	if (problem) {
		*error = arena_format(&set->arena, "the set: %s", problem->message);
		hs_free_compile_error(problem);
	}
	return MALFORMED;
}

static enum outcome check_expressions(const struct pattern_set *set, struct arena *arena, struct span *error)
{
	for (size_t i = 0; i < set->count; i++) {
		pcre2_code *code = pattern_code(&set->patterns[i]);
		if (!code) {
			*error = arena_format(arena, "%s: not an expression", set->patterns[i].expression);
			return MALFORMED;
		}
		pcre2_code_free(code);
	}
	return DONE;
}

enum outcome pattern_set_compile(const struct pattern *patterns, size_t count, struct arena *arena,
				 struct pattern_set **out, struct span *error)
{
	struct pattern_set *set = NULL;
	enum outcome outcome = new_set(patterns, count, &set, error);
	if (outcome == DONE)
		outcome = check_expressions(set, arena, error);
	if (outcome == DONE && count > 0)
		outcome = compile(set, error);
	if (outcome == DONE) {
		*out = set;
		return DONE;
	}
	*error = arena_copy(arena, *error);
	pattern_set_free(set);
	return outcome;
}

enum outcome pattern_set_save(const struct pattern_set *set, void **out, size_t *size)
{
	char *bytes = NULL;
	if (!set->database || hs_serialize_database(set->database, &bytes, size) != HS_SUCCESS)
		return NO_MEMORY;
	*out = bytes;
	return DONE;
}

enum outcome pattern_set_load(struct span saved, const struct pattern *patterns, size_t count,
			      struct pattern_set **out)
{
	struct pattern_set *set = NULL;
	struct span error;
	enum outcome outcome = new_set(patterns, count, &set, &error);
	hs_error_t status = HS_SUCCESS;
	if (outcome == DONE && count > 0)
		status = hs_deserialize_database((const char *)saved.data, saved.size, &set->database);
	if (status != HS_SUCCESS)
		outcome = status == HS_NOMEM ? NO_MEMORY : UNSUPPORTED;
	if (outcome == DONE)
		*out = set;
	else
		pattern_set_free(set);
	return outcome;
}

void pattern_set_free(struct pattern_set *set)
{
	if (!set)
		return;
	if (set->database)
		(void)hs_free_database(set->database);
	arena_done(&set->arena);
	free(set);
}
