/* Escaping and templates of the HTML report. */
#include "base/markup.h"
#include "report/html.h"

static void put(struct html *html, struct span bytes)
{
	if (html->outcome == DONE)
		html->outcome = buffer_append(html->out, bytes);
}

void html_markup(struct html *html, const char *markup)
{
	put(html, span_of_text(markup));
}

void html_text(struct html *html, struct span text)
{
	if (html->outcome == DONE)
		html->outcome = markup_append(html->out, text);
}

/* Takes "{?3}" and its kin off the template: the kind ('?', '!', '/' or 0) and the column. False where there is none. */
static bool take_tag(struct span *template, char *kind, int *column)
{
	size_t end = span_find_byte(*template, '}', 0);
	struct span tag = span_slice(*template, 1, end - 1);
	uint64_t number = 0;
	char first = (char)span_byte(tag, 0);
	*kind = first == '?' || first == '!' || first == '/' ? first : '\0';
	if (span_byte(*template, 0) != '{' || end == SPAN_NOT_FOUND ||
	    (*kind != '/' && !span_to_number(span_from(tag, *kind ? 1 : 0), 99, &number)))
		return false;
	*column = (int)number;
	*template = span_from(*template, end + 1);
	return true;
}

void html_fill(struct html *html, const char *template, const struct query *row)
{
	struct span rest = span_of_text(template);
	bool shown = true;
	while (rest.size > 0) {
		size_t brace = span_find_byte(rest, '{', 0);
		char kind;
		int column;
		if (shown)
			put(html, span_slice(rest, 0, brace));
		rest = span_from(rest, brace);
		if (rest.size == 0)
			break;
		if (!take_tag(&rest, &kind, &column)) {
			html->outcome = html->outcome == DONE ? MALFORMED : html->outcome;
			break;
		}
		if (kind == '\0' && shown)
			html_text(html, query_text(row, column));
		else if (kind != '\0')
			shown = kind == '/' || (query_text(row, column).size > 0) == (kind == '?');
	}
}

void html_list_of(struct html *html, const struct html_list *list, struct span first, struct span second)
{
	struct query query = query_start(html->database, list->sql);
	bool any = false;
	if (first.data)
		query_bind_text(&query, 1, first);
	if (second.data)
		query_bind_text(&query, 2, second);
	while (query_next(&query)) {
		if (!any)
			html_markup(html, list->open);
		any = true;
		html_fill(html, list->row, &query);
	}
	if (any || list->none)
		html_markup(html, any ? list->close : list->none);
	enum outcome ended = query_end(&query);
	html->outcome = html->outcome == DONE ? ended : html->outcome;
}

void html_list(struct html *html, const struct html_list *list)
{
	html_list_of(html, list, SPAN_NONE, SPAN_NONE);
}

void html_row(struct html *html, const char *sql, const char *template)
{
	html_list(html, &(struct html_list){ .sql = sql, .open = "", .row = template, .close = "" });
}
