/* Who and what gets into the device: accounts, services, consoles, keys, certificates, secrets; and what limits the report. */
#include "report/html.h"
#include "report/views.h"

#define TABLE(caption, heads) "<div class='wide'><table><caption>" caption "</caption><thead><tr>" heads "</tr></thead><tbody>"
#define HEAD(name) "<th scope='col'>" name "</th>"
#define TABLE_END "</tbody></table></div>\n"
/* The login programs of the image take a locked field of root for one that was never set. */
#define UNSET "EXISTS (SELECT 1 FROM setting t WHERE t.file = x.file AND t.line = x.line AND t.subject = 'root password')"
#define PLACE_COLUMN "f.path || coalesce(':' || x.line, '')"

static const struct html_list tables[] = {
	{ .sql = "SELECT x.name, coalesce(CAST(x.uid AS TEXT), ''), CASE WHEN x.password = 'locked' AND " UNSET " THEN 'none is set'"
		 " WHEN x.password = 'hash' THEN 'password hash' WHEN x.password = 'shadow' THEN 'in the shadow file'"
		 " ELSE x.password END, x.scheme, CASE WHEN x.cracked IS NOT NULL THEN x.cracked END, CASE x.can_login WHEN 1 THEN"
		 " 'yes' WHEN 0 THEN 'no' ELSE 'not known' END, x.store, " PLACE_COLUMN ","
		 " CASE WHEN x.password = 'empty' OR (x.password = 'locked' AND " UNSET ") THEN 1 END"
		 " FROM account x JOIN file f ON f.id = x.file ORDER BY x.cracked IS NULL, x.password <> 'empty',"
		 " x.password <> 'hash', f.path, x.line LIMIT 200",
	  .open = TABLE("Accounts", HEAD("Name") HEAD("User id") HEAD("Password") HEAD("Shell lets "
	         "in") HEAD("Store") HEAD("Where")),
	  .row = "<tr><th scope='row'>{0}</th><td>{1}</td><td>{?8}<span class='tag bad'>{2}</span>{/}{!8}{2}{/}{?3} <span "
	         "class='quiet'>{3}</span>{/}"
		 "{?4} <span class='tag bad'>known: {4}</span>{/}</td><td>{5}</td><td>{6}</td><td><code "
		 "class='place'>{7}</code></td></tr>",
	  .close = TABLE_END },
	{ .sql = "SELECT x.name, coalesce(x.protocol, ''), CASE x.enabled WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE 'depends' "
	       "END, x.starter, x.user,"
		 " coalesce(x.program || coalesce(' ' || x.arguments, ''), ''), " PLACE_COLUMN ", CASE WHEN x.program_present = 0 "
		 "THEN 1 END, x.port, CASE x.port_source WHEN 'default' THEN 'its usual port' WHEN 'arguments' THEN 'told by the "
		 "arguments' WHEN 'configuration' THEN 'told by the configuration' ELSE x.port_source END,"
		 " CASE x.listens WHEN 1 THEN 'yes' WHEN 0 THEN 'no' ELSE 'not known' END, x.why"
		 " FROM service x JOIN file f ON f.id = x.file ORDER BY x.listens IS NOT 1, x.enabled IS 0,"
		 " coalesce(x.protocol, '') NOT IN (" VIEW_ACCESS "), x.enabled IS NULL, x.protocol IS NULL,"
		 " x.name, f.path, x.line LIMIT 200",
	  .open = TABLE("What runs and what listens", HEAD("Name") HEAD("Speaks") HEAD("Listens") HEAD("Started at "
	         "boot") HEAD("By") HEAD("Command") HEAD("Where")),
	  .row = "<tr><th scope='row'>{0}</th><td>{1}{?8} {8} <span class='quiet'>{9}</span>{/}</td><td>{10}{?11} <span "
	         "class='quiet'>{11}</span>{/}</td><td>{2}</td><td class='keep'>{3}{?4}, as {4}{/}</td><td><code "
	         "class='place'>{5}</code>"
		 "{?7} <span class='quiet'>(not in the image)</span>{/}</td><td><code class='place'>{6}</code></td></tr>",
	  .close = TABLE_END },
	{ .sql = "SELECT x.device, x.program, nullif(x.authenticated, 0), " PLACE_COLUMN
		 " FROM console x JOIN file f ON f.id = x.file ORDER BY x.authenticated, f.path, x.line LIMIT 200",
	  .open = TABLE("Consoles", HEAD("Device") HEAD("Program") HEAD("Asks for a login") HEAD("Where")),
	  .row = "<tr><th scope='row'>{0}</th><td>{1}</td><td>{?2}yes{/}{!2}<span class='tag bad'>no: a shell at "
	         "once</span>{/}</td>"
		 "<td><code class='place'>{3}</code></td></tr>",
	  .close = TABLE_END },
	{ .sql = "SELECT x.kind, coalesce(x.algorithm || coalesce(' ' || x.bits, ''), 'not known'), x.format,"
		 " coalesce('published: ' || x.known, x.purpose), f.path,"
		 " CASE WHEN x.kind = 'private' AND x.encrypted = 0 AND x.known IS NULL THEN 1 END,"
		 " CASE WHEN x.encrypted = 1 THEN 1 END FROM key x "
		 "JOIN file f"
		 " ON f.id = x.file ORDER BY x.kind, f.path, x.offset LIMIT 200",
	  .open = TABLE("Keys", HEAD("Kind") HEAD("Algorithm") HEAD("Format") HEAD("For") HEAD("Where")),
	  .row = "<tr><th scope='row'>{?5}<span class='tag bad'>{0}, in clear</span>{/}{!5}{0}{/}{?6} <span class='quiet'>under "
	         "a passphrase</span>{/}</th>"
		 "<td>{1}</td><td>{2}</td><td>{3}</td><td><code class='place'>{4}</code></td></tr>",
	  .close = TABLE_END },
	{ .sql = "SELECT x.subject, substr(x.not_before, 1, 10), substr(x.not_after, 1, 10), x.key_algorithm || coalesce(' ' || "
	       "x.key_bits, ''),"
		 " x.signature_algorithm, f.path, nullif(x.private_key_present, 0), nullif(x.self_signed, 0) FROM certificate x "
		 "JOIN file f"
		 " ON f.id = x.file WHERE x.root_store = 0 ORDER BY x.private_key_present DESC, f.path, x.offset LIMIT 200",
	  .open = TABLE("Certificates (without the stores of public "
	         "roots)", HEAD("Subject") HEAD("Valid") HEAD("Key") HEAD("Signature") HEAD("Where")),
	  .row = "<tr><th scope='row'>{0}{?7} <span class='quiet'>self-signed</span>{/}{?6} <span class='tag bad'>its private "
	         "key is in the image</span>{/}"
		 "</th><td class='keep'>{1}<br>to {2}</td><td>{3}</td><td>{4}</td><td><code class='place'>{5}</code></td></tr>",
	  .close = TABLE_END },
	{ .sql = "SELECT x.kind, x.name, x.excerpt,"
		 " CASE x.placeholder WHEN 1 THEN 'a placeholder' ELSE x.confidence END, " PLACE_COLUMN
		 " FROM secret x JOIN file f ON f.id = x.file"
		 " ORDER BY x.placeholder,"
		 " CASE x.confidence WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END, f.path, x.offset LIMIT 200",
	  .open = TABLE("Secrets in clear", HEAD("Kind") HEAD("Name") HEAD("Value") HEAD("Confidence") HEAD("Where")),
	  .row = "<tr><th scope='row'>{0}</th><td>{1}</td><td><code>{2}</code></td><td>{3}</td><td><code "
	         "class='place'>{4}</code></td></tr>",
	  .close = TABLE_END },
};

