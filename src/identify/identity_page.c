/* Finds the value that a page shows behind a word, past the tags between, and tells values from sentences. */
#include "identify/identity.h"

#include "inspect/lines.h"

enum { BETWEEN_MAX = 300, SHOWN_MAX = 160, VALUE_WORDS_MAX = 5, VERSION_MAX = 48 };

static bool starts_any(struct span text, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		if (span_starts_text(text, words[i]))
			return true;
	return false;
}

/* What stands between a word and its value: blanks, colons, tags of layout; false at a script, a comment, or too far. */
static bool pass_between(struct span *rest)
{
	static const char *const foreign[] = { "<script", "<SCRIPT", "<Script", "<%", "<!", "<?",
					       "<select", "<option", "<input", NULL };
	for (size_t passed = 0; rest->size > 0 && passed < BETWEEN_MAX;) {
		size_t size = 0;
		if (starts_any(*rest, foreign))
			return false;
		if (span_byte(*rest, 0) == '<') {
			size_t end = span_find_byte(span_slice(*rest, 0, BETWEEN_MAX), '>', 0);
			size = end == SPAN_NOT_FOUND ? BETWEEN_MAX : end + 1;
		} else if (span_starts_text(*rest, "&nbsp;")) {
			size = strlen("&nbsp;");
		} else if (span_find_byte(SPAN_LITERAL(" \t\r\n:"), span_byte(*rest, 0), 0) != SPAN_NOT_FOUND) {
			size = 1;
		}
		if (size == 0)
			return passed > 0;
		passed += size;
		*rest = span_from(*rest, size);
	}
	return false;
}

static struct span shown(struct span rest)
{
	size_t end = 0;
	rest = span_slice(rest, 0, SHOWN_MAX);
	while (end < rest.size && span_find_byte(SPAN_LITERAL("<&\r\n;\"'"), span_byte(rest, end), 0) == SPAN_NOT_FOUND)
		end++;
	return span_trim(span_slice(rest, 0, end));
}

struct span identity_page_value(struct span text, struct span word, int64_t *line)
{
	for (size_t at = 0; (at = span_find(text, word, at)) != SPAN_NOT_FOUND; at += word.size) {
		struct span rest = span_from(text, at + word.size);
		if ((at > 0 && is_alnum(span_byte(text, at - 1))) || !pass_between(&rest))
			continue;
		struct span value = shown(rest);
		if (!identity_plausible(value))
			continue;
		if (line)
			*line = inspection_line(NULL, text, at);
		return value;
	}
	return SPAN_NONE;
}

/* "3.16.9 Build 150310 Rel.57500n", "V1.0.0.18". */
static bool is_version(struct span value)
{
	struct span number = span_byte(value, 0) == 'V' || span_byte(value, 0) == 'v' ? span_from(value, 1) : value;
	return is_digit(span_byte(number, 0)) && value.size <= VERSION_MAX && span_find_byte(value, '.', 0) != SPAN_NOT_FOUND &&
	       span_find_byte(value, ',', 0) == SPAN_NOT_FOUND;
}

bool identity_looks_like(const char *subject, struct span value)
{
	struct span rest = value, word;
	size_t words = 0;
	bool version = strcmp(subject, "version") == 0, model = strcmp(subject, "model") == 0;
	bool hardware = strcmp(subject, "hardware") == 0;
	while (span_next_word(&rest, &word))
		words++;
	if (words > VALUE_WORDS_MAX || span_ends_text(value, "."))
		return false;
	if (version)
		return is_version(value);
	return !(model || hardware) || (count_digits(value) > 0 && count_digits(value) < value.size);
}
