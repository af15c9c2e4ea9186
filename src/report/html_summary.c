/* The head of the HTML report: what was assayed, its mark, a sentence and four numbers; then contradictions and the grade. */
#include "report/html.h"
#include "report/views.h"

/* The mark: a cut-cornered cartouche, as assay offices strike for fineness, with the grade in it. */
static const char mark[] =
	"<svg class='mark' viewBox='0 0 120 120' role='img' aria-label='Grade {0} of 5'>"
	"<path class='mark-edge' d='M32 3H88L117 32V88L88 117H32L3 88V32Z'/>"
	"<path class='mark-field' d='M35 11H85L109 35V85L85 109H35L11 85V35Z'/>"
	"<text x='60' y='79' text-anchor='middle' class='mark-grade'>{0}</text>"
	"<text x='60' y='98' text-anchor='middle' class='mark-of'>OF 5</text></svg>";

static const char mark_text[] =
	"<div class='mark-text'><p class='mark-title'>Grade {0} <span class='quiet'>of 5</span></p>"
	"<p class='mark-ceiling'>{?2}The image allows at most <strong>{1}</strong>, whatever is declared.{/}{!2}Nothing that "
	"was read "
	"in the image rules out a higher grade.{/}</p>";

static const struct html_list scale = {
	.sql = "WITH RECURSIVE step(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM step WHERE n < 5)"
	       " SELECT n, CASE WHEN n <= level THEN 'reached' WHEN n <= ceiling THEN 'allowed' ELSE 'closed' END,"
	       " CASE WHEN n <= level THEN 'reached' WHEN n <= ceiling THEN 'still possible' ELSE 'ruled out by the image' END"
	       " FROM step, grade ORDER BY n",
	.open = "<ol class='scale' aria-label='Grades'>",
	.row = "<li class='{1}' title='Grade {0}: {2}'>{0}<span class='unseen'> {2}</span></li>",
	.close = "</ol><p class='scale-key quiet'><span class='key reached'></span>reached <span class='key "
	       "allowed'></span>still "
		 "possible <span class='key closed'></span>ruled out by the image</p></div>",
};

/* What the grade says, and how much of the image it rests on: never more than is known. */
static const char sentence_sql[] =
	"SELECT CASE WHEN level IS NULL THEN 'Not judged: it is ' ||"
	" coalesce((SELECT words FROM device), 'something unknown') || '; the rules of the catalogue are about Linux devices.'"
	" WHEN level = 5 THEN 'All that the highest grade asks for is shown or declared, and nothing in the image contradicts "
	"it.'"
	" WHEN level < ceiling THEN 'The image contradicts nothing that grade ' || (level + 1) || ' asks for, but not all of it "
	"is"
	" shown or declared.'"
	" ELSE 'The image itself speaks against grade ' || (ceiling + 1) || ' in ' || against || CASE WHEN against = 1 THEN ' "
	"point'"
	" ELSE ' points' END || '; no declaration lifts the grade until ' || CASE WHEN against = 1 THEN 'it is' ELSE 'they are' "
	"END ||"
	" ' mended.' END,"
	" CASE WHEN (SELECT count(*) FROM declaration) = 0 AND level IS NOT NULL THEN 'none' END"
	" FROM (SELECT (SELECT level FROM grade) AS level, (SELECT ceiling FROM grade) AS ceiling,"
	" (SELECT count(*) FROM " VIEW_MENDING ") AS against)";

static const char exploited_tile[] =
	"<li><a href='#vulnerabilities'><span class='number{?2} bad{/}'>{?0}{0}{/}{!0}–{/}</span><span class='what'>exploited "
	"vulnerabilities</span><span class='quiet'>{1}</span></a></li>";

static const struct html_list numbers = {
	.sql = "SELECT sum(severity IN ('critical', 'high')), 'critical and high findings',"
	       "'of ' || count(*) || CASE count(*) WHEN 1 THEN ' kind' ELSE ' kinds' END || ', in ' || sum(copies) ||"
	       " CASE sum(copies) WHEN 1 THEN ' place' ELSE ' places' END,"
	       " CASE WHEN sum(severity IN ('critical', 'high')) > 0 THEN 'bad' END, '#findings'"
	       " FROM (" VIEW_FOUND " SELECT severity, count(*) AS copies FROM found GROUP BY rule, severity)"
	       " HAVING count(*) > 0"
	       " UNION ALL SELECT 0, 'findings', 'the rules found nothing wrong', NULL, '#findings'"
	       " WHERE NOT EXISTS (SELECT 1 FROM finding)"
	       " UNION ALL SELECT sum(verdict = 'failed'), 'requirements failed', 'of ' || count(*) || '; ' ||"
	       " sum(verdict IN ('shown', 'declared')) || ' shown or declared', CASE WHEN sum(verdict = 'failed') > 0 THEN "
	       "'bad' END,"
	       " '#requirements' FROM verdict HAVING count(*) > 0"
	       " UNION ALL SELECT count(*), 'components identified', (SELECT CASE WHEN sum(status = 'affected') > 0 THEN"
	       " printf('%,d open vulnerabilit', sum(status = 'affected')) ||"
	       " CASE sum(status = 'affected') WHEN 1 THEN 'y' ELSE 'ies' END || CASE WHEN sum(status = 'under review') > 0 THEN"
	       " printf(', %,d more under review', sum(status = 'under review')) ELSE '' END"
	       " WHEN sum(status = 'under review') > 0 THEN printf('%,d match', sum(status = 'under review')) ||"
	       " CASE sum(status = 'under review') WHEN 1 THEN '' ELSE 'es' END || ' under review' END"
	       " FROM vulnerability), NULL, '#components' FROM component",
	.open = "", .close = "",
	.row = "<li><a href='{4}'><span class='number{?3} bad{/}'>{0}</span><span class='what'>{1}</span>"
	       "<span class='quiet'>{2}</span></a></li>",
};

