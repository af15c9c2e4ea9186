/* Parts of components: what data/parts says, what files show, and what an image has of them. */
#include "identify/parts.h"

#include "evidence/query.h"
#include "harness.h"
#include "identify/identify.h"
#include "inspect/inspected.h"

static struct arena arena;
static struct recognisers recognisers;
static struct inspector inspector;
static struct inspected got;

static bool begin(void)
{
	struct span error = SPAN_NONE;
	arena_init(&arena, 64 << 20);
	bool loaded = recognisers_load(&arena, &recognisers, &error) == DONE &&
		      parts_inspector_make(&arena, &recognisers, &inspector) == DONE;
	if (!loaded)
		printf("# %.*s\n", SPAN_FORMAT(error));
	return loaded;
}

static void end(void)
{
	arena_done(&arena);
}

static size_t meanings(const struct part_component *component, struct span name)
{
	size_t count = 0;
	for (size_t i = 0; i < component->count; i++) {
		count += span_equal(component->parts[i].name, name);
		for (size_t k = 0; k < component->parts[i].also.count; k++)
			count += span_equal(component->parts[i].also.all[k], name);
	}
	return count;
}

static bool needs_bearer(const struct part *part)
{
	return part->symbol.count + part->string.count + part->text.count + part->hint.count > 0;
}

TEST(every_part_is_of_a_component_that_is_recognised_and_has_one_meaning)
{
	REQUIRE(begin());
	const struct parts *parts = recognisers.parts;
	CHECK(parts->count > 20);
	for (size_t i = 0; i < parts->count; i++) {
		const struct part_component *component = &parts->all[i];
		CHECK(recogniser_find(&recognisers, component->name) != NULL);
		CHECK(i == 0 || span_compare(parts->all[i - 1].name, component->name) < 0);
		for (size_t k = 0; k < component->count; k++) {
			const struct part *part = &component->parts[k];
			CHECK_EQUAL(meanings(component, part->name), 1);
			for (size_t a = 0; a < part->also.count; a++)
				CHECK_EQUAL(meanings(component, part->also.all[a]), 1);
			CHECK(!needs_bearer(part) || component->bearer_text.count + component->bearer_symbol.count > 0);
			CHECK((part->option.count == 0 && part->lacks.count == 0) || component->list.count > 0);
			CHECK(part->symbol.count == 0 || component->bearer_symbol.count > 0);
		}
	}
	end();
}

enum { UNSAID = -1 };

/* What a file says of a part: 1, 0, or UNSAID. */
static int said(const char *component, const char *name)
{
	for (const struct fact *fact = got.facts.first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_PART_SIGN &&
		    span_equal_text(fact->values[PART_SIGN_COMPONENT].text, component) &&
		    span_equal_text(fact->values[PART_SIGN_NAME].text, name))
			return (int)fact->values[PART_SIGN_PRESENT].integer;
	return UNSAID;
}

/* A 32-bit program without segments, and the text behind its header. */
static void run_program(const char *path, const char *text, size_t size)
{
	uint8_t image[0x400] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	image[16] = 2, image[18] = 40, image[20] = 1, image[40] = 52;
	memcpy(image + 52, text, size < sizeof image - 52 ? size : 0);
	inspected_run(&got, &inspector, path, span_of(image, 52 + size));
}

#define RUN(path, text) run_program((path), (text), sizeof(text))

