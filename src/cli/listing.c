/* assay files, components, vulnerabilities, query: tables from the evidence of an image. */
#include <string.h>

#include "cli/session.h"
#include "cli/table.h"
#include "judge/guard.h"

/* Whether something but blanks and semicolons follows the statement that was taken from the text. */
static bool has_more(const struct query *query, const char *sql)
{
	const char *rest = sql + strlen(sqlite3_sql(query->statement));
	return rest[strspn(rest, "; \t\r\n")] != '\0';
}

static int print_table(struct assay *assay, const char *sql, enum table_format format)
{
	sqlite3 *database = assay_database(assay);
	/* The tables and functions that rules have, so that a rule can be tried out here. */
	if (guard_prepare(database) != DONE)
		return unusable("the tables of the rules cannot be made: %s", sqlite3_errmsg(database));
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

static int list(struct session *session, const char *sql)
{
	struct assay *assay = NULL;
	int status = session_assay(session, 0, false, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE)
		status = print_table(assay, sql, session->options->format);
	assay_free(assay);
	return status;
}

static int list_files(struct session *session)
{
	return list(session,
		    "SELECT f.path, f.type, f.size, printf('%04o', f.mode) AS mode, f.uid, f.gid, f.kind, f.target, "
		    "f.sha256 FROM file f ORDER BY f.volume, f.path, f.id");
}

static int list_components(struct session *session)
{
	return list(session,
		    "SELECT c.name, c.version, c.package_version, c.confidence, c.licence, c.purl, c.cpe, c.path, "
		    "(SELECT count(*) FROM vulnerability v WHERE v.component = c.id AND v.status = 'affected') "
		    "AS vulnerabilities FROM component c ORDER BY c.name, c.version, c.id");
}

static int list_vulnerabilities(struct session *session)
{
	return list(session,
		    "SELECT v.id, c.name AS component, c.version, v.severity, v.cvss, v.epss, "
		    "CASE v.known_exploited WHEN 1 THEN 'exploited' ELSE '' END AS exploited, v.status, v.fixed_in, "
		    "v.reason FROM vulnerability v JOIN component c ON c.id = v.component "
		    "ORDER BY v.known_exploited DESC, v.cvss DESC, v.id, c.name, c.version");
}

static int answer(struct session *session)
{
	return list(session, session->options->operands[1]);
}

static int run_files(const struct arguments *arguments)
{
	return session_run(arguments, 1, 1, "usage: assay files IMAGE", list_files);
}

static int run_components(const struct arguments *arguments)
{
	return session_run(arguments, 1, 1, "usage: assay components IMAGE", list_components);
}

static int run_vulnerabilities(const struct arguments *arguments)
{
	return session_run(arguments, 1, 1, "usage: assay vulnerabilities IMAGE", list_vulnerabilities);
}

static int run_query(const struct arguments *arguments)
{
	return session_run(arguments, 2, 1,
			   "usage: assay query IMAGE \"SELECT …\"; docs/evidence.md describes the tables", answer);
}

const struct command command_files = { "files", "IMAGE", "list every file, with its digest", run_files };
const struct command command_components = { "components", "IMAGE", "list components, with evidence", run_components };
const struct command command_vulnerabilities = { "vulnerabilities", "IMAGE", "list known vulnerabilities",
						 run_vulnerabilities };
const struct command command_query = { "query", "IMAGE SQL", "ask the evidence anything", run_query };
