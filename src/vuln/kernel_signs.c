#include "vuln/kernel_signs.h"

#include <stdlib.h>

#include "vuln/branch.h"
#include "vuln/version.h"

enum { WORDS_MAX = 12, NEEDS_DEPTH_MAX = 6 };

/* The options that a file needs, all of them. */
struct words {
	struct span all[WORDS_MAX];
	size_t count;
	bool others; /* it asks for one that is off, too */
};

/* Of "A&B", into words; false where it has alternatives, or something that was not understood. */
static bool take_words(struct span condition, struct words *out)
{
	struct span word;
	if (span_find_byte(condition, '|', 0) != SPAN_NOT_FOUND)
		return false;
	while (span_next_field(&condition, '&', &word)) {
		bool known = span_equal_text(word, "-");
		for (size_t i = 0; i < out->count; i++)
			known = known || span_equal(out->all[i], word);
		if (span_byte(word, 0) == '!')
			out->others = true;
		else if (span_equal_text(word, "?") || out->count == WORDS_MAX)
			return false;
		else if (!known)
			out->all[out->count++] = word;
	}
	return true;
}

static bool needs(const struct kernel_map *map, struct span option, struct span other, struct span version, unsigned depth)
{
	struct kernel_option_row row;
	struct span one;
	if (depth == 0 || !kernel_map_option(map, option, version, &row))
		return false;
	while (span_next_word(&row.needs, &one))
		if (span_equal(one, other) || needs(map, one, other, version, depth - 1))
			return true;
	return false;
}

/* Drops what the others need anyway: a driver that is on has its bus. */
static void reduce(const struct kernel_map *map, struct span version, struct words *words)
{
	for (size_t i = 0; i < words->count;) {
		bool implied = false;
		for (size_t j = 0; j < words->count && !implied; j++)
			implied = i != j && needs(map, words->all[j], words->all[i], version, NEEDS_DEPTH_MAX) &&
				  !needs(map, words->all[i], words->all[j], version, NEEDS_DEPTH_MAX);
		if (implied)
			words->all[i] = words->all[--words->count];
		else
			i++;
	}
}

/* False where it is not surely a number of options that must all be on, or a file of other versions. */
static bool read_words(const struct kernel_map *map, struct span path, struct span version, struct words *out)
{
	struct kernel_condition condition;
	*out = (struct words){ 0 };
	kernel_map_condition(map, path, version, &condition);
	for (size_t i = 0; i < condition.count; i++)
		if (!span_equal(condition.levels[i].condition, condition.levels[i].other) ||
		    !take_words(condition.levels[i].condition, out))
			return false;
	return condition.known && !condition.elsewhere;
}

static void add(struct kernel_signs *signs, struct span option, struct span path, const struct kernel_shown *shown,
		struct arena *arena)
{
	struct kernel_sign *grown = arena_grow(arena, signs->all, signs->count, &signs->capacity, sizeof *grown);
	if (!grown)
		return;
	signs->all = grown;
	signs->all[signs->count++] = (struct kernel_sign){ option, path, *shown };
}

static int by_option(const void *a, const void *b)
{
	const struct kernel_sign *left = a, *right = b;
	return span_compare(left->option, right->option);
}

static int by_option_and_path(const void *a, const void *b)
{
	const struct kernel_sign *left = a, *right = b;
	int order = by_option(a, b);
	return order != 0 ? order : span_compare(left->path, right->path);
}

/* Leaves one sign of each option, and none of those that are contradicted. */
static void merge(struct kernel_signs *signs)
{
	size_t kept = 0;
	if (signs->count > 0)
		qsort(signs->all, signs->count, sizeof *signs->all, by_option_and_path);
	for (size_t i = 0, next; i < signs->count; i = next) {
		bool same = true;
		for (next = i + 1; next < signs->count && span_equal(signs->all[next].option, signs->all[i].option); next++)
			same = same && signs->all[next].shown.sight == signs->all[i].shown.sight;
		struct kernel_sign sign = signs->all[i];
		if (!same)
			sign.shown.sight = KERNEL_SIGHT_UNKNOWN;
		signs->all[kept++] = sign;
	}
	signs->count = kept;
}

/*
 * What is seen of one file. A kernel that is older than the map may have built it without the menus above it, but not without
 * the option itself.
 */
static void look_at(struct kernel_signs *signs, const struct kernel_map *map, struct span path, const struct kernel_shown *shown,
		    struct span version, struct arena *arena)
{
	struct words words;
	struct span versions = map->versions, oldest = SPAN_NONE;
	if (!read_words(map, path, version, &words))
		return;
	(void)span_next_word(&versions, &oldest);
	bool old = oldest.size == 0 || version_compare(ORDER_KERNEL, branch_of(version, 2), oldest) < 0;
	bool absent = shown->sight == KERNEL_SIGHT_ABSENT;
	if (absent || old)
		reduce(map, version, &words);
	if (absent && (words.count != 1 || words.others))
		return;
	for (size_t i = 0; i < words.count; i++)
		add(signs, words.all[i], path, shown, arena);
}

void kernel_signs_read(struct kernel_signs *signs, const struct kernel_map *map, struct kernel_names *names,
		       struct span version, struct arena *arena)
{
	*signs = (struct kernel_signs){ 0 };
	struct span folder, file;
	for (size_t i = 0; kernel_names_file(names, i, &folder, &file); i++) {
		struct span path = arena_format(arena, "%.*s%.*s", SPAN_FORMAT(folder), SPAN_FORMAT(file));
		struct kernel_shown shown = kernel_names_shows(names, path);
		if (shown.sight != KERNEL_SIGHT_UNKNOWN)
			look_at(signs, map, path, &shown, version, arena);
	}
	merge(signs);
	if (arena->refused)
		*signs = (struct kernel_signs){ 0 };
}

const struct kernel_sign *kernel_signs_find(const struct kernel_signs *signs, struct span option)
{
	const struct kernel_sign wanted = { .option = option }, *sign = NULL;
	if (signs->count > 0)
		sign = bsearch(&wanted, signs->all, signs->count, sizeof *signs->all, by_option);
	return sign && sign->shown.sight != KERNEL_SIGHT_UNKNOWN ? sign : NULL;
}
