/* Fuzzes questions: the input is SQL, run over the evidence of a small image as `assay query` runs it, and as a house rule. */
#include <sqlite3.h>

#include "assay/assay.h"
#include "target.h"

static const char passwd[] = "root::0:0:root:/root:/bin/sh\n";

/* Whatever it is, it ends: in an error, in rows, or when the time is up. */
static void ask(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK && statement && sqlite3_stmt_readonly(statement))
		for (int rows = 0; rows < 1000 && sqlite3_step(statement) == SQLITE_ROW; rows++)
			for (int column = 0; column < sqlite3_column_count(statement); column++)
				(void)sqlite3_column_text(statement, column);
	(void)sqlite3_finalize(statement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct assay_options options = ASSAY_OPTIONS_INIT;
	struct assay *result = NULL;
	char *sql = malloc(size + 1);
	if (!sql)
		return 0;
	if (size > 0)
		memcpy(sql, data, size);
	sql[size] = '\0';
	struct assay_text rules = { .name = "house.yaml", .text = sql, .length = size };
	options.jobs = 1;
	options.no_vulnerabilities = 1;
	options.time_limit_ms = 5000;
	if (assay_image(passwd, sizeof passwd - 1, "passwd", &options, &result) == ASSAY_DONE)
		ask(assay_database(result), sql);
	assay_free(result);
	result = NULL;
	options.rules = &rules;
	options.rule_count = 1;
	(void)assay_image(passwd, sizeof passwd - 1, "passwd", &options, &result);
	assay_free(result);
	free(sql);
	return 0;
}