void html_summary(struct html *html)
{
	static const struct html_list facts = {
		.sql = view_facts, .open = "<ul class='facts'>", .row = "<li>{0}</li>", .close = "</ul>",
	};
	html_markup(html, "<header class='top'>\n<div class='title'><p class='eyebrow'>Assay of a firmware image</p>");
	html_row(html, "SELECT coalesce(title, name), CASE WHEN title <> name THEN name END, sha256 FROM image",
		 "<h1>{0}</h1>{?1}<p class='file'><code>{1}</code></p>{/}");
	html_list(html, &facts);
	html_row(html, view_reservation, "<p class='sentence'>{0}</p>");
	html_row(html, sentence_sql, "<p class='sentence'>{0}{?1} No declarations of the maker were given.{/}</p>");
	html_markup(html, "</div>\n<div class='verdict'>");
	html_row(html, "SELECT level, ceiling FROM grade", mark);
	html_row(html, "SELECT level, ceiling, CASE WHEN ceiling < 5 THEN 1 END FROM grade", mark_text);
	html_list(html, &scale);
	html_markup(html, "</div>\n");
	html_markup(html, "<ul class='numbers'>");
	html_row(html, view_exploited, exploited_tile);
	html_list(html, &numbers);
	html_markup(html, "</ul>\n");
	html_markup(html, "</header>\n");
}

void html_contradictions(struct html *html)
{
	static const struct html_list contradictions = {
		.sql = "SELECT v.requirement, r.title, CASE WHEN v.declaration IS NOT NULL AND instr(v.reason, ', but ') > 0 THEN "
		       "'But '"
		       " || substr(v.reason, instr(v.reason, ', but ') + 6) ELSE v.reason END, v.declaration, (SELECT value FROM "
		       "declaration d"
		       " WHERE d.key = v.declaration), (SELECT line FROM declaration d WHERE d.key = v.declaration)"
		       " FROM verdict v JOIN requirement r ON r.catalog = v.catalog AND r.id = v.requirement"
		       " WHERE v.contradicted = 1 ORDER BY v.catalog, r.ordinal",
		.open = "<section class='contradicted' aria-labelledby='contradicted'><h2 id='contradicted'>Declared, but "
		       "contradicted by the "
			"image</h2><ul>",
		.row = "<li><h3><span class='id'>{0}</span> {1}</h3>{?3}<p class='quiet'>Declared: <code>{3}: {4}</code> "
		       "(product.yaml{?5}, line {5}{/})</p><p>{2}</p></li>",
		.close = "</ul></section>\n",
	};
	html_list(html, &contradictions);
}

/* "Title: disproved: why" in its parts. */
#define REASONS(kind_name, condition)                                                                                \
	"SELECT title, replace(why, 'disproved: ', '') FROM (SELECT CASE WHEN at > 0 THEN substr(text, 1, at - 1) ELSE"   \
	" text END AS title, CASE WHEN at > 0 THEN substr(text, at + 2) END AS why, ordinal FROM (SELECT text,"           \
	" instr(text, ': ') AS at, ordinal FROM grade_reason WHERE kind = '" kind_name "')) WHERE " condition " ORDER BY ordinal"

/* What is only open, in words that the steps do not repeat. */
#define OPEN_WITH_REASON                                                                                             \
	"why NOT LIKE 'disproved: %' AND why NOT LIKE 'the image neither%' AND title NOT LIKE '% neither shown nor declared'"

void html_grade(struct html *html)
{
	static const struct html_list against = {
		.sql = "SELECT fact, names, nullif(denied, 0), advice FROM " VIEW_MENDING " ORDER BY ordinal",
		.open = "<div><h3>To mend: the image speaks against it</h3><ol class='steps against'>",
		.row = "<li>{0}{?2} <span class='tag bad'>declared otherwise</span>{/}<br><span class='advice'>{3}</span><br>"
		       "<span class='quiet'>Against: {1}</span></li>",
		.close = "</ol></div>",
	};
	static const struct html_list missing = {
		.sql = "SELECT text FROM " VIEW_MISSING " ORDER BY ordinal",
		.open = "<div><h3>To show or declare</h3><ol class='steps'>", .row = "<li>{0}</li>", .close = "</ol></div>",
	};
	static const struct html_list remarks = {
		.sql = REASONS("blocks", OPEN_WITH_REASON),
		.open = "<ul class='reasons'>", .row = "<li><strong>{0}</strong>: {1}</li>", .close = "</ul>",
	};
	static const struct html_list ceiling = {
		.sql = REASONS("ceiling", "(SELECT ceiling > level FROM grade)"),
		.open = "<details class='ceiling'><summary>What in the image rules out the grades above</summary><ul>",
		.row = "<li><strong>{0}</strong><br>{1}</li>",
		.close = "</ul></details>",
	};
	html_row(html, "SELECT level, CASE WHEN level < 5 THEN level + 1 END FROM grade",
		 "<section aria-labelledby='grade'><h2 id='grade'>{?1}From grade {0} to grade {1}{/}{!1}The highest grade{/}</h2>"
		 "<div class='pair'>");
	html_list(html, &against);
	html_list(html, &missing);
	html_row(html, "SELECT 1 FROM grade", "</div>");
	html_list(html, &remarks);
	html_list(html, &ceiling);
	html_row(html, "SELECT 1 FROM grade", "</section>\n");
}
