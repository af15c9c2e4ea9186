/* Which parts an image has, concluded from signs, tables of applets and names of files. */
#include "identify/parts.h"

#include "evidence/query.h"
#include "harness.h"
#include "identify/identify.h"

enum { UNSAID = -1 };

static struct arena arena;
static struct recognisers recognisers;

static bool begin(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	return recognisers_load(&arena, &recognisers, &error) == DONE;
}

static void end(void)
{
	arena_done(&arena);
}

static struct evidence *evidence;

static bool run(const char *sql)
{
	return query_run(evidence_database(evidence), sql) == DONE;
}

/* A root file system with a BusyBox of a whole table, libz and dropbear. */
static bool begin_image(void)
{
	return begin() && evidence_new(&evidence) == DONE &&
	       run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
		   "INSERT INTO file (id, volume, path, type, size, state, kind, target) VALUES"
		   " (1, 1, '/bin/busybox', 'file', 1, 'read', 'elf', NULL), (2, 1, '/lib/libz.so.1', 'file', 1, 'read', 'elf', NULL),"
		   " (3, 1, '/usr/bin/scp', 'link', 1, 'read', NULL, '../sbin/dropbear'),"
		   " (4, 1, '/usr/sbin/dropbear', 'file', 1, 'read', 'elf', NULL),"
		   " (5, 1, '/usr/bin/app', 'file', 1, 'read', 'elf', NULL);"
		   "INSERT INTO elf (file, class, byte_order, machine, type, static, stripped) VALUES"
		   " (1, 32, 'little', 'MIPS', 'executable', 0, 1), (2, 32, 'little', 'MIPS', 'shared library', 0, 1),"
		   " (4, 32, 'little', 'MIPS', 'executable', 0, 1), (5, 32, 'little', 'MIPS', 'executable', 1, 1);"
		   "INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		   " (1, 9, 'busybox', '1.33.1', 'banner', 'BusyBox v1.33.1', 95),"
		   " (2, 9, 'zlib', '1.2.11', 'banner', 'deflate 1.2.11', 95),"
		   " (4, 9, 'dropbear', '2019.78', 'banner', 'dropbear_2019.78', 95);"
		   "INSERT INTO applet_table (file, offset, count, whole) VALUES (1, 100, 40, 1);"
		   "INSERT INTO applet (file, name, offset) VALUES (1, 'ash', 102), (1, 'httpd', 110);"
		   "INSERT INTO part_sign (file, offset, component, name, present, sign, detail) VALUES"
		   " (2, NULL, 'zlib', 'minizip', 0, 'symbol', 'zipOpen*'), (2, NULL, 'zlib', 'untgz', 0, 'text', 'untgz version '),"
		   " (4, NULL, 'dropbear', 'scp', 0, 'text', 'usage: scp ')");
}

/* What the image has of a part: 1, 0, or UNSAID, after a change. */
static int has(const char *change, const char *component, const char *name)
{
	int present = UNSAID;
	CHECK(begin_image());
	CHECK(run(change));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	struct query query = query_start(evidence_database(evidence),
		"SELECT p.present FROM part p JOIN component c ON c.id = p.component WHERE c.name = ?1 AND p.name = ?2");
	query_bind_text(&query, 1, span_of_text(component));
	query_bind_text(&query, 2, span_of_text(name));
	if (query_next(&query))
		present = (int)query_integer(&query, 0);
	CHECK(!query_next(&query));
	CHECK_EQUAL(query_end(&query), DONE);
	evidence_free(evidence);
	end();
	return present;
}

/* How many components have that said of the part. */
static int64_t count_of(const char *change, const char *component, const char *name, int present)
{
	CHECK(begin_image());
	CHECK(run(change));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	struct query query = query_start(evidence_database(evidence),
		"SELECT count(*) FROM part p JOIN component c ON c.id = p.component"
		" WHERE c.name = ?1 AND p.name = ?2 AND p.present = ?3");
	query_bind_text(&query, 1, span_of_text(component));
	query_bind_text(&query, 2, span_of_text(name));
	query_bind_integer(&query, 3, present);
	int64_t count = query_next(&query) ? query_integer(&query, 0) : UNSAID;
	CHECK_EQUAL(query_end(&query), DONE);
	evidence_free(evidence);
	end();
	return count;
}

