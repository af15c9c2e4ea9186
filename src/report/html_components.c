/*
 * Components and vulnerabilities of the HTML report. The page's script sorts and filters all of them; without it, the
 * most urgent stand in the table.
 */
#include "base/json.h"
#include "base/shown.h"
#include "report/html.h"
#include "report/views.h"

static const struct html_list components = {
	.sql = "SELECT c.name, coalesce(c.version, ''), CASE WHEN c.package_version <> coalesce(c.version, '') THEN "
	       "c.package_version END,"
	       " c.licence, c.purl, c.path, c.confidence,"
	       " nullif(count(v.id), 0), " VIEW_TALLY_OPEN ", nullif(sum(v.known_exploited), 0), c.id,"
	       " (SELECT group_concat(method, ', ') FROM (SELECT DISTINCT w.method FROM component_witness cw JOIN witness w"
	       " ON w.rowid = cw.witness WHERE cw.component = c.id ORDER BY 1)),"
	       " CASE WHEN NOT EXISTS (SELECT 1 FROM vulnerability_store) THEN 'not matched' ELSE coalesce((SELECT"
	       " nullif(count(DISTINCT o.id), 0) || ' under review' FROM vulnerability o WHERE o.component = c.id"
	       " AND o.status = 'under review'), CASE WHEN c.version IS NULL THEN 'not matched: its version is not known'"
	       " WHEN NOT EXISTS (SELECT 1 FROM vulnerability_feed WHERE name IN ('nvd', 'cve')) THEN 'the store has no records of"
	       " NVD or CVE' WHEN (SELECT old FROM vulnerability_store) THEN 'none known to a store that is old'"
	       " ELSE 'none known' END) END,"
	       " (SELECT CASE WHEN NOT announced THEN 'series not released after ' WHEN ended THEN 'support ended ' ELSE"
	       " 'supported until ' END || until FROM support s"
	       " WHERE s.component = c.id)"
	       " FROM component c LEFT JOIN vulnerability v ON v.component = c.id AND v.status = 'affected'"
	       " GROUP BY c.id ORDER BY sum(v.known_exploited) DESC, sum(v.severity = 'critical') DESC, sum(v.severity = "
	       "'high') DESC,"
	       " count(v.id) DESC, c.name, c.id",
	.open = "<div class='wide'><table class='components'><caption>Components, those with the most urgent vulnerabilities "
	       "first</caption><thead>"
		"<tr><th scope='col'>Name</th><th scope='col'>Version</th><th scope='col'>Licence</th><th scope='col'>Seen in</th>"
		"<th scope='col' class='figure'>Confidence</th><th scope='col'>Open vulnerabilities</th></tr></thead><tbody>",
	.row = "<tr><th scope='row'>{0}{?4}<br><code class='place'>{4}</code>{/}</th><td class='mono'>{1}{?2}<br><span "
	       "class='quiet'>"
	       "package {2}</span>{/}{?13}<br><span class='quiet'>"
	       "{13}</span>{/}</td><td>{3}{!3}<span class='quiet'>not known</span>{/}</td><td><code "
	       "class='place'>{5}</code>"
	       "{?11}<br><span class='quiet'>by {11}</span>{/}</td><td class='figure'>{6} %</td>"
	       "<td>{?7}<a href='#vulnerabilities' data-component='{10}'>{7} open</a>{/}{?9} <span class='tag bad'>{9} "
	       "exploited</span>{/}"
	       "{?7}<br><span class='quiet'>{8}</span>{/}{!7}<span class='quiet'>{12}</span>{/}</td></tr>",
	.close = "</tbody></table></div>\n",
	.none = "<p>No component was identified. That does not mean that there is none.</p>\n",
};

void html_components(struct html *html)
{
	html_markup(html, "<section aria-labelledby='components'><h2 id='components'>Components</h2>");
	html_row(html, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM vulnerability_store) AND EXISTS (SELECT 1 FROM component)",
		 "<p class='lead'>They were not matched with known vulnerabilities.</p>\n");
	html_list(html, &components);
	html_markup(html, "</section>\n");
}

#define URGENCY " ORDER BY v.status <> 'affected', " VIEW_URGENCY ", c.id"

