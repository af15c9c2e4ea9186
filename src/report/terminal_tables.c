#include "report/terminal_tables.h"

#include "evidence/query.h"
#include "report/views.h"

enum { COMPONENTS_SHOWN = 12, UNMET_LINES = 4, FINDINGS_SHOWN = 12, DETAIL_COLUMN = 12, VERSION_COLUMN = 21, COUNT_COLUMN = 36 };

/*
 * The first of each rule, with how many more say the like. What a step to the next grade tells is not told again, nor
 * what the table of components says better, where there is anything else.
 */
static const char findings_sql[] =
	VIEW_FOUND ", untold AS (SELECT f.*, " VIEW_PLACE " AS place, row_number() OVER (PARTITION BY rule, severity ORDER BY "
	       "path, line,"
		   " detail) AS number, count(*) OVER (PARTITION BY rule, severity) AS copies FROM found f WHERE NOT EXISTS"
		   " (SELECT 1 FROM grade_reason r WHERE r.kind = 'step' AND instr(r.text, f.detail) > 0)"
		   " AND (rule <> 'vulnerability-severe' OR NOT EXISTS"
		   " (SELECT 1 FROM found WHERE rule <> 'vulnerability-severe')))"
		   " SELECT severity, detail, coalesce(place, ''), copies - 1 FROM untold WHERE number = 1 ORDER BY rank, rule";

static enum style severity_style(struct span severity)
{
	bool bad = span_equal_text(severity, "critical") || span_equal_text(severity, "high");
	return bad ? STYLE_BAD : span_equal_text(severity, "medium") ? STYLE_WARN : STYLE_DIM;
}

/* Sets a text after what stands on the line where it fits, else on a line of its own. */
static void append(struct page *page, enum style style, struct span text)
{
	if (text.size == 0)
		return;
	if (page->column + 2 + page_columns(text) > page->width) {
		page_end_line(page);
		page_to_column(page, DETAIL_COLUMN);
	} else {
		page_to_column(page, page->column + 2);
	}
	page_wrap(page, style, text);
}

static void write_finding(struct page *page, const struct query *query)
{
	int64_t more = query_integer(query, 3);
	page_to_column(page, 2);
	page_span(page, severity_style(query_text(query, 0)), query_text(query, 0));
	page_to_column(page, DETAIL_COLUMN);
	page_wrap(page, STYLE_PLAIN, page_cut(page, query_text(query, 1), 2 * (page->width - DETAIL_COLUMN) - 12));
	append(page, STYLE_DIM, query_text(query, 2));
	if (more > 0)
		append(page, STYLE_DIM, arena_format(page->arena, "and %lld like it", (long long)more));
	page_end_line(page);
}

static void write_remark(struct page *page, struct span text)
{
	page_to_column(page, 2);
	page_wrap(page, STYLE_DIM, text);
	page_end_line(page);
}

/* What was counted and is not listed: where it is. */
static void write_more(struct page *page, int64_t left, const char *command)
{
	if (left <= 0)
		return;
	write_remark(page, arena_format(page->arena, "and %lld more: %s", (long long)left, command));
}

enum outcome terminal_findings(struct page *page, sqlite3 *database)
{
	struct query count = query_start(database, VIEW_FOUND " SELECT sum(copies), " VIEW_TALLY ", count(*) FROM (SELECT severity,"
					 " count(*) AS copies FROM found GROUP BY rule, severity) HAVING count(*) > 0");
	int64_t left = 0;
	if (query_next(&count)) {
		left = query_integer(&count, 0);
		int64_t places = query_integer(&count, 0), kinds = query_integer(&count, 2);
		page_heading(page, "Findings");
		page_to_column(page, page->column + 2);
		page_wrap(page, STYLE_DIM, places == kinds ? query_text(&count, 1)
				: arena_format(page->arena, "%s; in %lld places", query_string(&count, 1), (long long)places));
		page_end_line(page);
	}
	TRY(query_end(&count));
	struct query query = query_start(database, findings_sql);
	for (int shown = 0; shown < FINDINGS_SHOWN && query_next(&query); shown++, left--)
		write_finding(page, &query);
	write_more(page, left, "assay findings IMAGE");
	return query_end(&query);
}

static const char components_sql[] =
	"SELECT c.name, coalesce(c.version, '?'), count(v.id), sum(v.known_exploited) AS exploited, " VIEW_TALLY_OPEN
	" FROM component c JOIN vulnerability v ON v.component = c.id AND v.status = 'affected'"
	" GROUP BY c.id ORDER BY exploited DESC, sum(v.severity = 'critical') DESC, sum(v.severity = 'high') DESC, 3 DESC,"
	" c.name, c.id LIMIT ?1";

