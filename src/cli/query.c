/* assay query: any SELECT over the evidence, in bounds; and what is wrong with one, in words that help. */
#define _GNU_SOURCE /* strcasestr */
#include "cli/query.h"

#include <string.h>

#include "cli/session.h"
#include "cli/suggest.h"
#include "cli/table.h"

/* The name behind the words of an error: "… no such column: f.pth" gives "pth". NULL where it is another error. */
static const char *missing(const char *error, const char *words)
{
	const char *found = strstr(error, words);
	if (!found)
		return NULL;
	const char *dot = strrchr(found, '.');
	return dot ? dot + 1 : found + strlen(words);
}

/* Of tables that the query names first: "pth" in a query over file is the path of file. */
static const char nearest_columns[] = "SELECT name, table_name FROM schema_column GROUP BY name, table_name ORDER BY name";
static const char nearest_tables[] = "SELECT name, '' FROM schema_table ORDER BY name";

static void offer_names(struct suggestion *suggestion, const char *names, const char *sql)
{
	struct assay *schema = NULL;
	struct assay_rows *rows = NULL;
	if (assay_schema(&schema) == ASSAY_DONE && assay_query(schema, names, 0, &rows) == ASSAY_DONE)
		while (assay_rows_next(rows))
			if (strcasestr(sql, assay_rows_text(rows, 1, NULL)))
				suggestion_offer(suggestion, assay_rows_text(rows, 0, NULL));
	(void)assay_rows_end(rows);
	assay_free(schema);
}

static int explain(const char *error, const char *sql)
{
	const char *column = missing(error, "no such column: "), *table = missing(error, "no such table: ");
	const char *name = column ? column : table;
	if (!name)
		return unusable("%s", error);
	struct suggestion suggestion = suggestion_start(name, strlen(name));
	offer_names(&suggestion, column ? nearest_columns : nearest_tables, sql);
	if (suggestion.best[0])
		return unusable("%s; did you mean %s? 'assay schema' lists tables and columns", error, suggestion.best);
	return unusable("%s; 'assay schema' lists tables and columns", error);
}

int query_print(struct assay *assay, const char *sql, const struct options *options)
{
	struct assay_rows *rows = NULL;
	if (assay_query(assay, sql, (uint64_t)options->timeout * 1000, &rows) != ASSAY_DONE)
		return explain(assay_error(assay), sql);
	enum outcome printed = table_print(rows, options->format);
	enum assay_status status = assay_rows_end(rows);
	if (status == ASSAY_NO_MEMORY)
		return unusable("the query takes more memory than it may (--memory-limit)");
	if (status == ASSAY_LIMIT)
		return unusable("the query took longer than %u seconds (--timeout)", options->timeout);
	if (status != ASSAY_DONE)
		return unusable("%s", assay_error(assay));
	return printed == DONE ? EXIT_DONE : unusable("the table is too large to be laid out; --format tsv has no bound");
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