TEST(applets_are_missing_where_the_whole_table_was_read)
{
	CHECK_EQUAL(has("", "busybox", "httpd"), 1);
	CHECK_EQUAL(has("", "busybox", "ftpd"), 0);
	CHECK_EQUAL(has("", "busybox", "no-applet"), UNSAID);
	CHECK_EQUAL(has("UPDATE applet_table SET whole = 0", "busybox", "httpd"), 1);
	CHECK_EQUAL(has("UPDATE applet_table SET whole = 0", "busybox", "ftpd"), UNSAID);
	CHECK_EQUAL(has("UPDATE file SET state = 'partial' WHERE id = 1", "busybox", "ftpd"), UNSAID);
	CHECK_EQUAL(has("INSERT INTO incomplete (file, missing, cause, code, detail) VALUES (1, 'content', 'damaged', 'x', 'x')",
			"busybox", "ftpd"), UNSAID);
	/* A second BusyBox of that version whose table nobody read. */
	CHECK_EQUAL(has("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
			" (5, 9, 'busybox', '1.33.1', 'banner', 'BusyBox v1.33.1', 95)", "busybox", "ftpd"), UNSAID);
	CHECK_EQUAL(has("DELETE FROM applet_table; DELETE FROM applet", "busybox", "ftpd"), UNSAID);
}

/* BusyBox built with a library of its own: the table of the program speaks for libbb.so, from which it takes code. */
TEST(a_table_of_applets_speaks_for_the_library_of_its_program)
{
	const char *library = "UPDATE file SET path = '/usr/lib/libbb.so' WHERE id = 2;"
			      "INSERT INTO witness (file, component, version, method, detail, confidence) VALUES"
			      " (2, 'busybox', '1.33.1', 'banner', 'BusyBox v1.33.1', 95);";
	char linked[600];
	CHECK_EQUAL(has(library, "busybox", "ftpd"), UNSAID);
	snprintf(linked, sizeof linked, "%sINSERT INTO elf_library (file, name) VALUES (1, 'libbb.so')", library);
	CHECK_EQUAL(has(linked, "busybox", "ftpd"), 0);
	CHECK_EQUAL(has(linked, "busybox", "httpd"), 1);
}

/* A table is no more sure than its names: awk may be there as axk. */
TEST(an_applet_under_another_name_is_not_missing)
{
	const char *silent = "INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES"
			     " (1, 'busybox', 'awk', 0, 'text', 'Unexpected token')";
	CHECK_EQUAL(has("", "busybox", "awk"), UNSAID); /* nobody looked for its code */
	CHECK_EQUAL(has(silent, "busybox", "awk"), 0);
	CHECK_EQUAL(has("UPDATE part_sign SET file = 1, component = 'busybox', name = 'awk', present = 1 WHERE name = 'scp'",
			"busybox", "awk"), 1);
	CHECK_EQUAL(has("INSERT INTO applet (file, name, offset) VALUES (1, 'fxpd', 9)", "busybox", "ftpd"), UNSAID);
	CHECK_EQUAL(has("INSERT INTO applet (file, name, offset) VALUES (1, 'ftpget', 9)", "busybox", "ftpd"), 0);
}

/* sh may be ash or hush, and tar unpacks what gunzip does: a table without the name alone does not decide. */
TEST(code_that_applets_share_is_missing_where_no_sign_of_it_is_left)
{
	const char *silent = "INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES"
			     " (1, 'busybox', 'hush', 0, 'text', 'syntax error: unterminated')";
	CHECK_EQUAL(has("", "busybox", "ash"), 1);
	CHECK_EQUAL(has("", "busybox", "hush"), UNSAID);
	CHECK_EQUAL(has(silent, "busybox", "hush"), 0);
	CHECK_EQUAL(has("UPDATE part_sign SET file = 1, component = 'busybox', name = 'hush', present = 1 WHERE name = 'scp'",
			"busybox", "hush"), 1);
	CHECK_EQUAL(has("", "busybox", "gunzip"), 0);
	CHECK_EQUAL(has("INSERT INTO applet (file, name, offset) VALUES (1, 'zcat', 9)", "busybox", "gunzip"), UNSAID);
}

