#include "cli/suggest.h"

#include <stdbool.h>
#include <string.h>

enum { WORD_MAX = SUGGESTION_MAX };

static size_t least(size_t a, size_t b, size_t c)
{
	size_t less = a < b ? a : b;
	return less < c ? less : c;
}

static char small(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* Letters to add, take away, change or swap with the next (Damerau), until one is the other. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][WORD_MAX + 1];
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t changed = small(a[i - 1]) != small(b[j - 1]);
			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + changed);
			if (i > 1 && j > 1 && small(a[i - 1]) == small(b[j - 2]) && small(a[i - 2]) == small(b[j - 1]))
				now[j] = least(now[j], earlier[j - 2] + 1, now[j]);
		}
	}
	return rows[a_length % 3][b_length];
}

struct suggestion suggestion_start(const char *word, size_t length)
{
	return (struct suggestion){ .word = word, .length = length < WORD_MAX ? length : WORD_MAX };
}

void suggestion_offer(struct suggestion *suggestion, const char *name)
{
	size_t length = strlen(name);
	bool same = length == suggestion->length && strncmp(suggestion->word, name, length) == 0; /* right, and not there */
	if (length > WORD_MAX || suggestion->length < 2 || same)
		return;
	size_t steps = distance(suggestion->word, suggestion->length, name, length);
	/* A word that breaks off is nearer than its missing letters say. */
	if (suggestion->length >= 3 && length > suggestion->length && strncmp(suggestion->word, name, suggestion->length) == 0)
		steps = 1;
	if (steps * 3 > suggestion->length + 1 || (suggestion->best[0] && steps >= suggestion->distance))
		return;
	memcpy(suggestion->best, name, length + 1);
	suggestion->distance = steps;
}
