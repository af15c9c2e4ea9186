/* What is known about the matches of an expression from what is known about its parts. */
#include "base/pattern_shape.h"

#include <string.h>

enum { CLASS_WORDS_MAX = 16, COPIES_MAX = 8, RARE_SIZE = 6, LETTERS = 24 };

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a > WITHOUT_END - b ? WITHOUT_END : a + b;
}

static uint64_t product(uint64_t a, uint64_t times)
{
	return a != 0 && times > WITHOUT_END / a ? WITHOUT_END : a * times;
}

static struct word_list new_list(struct shaper *shaper, size_t count)
{
	struct word_list list = { ARENA_NEW(shaper->arena, struct span, count ? count : 1), 0 };
	shaper->no_memory = shaper->no_memory || !list.all;
	return list;
}

static void list_add(struct word_list *list, struct span word)
{
	if (list->all)
		list->all[list->count++] = word;
}

/* Zeros before a word are met everywhere, and not looked for. */
static size_t leading_zeros(struct span word)
{
	size_t count = 0;
	while (count < word.size && span_byte(word, count) == 0)
		count++;
	return count;
}

/* The cost of looking for the words: a byte is one of LETTERS as often as not. */
static uint64_t cost_of(const struct choice *choice)
{
	uint64_t cost = 0;
	if (choice->before_most > PATTERN_BEFORE_MAX || choice->words.count == 0)
		return USELESS;
	for (size_t i = 0; i < choice->words.count; i++) {
		uint64_t one = 1;
		size_t zeros = leading_zeros(choice->words.all[i]), size = choice->words.all[i].size - zeros;
		if (size == 0)
			return USELESS;
		for (; size < RARE_SIZE; size++)
			one *= LETTERS;
		cost += one;
	}
	return cost * (choice->before_most - choice->before_least + 1);
}

static size_t longest(const struct word_list *list)
{
	size_t most = 0;
	for (size_t i = 0; i < list->count; i++)
		most = list->all[i].size > most ? list->all[i].size : most;
	return most;
}

/* Takes the words where they are rarer, or as rare and longer. */
static void consider(struct choice *best, struct word_list words, uint64_t least, uint64_t most)
{
	struct choice choice = { words, least, most, 0 };
	choice.cost = cost_of(&choice);
	bool longer = choice.cost == best->cost && words.count <= best->words.count && longest(&words) > longest(&best->words);
	if (choice.cost < best->cost || longer)
		*best = choice;
}

/* What a shape is found by: its words where it has no others, or the best of its parts. */
struct choice shape_choice(const struct shape *shape)
{
	struct choice best = shape->best;
	if (shape->finite)
		consider(&best, shape->words, 0, 0);
	return best;
}

struct shape shape_of_word(struct shaper *shaper, struct span word)
{
	struct shape shape = { word.size, word.size, true, new_list(shaper, 1), { .cost = USELESS } };
	list_add(&shape.words, word);
	return shape;
}

struct shape shape_of_size(uint64_t least, uint64_t most)
{
	return (struct shape){ .least = least, .most = most, .best = { .cost = USELESS } };
}

struct sequence sequence_new(struct shaper *shaper)
{
	return (struct sequence){ shape_of_word(shaper, SPAN_LITERAL("")), 0, 0 };
}

static struct span join(struct shaper *shaper, struct span left, struct span right)
{
	uint8_t *bytes = ARENA_NEW(shaper->arena, uint8_t, left.size + right.size + 1);
	if (!bytes) {
		shaper->no_memory = true;
		return SPAN_LITERAL("");
	}
	if (left.size > 0)
		memcpy(bytes, left.data, left.size);
	if (right.size > 0)
		memcpy(bytes + left.size, right.data, right.size);
	return span_of(bytes, left.size + right.size);
}

static struct word_list cross(struct shaper *shaper, const struct word_list *left, const struct word_list *right)
{
	struct word_list list = new_list(shaper, left->count * right->count);
	for (size_t i = 0; i < left->count; i++)
		for (size_t k = 0; k < right->count; k++)
			list_add(&list, join(shaper, left->all[i], right->all[k]));
	return list;
}

static bool may_cross(const struct word_list *left, const struct word_list *right)
{
	return left->count * right->count <= PATTERN_WORDS_MAX &&
	       longest(left) + longest(right) <= PATTERN_WORD_SIZE_MAX;
}

