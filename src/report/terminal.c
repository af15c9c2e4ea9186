/* The page on the terminal: what an engineer can act on, and nothing else. */
#include "evidence/query.h"
#include "report/page.h"
#include "report/registry.h"
#include "report/terminal_map.h"

enum { ARENA_CEILING = 16 * 1024 * 1024, COMPONENTS_SHOWN = 12, FINDINGS_SHOWN = 12, PATH_WIDTH = 44 };

static void heading(struct page *page, const char *title)
{
	page_end_line(page);
	page_span(page, STYLE_BOLD, span_of_text(title));
}

/* "Linux 2.6.36 · MIPS little-endian · U-Boot 1.1.3": whatever of it is known. */
static const char facts_sql[] =
	"SELECT 'Linux ' || release FROM (SELECT DISTINCT release FROM kernel ORDER BY source = 'modules', release LIMIT 1)"
	" UNION ALL SELECT machine || ' ' || byte_order || '-endian' FROM (SELECT machine, byte_order, count(*) AS n"
	" FROM elf GROUP BY 1, 2 ORDER BY n DESC, 1 LIMIT 1)"
	" UNION ALL SELECT name || coalesce(' ' || version, '') FROM (SELECT DISTINCT name, version FROM boot_loader"
	" ORDER BY version IS NULL, name, version LIMIT 1)"
	" UNION ALL SELECT CASE WHEN size >= 1000000 THEN printf('%.1f MB', size / 1e6) ELSE printf('%.1f kB', size / 1e3)"
	" END FROM image"
	" UNION ALL SELECT printf('understood %d %%', CAST(100.0 * understood / max(size, 1) AS INTEGER)) FROM image";

static enum outcome write_title(struct page *page, sqlite3 *database)
{
	struct query image = query_start(database, "SELECT coalesce(title, name) FROM image");
	if (query_next(&image))
		page_span(page, STYLE_BOLD, query_text(&image, 0));
	TRY(query_end(&image));
	page_to_column(page, 4);
	struct query facts = query_start(database, facts_sql);
	const char *separator = "  ";
	while (query_next(&facts)) {
		page_text(page, STYLE_DIM, "%s", separator);
		page_span(page, STYLE_PLAIN, query_text(&facts, 0));
		separator = " · ";
	}
	page_end_line(page);
	return query_end(&facts);
}

static enum outcome write_contradictions(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database,
					 "SELECT v.requirement, r.title, v.reason FROM verdict v JOIN requirement r"
					 " ON r.catalog = v.catalog AND r.id = v.requirement WHERE v.contradicted = 1"
					 " ORDER BY v.catalog, r.ordinal");
	bool any = false;
	while (query_next(&query)) {
		if (!any) {
			heading(page, "Declared, but contradicted by the image");
			page_end_line(page);
		}
		any = true;
		page_span(page, STYLE_BAD, SPAN_LITERAL("  ✗ "));
		page_text(page, STYLE_BOLD, "%s %s", query_string(&query, 0), query_string(&query, 1));
		page_end_line(page);
		page_to_column(page, 4);
		page_wrap(page, STYLE_PLAIN, query_text(&query, 2));
		page_end_line(page);
	}
	return query_end(&query);
}

static enum outcome write_reasons(struct page *page, sqlite3 *database, const char *kind, const char *mark, enum style style)
{
	struct query query = query_start(database, "SELECT text, requirement FROM grade_reason WHERE kind = ?1"
						   " ORDER BY ordinal");
	query_bind_text(&query, 1, span_of_text(kind));
	while (query_next(&query)) {
		page_text(page, style, "  %s ", mark);
		page_wrap(page, STYLE_PLAIN, query_text(&query, 0));
		page_end_line(page);
	}
	return query_end(&query);
}

