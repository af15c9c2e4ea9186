/*
 * Fuzzes vulnerability stores, which are files of somebody else: their seal, their manifest, SQLite's reading of their tables,
 * and what is told of them. An input that is no database is taken for what stands behind the tables of one.
 */
#include "assay/assay.h"
#include "base/buffer.h"
#include "base/embedded.h"
#include "evidence/query.h"
#include "target.h"
#include "vuln/store.h"

static unsigned char *tables;
static sqlite3_int64 tables_size;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	sqlite3 *database = NULL;
	(void)argc;
	(void)argv;
	if (sqlite3_open(":memory:", &database) == SQLITE_OK &&
	    query_run(database, (const char *)embedded("store.sql").data) == DONE &&
	    query_run(database, "INSERT INTO meta VALUES ('format', '" STORE_FORMAT "'), ('date', '2026-01-02'),"
				" ('vulnerabilities', '7');"
				"INSERT INTO feed VALUES (1, 'nvd', '2025-12-20', 7)") == DONE)
		tables = sqlite3_serialize(database, "main", &tables_size, 0);
	(void)sqlite3_close(database);
	return 0;
}

static void look(struct span file)
{
	struct assay_seal seal = ASSAY_SEAL_INIT;
	char *text = NULL;
	size_t length = 0;
	if (assay_store_check(file.data, file.size, NULL, 0, &seal) != ASSAY_DONE)
		return;
	for (int json = 0; json <= 1; json++) {
		(void)assay_store_tell(file.data, file.size, "fuzzed.db", &seal, json, &text, &length);
		assay_release(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size);
	struct buffer file;
	if (size == 0 || span_starts_text(input, "SQLite format 3")) {
		look(input);
		return 0;
	}
	buffer_init(&file, (size_t)64 << 20, NULL);
	if (buffer_append(&file, span_of(tables, (size_t)tables_size)) == DONE && buffer_append(&file, input) == DONE)
		look(buffer_span(&file));
	buffer_done(&file);
	return 0;
}
