/* What runs on the device and waits for others, in a few lines. */
#include "report/terminal_services.h"

#include "evidence/query.h"
#include "report/views.h"

enum { SERVICES_SHOWN = 8, PORT_COLUMN = 21, WHEN_COLUMN = 38, PLACE_COLUMN = 52 };

static void write_service(struct page *page, const struct query *query)
{
	page_to_column(page, 2);
	page_span(page, STYLE_PLAIN, page_cut(page, query_text(query, 0), PORT_COLUMN - 4));
	page_to_column(page, PORT_COLUMN);
	page_span(page, STYLE_PLAIN, page_cut(page, query_text(query, 1), WHEN_COLUMN - PORT_COLUMN - 2));
	page_to_column(page, WHEN_COLUMN);
	page_span(page, STYLE_DIM, query_text(query, 2));
	if (page->width > PLACE_COLUMN + 8) {
		page_to_column(page, PLACE_COLUMN);
		page_span(page, STYLE_DIM, page_cut(page, query_text(query, 3), page->width - PLACE_COLUMN));
	}
	page_end_line(page);
}

enum outcome terminal_services(struct page *page, sqlite3 *database)
{
	struct query query = query_start(database, VIEW_LISTENING " SELECT name, speaks, started, place, max(surely) OVER ()"
							 " FROM listening ORDER BY access DESC, surely DESC, known, name, place");
	int64_t count = 0;
	for (; query_next(&query); count++) {
		if (count == 0) {
			page_heading(page, query_integer(&query, 4) ? "Runs and listens" : "May run and listen");
			page_end_line(page);
		}
		if (count < SERVICES_SHOWN)
			write_service(page, &query);
	}
	if (count > SERVICES_SHOWN) {
		page_to_column(page, 2);
		page_wrap(page, STYLE_DIM,
			  arena_format(page->arena, "and %lld more: assay query IMAGE \"SELECT * FROM service WHERE listens\"",
				       (long long)(count - SERVICES_SHOWN)));
		page_end_line(page);
	}
	return query_end(&query);
}