static enum outcome write_component_counts(struct page *page, sqlite3 *database)
{
	int64_t count = query_number(database, "SELECT count(*) FROM component");
	struct span words = SPAN_NONE;
	if (count == 0)
		words = SPAN_LITERAL("none identified");
	else if (query_number(database, "SELECT count(*) FROM vulnerability_store") == 0)
		words = arena_format(page->arena, "%lld, not matched with known vulnerabilities", (long long)count);
	struct query known = query_start(database, view_vulnerable);
	if (count > 0 && query_next(&known))
		words = arena_format(page->arena, "%lld, %s", (long long)count, query_string(&known, 0));
	page_heading(page, "Components");
	page_to_column(page, page->column + 2);
	page_wrap(page, STYLE_DIM, words);
	page_end_line(page);
	return query_end(&known);
}

/* A name is told whole, since half of it is another one: what is too long for its column has a line to itself. */
static void write_name(struct page *page, struct span name, int to)
{
	page_wrap(page, STYLE_PLAIN, name);
	if (page->column >= to)
		page_end_line(page);
	page_to_column(page, to);
}

/* Documents of which statements meet nothing: a name is spelled otherwise there, or they are about something else. */
static enum outcome write_unmet(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT path, message FROM note WHERE code = 'vex.unmet' ORDER BY rowid");
	while (query_next(&query))
		write_remark(page, page_cut(page, arena_format(page->arena, "%s %s", query_string(&query, 0), query_string(&query, 1)),
					     UNMET_LINES * page->width));
	return query_end(&query);
}

enum outcome terminal_components(struct page *page, sqlite3 *database)
{
	TRY(write_component_counts(page, database));
	struct query query = query_start(database, components_sql);
	query_bind_integer(&query, 1, COMPONENTS_SHOWN);
	int64_t left = query_number(database, "SELECT count(DISTINCT component) FROM vulnerability WHERE status = 'affected'");
	for (; query_next(&query); left--) {
		page_to_column(page, 2);
		write_name(page, query_text(&query, 0), VERSION_COLUMN);
		write_name(page, query_text(&query, 1), COUNT_COLUMN);
		page_text(page, STYLE_PLAIN, "%5lld", (long long)query_integer(&query, 2));
		if (query_integer(&query, 3) > 0)
			append(page, STYLE_BAD, arena_format(page->arena, "%lld exploited", (long long)query_integer(&query, 3)));
		append(page, STYLE_DIM, query_text(&query, 4));
		page_end_line(page);
	}
	write_more(page, left, "assay components IMAGE");
	int64_t review = query_number(database, "SELECT count(*) FROM vulnerability WHERE status = 'under review'");
	if (review > 0) {
		write_remark(page, arena_format(page->arena, "and %lld under review, a version alone does not decide: assay "
						"vulnerabilities IMAGE --status review", (long long)review));
	}
	int64_t stopped = query_number(database, "SELECT count(*) FROM note WHERE code = 'vex.stopped'");
	if (stopped > 0) {
		write_remark(page, arena_format(page->arena, "%lld statement%s on them no longer appl%s: assay query IMAGE \"SELECT "
						"document, line, vulnerability, why FROM statement WHERE stopped\"",
						(long long)stopped, stopped == 1 ? "" : "s", stopped == 1 ? "ies" : "y"));
	}
	TRY(query_end(&query));
	return write_unmet(page, database);
}

static enum outcome write_verdicts(struct page *page, sqlite3 *database, struct span catalog)
{
	struct query query = query_start(database,
					 "SELECT replace(verdict, '-', ' ') || ' ' || count(*), verdict FROM verdict WHERE catalog = ?1 GROUP "
					 "BY verdict"
					 " ORDER BY CASE verdict WHEN 'failed' THEN 0 WHEN 'shown' THEN 1 WHEN 'declared' THEN 2"
					 " WHEN 'unproven' THEN 3 WHEN 'not-applicable' THEN 4 ELSE 5 END");
	query_bind_text(&query, 1, catalog);
	while (query_next(&query)) {
		struct span text = query_text(&query, 0), verdict = query_text(&query, 1);
		bool bad = span_equal_text(verdict, "failed") || span_equal_text(verdict, "error");
		if (page->column + 3 + page_columns(text) > page->width)
			page_end_line(page);
		page_to_column(page, page->column == 0 ? 2 : page->column + 3);
		page_span(page, bad ? STYLE_BAD : span_equal_text(verdict, "shown") ? STYLE_GOOD : STYLE_PLAIN, text);
	}
	page_end_line(page);
	return query_end(&query);
}

enum outcome terminal_requirements(struct page *page, sqlite3 *database)
{
	struct query catalogs = query_start(database, "SELECT id, title FROM catalog ORDER BY id");
	while (query_next(&catalogs)) {
		page_heading(page, "Requirements");
		page_to_column(page, page->column + 2);
		page_span(page, STYLE_DIM, page_cut(page, query_text(&catalogs, 1), page->width - page->column));
		page_end_line(page);
		TRY(write_verdicts(page, database, query_text(&catalogs, 0)));
		write_remark(page, SPAN_LITERAL("each with its reason: assay requirements IMAGE"));
	}
	return query_end(&catalogs);
}
