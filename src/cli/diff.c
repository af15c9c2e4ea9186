/* assay diff OLD NEW: what a new image adds, removes and changes. */
#include <stdio.h>
#include <unistd.h>

#include "cli/gate.h"
#include "cli/session.h"
#include "cli/table.h"
#include "cli/terminal.h"

/* One kind of difference. SQL over the schemas old and main (the new one) gives rows (sign, words). */
struct aspect {
	const char *title;
	const char *sql;
};

/* What stands on one side and not on the other: the same columns from both, told apart by a sign. */
#define EITHER(select_new, select_old)                                              \
	"SELECT '+' AS sign, * FROM (" select_new " EXCEPT " select_old ") UNION ALL " \
	"SELECT '-' AS sign, * FROM (" select_old " EXCEPT " select_new ") ORDER BY 2, 1"

#define ACCOUNTS(schema)                                                                                     \
	"SELECT 'account ' || a.name || coalesce(' uid ' || a.uid, '') || coalesce(' shell ' || a.shell, '') ||" \
	" ', password ' || CASE WHEN a.cracked IS NOT NULL THEN '\"' || a.cracked || '\"' ELSE a.password END ||" \
	" '  ' || f.path AS words FROM " schema ".account a JOIN " schema ".file f ON f.id = a.file"
#define SERVICES(schema)                                                                                       \
	"SELECT 'service ' || s.name || coalesce(' (' || s.protocol || ')', '') || coalesce(' ' || s.program, '') ||" \
	" coalesce(' ' || s.arguments, '') || '  ' || f.path AS words"                                          \
	" FROM " schema ".service s JOIN " schema ".file f ON f.id = s.file"
#define KEYS(schema)                                                                                          \
	"SELECT k.kind || ' key ' || coalesce(k.algorithm, k.format) || coalesce(' ' || k.purpose, '') || '  ' || f.path" \
	" AS words FROM " schema ".key k JOIN " schema ".file f ON f.id = k.file"
#define ENDPOINTS(schema)                                                                            \
	"SELECT DISTINCT 'endpoint ' || e.text || '  ' || f.path AS words FROM " schema ".endpoint e" \
	" JOIN " schema ".file f ON f.id = e.file"
#define CONSOLES(schema)                                                                               \
	"SELECT 'console ' || c.device || ' runs ' || c.program || '  ' || f.path AS words FROM " schema \
	".console c JOIN " schema ".file f ON f.id = c.file"
#define SECRETS(schema)                                                                                        \
	"SELECT s.kind || coalesce(' ' || s.name, '') || ' ' || s.excerpt || '  ' || f.path AS words FROM " schema \
	".secret s JOIN " schema ".file f ON f.id = s.file"
#define COMPONENTS(schema) \
	"SELECT name || ' ' || coalesce(package_version, version, '(version unknown)') AS words FROM " schema ".component"
#define VULNERABILITIES(schema)                                                                                 \
	"SELECT v.id || ' ' || coalesce(v.severity, 'unscored') || CASE v.known_exploited WHEN 1 THEN ' exploited' ELSE ''" \
	" END || CASE v.status WHEN 'affected' THEN '' ELSE ' (' || v.status || ')' END || '  ' || c.name || ' ' ||"      \
	" coalesce(c.version, '') AS words FROM " schema ".vulnerability v JOIN " schema ".component c"                  \
	" ON c.id = v.component WHERE v.status IN ('affected', 'under review')"
#define FINDINGS(schema) \
	"SELECT severity || ': ' || detail || coalesce('  ' || path, '') AS words FROM " schema ".finding"
#define VERDICTS(schema) "SELECT catalog || ' ' || requirement || ' ' || verdict AS words FROM " schema ".verdict"
/* One line with both sides: which way it went is what matters. */
#define GRADE                                                                                                   \
	"SELECT '~' AS sign, 'grade ' || o.level || ' to ' || n.level || ', ceiling ' || o.ceiling || ' to ' ||" \
	" n.ceiling AS words FROM main.grade n, old.grade o WHERE n.level <> o.level OR n.ceiling <> o.ceiling"

/* Paths that are new, gone, or have changed in content, mode, owner or target. */
#define FILES(which)                                                                                                 \
	"WITH new_file AS (SELECT path, type, mode, uid, gid, target, sha256 FROM main.file WHERE " which "),"          \
	" old_file AS (SELECT path, type, mode, uid, gid, target, sha256 FROM old.file WHERE " which "),"               \
	" changed AS (SELECT path FROM (SELECT * FROM new_file EXCEPT SELECT * FROM old_file)"                          \
	" INTERSECT SELECT path FROM old_file)"                                                                         \
	" SELECT '+' AS sign, path || CASE type WHEN 'file' THEN '' ELSE ' (' || type || ')' END AS words FROM new_file" \
	" WHERE path NOT IN (SELECT path FROM old_file)"                                                                \
	" UNION ALL SELECT '-', path FROM old_file WHERE path NOT IN (SELECT path FROM new_file)"                       \
	" UNION ALL SELECT DISTINCT '~', n.path || CASE WHEN n.sha256 IS NOT o.sha256 THEN ' content' ELSE '' END ||"   \
	" CASE WHEN n.mode IS NOT o.mode THEN printf(' mode %04o to %04o', o.mode, n.mode) ELSE '' END ||"              \
	" CASE WHEN n.uid IS NOT o.uid OR n.gid IS NOT o.gid THEN ' owner' ELSE '' END ||"                              \
	" CASE WHEN n.target IS NOT o.target THEN ' target ' || coalesce(n.target, '') ELSE '' END"                     \
	" FROM new_file n JOIN old_file o USING (path) WHERE n.path IN (SELECT path FROM changed) ORDER BY 2, 1"

