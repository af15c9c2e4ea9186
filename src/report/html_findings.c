/* Findings of the HTML report: by rule, the most severe first; what is said of many places is said once. */
#include "base/arena.h"
#include "report/html.h"
#include "report/views.h"

enum { ARENA_CEILING = 16 * 1024 * 1024 };

static const char rules_sql[] =
	VIEW_FOUND " SELECT rule, max(title), severity, max(advice), count(*), min(rank) FROM found GROUP BY rule, severity"
		   " ORDER BY 6, 1";

/* Details of a rule, each with the number of places that it was seen in, and how many more details there are. */
static const char details_sql[] =
	VIEW_FOUND " SELECT detail, min(" VIEW_PLACE "), CASE WHEN count(*) > 1 THEN count(*) END FROM found WHERE rule = ?1"
		   " AND severity = ?2 GROUP BY detail ORDER BY min(path), min(line), detail LIMIT 100";
static const char more_sql[] =
	"SELECT count(DISTINCT detail) - 100 FROM finding WHERE rule = ?1 AND severity = ?2 HAVING count(DISTINCT detail) > 100";
static const struct html_list places = {
	.sql = "SELECT DISTINCT coalesce(path || coalesce(':' || line, ''), 'the image') FROM finding WHERE rule = ?1 AND "
	       "detail = ?2"
	       " ORDER BY path, line LIMIT 200",
	.open = "<ul class='places'>", .row = "<li><code>{0}</code></li>", .close = "</ul>",
};

static void write_details(struct html *html, struct span rule, struct span severity)
{
	struct query query = query_start(html->database, details_sql);
	query_bind_text(&query, 1, rule);
	query_bind_text(&query, 2, severity);
	html_markup(html, "<ul class='evidence'>");
	while (query_next(&query)) {
		html_fill(html, "<li>{0}{!2}{?1} <code class='place'>{1}</code>{/}", &query);
		html_fill(html, "{?2}<details><summary>in {2} places</summary>{/}", &query);
		if (!query_is_null(&query, 2))
			html_list_of(html, &places, rule, query_text(&query, 0));
		html_fill(html, "{?2}</details>{/}</li>", &query);
	}
	html_list_of(html, &(struct html_list){ .sql = more_sql, .open = "", .row = "<li>and {0} more, in the JSON result</li>",
						.close = "" }, rule, severity);
	html_markup(html, "</ul></article>\n");
	enum outcome ended = query_end(&query);
	html->outcome = html->outcome == DONE ? ended : html->outcome;
}

static void write_rules(struct html *html, struct arena *arena)
{
	struct query query = query_start(html->database, rules_sql);
	while (query_next(&query)) {
		struct span rule = arena_copy(arena, query_text(&query, 0)), severity = arena_copy(arena, query_text(&query, 2));
		html_fill(html, "<article class='finding {2}'><header><span class='severity {2}'>{2}</span><h3>{1}</h3></header>"
				"{?3}<p class='advice'>{3}</p>{/}", &query);
		write_details(html, rule, severity);
	}
	enum outcome ended = query_end(&query);
	html->outcome = html->outcome == DONE ? ended : html->outcome;
}

void html_findings(struct html *html)
{
	struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	html_markup(html, "<section aria-labelledby='findings'><h2 id='findings'>Findings</h2>");
	html_row(html, VIEW_FOUND " SELECT sum(copies) || CASE sum(copies) WHEN 1 THEN ' place' ELSE ' places' END, "
		       VIEW_TALLY ", CASE WHEN count(*) = 0 THEN 'none' END FROM (SELECT severity,"
		       " count(*) AS copies FROM found GROUP BY rule, severity)",
		 "{!2}<p class='lead'>{1}; in {0}. The most severe stand first.</p>{/}{?2}<p class='lead'>The rules found nothing "
		 "wrong. "
		 "That is no proof that nothing is.</p>{/}\n");
	write_rules(html, &arena);
	html_markup(html, "</section>\n");
	arena_done(&arena);
}