TEST(a_library_lacks_a_part_where_nothing_else_may_have_it)
{
	CHECK_EQUAL(has("", "zlib", "minizip"), 0);
	CHECK_EQUAL(has("", "zlib", "puff"), UNSAID); /* nobody looked */
	/* A static copy that says nothing; one that is silent as well. */
	const char *copy = "INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
			   " (5, 9, 'zlib', '1.2.11', 'banner', 'inflate 1.2.11', 95);";
	char both[800];
	CHECK_EQUAL(has(copy, "zlib", "minizip"), UNSAID);
	snprintf(both, sizeof both, "%s%s", copy, "INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES"
						  " (5, 'zlib', 'minizip', 0, 'text', 'Gilles Vollant')");
	CHECK_EQUAL(has(both, "zlib", "minizip"), 0);
	/* A program that takes it from the library holds no copy. */
	snprintf(both, sizeof both, "%s%s", copy, "UPDATE elf SET static = 0 WHERE file = 5;"
						  "INSERT INTO elf_library (file, name) VALUES (5, 'libz.so.1')");
	CHECK_EQUAL(has(both, "zlib", "minizip"), 0);
	/* Somebody has the code; a file is named as it. */
	CHECK_EQUAL(has("INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES"
			" (5, 'zlib', 'minizip', 1, 'elsewhere', 'Gilles Vollant')", "zlib", "minizip"), UNSAID);
	CHECK_EQUAL(has("UPDATE file SET path = '/usr/lib/libminizip.so.1' WHERE id = 5", "zlib", "minizip"), 1);
	/* Files that nobody listed. */
	CHECK_EQUAL(has("INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES (1, 'entries', 'damaged', 'x', 'x')",
			"zlib", "minizip"), UNSAID);
	CHECK_EQUAL(has("INSERT INTO volume (id, format, offset, size, state) VALUES (2, 'raw', 0, 9, 'read');"
			"INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES"
			" (2, 'search', 'encrypted', 'content.opaque', 'x')", "zlib", "minizip"), UNSAID);
	/* A program that is packed may hold it; an encrypted file that nothing runs does not. */
	CHECK_EQUAL(has("INSERT INTO incomplete (volume, file, missing, cause, code, detail) VALUES"
			" (1, 4, 'search', 'encrypted', 'content.opaque', 'x')", "zlib", "minizip"), UNSAID);
	CHECK_EQUAL(has("UPDATE file SET kind = NULL WHERE id = 4; DELETE FROM elf WHERE file = 4;"
			"INSERT INTO incomplete (volume, file, missing, cause, code, detail) VALUES"
			" (1, 4, 'search', 'encrypted', 'content.opaque', 'x')", "zlib", "minizip"), 0);
}

/* A program of the component's own is silent about what its library alone would show. */
TEST(a_library_that_leaves_it_open_is_not_outvoted_by_its_program)
{
	static const char sqlite[] =
		"UPDATE file SET path = '/usr/bin/sqlite3' WHERE id = 5; UPDATE elf SET static = 0 WHERE file = 5;"
		"UPDATE file SET path = '/usr/lib/libsqlite3.so.0' WHERE id = 2;"
		"UPDATE elf SET soname = 'libsqlite3.so.0' WHERE file = 2;"
		"DELETE FROM witness WHERE file = 2; DELETE FROM part_sign;"
		"INSERT INTO elf_library (file, name) VALUES (5, 'libsqlite3.so.0');"
		"INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		" (2, 9, 'sqlite', '3.40.1', 'banner', 'x', 95), (5, 9, 'sqlite', '3.40.1', 'banner', 'x', 95);"
		"INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES (5, 'sqlite', 'FTS3', 0, 'text', 'fts3')";
	char both[2000];
	CHECK_EQUAL(has(sqlite, "sqlite", "FTS3"), UNSAID);
	snprintf(both, sizeof both, "%s, (2, 'sqlite', 'FTS3', 0, 'text', 'fts3')", sqlite);
	CHECK_EQUAL(has(both, "sqlite", "FTS3"), 0);
}

TEST(a_program_of_a_name_may_be_somebody_elses)
{
	CHECK_EQUAL(has("", "dropbear", "scp"), 0); /* the link leads to the program that was read */
	CHECK_EQUAL(has("UPDATE file SET path = '/opt/bin/scp' WHERE id = 5", "dropbear", "scp"), UNSAID);
	CHECK_EQUAL(has("UPDATE file SET target = '/mnt/other' WHERE id = 3", "dropbear", "scp"), UNSAID);
	CHECK_EQUAL(has("UPDATE part_sign SET present = 1, offset = 7 WHERE name = 'scp'", "dropbear", "scp"), 1);
	/* No system that could start: what else the device has is not in the image. */
	CHECK_EQUAL(has("UPDATE file SET path = '/usr/lib/busybox' WHERE id = 1", "dropbear", "scp"), UNSAID);
}