TEST(a_list_of_options_says_what_is_built_and_what_is_not)
{
	REQUIRE(begin());
	RUN("/usr/sbin/dnsmasq", "\0IPv6 GNU-getopt no-DBus DHCP no-DHCPv6 no-Lua TFTP no-DNSSEC\0x");
	CHECK_EQUAL(said("dnsmasq", "DHCP"), 1);
	CHECK_EQUAL(said("dnsmasq", "DHCPv6"), 0);
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), 0);
	CHECK_EQUAL(said("dnsmasq", "TFTP"), 1);
	CHECK_EQUAL(said("dnsmasq", "ipset"), UNSAID); /* a version that does not know it */
	inspected_done(&got);
	RUN("/usr/sbin/dnsmasq", "\0IPv6 GNU-getopt DHCP DHCPv6 no-TFTP DNSSEC\0x");
	CHECK_EQUAL(said("dnsmasq", "DHCPv6"), 1);
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), 1);
	CHECK_EQUAL(said("dnsmasq", "TFTP"), 0);
	inspected_done(&got);
	RUN("/usr/sbin/dnsmasq", "\0GNU-getopt\0TFTP DNSSEC\0x"); /* two texts are no list */
	CHECK_EQUAL(said("dnsmasq", "DNSSEC"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/nginx", "\0configure arguments: --prefix=/usr --with-http_v2_module\0x");
	CHECK_EQUAL(said("nginx", "ngx_http_v2_module"), 1);
	CHECK_EQUAL(said("nginx", "ngx_http_mp4_module"), 0);
	inspected_done(&got);
	end();
}

/* A file that lacks what all builds have says nothing: it may be packed, cut to its texts, or another program. */
TEST(only_a_file_that_has_the_code_is_silent)
{
	REQUIRE(begin());
	RUN("/usr/sbin/hostapd", "\0Pairwise key expansion\0EAP-pwd Hunting And Pecking\0x");
	CHECK_EQUAL(said("hostapd", "EAP-pwd"), 1);
	CHECK_EQUAL(said("hostapd", "SAE"), 0);
	CHECK_EQUAL(said("wpa_supplicant", "SAE"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/hostapd", "\0hostapd v2.6\0SAE KCK and PMK\0x");
	CHECK_EQUAL(said("hostapd", "EAP-pwd"), UNSAID);
	CHECK_EQUAL(said("hostapd", "SAE"), UNSAID);
	inspected_done(&got);
	RUN("/usr/bin/unrelated", "\0Pairwise key expansion\0x");
	CHECK_EQUAL(inspected_count(&got, EVIDENCE_PART_SIGN), 0);
	inspected_done(&got);
	end();
}

/* A linker lets a literal be the end of a longer one. */
TEST(a_literal_is_whole_or_in_doubt)
{
	REQUIRE(begin());
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0eap-restart\0x");
	CHECK_EQUAL(said("ppp", "EAP"), 1);
	inspected_done(&got);
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0no-eap-restart\0x");
	CHECK_EQUAL(said("ppp", "EAP"), UNSAID);
	inspected_done(&got);
	RUN("/usr/sbin/pppd", "\0lcp-echo-interval\0eap-restarts\0x");
	CHECK_EQUAL(said("ppp", "EAP"), 0);
	inspected_done(&got);
	end();
}

enum { SIZE = 0x800, DYNAMIC = 0x100, HASH = 0x200, SYMBOLS = 0x300, STRINGS = 0x500 };

static void put(uint8_t *image, size_t at, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * i));
}

/* A little-endian 32-bit library at address 0 that defines functions of these names. */
static void build_library(uint8_t *image, const char *const *names, uint32_t count)
{
	static const uint8_t head[] = { 0x7f, 'E', 'L', 'F', 1, 1, 1 };
	const uint32_t tags[] = { 4, HASH, 5, STRINGS, 6, SYMBOLS, 10, 0x200, 11, 16, 0, 0 };
	uint32_t string = 1;
	memset(image, 0, SIZE);
	memcpy(image, head, sizeof head);
	put(image, 16, 3, 2), put(image, 18, 40, 2), put(image, 20, 1, 4), put(image, 28, 52, 4);
	put(image, 40, 52, 2), put(image, 42, 32, 2), put(image, 44, 2, 2);
	put(image, 52, 1, 4), put(image, 52 + 16, SIZE, 4), put(image, 52 + 20, SIZE, 4), put(image, 52 + 24, 5, 4);
	put(image, 84, 2, 4), put(image, 84 + 4, DYNAMIC, 4), put(image, 84 + 8, DYNAMIC, 4);
	put(image, 84 + 16, sizeof tags, 4), put(image, 84 + 20, sizeof tags, 4);
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
		put(image, DYNAMIC + i * 4, tags[i], 4);
	put(image, HASH, 1, 4), put(image, HASH + 4, count + 1, 4);
	for (uint32_t i = 0; i < count; i++) {
		size_t at = SYMBOLS + (i + 1) * 16;
		put(image, at, string, 4), put(image, at + 4, 0x40 + i, 4), put(image, at + 12, 0x12, 1), put(image, at + 14, 1, 2);
		memcpy(image + STRINGS + string, names[i], strlen(names[i]));
		string += (uint32_t)strlen(names[i]) + 1;
	}
}

TEST(symbols_of_a_library_show_its_parts)
{
	static const char *const zlib[] = { "inflateInit2_", "gzread", "deflateInit2_" };
	static const char *const with_minizip[] = { "inflateInit2_", "zipOpen4" };
	static const char *const other[] = { "gzread" };
	uint8_t image[SIZE];
	REQUIRE(begin());
	build_library(image, zlib, 3);
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, SIZE));
	CHECK_EQUAL(said("zlib", "gzread"), 1);
	CHECK_EQUAL(said("zlib", "minizip"), 0);
	CHECK_EQUAL(said("zlib", "inflateBack"), 0);
	inspected_done(&got);
	build_library(image, with_minizip, 2);
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, SIZE));
	CHECK_EQUAL(said("zlib", "minizip"), 1);
	inspected_done(&got);
	build_library(image, other, 1); /* not the library's table of symbols, or not all of it */
	inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, SIZE));
	CHECK_EQUAL(said("zlib", "minizip"), UNSAID);
	inspected_done(&got);
	for (size_t size = 0; size < SIZE; size += 13) { /* cut short anywhere, it shows no absence that is not there */
		build_library(image, with_minizip, 2);
		inspected_run(&got, &inspector, "/usr/lib/libz.so.1", span_of(image, size));
		CHECK(said("zlib", "minizip") != 0);
		inspected_done(&got);
	}
	end();
}