/* How many rows of a table the page leaves out. */
#define LEFT_OUT(table) "SELECT printf('%,d', count(*) - 200), '" table "' FROM " table " HAVING count(*) > 200"

static void write_left_out(struct html *html)
{
	static const struct html_list left_out = {
		.sql = LEFT_OUT("account") " UNION ALL " LEFT_OUT("service") " UNION ALL " LEFT_OUT("console") " UNION ALL "
		       LEFT_OUT("key") " UNION ALL " LEFT_OUT("secret") " UNION ALL SELECT printf('%,d', count(*) - 200), 'certificate'"
		       " FROM certificate WHERE root_store = 0 HAVING count(*) > 200",
		.open = "<p class='quiet'>Left out here, but in the saved evidence",
		.row = " · {0} rows of <code>{1}</code>",
		.close = "</p>\n",
	};
	html_list(html, &left_out);
}

void html_device(struct html *html)
{
	html_markup(html, "<section aria-labelledby='device'><h2 id='device'>Ways in: accounts, services, keys</h2>");
	html_row(html, "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM service), (SELECT count(*) FROM console),"
		       " (SELECT count(*) FROM key), (SELECT count(*) FROM certificate WHERE root_store = 0), (SELECT count(*) FROM "
		       "secret),"
		       " nullif((SELECT count(*) FROM certificate WHERE root_store = 1), 0)",
		 "<p class='lead'>Seen in the image: accounts {0}, services {1}, consoles {2}, keys {3}, certificates {4}, secrets "
		 "in clear {5}."
		 "{?6} Public root certificates, not listed: {6}.{/}</p>\n");
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		html_list(html, &tables[i]);
	write_left_out(html);
	html_markup(html, "</section>\n");
}