/* Beyond the limit nothing is said to be missing, and the gap is told. */
static int64_t gaps_of(int files, bool *missing)
{
	char sql[500];
	CHECK(begin_image());
	snprintf(sql, sizeof sql,
		 "WITH n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
		 " INSERT INTO file (id, volume, path, type, size, state, kind)"
		 " SELECT i, 1, '/opt/' || i, 'file', 1, 'read', 'elf' FROM n;"
		 "INSERT INTO witness (file, component, version, method, detail, confidence)"
		 " SELECT id, 'busybox', '1.33.1', 'banner', 'x', 95 FROM file WHERE id >= 100;"
		 "INSERT INTO applet_table SELECT id, 0, 40, 1 FROM file WHERE id >= 100", 100 + files - 2);
	CHECK(run(sql));
	CHECK_EQUAL(identify_merge(evidence, &recognisers), DONE);
	*missing = query_number(evidence_database(evidence), "SELECT count(*) FROM part WHERE name = 'ftpd' AND NOT present") == 1;
	int64_t gaps = query_number(evidence_database(evidence), "SELECT count(*) FROM incomplete WHERE code = 'identify.parts'");
	evidence_free(evidence);
	end();
	return gaps;
}

/* The image has fewer file systems than the system mounts folders of programs from. */
TEST(a_program_may_lie_in_a_file_system_that_was_not_given)
{
	const char *mounts = "INSERT INTO setting (file, subject, name, value) VALUES"
			     " (5, 'file system of programs', '/opt', 'ext4 of LABEL=opt');";
	const char *given = "INSERT INTO volume (id, format, offset, size, state) VALUES (2, 'ext', 0, 1, 'read');";
	char sql[600];
	CHECK_EQUAL(has("", "zlib", "minizip"), 0);
	CHECK_EQUAL(has(mounts, "zlib", "minizip"), UNSAID);
	(void)snprintf(sql, sizeof sql, "%s%s", mounts, given);
	CHECK_EQUAL(has(sql, "zlib", "minizip"), 0);
	(void)snprintf(sql, sizeof sql, "%sUPDATE file SET path = '/opt/app' WHERE id = 5", mounts);
	CHECK_EQUAL(has(sql, "zlib", "minizip"), 0);
}

TEST(files_of_a_component)
{
	bool missing;
	CHECK_EQUAL(gaps_of(256, &missing), 0);
	CHECK(missing);
	CHECK_EQUAL(gaps_of(257, &missing), 1);
	CHECK(!missing);
}

/* libssl shows no version of its own; where there are two, it may be either's. */
TEST(what_a_copy_without_a_version_shows_is_missing_in_no_version)
{
	const char *two = "DELETE FROM part_sign; DELETE FROM witness;"
			  "INSERT INTO witness (file, component, version, method, detail, confidence) VALUES"
			  " (1, 'openssl', '1.1.1w', 'banner', 'x', 95), (2, 'openssl', '3.0.17', 'banner', 'x', 95);"
			  "INSERT INTO part_sign (file, component, name, present, sign, detail) VALUES"
			  " (1, 'openssl', 'DTLS', 1, 'symbol', 'DTLS_method'), (2, 'openssl', 'DTLS', 0, 'symbol', 'DTLS_method')";
	char more[1000];
	CHECK_EQUAL(count_of(two, "openssl", "DTLS", 0), 1);
	(void)snprintf(more, sizeof more, "%s, (4, 'openssl', 'DTLS', 1, 'symbol', 'DTLS_method')", two);
	CHECK_EQUAL(count_of(more, "openssl", "DTLS", 0), 0);
	(void)snprintf(more, sizeof more, "%s, (4, 'openssl', 'DTLS', 0, 'symbol', 'DTLS_method')", two);
	CHECK_EQUAL(count_of(more, "openssl", "DTLS", 0), 1);
}

TESTS(a_program_may_lie_in_a_file_system_that_was_not_given, what_a_copy_without_a_version_shows_is_missing_in_no_version,
      applets_are_missing_where_the_whole_table_was_read, an_applet_under_another_name_is_not_missing,
      a_table_of_applets_speaks_for_the_library_of_its_program,
      code_that_applets_share_is_missing_where_no_sign_of_it_is_left,
      a_library_lacks_a_part_where_nothing_else_may_have_it,
      a_library_that_leaves_it_open_is_not_outvoted_by_its_program, a_program_of_a_name_may_be_somebody_elses,
      files_of_a_component)