TEST(code_of_another_machine_is_missing)
{
	static const char *const code[] = { "__libc_start_main", "memcpy" }, *const none[] = { "memcpy" };
	uint8_t image[SIZE];
	REQUIRE(begin());
	build_library(image, code, 2); /* of ARM */
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, SIZE));
	CHECK_EQUAL(said("glibc", "i386"), 0);
	CHECK_EQUAL(said("glibc", "armv7"), UNSAID); /* not every ARM */
	inspected_done(&got);
	put(image, 18, 3, 2);
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, SIZE));
	CHECK_EQUAL(said("glibc", "i386"), 1);
	CHECK_EQUAL(said("glibc", "armv7"), 0);
	CHECK_EQUAL(said("glibc", "x86_64"), 0);
	inspected_done(&got);
	put(image, 18, 62, 2); /* x86-64 with addresses of 32 bits */
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, SIZE));
	CHECK_EQUAL(said("glibc", "x32"), 1);
	CHECK_EQUAL(said("glibc", "x86_64"), 0);
	inspected_done(&got);
	build_library(image, none, 1);
	inspected_run(&got, &inspector, "/lib/libc.so.6", span_of(image, SIZE));
	CHECK_EQUAL(said("glibc", "i386"), UNSAID);
	inspected_done(&got);
	end();
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