static const struct aspect aspects[] = {
	{ "Grade", GRADE },
	{ "Findings", EITHER(FINDINGS("main"), FINDINGS("old")) },
	{ "Accounts", EITHER(ACCOUNTS("main"), ACCOUNTS("old")) },
	{ "Services", EITHER(SERVICES("main"), SERVICES("old")) },
	{ "Consoles", EITHER(CONSOLES("main"), CONSOLES("old")) },
	{ "Keys", EITHER(KEYS("main"), KEYS("old")) },
	{ "Secrets", EITHER(SECRETS("main"), SECRETS("old")) },
	{ "Endpoints", EITHER(ENDPOINTS("main"), ENDPOINTS("old")) },
	{ "Components", EITHER(COMPONENTS("main"), COMPONENTS("old")) },
	{ "Vulnerabilities", EITHER(VULNERABILITIES("main"), VULNERABILITIES("old")) },
	{ "Requirements", EITHER(VERDICTS("main"), VERDICTS("old")) },
	{ "Files", FILES("type NOT IN ('part', 'character device', 'block device', 'fifo', 'socket')") },
	{ "Devices", FILES("type IN ('character device', 'block device', 'fifo', 'socket')") },
};
enum { ASPECTS = sizeof aspects / sizeof *aspects, ROWS_SHOWN = 60 };

/* Puts the old evidence beside the new one, in one database connection. */
static bool attach_old(sqlite3 *database, struct assay *old)
{
	void *bytes = NULL;
	size_t size = 0;
	if (assay_save(old, &bytes, &size) != ASSAY_DONE)
		return false;
	unsigned char *copy = sqlite3_malloc64(size);
	if (copy)
		memcpy(copy, bytes, size);
	assay_release(bytes);
	return copy && query_run(database, "ATTACH ':memory:' AS old") == DONE &&
	       sqlite3_deserialize(database, "old", copy, (sqlite3_int64)size, (sqlite3_int64)size,
				   SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY) == SQLITE_OK;
}

#define ARROW " → "

/* An image's words may hold anything. */
static void print_words(const char *sign, const char *words)
{
	(void)printf("  %s ", sign);
	terminal_print_shown(words ? words : "");
	(void)putchar('\n');
}

static enum outcome print_aspect(sqlite3 *database, const struct aspect *aspect, size_t *differences)
{
	struct query query = query_start(database, aspect->sql);
	size_t rows = 0;
	while (query_next(&query)) {
		if (rows == 0)
			(void)printf("\n%s\n", aspect->title);
		if (rows < ROWS_SHOWN)
			print_words(query_string(&query, 0), query_string(&query, 1));
		rows++;
	}
	if (rows > ROWS_SHOWN)
		(void)printf("  and %zu more: assay diff OLD NEW --format tsv\n", rows - ROWS_SHOWN);
	*differences += rows;
	return query_end(&query);
}

static int print_page(sqlite3 *database, const struct session *session)
{
	size_t differences = 0;
	terminal_print_shown(session->inputs[0].name);
	terminal_print(ARROW, sizeof ARROW - 1);
	terminal_print_shown(session->inputs[1].name);
	(void)putchar('\n');
	for (size_t i = 0; i < ASPECTS; i++)
		if (print_aspect(database, &aspects[i], &differences) != DONE)
			return unusable("the evidence cannot be compared: %s", sqlite3_errmsg(database));
	if (differences == 0)
		(void)printf("No difference.\n");
	return EXIT_DONE;
}

/* All aspects as one table: aspect, sign, words. */
static int print_rows(sqlite3 *database, enum table_format format)
{
	if (query_run(database, "CREATE TEMP TABLE difference (aspect TEXT, sign TEXT, words TEXT)") != DONE)
		return EXIT_INTERNAL;
	for (size_t i = 0; i < ASPECTS; i++) {
		char sql[8192];
		(void)snprintf(sql, sizeof sql, "INSERT INTO difference SELECT '%s', sign, words FROM (%s)",
			       aspects[i].title, aspects[i].sql);
		if (query_run(database, sql) != DONE)
			return EXIT_INTERNAL;
	}
	struct query query = query_start(database, "SELECT aspect, sign, words FROM difference");
	enum outcome printed = table_print(&query, format);
	return query_end(&query) == DONE && printed == DONE ? EXIT_DONE : EXIT_INTERNAL;
}

static int compare(struct session *session)
{
	struct assay *old = NULL, *new = NULL;
	int status = session_assay(session, 0, true, &old);
	if (status == EXIT_DONE)
		status = session_assay(session, 1, true, &new);
	if (status == EXIT_DONE && !attach_old(assay_database(new), old))
		status = EXIT_INTERNAL;
	if (status == EXIT_DONE && session->options->format == TABLE_TEXT)
		status = print_page(assay_database(new), session);
	else if (status == EXIT_DONE)
		status = print_rows(assay_database(new), session->options->format);
	if (status == EXIT_DONE)
		status = gate_check_difference(new, session->options);
	assay_free(old);
	assay_free(new);
	return status;
}

static int run(const struct arguments *arguments)
{
	return session_run(arguments, 2, 2, "usage: assay diff OLD NEW", compare);
}

const struct command command_diff = {
	.name = "diff",
	.usage = "OLD NEW",
	.summary = "say what a new image adds, removes and changes",
	.options = OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_TABLE | OPTIONS_FAIL_ON,
	.run = run,
};