/* What stands in the table without a script. */
static const struct html_list urgent = {
	.sql = VIEW_REACHED
	       "SELECT v.id, c.name || coalesce(' ' || c.version, ''), coalesce(v.severity, 'unknown'),"
	       " printf('%.1f', v.cvss) || coalesce(' (' || v.cvss_version || ')', ''),"
	       " printf('%.1f', v.epss * 100), nullif(v.known_exploited, 0), " VIEW_FIXED ", v.status, v.reason,"
	       " CASE WHEN v.cvss IS NOT NULL THEN 1 END, CASE WHEN v.epss IS NOT NULL THEN 1 END,"
	       " nullif(" VIEW_REACHABLE ", '')"
	       " FROM vulnerability v JOIN component c ON c.id = v.component" URGENCY " LIMIT 60",
	.open = "<tbody id='rows'>",
	.row = "<tr><th scope='row' class='keep'>{0}{?5} <span class='tag bad'>exploited</span>{/}"
	       "{?11} <span class='tag'>{11}</span>{/}</th><td>{1}</td>"
	       "<td><span class='severity {2}'>{2}</span></td><td class='figure'>{?9}{3}{/}</td>"
	       "<td class='figure'>{?10}{4}{/}</td><td class='mono'>{6}</td><td>{7}</td><td class='quiet'>{8}</td></tr>",
	.close = "</tbody>",
};

static const char controls[] =
	"<form class='controls' id='controls' hidden><label>Find <input type='search' id='find' autocomplete='off' "
	"placeholder='CVE, CWE, words'></label><label>Component <select id='component'><option "
	"value=''>all</option></select></label>"
	"<label>Severity <select id='severity'><option value=''>all</option></select></label>"
	"<label>Status <select id='status'><option value=''>all</option></select></label>"
	"<label class='check'><input type='checkbox' id='exploited'> exploited only</label>"
	"<button type='reset'>Clear</button></form>\n";

static const char head[] =
	"<thead><tr><th scope='col' data-key='id'>Vulnerability</th><th scope='col' data-key='component'>Component</th>"
	"<th scope='col' data-key='severity'>Severity</th><th scope='col' class='figure' data-key='cvss'>CVSS</th>"
	"<th scope='col' class='figure' data-key='epss' title='Probability of exploitation in the next 30 days'>EPSS %</th>"
	"<th scope='col' data-key='fixed'>Fixed in</th><th scope='col' data-key='status'>Status</th>"
	"<th scope='col'>Why it is listed</th></tr></thead>";

void html_vulnerabilities(struct html *html)
{
	html_markup(html, "<section aria-labelledby='vulnerabilities'><h2 id='vulnerabilities'>Vulnerabilities</h2>");
	html_row(html, "SELECT date, CASE name WHEN 'starter' THEN 'the built-in starter store' ELSE name END,"
		       " printf('%,d', vulnerabilities), nullif(old, 0), warning, less, (SELECT group_concat(name ||"
		       " coalesce(' of ' || date, '') || CASE WHEN old THEN ' (old)' ELSE '' END, ', ') FROM vulnerability_feed)"
		       " FROM vulnerability_store",
		 "<p class='lead'>Matched by version with what was known on <strong>{0}</strong> ({1}, {2} vulnerabilities"
		 "{?6}; from {6}{/}). A "
		 "match by "
		 "version says that the component lies in an affected range; whether the product can be attacked through it is for "
		 "its "
		 "maker to answer.</p>{?3}<p class='warning' role='note'><strong>This data is old.</strong> Newer vulnerabilities "
		 "are "
		 "missing here; make a current store with <code>assay db update</code> and assay again.</p>{/}"
		 "{?4}<p class='warning' role='note'>{4}.</p>{/}{?5}<p class='warning' role='note'>{5}.</p>{/}\n");
	html_row(html, "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM vulnerability_store)",
		 "<p class='lead'>No vulnerability store was used: nothing here says that there are no vulnerabilities.</p>");
	html_row(html, "SELECT 1 WHERE EXISTS (SELECT 1 FROM vulnerability_store) AND NOT EXISTS (SELECT 1 FROM vulnerability)",
		 "<p>No component lies in an affected range of that store.</p>\n");
	if (query_number(html->database, "SELECT count(*) FROM vulnerability") > 0) {
		html_markup(html, controls);
		html_row(html, "SELECT printf('%,d', count(*)), CASE WHEN count(*) > 60 THEN printf('The 60 most urgent of %,d', "
		       "count(*))"
			       " ELSE printf('%,d in all', count(*)) END FROM vulnerability",
			 "<p id='shown' class='quiet' role='status' aria-live='polite'>{1}, exploited ones first, then those of "
			 "services that are started and listen, then those likely to be exploited. The SBOM and the JSON "
			 "result "
			 "hold all.</p>\n");
		html_markup(html, "<div class='wide'><table id='table'><caption>Known vulnerabilities of the components</caption>");
		html_markup(html, head);
		html_list(html, &urgent);
		html_markup(html, "</table></div>\n<p><button type='button' id='more' hidden>Show more</button></p>\n");
	}
	html_markup(html, "</section>\n");
}

