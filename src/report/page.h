/* Text for a terminal: styles, wrapping, columns. Errors stick: check page_done(). */
#ifndef ASSAY_REPORT_PAGE_H
#define ASSAY_REPORT_PAGE_H

#include "report/reporter.h"

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_BAD, STYLE_WARN, STYLE_BOOT, STYLE_KERNEL, STYLE_FILES };

struct page {
	struct buffer *out;
	struct arena *arena;
	bool colour;
	int width;  /* columns of the page */
	int column; /* where the next character goes, from 0 */
	enum outcome outcome;
};

void page_init(struct page *page, const struct report_options *options, struct arena *arena, struct buffer *out);
enum outcome page_done(struct page *page) MUST_CHECK;

/* What would steer the terminal comes out as U+FFFD. */
void page_span(struct page *page, enum style style, struct span text);
void page_text(struct page *page, enum style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A blank line, then a title that text may follow. */
void page_heading(struct page *page, const char *title);
void page_end_line(struct page *page);
/* Blanks up to a column; at least one where the text is past it. */
void page_to_column(struct page *page, int column);
/* Words wrapped (the longest broken) between the current column and the page's width; further lines start at that column. */
void page_wrap(struct page *page, enum style style, struct span text);
/* At most width columns of the text, '…' where it is cut: between words, if it has any. Borrowed or in the arena. */
struct span page_cut(struct page *page, struct span text, int width);
/* Columns that a text takes. */
int page_columns(struct span text);

#endif
