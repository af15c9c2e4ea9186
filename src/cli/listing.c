/* assay files, components, vulnerabilities, query: tables from the evidence of an image. */
#include <string.h>

#include "cli/session.h"
#include "cli/table.h"

/* Whether something but blanks and semicolons follows the statement that was taken from the text. */
static bool has_more(const struct query *query, const char *sql)
{
	const char *rest = sql + strlen(sqlite3_sql(query->statement));
	return rest[strspn(rest, "; \t\r\n")] != '\0';
}

static int print_table(struct assay *assay, const char *sql, enum table_format format)
{
	sqlite3 *database = assay_database(assay);
	struct query query = query_start(database, sql);
	if (!query.statement && sqlite3_errcode(database) == SQLITE_OK)
		return unusable("the query is empty; docs/evidence.md describes the tables");
	if (!query.statement)
		return unusable("the query cannot be run: %s", sqlite3_errmsg(database));
	if (!sqlite3_stmt_readonly(query.statement) || sqlite3_column_count(query.statement) == 0) {
		(void)sqlite3_finalize(query.statement);
		return unusable("the query asks for no rows, or would change the evidence; only SELECT is allowed");
	}
	if (has_more(&query, sql)) {
		(void)sqlite3_finalize(query.statement);
		return unusable("the query holds more than one statement; ask one SELECT at a time");
	}
	enum outcome printed = table_print(&query, format);
	enum outcome ended = query_end(&query);
	if (ended != DONE)
		return unusable("the query failed: %s", sqlite3_errmsg(database));
	return printed == DONE ? EXIT_DONE : EXIT_INTERNAL;
}

/* Assays the first operand and prints what the SQL gives; NULL: the second operand is the SQL. */
static int list(const struct arguments *arguments, const char *sql, const char *usage)
{
	struct options options;
	struct session session = { 0 };
	struct assay *assay = NULL;
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count != (sql ? 1 : 2))
		return unusable("usage: assay %s", usage);
	int status = session_open(&session, &options, 1) ? session_assay(&session, 0, false, &assay) : EXIT_UNUSABLE;
	if (status == EXIT_DONE)
		status = print_table(assay, sql ? sql : options.operands[1], options.format);
	if (status == EXIT_DONE)
		status = session_write(&session, assay);
	assay_free(assay);
	session_close(&session);
	return status;
}

static int run_files(const struct arguments *arguments)
{
	return list(arguments,
		    "SELECT f.path, f.type, f.size, printf('%04o', f.mode) AS mode, f.uid, f.gid, f.kind, f.target, "
		    "f.sha256 FROM file f ORDER BY f.volume, f.path, f.id",
		    "files IMAGE");
}

static int run_components(const struct arguments *arguments)
{
	return list(arguments,
		    "SELECT c.name, c.version, c.package_version, c.confidence, c.licence, c.purl, c.cpe, c.path, "
		    "(SELECT count(*) FROM vulnerability v WHERE v.component = c.id AND v.status = 'affected') "
		    "AS vulnerabilities FROM component c ORDER BY c.name, c.version, c.id",
		    "components IMAGE");
}

static int run_vulnerabilities(const struct arguments *arguments)
{
	return list(arguments,
		    "SELECT v.id, c.name AS component, c.version, v.severity, v.cvss, v.epss, "
		    "CASE v.known_exploited WHEN 1 THEN 'exploited' ELSE '' END AS exploited, v.status, v.fixed_in, "
		    "v.reason FROM vulnerability v JOIN component c ON c.id = v.component "
		    "ORDER BY v.known_exploited DESC, v.cvss DESC, v.id, c.name, c.version",
		    "vulnerabilities IMAGE");
}

static int run_query(const struct arguments *arguments)
{
	return list(arguments, NULL, "query IMAGE \"SELECT …\"; docs/evidence.md describes the tables");
}

const struct command command_files = { "files", "IMAGE", "list every file, with its digest", run_files };
const struct command command_components = { "components", "IMAGE", "list components, with evidence", run_components };
const struct command command_vulnerabilities = { "vulnerabilities", "IMAGE", "list known vulnerabilities",
						 run_vulnerabilities };
const struct command command_query = { "query", "IMAGE SQL", "ask the evidence anything", run_query };