/* The words of the run cannot grow any more: they are one choice, and a new run starts after them. */
static void end_run(struct sequence *sequence)
{
	consider(&sequence->shape.best, sequence->shape.words, sequence->run_least, sequence->run_most);
	sequence->shape.finite = false;
}

static void append(struct shaper *shaper, struct sequence *sequence, const struct shape *part)
{
	struct shape *all = &sequence->shape;
	bool grows = part->finite && may_cross(&all->words, &part->words);
	consider(&all->best, all->words, sequence->run_least, sequence->run_most);
	if (grows) {
		all->words = cross(shaper, &all->words, &part->words);
	} else {
		end_run(sequence);
		if (part->best.cost != USELESS)
			consider(&all->best, part->best.words, sum(all->least, part->best.before_least),
				 sum(all->most, part->best.before_most));
	}
	uint64_t least = sum(all->least, part->least), most = sum(all->most, part->most);
	if (!grows) {
		struct shape empty = shape_of_word(shaper, SPAN_LITERAL(""));
		all->words = part->finite ? part->words : empty.words;
		sequence->run_least = part->finite ? all->least : least;
		sequence->run_most = part->finite ? all->most : most;
	}
	all->least = least;
	all->most = most;
}

struct shape sequence_shape(struct sequence *sequence)
{
	consider(&sequence->shape.best, sequence->shape.words, sequence->run_least, sequence->run_most);
	return sequence->shape;
}

static struct word_list both(struct shaper *shaper, const struct word_list *left, const struct word_list *right)
{
	struct word_list list = new_list(shaper, left->count + right->count);
	for (size_t i = 0; i < left->count; i++)
		list_add(&list, left->all[i]);
	for (size_t i = 0; i < right->count; i++)
		list_add(&list, right->all[i]);
	return list;
}

struct shape shape_either(struct shaper *shaper, const struct shape *left, const struct shape *right)
{
	struct shape shape = shape_of_size(left->least < right->least ? left->least : right->least,
				     left->most > right->most ? left->most : right->most);
	struct choice a = shape_choice(left), b = shape_choice(right);
	if (a.cost != USELESS && b.cost != USELESS && a.words.count + b.words.count <= PATTERN_WORDS_MAX)
		consider(&shape.best, both(shaper, &a.words, &b.words),
			 a.before_least < b.before_least ? a.before_least : b.before_least,
			 a.before_most > b.before_most ? a.before_most : b.before_most);
	shape.finite = left->finite && right->finite && left->words.count + right->words.count <= PATTERN_WORDS_MAX;
	if (shape.finite)
		shape.words = both(shaper, &left->words, &right->words);
	return shape;
}

/* The copies that there must be take part in the run; of those that there may be only the size is known. */
void sequence_append(struct shaper *shaper, struct sequence *sequence, const struct shape *part, uint64_t least,
			    uint64_t most)
{
	uint64_t copies = least < COPIES_MAX ? least : COPIES_MAX;
	for (uint64_t i = 0; i < copies; i++)
		append(shaper, sequence, part);
	if (copies == least && most == least + 1) {
		struct shape empty = shape_of_word(shaper, SPAN_LITERAL("")), optional = shape_either(shaper, part, &empty);
		append(shaper, sequence, &optional);
	} else if (most > copies) {
		uint64_t further = most == WITHOUT_END ? WITHOUT_END : most - copies;
		struct shape rest = shape_of_size(product(part->least, least - copies), product(part->most, further));
		append(shaper, sequence, &rest);
	}
}

struct shape shape_of_byte(struct shaper *shaper, int byte)
{
	uint8_t value = (uint8_t)byte;
	return shape_of_word(shaper, join(shaper, span_of(&value, 1), SPAN_LITERAL("")));
}

struct shape shape_of_class(struct shaper *shaper, const bool *members)
{
	struct shape shape = shape_of_size(1, 1);
	size_t count = 0;
	for (int c = 0; c < 256; c++)
		count += members[c];
	if (count == 0 || count > CLASS_WORDS_MAX)
		return shape;
	shape.finite = true;
	shape.words = new_list(shaper, count);
	for (int c = 0; c < 256; c++) {
		uint8_t value = (uint8_t)c;
		if (members[c])
			list_add(&shape.words, join(shaper, span_of(&value, 1), SPAN_LITERAL("")));
	}
	return shape;
}
