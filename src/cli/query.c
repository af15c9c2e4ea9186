/* assay query: any SELECT over the evidence, in bounds; and what is wrong with one, in words that help. */
#include "cli/query.h"

#include <stdio.h>
#include <string.h>

#include "cli/deadline.h"
#include "cli/session.h"
#include "cli/suggest.h"
#include "cli/table.h"
#include "judge/guard.h"

/* Whether something but blanks and semicolons follows the statement that was taken from the text. */
static bool has_more(const struct query *query, const char *sql)
{
	const char *rest = sql + strlen(sqlite3_sql(query->statement));
	return rest[strspn(rest, "; \t\r\n")] != '\0';
}

/* The name behind the words of an error: "no such column: f.pth" gives "pth". NULL where it is another error. */
static const char *missing(const char *error, const char *words)
{
	size_t length = strlen(words);
	if (strncmp(error, words, length) != 0)
		return NULL;
	const char *dot = strrchr(error + length, '.');
	return dot ? dot + 1 : error + length;
}

/* Of tables that the query names first: "pth" in a query over file is the path of file. */
static const char nearest_columns[] =
	"SELECT name FROM schema_column WHERE instr(lower(?1), lower(table_name)) > 0 GROUP BY name ORDER BY name";
static const char nearest_tables[] = "SELECT name FROM schema_table ORDER BY name";

static void offer_names(struct suggestion *suggestion, const char *names, const char *sql)
{
	struct assay *schema = NULL;
	if (assay_schema(&schema) == ASSAY_DONE) {
		struct query query = query_start(assay_database(schema), names);
		query_bind_text(&query, 1, span_of_text(sql));
		while (query_next(&query))
			suggestion_offer(suggestion, query_string(&query, 0));
		(void)sqlite3_finalize(query.statement);
	}
	assay_free(schema);
}

static int explain(const char *error, const char *sql)
{
	const char *column = missing(error, "no such column: "), *table = missing(error, "no such table: ");
	const char *name = column ? column : table;
	if (!name)
		return unusable("the query cannot be run: %s", error);
	struct suggestion suggestion = suggestion_start(name, strlen(name));
	offer_names(&suggestion, column ? nearest_columns : nearest_tables, sql);
	if (suggestion.best[0])
		return unusable("the query cannot be run: %s; did you mean %s? 'assay schema' lists tables and columns", error,
				suggestion.best);
	return unusable("the query cannot be run: %s; 'assay schema' lists tables and columns", error);
}

static int refuse(const struct query *query, const char *sql)
{
	if (!sqlite3_stmt_readonly(query->statement) || sqlite3_column_count(query->statement) == 0)
		return unusable("the query asks for no rows, or would change the evidence; only SELECT is allowed");
	if (has_more(query, sql))
		return unusable("the query holds more than one statement; ask one SELECT at a time");
	return EXIT_DONE;
}

/* What a query may take beside the evidence, in bytes. */
static const sqlite3_int64 QUERY_MEMORY = (sqlite3_int64)1 << 30;

static int print(sqlite3 *database, struct query *query, const struct options *options)
{
	struct deadline deadline;
	deadline_start(&deadline, database, options->timeout);
	(void)sqlite3_hard_heap_limit64(sqlite3_memory_used() + QUERY_MEMORY);
	enum outcome printed = table_print(query, options->format);
	enum outcome ended = query_end(query);
	deadline_end(&deadline);
	if (ended != DONE && deadline.passed)
		return unusable("the query took longer than %u seconds (--timeout)", options->timeout);
	if (ended != DONE)
		return unusable("the query failed: %s", sqlite3_errmsg(database));
	return printed == DONE ? EXIT_DONE : unusable("the table is too large to be laid out; --format tsv has no bound");
}

int query_print(struct assay *assay, const char *sql, const struct options *options)
{
	sqlite3 *database = assay_database(assay);
	/* The tables and functions that rules have, so that a rule can be tried out here. */
	if (guard_prepare(database) != DONE)
		return unusable("the tables of the rules cannot be made: %s", sqlite3_errmsg(database));
	struct query query = query_start(database, sql);
	if (!query.statement && sqlite3_errcode(database) == SQLITE_OK)
		return unusable("the query is empty; 'assay schema' lists tables and columns");
	if (!query.statement)
		return explain(sqlite3_errmsg(database), sql);
	int status = refuse(&query, sql);
	if (status == EXIT_DONE)
		return print(database, &query, options);
	(void)sqlite3_finalize(query.statement);
	return status;
}

static int answer(struct session *session)
{
	struct assay *assay = NULL;
	int status = session_assay(session, 0, false, &assay);
	if (status == EXIT_DONE)
		status = session_write(session, assay);
	if (status == EXIT_DONE)
		status = query_print(assay, session->options->operands[session->options->operand_count - 1], session->options);
	assay_free(assay);
	return status;
}

static int run(const struct arguments *arguments)
{
	return session_run_product(arguments, 1,
				   "usage: assay query IMAGE... \"SELECT ...\"; 'assay schema' lists tables and columns",
			   answer);
}

const struct command command_query = {
	.name = "query",
	.usage = "IMAGE... SQL",
	.summary = "ask the evidence anything",
	.options = OPTIONS_OUTPUTS | OPTIONS_JUDGING | OPTIONS_STORE | OPTIONS_RUN | OPTIONS_TABLE,
	.run = run,
};
