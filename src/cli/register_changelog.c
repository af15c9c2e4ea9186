#include "cli/register_changelog.h"

#include <stdio.h>
#include <string.h>

#include "base/shown.h"
#include "cli/terminal.h"

enum { ARENA_CEILING = 1 << 30 };

struct printing {
	const struct difference *difference;
	enum changelog_form form;
	struct arena arena;
};

/* What people of that form would read as anything but the character itself. */
static const char *escape_of(enum changelog_form form, uint8_t byte, char room[static 3])
{
	static const char *const entities[] = { "&&amp;", "<&lt;", ">&gt;", "\"&quot;", "'&#39;" };
	if (form == CHANGELOG_HTML)
		for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
			if ((uint8_t)entities[i][0] == byte)
				return entities[i] + 1;
	if (form != CHANGELOG_MARKDOWN || !byte || !strchr("\\`*_{}[]()<>#|~&", byte))
		return NULL;
	room[0] = '\\';
	room[1] = (char)byte;
	room[2] = '\0';
	return room;
}

/* Words that an image, or a store, may have written. */
static void put(struct printing *printing, struct span words)
{
	struct span shown = shown_text(&printing->arena, words);
	if (printing->form == CHANGELOG_TEXT) {
		terminal_print((const char *)shown.data, shown.size);
		return;
	}
	for (size_t i = 0; i < shown.size; i++) {
		char room[3];
		const char *escape = escape_of(printing->form, span_byte(shown, i), room);
		if (escape)
			(void)fputs(escape, stdout);
		else
			(void)putchar(span_byte(shown, i));
	}
}

static void put_name(struct printing *printing, const struct difference_side *side)
{
	put(printing, side->product);
	(void)putchar(' ');
	put(printing, side->version);
}

static void put_title(struct printing *printing)
{
	put_name(printing, &printing->difference->old);
	(void)printf(" to ");
	put_name(printing, &printing->difference->new);
}

static void print_head(struct printing *printing)
{
	if (printing->form == CHANGELOG_HTML) {
		(void)printf("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
		put_title(printing);
		(void)printf("</title>\n<style>body{font-family:sans-serif;margin:2em;max-width:70em}"
			     "table{border-collapse:collapse}"
			     "td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}"
			     "</style></head>\n<body>\n<h1>");
	} else if (printing->form == CHANGELOG_MARKDOWN) {
		(void)printf("# ");
	}
	put_title(printing);
	(void)printf(printing->form == CHANGELOG_HTML ? "</h1>\n" : "\n");
}

static void print_line(struct printing *printing, struct span line)
{
	(void)printf("%s", printing->form == CHANGELOG_HTML ? "<p>" : "\n");
	put(printing, line);
	(void)printf(printing->form == CHANGELOG_HTML ? "</p>\n" : "\n");
}

static void print_grades(struct printing *printing)
{
	const struct difference_side *old = &printing->difference->old, *new = &printing->difference->new;
	char words[96], grades[2][24] = { "none", "none" };
	if (old->grade < 0 && new->grade < 0)
		return;
	if (old->grade >= 0)
		(void)snprintf(grades[0], sizeof grades[0], "%lld", (long long)old->grade);
	if (new->grade >= 0)
		(void)snprintf(grades[1], sizeof grades[1], "%lld", (long long)new->grade);
	(void)snprintf(words, sizeof words, "Grade: %s, before: %s.", grades[1], grades[0]);
	print_line(printing, span_of_text(words));
}

/* The columns of a table. */
static const struct {
	const char *title;
	size_t offset;
} columns[] = {
	{ "What", offsetof(struct difference_row, what) },
	{ "Severity", offsetof(struct difference_row, severity) },
	{ "Exploited since", offsetof(struct difference_row, exploited) },
	{ "Before", offsetof(struct difference_row, before) },
	{ "Now", offsetof(struct difference_row, after) },
	{ "Why", offsetof(struct difference_row, why) },
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct span cell(const struct difference_row *row, size_t column)
{
	struct span text;
	memcpy(&text, (const char *)row + columns[column].offset, sizeof text);
	return text;
}

static void print_heading(struct printing *printing, enum difference_aspect aspect)
{
	const char *name = difference_aspect_name(aspect);
	size_t count = printing->difference->counts[aspect];
	if (printing->form == CHANGELOG_TEXT) {
		(void)printf("\n%s: %zu\n", name, count);
		return;
	}
	bool html = printing->form == CHANGELOG_HTML;
	(void)printf(html ? "<h2>%s: %zu</h2>\n<table><tr>" : "\n## %s: %zu\n\n|", name, count);
	for (size_t i = 0; i < COLUMNS; i++)
		(void)printf(html ? "<th>%s</th>" : " %s |", columns[i].title);
	(void)printf(html ? "</tr>\n" : "\n|");
	for (size_t i = 0; i < COLUMNS && !html; i++)
		(void)printf("---|");
	(void)printf(html ? "" : "\n");
}

static void print_text_row(struct printing *printing, const struct difference_row *row)
{
	(void)printf("  ");
	put(printing, row->what);
	if (row->severity.size > 0)
		(void)printf(" "), put(printing, row->severity);
	if (row->exploited.size > 0)
		(void)printf(", exploited since "), put(printing, row->exploited);
	(void)printf(": ");
	put(printing, row->before.size > 0 ? row->before : SPAN_LITERAL("none"));
	(void)printf(" -> ");
	put(printing, row->after.size > 0 ? row->after : SPAN_LITERAL("none"));
	if (row->why.size > 0)
		(void)printf(" ("), put(printing, row->why), (void)printf(")");
	(void)putchar('\n');
}

static void print_row(struct printing *printing, const struct difference_row *row)
{
	bool html = printing->form == CHANGELOG_HTML;
	if (printing->form == CHANGELOG_TEXT) {
		print_text_row(printing, row);
		return;
	}
	(void)printf(html ? "<tr>" : "|");
	for (size_t i = 0; i < COLUMNS; i++) {
		(void)printf(html ? "<td>" : " ");
		put(printing, cell(row, i));
		(void)printf(html ? "</td>" : " |");
	}
	(void)printf(html ? "</tr>\n" : "\n");
}

static void print_rows(struct printing *printing)
{
	const struct difference *difference = printing->difference;
	for (size_t i = 0; i < difference->count; i++) {
		const struct difference_row *row = &difference->rows[i];
		bool first = i == 0 || difference->rows[i - 1].aspect != row->aspect;
		bool last = i + 1 == difference->count || difference->rows[i + 1].aspect != row->aspect;
		if (first)
			print_heading(printing, row->aspect);
		print_row(printing, row);
		if (last && printing->form == CHANGELOG_HTML)
			(void)printf("</table>\n");
	}
	if (difference->count == 0)
		print_line(printing, SPAN_LITERAL("No difference."));
}

bool changelog_print(const struct difference *difference, enum changelog_form form)
{
	struct printing printing = { .difference = difference, .form = form };
	arena_init(&printing.arena, ARENA_CEILING);
	print_head(&printing);
	for (size_t i = 0; i < difference->caveat_count; i++)
		print_line(&printing, difference->caveats[i]);
	print_grades(&printing);
	print_rows(&printing);
	if (form == CHANGELOG_HTML)
		(void)printf("</body></html>\n");
	bool done = !printing.arena.refused;
	arena_done(&printing.arena);
	return done;
}
