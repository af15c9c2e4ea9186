#include "inspect/secret_mask.h"

#include "evidence/query.h"
#include "harness.h"
#include "inspect/lines.h"

static const char facts[] =
	"INSERT INTO image (name, size, sha256, kind) VALUES ('a', 1, '00', 'firmware');"
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
	"INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, '/a.sh', 'file', 1, 'read'),"
	" (2, 1, '/b', 'file', 1, 'read');"
	"INSERT INTO secret (file, offset, kind, rule, excerpt, confidence, placeholder) VALUES"
	" (1, 0, 'password', 'x', 'Fw2Up9', 'high', 0), (1, 9, 'api key', 'x', 'AKIAQ2M4T7WXYZABCDEF', 'high', 0),"
	" (2, 0, 'password', 'x', 'changeme', 'high', 1), (2, 0, 'password', 'x', 'ab', 'high', 0);"
	"INSERT INTO account (file, line, name, password, cracked, store) VALUES (2, 1, 'root', 'hash', 'admin', 'passwd'),"
	" (2, 2, 'a', 'hash', '', 'passwd');"
	"INSERT INTO service (file, name, starter, arguments) VALUES (1, 'curl', 'rc script', '-u ota:Fw2Up9 Fw2Up9s Fw2Up9'),"
	" (2, 'curl', 'rc script', '-u ota:Fw2Up9'), (2, 'login', 'cron', '-p admin /www/admins');"
	"INSERT INTO endpoint (file, offset, kind, host, text, plaintext) VALUES (1, 0, 'url', 'a.b', 'ftp://ota:Fw2Up9@a.b/', 1);"
	"INSERT INTO update_mechanism (file, name, aspect, detail) VALUES (1, 'vendor', 'http', 'curl -H AKIAQ2M4T7WXYZABCDEF');";

static char *text_of(sqlite3 *database, const char *sql)
{
	static char text[256];
	struct query query = query_start(database, sql);
	struct span found = query_next(&query) ? query_text(&query, 0) : SPAN_LITERAL("(no row)");
	(void)snprintf(text, sizeof text, "%.*s", SPAN_FORMAT(found));
	CHECK(query_end(&query) == DONE);
	return text;
}
#define CHECK_ROW(sql, want) CHECK_TEXT(span_of_text(text_of(database, (sql))), want)

TEST(hides_secrets_and_what_repeats_them)
{
	struct evidence *evidence;
	REQUIRE(evidence_new(&evidence) == DONE);
	sqlite3 *database = evidence_database(evidence);
	REQUIRE(query_run(database, facts) == DONE);
	CHECK(secrets_mask(evidence) == DONE);
	CHECK_ROW("SELECT group_concat(excerpt, ' ') FROM (SELECT excerpt FROM secret ORDER BY rowid)",
		  "F****9 AKI************DEF changeme ***");
	CHECK_ROW("SELECT cracked FROM account WHERE name = 'root'", "a***n");
	CHECK_ROW("SELECT cracked || '.' FROM account WHERE name = 'a'", ".");
	/* Whole words of the same file: another file's words are not known to be the secret. */
	CHECK_ROW("SELECT arguments FROM service WHERE file = 1", "-u ota:F****9 Fw2Up9s F****9");
	CHECK_ROW("SELECT arguments FROM service WHERE file = 2 AND name = 'curl'", "-u ota:Fw2Up9");
	CHECK_ROW("SELECT arguments FROM service WHERE name = 'login'", "-p a***n /www/admins");
	CHECK_ROW("SELECT text FROM endpoint", "ftp://ota:F****9@a.b/");
	CHECK_ROW("SELECT detail FROM update_mechanism", "curl -H AKI************DEF");
	evidence_free(evidence);
}

