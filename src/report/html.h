/*
 * Writes HTML from rows of the evidence by templates. A column reaches the page only through a template, and a template
 * always escapes it: no text of an image can become markup. Errors stick: check html.outcome.
 */
#ifndef ASSAY_REPORT_HTML_H
#define ASSAY_REPORT_HTML_H

#include "evidence/query.h"
#include "report/reporter.h"

struct html {
	struct buffer *out;
	sqlite3 *database;
	int64_t time;
	enum outcome outcome;
};

/* Our own markup, as it is. */
void html_markup(struct html *html, const char *markup);
/* Text, escaped for an element or a quoted attribute. */
void html_text(struct html *html, struct span text);
/*
 * {3} stands for column 3 of the row; what stands between {?3} and {/} is written only where column 3 has text (for
 * {!3}: only where it has none). These do not nest.
 */
void html_fill(struct html *html, const char *template, const struct query *row);

/* Rows of a query between an opening and an end, either of which is written only where there is a row. */
struct html_list {
	const char *sql;
	const char *open, *row, *close;
	const char *none; /* written instead where there is no row; may be NULL */
};

/* Binds the parameters ?1 and ?2 of the query, where they have data. */
void html_list_of(struct html *html, const struct html_list *list, struct span first, struct span second);
void html_list(struct html *html, const struct html_list *list);
/* The first row of a query through a template; nothing where there is none. */
void html_row(struct html *html, const char *sql, const char *template);

/* Sections, in the order of the page. */
void html_summary(struct html *html);
void html_contradictions(struct html *html);
void html_grade(struct html *html);
void html_findings(struct html *html);
void html_map(struct html *html);
void html_components(struct html *html);
void html_vulnerabilities(struct html *html);
void html_requirements(struct html *html);
void html_device(struct html *html);
void html_remarks(struct html *html);
/* The data that the page's script sorts and filters, as a script element that is not run. */
void html_data(struct html *html);

#endif
