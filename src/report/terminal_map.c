#include "report/terminal_map.h"

#include "evidence/query.h"
#include "report/views.h"

struct shade {
	const char *kind;
	const char *block;
	enum style style;
};

static const struct shade shades[] = {
	{ "boot", "▒", STYLE_BOOT },      { "kernel", "▓", STYLE_KERNEL }, { "file system", "█", STYLE_FILES },
	{ "archive", "▚", STYLE_FILES },  { "header", "│", STYLE_DIM },    { "data", "▪", STYLE_PLAIN },
	{ "padding", "·", STYLE_DIM },    { "opaque", "?", STYLE_BAD },
};
enum { SHADES = sizeof shades / sizeof *shades, BAR_MARGIN = 4, BAR_MOST = 100, ARTIFACTS_SHOWN = 12 };

/* Bytes of each kind within one cell of the bar; the kind that holds most of them names the cell. */
static size_t shade_of_cell(struct query *query, int64_t within, int64_t from, int64_t to)
{
	size_t best = SHADES - 1;
	query_rewind(query);
	query_bind_integer(query, 1, from);
	query_bind_integer(query, 2, to);
	query_bind_integer(query, 3, within);
	if (query_next(query))
		for (size_t i = 0; i < SHADES; i++)
			if (span_equal_text(query_text(query, 0), shades[i].kind))
				best = i;
	return best;
}

/* The maps of the artifacts laid end to end (map 0), and those of what volumes hold, by volume. */
#define MAPS                                                                                 \
	"(SELECT kind, size, opaque, place, 0 AS map FROM " VIEW_MAP " UNION ALL SELECT kind," \
	" size, opaque, offset, within FROM range WHERE within IS NOT NULL)"

/* Of the image (within 0), or of what a volume holds. */
static enum outcome draw_bar(struct page *page, sqlite3 *database, int64_t within, int64_t size)
{
	struct query query = query_start(database,
					 "SELECT kind FROM " MAPS " WHERE map = ?3 AND place < ?2 AND place + size > ?1 GROUP BY kind"
					 " ORDER BY sum(min(place + size, ?2) - max(place, ?1)) DESC, kind LIMIT 1");
	int cells = page->width - BAR_MARGIN > BAR_MOST ? BAR_MOST : page->width - BAR_MARGIN;
	page_span(page, STYLE_DIM, SPAN_LITERAL("▕"));
	for (int i = 0; i < cells; i++) {
		int64_t from = size * i / cells, to = size * (i + 1) / cells;
		const struct shade *shade = &shades[shade_of_cell(&query, within, from, to > from ? to : from + 1)];
		page_span(page, shade->style, span_of_text(shade->block));
	}
	page_span(page, STYLE_DIM, SPAN_LITERAL("▏"));
	page_end_line(page);
	return query_end(&query);
}

/* A sign and its meaning stay on one line. */
static void write_share(struct page *page, const struct shade *shade, double share)
{
	struct span words = arena_format(page->arena, share < 1 ? " %s <1 %%  " : " %s %.0f %%  ", shade->kind, share);
	if (page->column > 1 && page->column + page_columns(words) - 1 > page->width) {
		page_end_line(page);
		page_to_column(page, 1);
	}
	page_text(page, shade->style, "%s", shade->block);
	page_span(page, STYLE_DIM, words);
}

static enum outcome write_legend(struct page *page, sqlite3 *database, int64_t within, int64_t size)
{
	struct query query = query_start(database, "SELECT total(CASE WHEN ?1 = 'opaque' THEN opaque"
					 " WHEN kind = ?1 THEN size - coalesce(opaque, 0) END) FROM " MAPS
					 " WHERE map = ?2");
	page_span(page, STYLE_PLAIN, SPAN_LITERAL(" "));
	for (size_t i = 0; i < SHADES; i++) {
		query_rewind(&query);
		query_bind_text(&query, 1, span_of_text(shades[i].kind));
		query_bind_integer(&query, 2, within);
		double share = query_next(&query) ? query_real(&query, 0) * 100 / (double)size : 0;
		if (share <= 0)
			continue;
		write_share(page, &shades[i], share);
	}
	page_end_line(page);
	return query_end(&query);
}