/* Whatever quotes the words of a file quotes its secrets. */
TEST(hides_repetitions_in_every_column_that_quotes)
{
	static const struct {
		const char *table, *column, *insert;
	} all[] = {
		{ "attribute", "value", "(file, name, value) VALUES (1, 'x', 'a=Fw2Up9 b')" },
		{ "boot_variable", "value", "(file, source, name, value) VALUES (1, 'stored', 'x', 'a=Fw2Up9 b')" },
		{ "console", "program", "(file, device, program, authenticated) VALUES (1, 'x', 'a=Fw2Up9 b', 0)" },
		{ "device_tree", "bootargs", "(file, offset, bootargs) VALUES (1, 0, 'a=Fw2Up9 b')" },
		{ "endpoint", "text", "(file, offset, kind, host, text, plaintext) VALUES (1, 0, 'url', 'a', 'a=Fw2Up9 b', 1)" },
		{ "firewall_rule", "detail", "(file, line, tool, kind, detail) VALUES (1, 1, 'x', 'opens', 'a=Fw2Up9 b')" },
		{ "kernel_option", "value", "(file, name, value) VALUES (1, 'CONFIG_X', 'a=Fw2Up9 b')" },
		{ "kernel_parameter", "value", "(file, source, name, value) VALUES (1, 'x', 'y', 'a=Fw2Up9 b')" },
		{ "remote_shell", "detail", "(file, kind, method, detail, confidence) VALUES (1, 'bind', 'x', 'a=Fw2Up9 b', 'high')" },
		{ "service", "arguments", "(file, name, starter, arguments) VALUES (1, 'x', 'cron', 'a=Fw2Up9 b')" },
		{ "service", "program", "(file, name, starter, program) VALUES (1, 'x', 'cron', 'a=Fw2Up9 b')" },
		{ "setting", "value", "(file, subject, name, value) VALUES (1, 'wifi', 'psk', 'a=Fw2Up9 b')" },
		{ "update_mechanism", "detail", "(file, name, aspect, detail) VALUES (1, 'x', 'http', 'a=Fw2Up9 b')" },
		{ "witness", "detail", "(file, component, method, detail, confidence) VALUES (1, 'x', 'banner', 'a=Fw2Up9 b', 90)" },
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct evidence *evidence;
		char sql[512];
		REQUIRE(evidence_new(&evidence) == DONE);
		sqlite3 *database = evidence_database(evidence);
		REQUIRE(query_run(database, facts) == DONE);
		(void)snprintf(sql, sizeof sql, "DELETE FROM %s; INSERT INTO %s %s", all[i].table, all[i].table, all[i].insert);
		CHECK_EQUAL(query_run(database, sql), DONE);
		CHECK(secrets_mask(evidence) == DONE);
		(void)snprintf(sql, sizeof sql, "SELECT %s FROM %s", all[i].column, all[i].table);
		CHECK_ROW(sql, "a=F****9 b");
		evidence_free(evidence);
	}
}

TEST(leaves_nothing_in_the_saved_pages)
{
	struct evidence *evidence;
	struct buffer saved;
	REQUIRE(evidence_new(&evidence) == DONE);
	REQUIRE(query_run(evidence_database(evidence), facts) == DONE);
	buffer_init(&saved, 1 << 24, NULL);
	REQUIRE(evidence_save(evidence, &saved) == DONE);
	CHECK(span_find_text(span_of(saved.data, saved.size), "AKIAQ2M4T7WXYZABCDEF", 0) != SPAN_NOT_FOUND);
	buffer_done(&saved);
	CHECK(secrets_mask(evidence) == DONE);
	buffer_init(&saved, 1 << 24, NULL);
	REQUIRE(evidence_save(evidence, &saved) == DONE);
	CHECK(span_find_text(span_of(saved.data, saved.size), "AKIAQ2M4T7WXYZABCDEF", 0) == SPAN_NOT_FOUND);
	buffer_done(&saved);
	evidence_free(evidence);
}

TESTS(hides_repetitions_in_every_column_that_quotes, hides_secrets_and_what_repeats_them, leaves_nothing_in_the_saved_pages)
