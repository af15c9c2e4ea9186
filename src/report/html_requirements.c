/* Requirements of the HTML report, a table for each catalogue. */
#include "base/arena.h"
#include "report/html.h"

enum { ARENA_CEILING = 16 * 1024 * 1024 };

static const struct html_list tally = {
	.sql = "SELECT verdict, count(*), CASE verdict WHEN 'failed' THEN 0 WHEN 'shown' THEN 1 WHEN 'declared' THEN 2 WHEN "
	       "'unproven' THEN 3"
	       " WHEN 'not-applicable' THEN 4 ELSE 5 END AS place, replace(verdict, '-', ' ') FROM verdict WHERE catalog = ?1"
	       " GROUP BY verdict ORDER BY place",
	.open = "<ul class='tally'>",
	.row = "<li><span class='verdict-mark {0}'></span>{3} <strong>{1}</strong></li>",
	.close = "</ul>\n",
};

static const struct html_list evidence = {
	.sql = "SELECT detail, path || coalesce(':' || line, ''), CASE role WHEN 'fails' THEN 'against it' WHEN 'shows' THEN "
	       "'for it' ELSE"
	       " 'not applicable' END FROM verdict_evidence WHERE catalog = ?1 AND requirement = ?2 ORDER BY rowid LIMIT 50",
	.open = "<h4>Evidence</h4><ul>",
	.row = "<li>{0}{?1} <code class='place'>{1}</code>{/} <span class='quiet'>({2})</span></li>",
	.close = "</ul>",
};

static const struct html_list mappings = {
	.sql = "SELECT publication, group_concat(reference, ', ') FROM (SELECT publication, reference FROM requirement_mapping "
	       "WHERE"
	       " catalog = ?1 AND requirement = ?2 ORDER BY rowid) GROUP BY publication ORDER BY publication",
	.open = "<h4>Related requirements elsewhere</h4><dl "
	       "class='mappings'>", .row = "<dt>{0}</dt><dd>{1}</dd>", .close = "</dl>",
};

static const char requirements_sql[] =
	"SELECT r.id, r.title, r.meaning, coalesce(r.level, '–'), r.condition, v.verdict, v.reason, nullif(v.contradicted, 0),"
	" CASE r.decidable WHEN 'no' THEN 'An image cannot decide it.' WHEN 'partly' THEN 'An image can decide it in part.' ELSE"
	" 'An image can decide it.' END, replace(v.verdict, '-', ' '), v.declaration FROM requirement r JOIN verdict v ON "
	"v.catalog = r.catalog"
	" AND v.requirement = r.id WHERE r.catalog = ?1 ORDER BY v.contradicted DESC, r.ordinal";

static const char row_open[] =
	"<tr class='row-{5}'><td class='id'>{0}</td><td><details><summary>{1}</summary><div class='inside'><p>{2}</p>"
	"<p class='quiet'>{8}{?4} Condition: {4}.{/}{?10} Declared as <code>{10}</code>.{/}</p>";
static const char row_close[] =
	"</div></details></td><td>{3}</td><td class='keep'><span class='verdict-mark {5}'></span>{9}{?7}<br><span class='tag "
	"bad'>contradicts the "
	"declaration</span>{/}</td><td class='reason'>{6}</td></tr>\n";

static void write_rows(struct html *html, struct arena *arena, struct span catalog)
{
	struct query query = query_start(html->database, requirements_sql);
	query_bind_text(&query, 1, catalog);
	while (query_next(&query)) {
		struct span id = arena_copy(arena, query_text(&query, 0));
		html_fill(html, row_open, &query);
		html_list_of(html, &evidence, catalog, id);
		html_list_of(html, &mappings, catalog, id);
		html_fill(html, row_close, &query);
	}
	enum outcome ended = query_end(&query);
	html->outcome = html->outcome == DONE ? ended : html->outcome;
}

static void write_catalogs(struct html *html, struct arena *arena)
{
	struct query query = query_start(html->database, "SELECT id, title, publisher, version FROM catalog ORDER BY id");
	while (query_next(&query)) {
		struct span catalog = arena_copy(arena, query_text(&query, 0));
		html_fill(html, "<h3>{1}</h3><p class='quiet'>{2}, version {3}; told in our own words</p>\n", &query);
		html_list_of(html, &tally, catalog, SPAN_NONE);
		html_fill(html, "<div class='wide'><table class='requirements'><caption>Requirements of {1}</caption><thead><tr><th "
		       "scope='col'>No.</th>"
				"<th scope='col'>Requirement</th><th scope='col'>From level</th><th scope='col'>Verdict</th><th "
				"scope='col'>Why</th>"
				"</tr></thead><tbody>\n", &query);
		write_rows(html, arena, catalog);
		html_markup(html, "</tbody></table></div>\n");
	}
	enum outcome ended = query_end(&query);
	html->outcome = html->outcome == DONE ? ended : html->outcome;
}

void html_requirements(struct html *html)
{
	struct arena arena;
	if (query_number(html->database, "SELECT count(*) FROM catalog") == 0)
		return;
	arena_init(&arena, ARENA_CEILING);
	html_markup(html, "<section aria-labelledby='requirements'><h2 id='requirements'>Requirements</h2>");
	write_catalogs(html, &arena);
	html_markup(html, "</section>\n");
	arena_done(&arena);
}
