/*
 * Scripts that run all scripts of a folder: "for i in /etc/rc.d/S??*; do $i start; done" and run-parts(8). Which files
 * that are, services_conclude() finds out.
 */
#include "inspect/lines.h"

#include "base/effort.h"
#include "inspect/services.h"
#include "inspect/shell.h"

enum { BODY_LINES_MAX = 256, PATTERN_MAX = 128, STARS_MAX = 3 };

/* A path with a pattern of the shell, and nothing that only the running script knows. */
static bool is_pattern(struct span text)
{
	for (size_t i = 0; i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (c == '$' || c == '`' || c == '{' || c == '(')
			return false;
	}
	return span_byte(text, 0) == '/' && span_find_byte(text, '*', 0) != SPAN_NOT_FOUND;
}

static bool is_cheap(struct span pattern)
{
	int stars = 0;
	for (size_t i = 0; i < pattern.size && effort_at(i); i++)
		stars += span_byte(pattern, i) == '*';
	return pattern.size <= PATTERN_MAX && stars <= STARS_MAX;
}

static void tell_limit(struct inspection *file, int64_t line)
{
	notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_LIMIT, "services.folders", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
			 "what the loop in line %d runs is not followed: it is too long", (int)line);
}

static void state(struct inspection *file, int64_t line, struct span pattern, bool surely)
{
	if (!is_cheap(pattern)) {
		tell_limit(file, line);
		return;
	}
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_word(file->facts, fact, SETTING_SUBJECT, "boot script");
	fact_word(file->facts, fact, SETTING_NAME, surely ? "runs all of" : "may run all of");
	fact_text(file->facts, fact, SETTING_VALUE, pattern);
}

static struct span bare_word(struct span word)
{
	while (word.size > 0 && strchr("\"';", span_byte(word, word.size - 1)))
		word = span_slice(word, 0, word.size - 1);
	while (word.size > 0 && (span_byte(word, 0) == '"' || span_byte(word, 0) == '\''))
		word = span_from(word, 1);
	return word;
}

/* "$i", "${i}", "\"$i\"" */
static bool is_variable(struct span word, struct span name)
{
	struct span reference = shell_reference(bare_word(word));
	return reference.size > 0 && span_equal(reference, name);
}

/* The variable stands where a command does: first, or after what leads one in. */
static bool is_run(struct span line, struct span name)
{
	static const char *const before[] = { "do", "then", "else", "&&", ".", "sh", "/bin/sh", "source", "exec", "(", NULL };
	struct span word, last = SPAN_NONE;
	while (span_next_word(&line, &word)) {
		bool ended = last.size == 0 || span_ends_text(last, ";");
		if (is_variable(word, name) && (ended || is_one_of(last, before)))
			return true;
		last = word;
	}
	return false;
}

/* Whether one of the next lines, up to "done", runs what the variable names. */
static bool body_runs(struct inspection *file, struct lines lines, struct span rest, struct span name)
{
	struct span line;
	int64_t first = lines.number;
	if (is_run(rest, name))
		return true;
	while (lines_next_setting(&lines, &line) && !span_starts_text(line, "done")) {
		if (is_run(line, name))
			return true;
		if (lines.number - first >= BODY_LINES_MAX) {
			tell_limit(file, first);
			return false;
		}
	}
	return false;
}

static void read_loop(struct inspection *file, const struct lines *lines, struct span line, bool surely)
{
	struct span rest = line, name, word;
	if (!span_next_word(&rest, &word) || !span_next_word(&rest, &name) || !span_next_word(&rest, &word) ||
	    !span_equal_text(word, "in"))
		return;
	struct span list = span_slice(rest, 0, span_find_byte(rest, ';', 0));
	bool patterns = false;
	for (struct span words = list; span_next_word(&words, &word);)
		patterns |= is_pattern(bare_word(word));
	if (!patterns || !body_runs(file, *lines, span_from(rest, list.size), name))
		return;
	while (span_next_word(&list, &word))
		if (is_pattern(bare_word(word)))
			state(file, lines->number, bare_word(word), surely);
}

static void read_run_parts(struct inspection *file, const struct lines *lines, struct span line, bool surely)
{
	struct span word, folder = SPAN_NONE;
	while (span_next_word(&line, &word)) {
		if (span_equal_text(word, "--test") || span_equal_text(word, "--list"))
			return;
		if (span_byte(word, 0) == '/' && !span_equal_text(span_basename(word), "run-parts"))
			folder = bare_word(word);
	}
	struct span pattern = arena_format(file->scratch, "%.*s/*", SPAN_FORMAT(folder));
	if (folder.size > 1 && is_pattern(pattern))
		state(file, lines->number, pattern, surely);
}

void services_folders(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	bool left = false; /* something before may have ended the script */
	while (lines_next_setting(&lines, &line)) {
		left |= span_find_text(line, "exit", 0) != SPAN_NOT_FOUND;
		/* What is written to the right stands in a condition or a function. */
		bool surely = !left && span_has_at(file->bytes, lines.offset, span_slice(line, 0, 1));
		struct span rest = line, first;
		if (!span_next_word(&rest, &first))
			continue;
		if (span_equal_text(first, "for"))
			read_loop(file, &lines, line, surely);
		else if (span_equal_text(span_basename(first), "run-parts"))
			read_run_parts(file, &lines, line, surely);
	}
}
