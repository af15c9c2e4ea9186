#include "register/dialect.h"

#include "base/buffer.h"

enum { SQL_CEILING = 16 << 20 };

/* Words that PostgreSQL has another word for. */
static const struct {
	const char *ours, *theirs;
	bool in_definitions; /* alone */
} words[] = {
	{ "INTEGER", "BIGINT", false },
	{ "REAL", "DOUBLE PRECISION", false },
	{ "STRICT", "", false },
	{ "TEXT", "TEXT COLLATE \"C\"", true },
};

static bool in_word(uint8_t c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Bytes from there on that are to stay as they are: a quoted text, a comment to the end of its line. 0 for none. */
static size_t untouched(struct span sql, size_t at)
{
	uint8_t first = span_byte(sql, at);
	if (first == '-' && span_byte(sql, at + 1) == '-')
		first = '\n';
	else if (first != '\'' && first != '"')
		return 0;
	size_t close = span_find_byte(sql, first, at + 1);
	return close == SPAN_NOT_FOUND ? sql.size - at : close + 1 - at;
}

static size_t word_length(struct span sql, size_t at)
{
	size_t end = at;
	while (in_word(span_byte(sql, end)))
		end++;
	return end - at;
}

static struct span translated(struct span word, bool definitions)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if ((definitions || !words[i].in_definitions) && span_equal_text(word, words[i].ours))
			return span_of_text(words[i].theirs);
	return word;
}

static enum outcome translate(struct span sql, bool definitions, struct buffer *out)
{
	for (size_t at = 0; at < sql.size;) {
		size_t size = untouched(sql, at);
		if (size == 0)
			size = word_length(sql, at);
		if (size == 0) {
			TRY(buffer_append(out, span_byte(sql, at) == '?' ? SPAN_LITERAL("$") : span_slice(sql, at, 1)));
			at++;
			continue;
		}
		TRY(buffer_append(out, translated(span_slice(sql, at, size), definitions)));
		at += size;
	}
	return DONE;
}

char *dialect_postgresql(struct arena *arena, struct span sql, bool definitions)
{
	struct buffer out;
	buffer_init(&out, SQL_CEILING, NULL);
	char *text = translate(sql, definitions, &out) == DONE ? arena_text(arena, buffer_span(&out)) : NULL;
	buffer_done(&out);
	return text;
}