static enum outcome write_grade(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT level, ceiling FROM grade");
	if (query_next(&query)) {
		int level = (int)query_integer(&query, 0), ceiling = (int)query_integer(&query, 1);
		page_end_line(page);
		page_text(page, STYLE_BOLD, "Grade %d of 5", level);
		page_to_column(page, 20);
		page_text(page, STYLE_DIM, "whatever is declared, the image allows at most %d", ceiling);
		page_end_line(page);
		TRY(write_reasons(page, database, "blocks", "✗", STYLE_BAD));
		if (query_number(database, "SELECT count(*) FROM grade_reason WHERE kind = 'step'") > 0) {
			page_text(page, STYLE_BOLD, "To reach grade %d", level + 1);
			page_end_line(page);
			TRY(write_reasons(page, database, "step", "→", STYLE_GOOD));
		}
	}
	return query_end(&query);
}

static enum style severity_style(struct span severity)
{
	bool bad = span_equal_text(severity, "critical") || span_equal_text(severity, "high");
	return bad ? STYLE_BAD : span_equal_text(severity, "medium") ? STYLE_WARN : STYLE_DIM;
}

static const char findings_sql[] =
	"SELECT severity, detail, coalesce(path, '') || coalesce(':' || line, '') FROM finding"
	" ORDER BY CASE severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END,"
	" rule, path, line, detail LIMIT ?1";

static enum outcome write_findings(struct page *page, sqlite3 *database)
{
	int64_t count = query_number(database, "SELECT count(*) FROM finding");
	if (count == 0)
		return DONE;
	heading(page, "Findings");
	page_text(page, STYLE_DIM, "  %lld", (long long)count);
	page_end_line(page);
	struct query query = query_start(database, findings_sql);
	query_bind_integer(&query, 1, FINDINGS_SHOWN);
	while (query_next(&query)) {
		page_to_column(page, 2);
		page_span(page, severity_style(query_text(&query, 0)), query_text(&query, 0));
		page_to_column(page, 12);
		struct span path = page_cut(page, query_text(&query, 2), PATH_WIDTH);
		page_wrap(page, STYLE_PLAIN, query_text(&query, 1));
		if (page->column + 2 + page_columns(path) > page->width && path.size > 0) {
			page_end_line(page);
			page_to_column(page, 12);
		} else if (path.size > 0) {
			page_to_column(page, page->column + 2);
		}
		page_span(page, STYLE_DIM, path);
		page_end_line(page);
	}
	if (count > FINDINGS_SHOWN) {
		page_text(page, STYLE_DIM, "  and %lld more: --html, --json, or 'assay query IMAGE \"SELECT * FROM finding\"'",
			  (long long)(count - FINDINGS_SHOWN));
		page_end_line(page);
	}
	return query_end(&query);
}

static const char components_sql[] =
	"SELECT c.name, coalesce(c.version, '?'), count(v.id),"
	" sum(v.severity = 'critical'), sum(v.severity = 'high'), sum(v.known_exploited) AS exploited"
	" FROM component c JOIN vulnerability v ON v.component = c.id AND v.status = 'affected'"
	" GROUP BY c.id ORDER BY exploited DESC, 4 DESC, 5 DESC, 3 DESC, c.name LIMIT ?1";

static enum outcome write_component_counts(struct page *page, sqlite3 *database)
{
	heading(page, "Components");
	page_text(page, STYLE_PLAIN, "  %lld", (long long)query_number(database, "SELECT count(*) FROM component"));
	if (query_number(database, "SELECT count(*) FROM vulnerability_store") == 0) {
		page_text(page, STYLE_DIM, "   not matched with known vulnerabilities");
		page_end_line(page);
		return DONE;
	}
	page_text(page, STYLE_PLAIN, "   with known vulnerabilities %lld   exploited in the wild %lld",
		  (long long)query_number(database, "SELECT count(DISTINCT component) FROM vulnerability"
						    " WHERE status = 'affected'"),
		  (long long)query_number(database, "SELECT count(DISTINCT id) FROM vulnerability"
						    " WHERE status = 'affected' AND known_exploited = 1"));
	page_end_line(page);
	return DONE;
}