/* What was not read stands first, then the remarks that do not say the same in the same words. */
#define REMARKS                                                                                                       \
	"WITH remark AS (SELECT 0 AS class, 'not read' AS weight, detail, code, coalesce(path, '') AS path, offset"     \
	" FROM incomplete UNION SELECT CASE severity WHEN 'error' THEN 1 ELSE 2 END, severity, message, code,"          \
	" coalesce(path, ''), offset FROM note n WHERE severity <> 'info' AND NOT EXISTS (SELECT 1 FROM incomplete i"   \
	" WHERE i.code = n.code AND i.detail = n.message AND coalesce(i.path, '') = coalesce(n.path, ''))) "

void html_remarks(struct html *html)
{
	static const struct html_list remarks = {
		.sql = REMARKS "SELECT weight, detail, code, path, CASE WHEN offset IS NOT NULL THEN printf('0x%x', offset) END"
			       " FROM remark ORDER BY class, path, offset, code, detail LIMIT 200",
		.open = TABLE("What could not be read or judged", HEAD("Weight") HEAD("Remark") HEAD("Where")),
		.row = "<tr><td>{0}</td><td>{1} <span class='quiet'>{2}</span></td><td><code class='place'>{3}</code>{?4} <span "
		       "class='quiet'>at {4}</span>{/}</td></tr>",
		.close = TABLE_END,
		.none = "<p>Everything that was recognised could be read.</p>\n",
	};
	html_markup(html, "<section aria-labelledby='remarks'><h2 id='remarks'>Limits of this report</h2>");
	html_row(html, "SELECT printf('%.1f', 100.0 * opaque / size), nullif(opaque, 0) FROM image WHERE size > 0",
		 "{?1}<p>{0} % of the image is opaque: encrypted, or of an unknown format. Nothing is claimed about what lies "
		 "there.</p>{/}");
	html_list(html, &remarks);
	html_row(html, REMARKS "SELECT printf('%,d', count(*) - 200) FROM remark HAVING count(*) > 200",
		 "<p class='quiet'>and {0} more remarks, in the JSON result.</p>");
	html_markup(html, "</section>\n");
}