static void text_or_null(struct json *json, const struct query *query, int column)
{
	json_text(json, query_string(query, column));
}

static void number_or_null(struct json *json, const struct query *query, int column, int places)
{
	if (query_is_null(query, column))
		json_null(json);
	else
		json_number(json, query_real(query, column), places);
}

/* One array a vulnerability: its columns in the order of report.js. */
static enum outcome write_vulnerability_data(struct json *json, sqlite3 *database)
{
	struct query query = query_start(database,
					 VIEW_REACHED "SELECT v.id, v.component, v.severity, v.cvss, v.epss, v.known_exploited,"
					 " " VIEW_FIXED ", v.status, v.reason, v.weakness, v.vector, v.cvss_version,"
					 " nullif(" VIEW_REACHABLE ", '')"
					 " FROM vulnerability v JOIN component c ON c.id = v.component" URGENCY);
	json_key(json, "vulnerabilities");
	json_array_open(json);
	while (query_next(&query)) {
		json_array_open(json);
		json_string(json, query_text(&query, 0));
		json_integer(json, query_integer(&query, 1));
		text_or_null(json, &query, 2);
		number_or_null(json, &query, 3, 1);
		number_or_null(json, &query, 4, 4);
		json_integer(json, query_integer(&query, 5) != 0);
		for (int column = 6; column <= 12; column++)
			text_or_null(json, &query, column);
		json_array_close(json);
	}
	json_array_close(json);
	return query_end(&query);
}

static enum outcome write_data(struct buffer *out, sqlite3 *database)
{
	struct json json;
	json_init(&json, out, true);
	json_object_open(&json);
	json_key(&json, "components");
	json_object_open(&json);
	struct query query = query_start(database, "SELECT CAST(id AS TEXT), name || coalesce(' ' || version, '') FROM "
	       "component ORDER BY id");
	while (query_next(&query))
		json_member_string(&json, query_string(&query, 0), query_text(&query, 1));
	json_object_close(&json);
	TRY(query_end(&query));
	TRY(write_vulnerability_data(&json, database));
	json_object_close(&json);
	return json_done(&json);
}

/* JSON inside a script element: '<', '>' and '&' occur only in strings, and are escaped there, as is what is not shown. */
static enum outcome append_inlined(struct buffer *out, struct span json)
{
	while (json.size > 0) {
		bool safe;
		size_t length = shown_character(json, &safe);
		uint8_t first = span_byte(json, 0);
		struct span character = !safe ? SPAN_LITERAL("\\ufffd") : first == '<' ? SPAN_LITERAL("\\u003c")
					: first == '>' ? SPAN_LITERAL("\\u003e") : first == '&' ? SPAN_LITERAL("\\u0026")
					: span_slice(json, 0, length);
		if (first != '\n')
			TRY(buffer_append(out, character));
		json = span_from(json, length);
	}
	return DONE;
}

void html_data(struct html *html)
{
	struct buffer json;
	buffer_init(&json, html->out->ceiling, NULL);
	enum outcome outcome = write_data(&json, html->database);
	html_markup(html, "<script type='application/json' id='data'>");
	if (outcome == DONE && html->outcome == DONE)
		outcome = append_inlined(html->out, buffer_span(&json));
	html->outcome = html->outcome == DONE ? outcome : html->outcome;
	html_markup(html, "</script>\n");
	buffer_done(&json);
}