/* The innermost volume that is most of what holds it, and whose own map has more than one range. */
static const char innermost[] =
	"WITH RECURSIVE chain(volume, depth) AS (SELECT 0, 0 UNION ALL"
	" SELECT (SELECT r.volume FROM range r WHERE coalesce(r.within, 0) = c.volume AND r.volume <> c.volume"
	"  AND EXISTS (SELECT 1 FROM range i WHERE i.within = r.volume) AND r.size * 2 >="
	"  (SELECT sum(s.size) FROM range s WHERE coalesce(s.within, 0) = c.volume) ORDER BY r.size DESC LIMIT 1), c.depth + 1"
	" FROM chain c WHERE c.volume IS NOT NULL AND c.depth < 8)"
	" SELECT v.id, v.format, (SELECT sum(size) FROM range WHERE within = v.id) FROM chain c JOIN volume v ON v.id = c.volume"
	" WHERE (SELECT count(*) FROM range WHERE within = v.id) > 1 ORDER BY c.depth DESC LIMIT 1";

/* An image that is little more than an archive says little: then what that holds is drawn too. */
static enum outcome draw_inner(struct page *page, sqlite3 *database)
{
	enum outcome outcome = DONE;
	struct query query = query_start(database, innermost);
	if (query_next(&query) && query_integer(&query, 2) > 0) {
		struct span format = query_text(&query, 1);
		page_text(page, STYLE_DIM, " in the %.*s", SPAN_FORMAT(format));
		page_end_line(page);
		outcome = draw_bar(page, database, query_integer(&query, 0), query_integer(&query, 2));
		if (outcome == DONE)
			outcome = write_legend(page, database, query_integer(&query, 0), query_integer(&query, 2));
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* Several files: which, and what each is. */
static enum outcome list_artifacts(struct page *page, sqlite3 *database, int64_t count)
{
	struct query query = query_start(database, "SELECT name, kind, CASE WHEN size >= 1000000 THEN printf('%.1f MB', size / 1e6)"
					 " WHEN size >= 1000 THEN printf('%.1f kB', size / 1e3) ELSE size || ' bytes' END"
					 " FROM artifact ORDER BY kind IN ('document', 'archive'), id LIMIT ?1");
	query_bind_integer(&query, 1, ARTIFACTS_SHOWN);
	while (query_next(&query)) {
		struct span words = arena_format(page->arena, "%s, %s", query_string(&query, 1), query_string(&query, 2));
		page_text(page, STYLE_PLAIN, "  ");
		page_span(page, STYLE_PLAIN, page_cut(page, query_text(&query, 0), page->width - 6 - page_columns(words)));
		page_text(page, STYLE_DIM, "  %.*s", SPAN_FORMAT(words));
		page_end_line(page);
	}
	if (count > ARTIFACTS_SHOWN) {
		page_text(page, STYLE_DIM, "  and %lld more: assay query IMAGE \"SELECT name, kind FROM artifact\"",
			  (long long)(count - ARTIFACTS_SHOWN));
		page_end_line(page);
	}
	return query_end(&query);
}

enum outcome terminal_map(struct page *page, sqlite3 *database)
{
	int64_t size = query_number(database, "SELECT sum(size) FROM " VIEW_MAP);
	int64_t artifacts = query_number(database, "SELECT count(*) FROM artifact");
	if (size > 0) {
		TRY(draw_bar(page, database, 0, size));
		TRY(write_legend(page, database, 0, size));
	}
	if (artifacts > 1)
		return list_artifacts(page, database, artifacts);
	return size > 0 ? draw_inner(page, database) : DONE;
}
