/* The image as a picture to scale, and its volumes as a tree. */
#include "report/html.h"
#include "report/views.h"

static const struct html_list bar = {
	.sql = "SELECT replace(kind, ' ', '-'), printf('%.4f', 100.0 * place / total), printf('%.4f', 100.0 * size / total), "
	       "label,"
	       " printf('0x%x', offset), printf('%,d', size), kind, printf('%.2f', entropy),"
	       " CASE WHEN entropy IS NOT NULL THEN 1 END, CASE WHEN 100.0 * size / total > 4 THEN 1 END, printf('%.1f', 100.0 "
	       "* size / total)"
	       " FROM (SELECT * FROM " VIEW_MAP ", (SELECT sum(size) AS total FROM " VIEW_MAP ")"
	       " WHERE total > 0 ORDER BY size DESC LIMIT 1000)"
	       " ORDER BY place",
	.open = "<svg class='map' role='img' aria-label='Map of the image, to scale; the table below says the same' "
	       "width='100%' height='92'>",
	.row = "<svg x='{1}%' width='{2}%' y='0' height='92'><g class='range kind-{0}'><title>{6}: {3}\nfrom {4}, {5} bytes "
	       "({10} %)"
	       "{?8}, entropy {7} of 8{/}</title><rect width='100%' height='100%'/>"
	       "{?9}<text x='10' y='28' class='range-kind'>{6}</text><text x='10' y='50' class='range-label'>{3}</text>"
	       "<text x='10' y='72' class='range-size'>{10} %</text>{/}</g></svg>",
	.close = "</svg>\n",
};

static const struct html_list legend = {
	.sql = "SELECT replace(kind, ' ', '-'), kind, CASE WHEN sum(size) * 100 < total THEN '<1' ELSE printf('%.0f', 100.0 * "
	       "sum(size)"
	       " / total) END, printf('%,d', sum(size)) FROM " VIEW_MAP ", (SELECT sum(size) AS total FROM " VIEW_MAP ")"
	       " WHERE total > 0"
	       " GROUP BY kind ORDER BY sum(size) DESC, kind",
	.open = "<ul class='legend'>",
	.row = "<li><span class='swatch kind-{0}'></span>{1} <span class='quiet'>{2} %</span></li>",
	.close = "</ul>\n",
};

static const struct html_list ranges = {
	.sql = "SELECT printf('0x%08x', offset), printf('%,d', size), kind, label, printf('%.2f', entropy), replace(kind, ' ', "
	       "'-'),"
	       " CASE WHEN entropy IS NOT NULL THEN 1 END, CASE WHEN (SELECT count(*) FROM artifact) > 1 THEN artifact_name END"
	       " FROM " VIEW_MAP " ORDER BY place LIMIT 500",
	.open = "<details><summary>Every range of bytes</summary><div class='wide'><table><caption>Ranges, in order of the "
	       "image</caption><thead>"
		"<tr><th scope='col'>Offset</th><th scope='col' class='figure'>Bytes</th><th scope='col'>Kind</th>"
		"<th scope='col'>Content</th><th scope='col' class='figure'>Entropy</th></tr></thead><tbody>",
	.row = "<tr><td class='mono'>{?7}{7} {/}{0}</td><td class='figure'>{1}</td><td class='keep'><span class='swatch "
	       "kind-{5}'></span>{2}</td>"
	       "<td>{3}</td><td class='figure'>{?6}{4}{/}</td></tr>",
	.close = "</tbody></table></div></details>\n",
};

static const struct html_list artifacts = {
	.sql = "SELECT name, kind, printf('%,d', size), printf('%,d', opaque), reason, sha256 FROM artifact"
	       " WHERE (SELECT count(*) FROM artifact) > 1 ORDER BY id LIMIT 400",
	.open = "<div class='wide'><table><caption>Artifacts: the files that are the product</caption><thead>"
		"<tr><th scope='col'>Name</th>"
		"<th scope='col'>Kind</th><th scope='col' class='figure'>Bytes</th><th scope='col' class='figure'>Opaque</th>"
		"<th scope='col'>Why</th><th scope='col'>SHA-256</th></tr></thead><tbody>",
	.row = "<tr><td>{0}</td><td>{1}</td><td class='figure'>{2}</td><td class='figure'>{3}</td><td>{4}</td>"
	       "<td><code>{5}</code></td></tr>",
	.close = "</tbody></table></div>\n",
};