TEST(applets_are_missing_where_the_whole_table_was_read)
{
	CHECK_EQUAL(has("", "busybox", "httpd"), 1);
	CHECK_EQUAL(has("", "busybox", "awk"), 0);
	CHECK_EQUAL(has("", "busybox", "no-applet"), UNSAID);
	CHECK_EQUAL(has("UPDATE applet_table SET whole = 0", "busybox", "httpd"), 1);
	CHECK_EQUAL(has("UPDATE applet_table SET whole = 0", "busybox", "awk"), UNSAID);
	CHECK_EQUAL(has("UPDATE file SET state = 'partial' WHERE id = 1", "busybox", "awk"), UNSAID);
	CHECK_EQUAL(has("INSERT INTO incomplete (file, missing, cause, code, detail) VALUES (1, 'content', 'damaged', 'x', 'x')",
			"busybox", "awk"), UNSAID);
	/* A second BusyBox of that version whose table nobody read. */
	CHECK_EQUAL(has("INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
			" (5, 9, 'busybox', '1.33.1', 'banner', 'BusyBox v1.33.1', 95)", "busybox", "awk"), UNSAID);
	CHECK_EQUAL(has("DELETE FROM applet_table; DELETE FROM applet", "busybox", "awk"), UNSAID);
}

/* BusyBox built with a library of its own: the table of the program speaks for libbb.so, from which it takes code. */
TEST(a_table_of_applets_speaks_for_the_library_of_its_program)
{
	const char *library = "UPDATE file SET path = '/usr/lib/libbb.so' WHERE id = 2;"
			      "INSERT INTO witness (file, component, version, method, detail, confidence) VALUES"
			      " (2, 'busybox', '1.33.1', 'banner', 'BusyBox v1.33.1', 95);";
	char linked[600];
	CHECK_EQUAL(has(library, "busybox", "awk"), UNSAID);
	snprintf(linked, sizeof linked, "%sINSERT INTO elf_library (file, name) VALUES (1, 'libbb.so')", library);
	CHECK_EQUAL(has(linked, "busybox", "awk"), 0);
	CHECK_EQUAL(has(linked, "busybox", "httpd"), 1);
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
}

/* A program of the component's own is silent about what its library alone would show. */
TEST(a_library_that_leaves_it_open_is_not_outvoted_by_its_program)
{
	static const char sqlite[] =
		"UPDATE file SET path = '/usr/bin/sqlite3' WHERE id = 5; UPDATE elf SET static = 0 WHERE file = 5;"
		"UPDATE file SET path = '/usr/lib/libsqlite3.so.0' WHERE id = 2; UPDATE elf SET soname = 'libsqlite3.so.0' WHERE file = 2;"
		"DELETE FROM witness WHERE file = 2; DELETE FROM part_sign;"
		"INSERT INTO elf_library (file, name) VALUES (5, 'libsqlite3.so.0');"
		"INSERT INTO witness (file, offset, component, version, method, detail, confidence) VALUES"
		" (2, 9, 'sqlite', '3.40.1', 'banner', '3.40.1', 95), (5, 9, 'sqlite', '3.40.1', 'banner', '3.40.1', 95);"
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
	*missing = query_number(evidence_database(evidence), "SELECT count(*) FROM part WHERE name = 'awk' AND NOT present") == 1;
	int64_t gaps = query_number(evidence_database(evidence), "SELECT count(*) FROM incomplete WHERE code = 'identify.parts'");
	evidence_free(evidence);
	end();
	return gaps;
}

TEST(files_of_a_component)
{
	bool missing;
	CHECK_EQUAL(gaps_of(256, &missing), 0);
	CHECK(missing);
	CHECK_EQUAL(gaps_of(257, &missing), 1);
	CHECK(!missing);
}

TESTS(every_part_is_of_a_component_that_is_recognised_and_has_one_meaning,
      a_list_of_options_says_what_is_built_and_what_is_not, only_a_file_that_has_the_code_is_silent,
      a_literal_is_whole_or_in_doubt, symbols_of_a_library_show_its_parts,
      applets_are_missing_where_the_whole_table_was_read, code_that_applets_share_is_missing_where_no_sign_of_it_is_left,
      a_table_of_applets_speaks_for_the_library_of_its_program, code_that_applets_share_is_missing_where_no_sign_of_it_is_left,
      code_of_another_machine_is_missing, a_library_lacks_a_part_where_nothing_else_may_have_it,
      a_library_that_leaves_it_open_is_not_outvoted_by_its_program, a_program_of_a_name_may_be_somebody_elses,
      files_of_a_component)
