#define _POSIX_C_SOURCE 200809L
#include "cli/terminal.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/shown.h"

int terminal_width(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	long asked = columns ? strtol(columns, NULL, 10) : 0;
	if (asked > 0 && asked < 10000)
		return (int)asked;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 0;
}

static bool names_utf8(const char *locale)
{
	for (; *locale; locale++)
		if (strncasecmp(locale, "utf-8", 5) == 0 || strncasecmp(locale, "utf8", 4) == 0)
			return true;
	return false;
}

/* As locale(7) has it: the first of the three that is set decides, and none is the C locale. */
static bool is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		const char *value = getenv(variables[i]);
		if (value && *value)
			return names_utf8(value);
	}
	return false;
}

/* The page's own signs, each by one that is as wide. */
static const struct sign {
	const char *sign;
	char plain;
} signs[] = {
	{ "✗", 'x' }, { "→", '>' }, { "…", '~' }, { "·", '.' }, { "▕", '|' }, { "▏", '|' }, { "█", '#' }, { "▓", '%' },
	{ "▒", '=' }, { "▚", ':' }, { "│", '|' }, { "▪", '+' }, { "–", '-' }, { "—", '-' }, { "≥", '>' }, { "≤", '<' },
	{ "×", 'x' }, { "✓", '+' }, { "“", '"' }, { "”", '"' }, { "’", '\'' },
};

static char plain_of(struct span character)
{
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (span_equal_text(character, signs[i].sign))
			return signs[i].plain;
	return '?';
}

static void print_plain(struct span text)
{
	while (text.size > 0) {
		bool safe;
		size_t length = shown_character(text, &safe);
		uint8_t byte = span_byte(text, 0);
		(void)putchar(byte < 0x80 ? byte : plain_of(span_slice(text, 0, length)));
		text = span_from(text, length);
	}
}

void terminal_print(const char *text, size_t length)
{
	if (is_utf8())
		(void)fwrite(text, 1, length, stdout);
	else
		print_plain(span_of(text, length));
}

void terminal_print_shown(const char *text)
{
	struct span rest = span_of_text(text);
	while (rest.size > 0) {
		bool safe;
		size_t length = shown_character(rest, &safe);
		struct span piece = safe ? span_slice(rest, 0, length) : SHOWN_REPLACEMENT;
		terminal_print((const char *)piece.data, piece.size);
		rest = span_from(rest, length);
	}
}
