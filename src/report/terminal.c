/* The page on the terminal: what an engineer can act on, and nothing else. */
#include "evidence/query.h"
#include "report/page.h"
#include "report/registry.h"
#include "report/terminal_map.h"
#include "report/terminal_services.h"
#include "report/terminal_tables.h"
#include "report/views.h"

enum { ARENA_CEILING = 16 * 1024 * 1024 };

static enum outcome write_title(struct page *page, sqlite3 *database)
{
	struct query image = query_start(database, "SELECT coalesce(title, name) FROM image");
	if (query_next(&image))
		page_span(page, STYLE_BOLD, page_cut(page, query_text(&image, 0), page->width));
	TRY(query_end(&image));
	struct query facts = query_start(database, view_facts);
	bool first = true;
	while (query_next(&facts)) {
		struct span fact = page_cut(page, query_text(&facts, 0), page->width - 2);
		if (page->column + 3 + page_columns(fact) > page->width) {
			page_end_line(page);
			first = true;
		}
		page_text(page, STYLE_DIM, "%s", !first ? " · " : page->column > 0 ? "   " : "  ");
		page_span(page, STYLE_PLAIN, fact);
		first = false;
	}
	page_end_line(page);
	return query_end(&facts);
}

/* At most two lines of a reason, after its mark. */
static void write_point(struct page *page, enum style style, const char *mark, struct span text)
{
	page_text(page, style, "  %s ", mark);
	page_wrap(page, STYLE_PLAIN, page_cut(page, text, 2 * (page->width - page->column) - 12));
	page_end_line(page);
}

static enum outcome write_contradictions(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database,
					 "SELECT v.requirement || ' ' || r.title, v.reason FROM verdict v JOIN requirement r"
					 " ON r.catalog = v.catalog AND r.id = v.requirement WHERE v.contradicted = 1"
					 " ORDER BY v.catalog, r.ordinal");
	for (bool any = false; query_next(&query); any = true) {
		if (!any) {
			page_heading(page, "Declared, but contradicted by the image");
			page_end_line(page);
		}
		page_text(page, STYLE_BAD, "  ✗ ");
		page_span(page, STYLE_BOLD, page_cut(page, query_text(&query, 0), page->width - page->column));
		page_end_line(page);
		page_to_column(page, 4);
		page_wrap(page, STYLE_PLAIN, query_text(&query, 1));
		page_end_line(page);
	}
	return query_end(&query);
}

/* What the image speaks against; what contradicts a declaration stands above already. */
static enum outcome write_against(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT fact, names FROM " VIEW_MENDING " WHERE NOT denied ORDER BY ordinal");
	while (query_next(&query)) {
		struct span names = query_text(&query, 1); /* whole, however long: an id that is cut is another one */
		struct span fact = page_cut(page, query_text(&query, 0), 2 * page->width - 24);
		page_text(page, STYLE_BAD, "  ✗ ");
		page_wrap(page, STYLE_PLAIN, arena_format(page->arena, "%.*s [%.*s]", SPAN_FORMAT(fact), SPAN_FORMAT(names)));
		page_end_line(page);
	}
	return query_end(&query);
}

static enum outcome write_steps(struct page *page, sqlite3 *database, int level)
{
	if (query_number(database, "SELECT count(*) FROM grade_reason WHERE kind = 'step'") == 0)
		return DONE;
	page_text(page, STYLE_BOLD, "To reach grade %d", level + 1);
	page_end_line(page);
	struct query query = query_start(database, "SELECT text FROM (SELECT advice AS text, min(ordinal) AS ordinal FROM "
					 VIEW_MENDING " GROUP BY advice UNION ALL SELECT text, ordinal FROM " VIEW_MISSING
					 ") ORDER BY ordinal");
	while (query_next(&query))
		write_point(page, STYLE_GOOD, "→", query_text(&query, 0));
	return query_end(&query);
}

/* A grade of what was read says little where much was not. */
static enum outcome write_reservation(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, view_reservation);
	if (query_next(&query)) {
		page_to_column(page, 2);
		page_wrap(page, STYLE_WARN, query_text(&query, 0));
		page_end_line(page);
	}
	return query_end(&query);
}

static enum outcome write_not_judged(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, "SELECT words FROM device WHERE NOT judged");
	if (query_next(&query)) {
		page_end_line(page);
		page_text(page, STYLE_BOLD, "Not judged");
		page_text(page, STYLE_PLAIN, "   ");
		page_wrap(page, STYLE_DIM, arena_format(page->arena, "it is %s; the rules of the catalogue are about Linux devices",
							query_string(&query, 0)));
		page_end_line(page);
		TRY(write_reservation(page, database));
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
		page_text(page, STYLE_PLAIN, "   ");
		page_wrap(page, STYLE_DIM, ceiling == 5 ? SPAN_LITERAL("nothing that was read rules out a higher one")
				: arena_format(page->arena, "the image allows at most %d, whatever is declared", ceiling));
		page_end_line(page);
		TRY(write_reservation(page, database));
		TRY(write_against(page, database));
		TRY(write_steps(page, database, level));
	}
	TRY(query_end(&query));
	return write_not_judged(page, database);
}

static void write_line(struct page *page, enum style style, struct span text)
{
	page_wrap(page, style, text);
	page_end_line(page);
}

static enum outcome write_footer(struct page *page, sqlite3 *database)
{
	int64_t notes = query_number(database, "SELECT count(*) FROM note WHERE severity <> 'info'");
	struct query store = query_start(database, "SELECT date, name, vulnerabilities, old, warning, less FROM vulnerability_store");
	page_end_line(page);
	if (query_next(&store)) {
		bool old = query_integer(&store, 3) != 0;
		write_line(page, old ? STYLE_WARN : STYLE_DIM,
			   arena_format(page->arena, "Vulnerabilities as of %s (%s, %lld)%s", query_string(&store, 0),
					query_string(&store, 1), (long long)query_integer(&store, 2),
					old ? ": old; 'assay db update' makes a newer store" : ""));
		for (int column = 4; column <= 5; column++)
			if (!query_is_null(&store, column))
				write_line(page, STYLE_WARN, query_text(&store, column));
	}
	if (notes > 0)
		write_line(page, STYLE_DIM,
			   arena_format(page->arena, "%lld %s on what could not be read: 'assay query IMAGE \"SELECT * FROM note\"'",
					(long long)notes, notes == 1 ? "remark" : "remarks"));
	write_line(page, STYLE_DIM, SPAN_LITERAL("The verdicts are evidence consistent with a requirement or against it; they "
	       "certify nothing."));
	return query_end(&store);
}

static enum outcome write_page(struct page *page, sqlite3 *database)
{
	TRY(write_title(page, database));
	TRY(terminal_map(page, database));
	TRY(write_contradictions(page, database));
	TRY(write_grade(page, database));
	TRY(terminal_findings(page, database));
	TRY(terminal_services(page, database));
	TRY(terminal_components(page, database));
	TRY(terminal_requirements(page, database));
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
