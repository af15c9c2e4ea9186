/* Fuzzes questions: the input is SQL, run over the evidence of a small image as `assay query` runs it, and as a house rule. */
#include <sqlite3.h>

#include "assay/assay.h"
#include "target.h"

static const char passwd[] = "root::0:0:root:/root:/bin/sh\n";

/* Whatever it is, it ends: in an error, in rows, or when the time is up. */
static void ask(struct assay *result, const char *sql)
{
	struct assay_rows *rows = NULL;
	(void)sqlite3_hard_heap_limit64((sqlite3_int64)512 << 20);
	if (assay_query(result, sql, 5000, &rows) != ASSAY_DONE)
		return;
	for (int count = 0; count < 1000 && assay_rows_next(rows); count++)
		for (int column = 0; column < assay_rows_columns(rows); column++) {
			size_t length = 0;
			const char *text = assay_rows_text(rows, column, &length);
			if (text && text[length] != '\0')
				abort();
		}
	(void)assay_rows_end(rows);
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
		ask(result, sql);
	assay_free(result);
	result = NULL;
	options.rules = &rules;
	options.rule_count = 1;
	(void)assay_image(passwd, sizeof passwd - 1, "passwd", &options, &result);
	assay_free(result);
	free(sql);
	return 0;
}