static enum outcome write_components(struct page *page, sqlite3 *database)
{
	TRY(write_component_counts(page, database));
	struct query query = query_start(database, components_sql);
	query_bind_integer(&query, 1, COMPONENTS_SHOWN);
	while (query_next(&query)) {
		page_to_column(page, 2);
		page_span(page, STYLE_PLAIN, page_cut(page, query_text(&query, 0), 24));
		page_to_column(page, 27);
		page_span(page, STYLE_PLAIN, page_cut(page, query_text(&query, 1), 16));
		page_to_column(page, 44);
		page_text(page, STYLE_PLAIN, "%lld", (long long)query_integer(&query, 2));
		page_to_column(page, 50);
		page_text(page, STYLE_DIM, "%lld critical, %lld high", (long long)query_integer(&query, 3),
			  (long long)query_integer(&query, 4));
		if (query_integer(&query, 5) > 0) {
			page_to_column(page, 72);
			page_text(page, STYLE_BAD, "%lld exploited", (long long)query_integer(&query, 5));
		}
		page_end_line(page);
	}
	return query_end(&query);
}

static enum outcome write_requirements(struct page *page, sqlite3 *database)
{
	static const char *const verdicts[] = { "failed", "shown", "declared", "unproven", "not-applicable", "error" };
	struct query catalogs = query_start(database, "SELECT id, title FROM catalog ORDER BY id");
	while (query_next(&catalogs)) {
		struct query query = query_start(database, "SELECT count(*) FROM verdict WHERE catalog = ?1"
							   " AND verdict = ?2");
		heading(page, "Requirements");
		page_text(page, STYLE_PLAIN, "  %s", query_string(&catalogs, 1));
		page_end_line(page);
		page_text(page, STYLE_PLAIN, "  ");
		for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
			query_rewind(&query);
			query_bind_text(&query, 1, query_text(&catalogs, 0));
			query_bind_text(&query, 2, span_of_text(verdicts[i]));
			int64_t count = query_next(&query) ? query_integer(&query, 0) : 0;
			if (count > 0)
				page_text(page, i == 0 ? STYLE_BAD : i == 1 ? STYLE_GOOD : STYLE_PLAIN, "%s %lld   ",
					  verdicts[i], (long long)count);
		}
		page_end_line(page);
		TRY(query_end(&query));
	}
	return query_end(&catalogs);
}

static enum outcome write_footer(struct page *page, sqlite3 *database)
{
	int64_t notes = query_number(database, "SELECT count(*) FROM note WHERE severity <> 'info'");
	struct query store = query_start(database, "SELECT date, name, vulnerabilities, old FROM vulnerability_store");
	page_end_line(page);
	if (query_next(&store)) {
		bool old = query_integer(&store, 3) != 0;
		page_text(page, old ? STYLE_WARN : STYLE_DIM, "Vulnerabilities as of %s (%s, %lld)%s", query_string(&store, 0),
			  query_string(&store, 1), (long long)query_integer(&store, 2),
			  old ? ": old; 'assay db build --from DIR' makes a new store" : "");
		page_end_line(page);
	}
	if (notes > 0) {
		page_text(page, STYLE_DIM, "%lld remarks on what could not be read: 'assay query IMAGE \"SELECT * FROM note\"'",
			  (long long)notes);
		page_end_line(page);
	}
	page_text(page, STYLE_DIM, "The verdicts are evidence consistent with a requirement or against it; they certify nothing.");
	page_end_line(page);
	return query_end(&store);
}

static enum outcome write_page(struct page *page, sqlite3 *database)
{
	TRY(write_title(page, database));
	TRY(terminal_map(page, database));
	TRY(write_contradictions(page, database));
	TRY(write_grade(page, database));
	TRY(write_findings(page, database));
	TRY(write_components(page, database));
	TRY(write_requirements(page, database));
	TRY(write_footer(page, database));
	return page_done(page);
}

static enum outcome write(struct evidence *evidence, const struct report_options *options, struct buffer *out)
{
	struct arena arena;
	struct page page;
	arena_init(&arena, ARENA_CEILING);
	page_init(&page, options, &arena, out);
	enum outcome outcome = write_page(&page, evidence_database(evidence));
	arena_done(&arena);
	return outcome;
}

const struct reporter reporter_terminal = {
	.name = "terminal",
	.summary = "the page on the terminal",
	.write = write,
};
