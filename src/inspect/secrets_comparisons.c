/*
 * Passwords that a script compares with: [ "$password" = "x7k2" ], if pass == "x7k2", $_POST["pwd"] === 'x7k2'. The
 * side that is no text must end with the name of a secret; the other must be a text that computes nothing.
 */
#include "inspect/lines.h"
#include "inspect/secret_value.h"

enum { VALUE_LEAST = 3, VALUE_MOST = 64, NAME_MOST = 40 };

/* What stands around an operand: quotes, brackets of an index or a substitution, blanks. */
static bool is_around(uint8_t c)
{
	return span_find_byte(SPAN_LITERAL(" \t\"'$(){}[]"), c, 0) != SPAN_NOT_FOUND;
}

/* The last name of what stands left of an operator: "pwd" of `$_POST["pwd"]`, of `"$pwd"` and of `form.pwd`. */
static struct span name_before(struct span line, size_t end)
{
	while (end > 0 && is_around(span_byte(line, end - 1)))
		end--;
	size_t start = end;
	while (start > 0 && (is_alnum(span_byte(line, start - 1)) || span_byte(line, start - 1) == '_'))
		start--;
	return span_slice(line, start, end - start);
}

/* The same of what stands right of it: up to a blank, or what ends the condition. */
static struct span name_behind(struct span line, size_t start)
{
	size_t end = start;
	while (end < line.size && span_find_byte(SPAN_LITERAL(" \t);&|"), span_byte(line, end), 0) == SPAN_NOT_FOUND)
		end++;
	return name_before(line, end);
}

/* The text in quotes that begins at a place; empty where there is none, or it computes something. */
static struct span quoted(struct span line, size_t at)
{
	uint8_t quote = span_byte(line, at);
	size_t end = quote == '"' || quote == '\'' ? span_find_byte(line, quote, at + 1) : SPAN_NOT_FOUND;
	struct span text = end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(line, at + 1, end - at - 1);
	for (size_t i = 0; i < text.size; i++)
		if (span_find_byte(SPAN_LITERAL("$`\\ <>%{}()"), span_byte(text, i), 0) != SPAN_NOT_FOUND)
			return SPAN_NONE;
	return text.size >= VALUE_LEAST && text.size <= VALUE_MOST ? text : SPAN_NONE;
}

/* The text in quotes that ends right before a place. */
static struct span quoted_before(struct span line, size_t end)
{
	uint8_t quote = end > 0 ? span_byte(line, end - 1) : 0;
	size_t start = end > 1 ? end - 1 : 0;
	while (start > 0 && span_byte(line, start - 1) != quote)
		start--;
	return start > 0 && (quote == '"' || quote == '\'') ? quoted(line, start - 1) : SPAN_NONE;
}

/* Words that a form or a setting has in a password's place, and never as one. */
static bool is_word_of_code(struct span value)
{
	static const char *const words[] = { "password", "text",    "true",	"false",     "null",	 "none", "yes",
					     "enable",	 "enabled", "disable",	"disabled",  "string",	 "empty", "undefined",
					     "open",	 "default", "unset",	"plain",     NULL };
	for (const char *const *word = words; *word; word++)
		if (equal_caseless(value, *word))
			return true;
	return false;
}

static void state(struct inspection *file, uint64_t offset, struct span name, struct span value)
{
	const char *kind;
	bool secret = name.size > 0 && name.size <= NAME_MOST && secret_is_name(name, &kind) && value.size > 0 &&
		      secret_is_value(value) && !is_word_of_code(value);
	if (!secret)
		return;
	const struct secret_found found = { offset, kind, "compared", "medium", name, value, false };
	secret_state(file, &found);
}

/* An operator of comparison at a place: its length; 0 for none. Of shell, '=' with blanks around it. */
static size_t operator_at(struct span line, size_t at)
{
	static const char *const operators[] = { "===", "==", " eq ", " = " };
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (span_has_at(line, at, span_of_text(operators[i])))
			return strlen(operators[i]);
	return 0;
}

/* "x = y" assigns but between the brackets of test. */
static bool is_test(struct span line, size_t at)
{
	struct span before = span_slice(line, 0, at);
	return !span_has_at(line, at, SPAN_LITERAL(" = ")) || span_find_text(before, "[ ", 0) != SPAN_NOT_FOUND ||
	       span_find_text(before, "test ", 0) != SPAN_NOT_FOUND;
}

static void read_line(struct inspection *file, struct span line, uint64_t offset)
{
	for (size_t at = 1, size; at < line.size; at += size ? size : 1) {
		size = operator_at(line, at);
		if (size == 0 || !is_test(line, at))
			continue;
		size_t left = at, right = at + size;
		while (left > 0 && span_byte(line, left - 1) == ' ')
			left--;
		while (span_byte(line, right) == ' ')
			right++;
		struct span value = quoted(line, right);
		if (value.size > 0)
			state(file, offset + right + 1, name_before(line, left), value);
		else
			state(file, offset + at, name_behind(line, right), quoted_before(line, left));
	}
}

void secrets_comparisons(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next(&lines, &line)) {
		bool comment = span_byte(line, 0) == '#' || span_starts_text(line, "//") || span_starts_text(line, "--");
		if (!comment)
			read_line(file, line, lines.offset);
	}
}