/* Depth first, each volume under the one that holds it. */
static const struct html_list volumes = {
	.sql = "WITH RECURSIVE tree(id, depth, place) AS (SELECT id, 0, printf('%08d', id) FROM volume WHERE parent IS NULL"
	       " UNION ALL SELECT v.id, t.depth + 1, t.place || printf('.%08d', v.id) FROM volume v JOIN tree t ON v.parent = "
	       "t.id"
	       " WHERE t.depth < 40)"
	       " SELECT min(depth, 8), CASE format WHEN 'raw' THEN 'the image' ELSE format END, v.label, v.detail,"
	       " coalesce(printf('0x%x', v.image_offset), 'inside'), printf('%,d', v.size), printf('%,d', v.files), v.state,"
	       " CASE WHEN v.state <> 'read' THEN 'bad' END, CASE WHEN v.parent IS NOT NULL THEN f.path END,"
	       " CASE WHEN v.opaque = 0 THEN 'all' WHEN v.size > 0 THEN printf('%.1f %%', 100.0 * v.understood / v.size) END"
	       " FROM tree t JOIN volume v ON v.id = t.id LEFT JOIN file f ON f.id = v.file ORDER BY place LIMIT 400",
	.open = "<div class='wide'><table class='volumes'><caption>Volumes: what was opened inside what</caption><thead><tr><th "
	       "scope='col'>Volume"
		"</th><th scope='col'>Offset</th><th scope='col' class='figure'>Bytes</th><th scope='col' class='figure'>Entries</th>"
		"<th scope='col'>Read</th><th scope='col' class='figure'>Understood</th></tr></thead><tbody>",
	.row = "<tr><td><div class='depth-{0}'><strong>{1}</strong>{?2} “{2}”{/}{?3} <span class='quiet'>{3}</span>{/}"
	       "{?9} <code class='place'>{9}</code>{/}</div></td><td class='mono'>{4}</td><td class='figure'>{5}</td>"
	       "<td class='figure'>{6}</td><td><span class='{?8}tag bad{/}'>{7}</span></td>"
	       "<td class='figure'>{10}</td></tr>",
	.close = "</tbody></table></div>\n",
};

/* The volumes whose content has a map that says more than the volume does: the first ones. */
#define INNER                                                                                                          \
	"inner_map AS (SELECT within, dense_rank() OVER (ORDER BY within) - 1 AS place, sum(size) OVER (PARTITION BY within)"   \
	" AS total, count(*) OVER (PARTITION BY within) AS n, offset, size, kind, label, opaque FROM range"                     \
	" WHERE within IN (SELECT within FROM range WHERE within IS NOT NULL GROUP BY within HAVING count(*) > 1"              \
	" ORDER BY within LIMIT 12))"

static const struct html_list inner_names = {
	.sql = "WITH " INNER " SELECT DISTINCT place * 56 + 12, v.format, v.label, printf('%,d', total) FROM inner_map m"
	       " JOIN volume v ON v.id = m.within WHERE total > 0 ORDER BY place",
	.open = "",
	.row = "<text x='0' y='{0}' class='inner-name'>in the {1}{?2} “{2}”{/}, {3} bytes</text>",
	.close = "",
};

static const struct html_list inner = {
	.sql = "WITH " INNER " SELECT replace(kind, ' ', '-'), printf('%.4f', 100.0 * place / total),"
	       " printf('%.4f', 100.0 * size / total), label, printf('0x%x', offset), printf('%,d', size), kind, place * 56 + 18,"
	       " CASE WHEN opaque > 0 THEN printf('%,d', opaque) END FROM inner_map WHERE total > 0"
	       " ORDER BY within, offset LIMIT 1000",
	.open = "",
	.row = "<svg x='{1}%' width='{2}%' y='{7}' height='30'><g class='range kind-{0}'><title>{6}: {3}\nfrom {4}, {5} bytes"
	       "{?8}, {8} of them opaque{/}</title><rect width='100%' height='100%'/></g></svg>",
	.close = "</svg>\n",
};

/* What archives and streams hold, one bar each. */
static void inner_maps(struct html *html)
{
	html_row(html, "WITH " INNER " SELECT (max(place) + 1) * 56 FROM inner_map HAVING count(*) > 0",
		 "<h3>What archives and streams hold</h3><svg class='map' role='img' aria-label='Maps of what archives and "
		 "compressed streams hold' width='100%' height='{0}'>");
	html_list(html, &inner_names);
	html_list(html, &inner);
}

void html_map(struct html *html)
{
	html_markup(html, "<section aria-labelledby='map'><h2 id='map'>What is in it</h2>");
	html_row(html, "SELECT printf('%,d', size), CASE WHEN understood = size THEN 'all' ELSE printf('%.1f %%', 100.0 * "
	       "understood / size) END,"
		       " CASE WHEN opaque > 0 THEN printf('%.1f', 100.0 * opaque / size) END,"
		       " CASE WHEN opaque_content > 0 THEN printf('%,d', opaque_content) END FROM image WHERE size > 0",
		 "<p class='lead'>{0} bytes, of which {1} are understood{?2} and {2} % are opaque (encrypted, of an unknown "
		 "format, or not read){/}.{?3} Unpacked and decompressed, {3} bytes are opaque.{/}"
		 "</p>\n");
	html_list(html, &bar);
	html_list(html, &legend);
	inner_maps(html);
	html_list(html, &artifacts);
	html_row(html, "SELECT count(*) - 400 FROM artifact HAVING count(*) > 400", "<p class='quiet'>and {0} more artifacts.</p>");
	html_list(html, &volumes);
	html_row(html, "SELECT count(*) - 400 FROM volume HAVING count(*) > 400", "<p class='quiet'>and {0} more volumes.</p>");
	html_list(html, &ranges);
	html_row(html, "SELECT printf('%,d', count(*) - 500) FROM " VIEW_MAP " HAVING count(*) > 500",
		 "<p class='quiet'>and {0} more ranges, in the JSON result.</p>");
	html_row(html, "SELECT sha256 FROM image WHERE sha256 IS NOT NULL", "<p class='quiet'>SHA-256 <code>{0}</code></p>");
	html_markup(html, "</section>\n");
}
