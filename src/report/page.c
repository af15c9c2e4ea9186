#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/shown.h"
#include "base/text.h"

static const char *const codes[] = {
	[STYLE_PLAIN] = "", [STYLE_BOLD] = "\033[1m", [STYLE_DIM] = "\033[2m", [STYLE_GOOD] = "\033[32m",
	[STYLE_BAD] = "\033[31m", [STYLE_WARN] = "\033[33m", [STYLE_BOOT] = "\033[35m", [STYLE_KERNEL] = "\033[34m",
	[STYLE_FILES] = "\033[36m",
};

enum { WIDTH_DEFAULT = 100, WIDTH_LEAST = 40, WIDTH_MOST = 160 };

void page_init(struct page *page, const struct report_options *options, struct arena *arena, struct buffer *out)
{
	int width = options->width > 0 ? options->width : WIDTH_DEFAULT;
	width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
	*page = (struct page){ .out = out, .arena = arena, .colour = options->colour, .width = width };
}

enum outcome page_done(struct page *page)
{
	return page->outcome;
}

static void put(struct page *page, struct span bytes)
{
	if (page->outcome == DONE)
		page->outcome = buffer_append(page->out, bytes);
}

static void put_shown(struct page *page, struct span text)
{
	size_t run = 0;
	while (run < text.size) {
		bool safe;
		size_t length = shown_character(span_from(text, run), &safe);
		if (safe) {
			run += length;
			continue;
		}
		put(page, span_slice(text, 0, run));
		put(page, SHOWN_REPLACEMENT);
		text = span_from(text, run + length);
		run = 0;
	}
	put(page, text);
}

int page_columns(struct span text)
{
	return (int)text_utf8_count(text);
}

void page_span(struct page *page, enum style style, struct span text)
{
	bool styled = page->colour && style != STYLE_PLAIN;
	if (styled)
		put(page, span_of_text(codes[style]));
	put_shown(page, text);
	if (styled)
		put(page, SPAN_LITERAL("\033[0m"));
	page->column += page_columns(text);
}

void page_text(struct page *page, enum style style, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	page_span(page, style, span_of_text(text));
}

void page_heading(struct page *page, const char *title)
{
	page_end_line(page);
	page_span(page, STYLE_BOLD, span_of_text(title));
}

void page_end_line(struct page *page)
{
	put(page, SPAN_LITERAL("\n"));
	page->column = 0;
}

void page_to_column(struct page *page, int column)
{
	do {
		put(page, SPAN_LITERAL(" "));
		page->column++;
	} while (page->column < column);
}

/* As many bytes as fill that many columns. */
static size_t bytes_of_columns(struct span text, int columns)
{
	size_t at = 0;
	for (int column = 0; column < columns && at < text.size; column++) {
		size_t length = text_utf8_length(span_from(text, at));
		at += length > 0 ? length : 1;
	}
	return at;
}

/* A word that no line can hold, such as a long path, is broken where the line ends. */
static void write_word(struct page *page, enum style style, struct span word, int start)
{
	while (page_columns(word) > page->width - page->column && page->width > start) {
		size_t part = bytes_of_columns(word, page->width - page->column);
		page_span(page, style, span_slice(word, 0, part));
		word = span_from(word, part);
		page_end_line(page);
		if (start > 0)
			page_to_column(page, start);
	}
	page_span(page, style, word);
}

void page_wrap(struct page *page, enum style style, struct span text)
{
	int start = page->column;
	bool first = true;
	struct span word;
	while (span_next_word(&text, &word)) {
		if (!first && page->column + 1 + page_columns(word) > page->width) {
			page_end_line(page);
			if (start > 0)
				page_to_column(page, start);
		} else if (!first) {
			page_span(page, STYLE_PLAIN, SPAN_LITERAL(" "));
		}
		write_word(page, style, word, start);
		first = false;
	}
}

/* Where a text is cut that has this much room: between words, so that no name or number becomes another one. */
static size_t cut_at(struct span text, int columns)
{
	size_t most = bytes_of_columns(text, columns), at = most;
	while (at > 0 && span_byte(text, at) != ' ')
		at--;
	while (at > 0 && (span_byte(text, at - 1) == ' ' || span_byte(text, at - 1) == ','))
		at--;
	return at > most / 2 ? at : most;
}

struct span page_cut(struct page *page, struct span text, int width)
{
	if (page_columns(text) <= width)
		return text;
	struct span kept = span_slice(text, 0, cut_at(text, width - 2));
	return arena_format(page->arena, "%.*s …", SPAN_FORMAT(kept));
}
