#include "vuln/kernel_traces.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "inspect/kernel_texts.h"
#include "vuln/identifier.h"
#include "vuln/kernel_facts.h"
#include "vuln/version.h"

static struct evidence *evidence;
static sqlite3 *database;
static struct arena arena;

static bool run_with(const char *sql, const char *text)
{
	struct query query = query_start(database, sql);
	query_bind_text(&query, 1, span_of_text(text));
	while (query_next(&query))
		continue;
	return query_end(&query) == DONE;
}

/* A kernel with its functions, one a line, and the file system that it mounts. */
static bool begin(const char *version, const char *functions)
{
	arena_init(&arena, 64 << 20);
	if (evidence_new(&evidence) != DONE)
		return false;
	database = evidence_database(evidence);
	return query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
				   "INSERT INTO file (id, volume, path, type, size, state) VALUES"
				   " (1, 1, 'kernel', 'part', 1, 'read'), (2, 1, '/sbin/init', 'file', 1, 'read')") == DONE &&
	       run_with("INSERT INTO kernel (file, release, version, source) VALUES (1, ?1, ?1, 'banner')", version) &&
	       run_with("INSERT INTO kernel_names (file, source, whole, offset, count, names) VALUES (1, 'kallsyms', 1, 77, 2, ?1)",
			functions);
}

static void end(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static struct kernel_shown ask(const char *option, bool tristate, const char *modules)
{
	struct kernel_names *names = kernel_names_new(database, &arena);
	return kernel_traces_show(names, &(struct kernel_traced){ .option = span_of_text(option), .tristate = tristate,
								    .modules = span_of_text(modules) });
}

/* A field of the option's line: 0 and 1 for the versions, 2 for the functions whose absence proves. */
static struct span field_of(const char *option, int field)
{
	struct span rest, found = SPAN_NONE;
	(void)lookup_line(embedded("kernel/traces.tsv"), span_of_text(option), &rest);
	for (int i = 0; i <= field; i++)
		found = lookup_field(&rest);
	return found;
}

/* The first functions of an option as a list of names has them. */
static char *functions_of(const char *option, int count)
{
	static char text[1024];
	struct span words = field_of(option, 2), word;
	int size = snprintf(text, sizeof text, "load_module");
	while (count-- > 0 && span_next_word(&words, &word))
		size += snprintf(text + size, sizeof text - (size_t)size, "\n%.*s", SPAN_FORMAT(word));
	return text;
}

TEST(functions_of_an_option_show_it)
{
	REQUIRE(begin("5.10.7", functions_of("BTRFS_FS", 2)));
	struct kernel_shown shown = ask("BTRFS_FS", true, "btrfs");
	CHECK_EQUAL(shown.sight, KERNEL_SIGHT_PRESENT);
	CHECK_TEXT(span_of_text(shown.source), "kallsyms");
	CHECK_EQUAL(shown.file, 1);
	CHECK_EQUAL(shown.offset, 77);
	CHECK_EQUAL(ask("JFS_FS", true, "jfs").sight, KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(ask("NO_SUCH_OPTION", true, "").sight, KERNEL_SIGHT_UNKNOWN);
	end();
	REQUIRE(begin("5.10.7", functions_of("BTRFS_FS", 1))); /* it may have been copied */
	CHECK_EQUAL(ask("BTRFS_FS", true, "btrfs").sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

/* Kernels before the sources that were read ask for more, and of what cannot be a module for a full list. */
TEST(old_kernels_ask_for_more)
{
	REQUIRE(begin("2.6.36", functions_of("BTRFS_FS", 2)));
	CHECK_EQUAL(ask("BTRFS_FS", true, "btrfs").sight, KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(ask("JFS_FS", true, "jfs").sight, KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(ask("JFS_FS", false, "").sight, KERNEL_SIGHT_ABSENT); /* it has twelve */
	end();
	REQUIRE(begin("2.6.36", functions_of("BTRFS_FS", 3)));
	CHECK_EQUAL(ask("BTRFS_FS", true, "btrfs").sight, KERNEL_SIGHT_PRESENT);
	end();
	REQUIRE(begin("99.1", functions_of("BTRFS_FS", 0)));
	CHECK_EQUAL(ask("JFS_FS", true, "jfs").sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

/* Code that came under an option after the first sources may have been elsewhere before, under other names. */
TEST(what_an_option_took_over_is_not_known_before)
{
	struct span rest = embedded("kernel/traces.tsv"), line, words, word, option = SPAN_NONE;
	size_t count = 0;
	while (lookup_next(&rest, &line) && count < 5) {
		option = lookup_field(&line);
		bool later = span_equal_text(lookup_field(&line), "6.1");
		(void)lookup_field(&line);
		words = lookup_field(&line);
		for (count = 0; later && span_next_word(&words, &word);)
			count++;
	}
	REQUIRE(count >= 5);
	REQUIRE(begin("4.9.1", "load_module\nfree_module"));
	struct kernel_names *names = kernel_names_new(database, &arena);
	struct kernel_traced traced = { .option = option, .tristate = true };
	CHECK_EQUAL(kernel_traces_show(names, &traced).sight, KERNEL_SIGHT_UNKNOWN);
	traced.exists = true;
	CHECK_EQUAL(kernel_traces_show(names, &traced).sight, KERNEL_SIGHT_ABSENT);
	end();
}

static enum kernel_sight without_jfs(const char *sql, bool built_in)
{
	if (!begin("5.10.7", "load_module\nfree_module") || query_run(database, sql) != DONE)
		return KERNEL_SIGHT_PRESENT;
	struct kernel_names *names = kernel_names_new(database, &arena);
	enum kernel_sight sight = kernel_traces_show(names, &(struct kernel_traced){
		.option = span_of_text("JFS_FS"), .tristate = !built_in, .built_in = built_in, .modules = span_of_text("jfs") }).sight;
	end();
	return sight;
}

#define MODULE(name) "INSERT INTO kernel_module (file, name, signed) VALUES (2, '" name "', 0)"

TEST(what_may_hold_the_code_is_known)
{
	CHECK_EQUAL(without_jfs("SELECT 1", false), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(without_jfs(MODULE("vfat"), false), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(without_jfs(MODULE("jfs"), false), KERNEL_SIGHT_UNKNOWN); /* stripped of its functions */
	CHECK_EQUAL(without_jfs("UPDATE kernel_names SET whole = 0", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_jfs("DELETE FROM file WHERE id = 2", false), KERNEL_SIGHT_UNKNOWN); /* its modules lie elsewhere */
	CHECK_EQUAL(without_jfs("DELETE FROM file WHERE id = 2", true), KERNEL_SIGHT_ABSENT);   /* and cannot hold it */
	CHECK_EQUAL(without_jfs("UPDATE kernel_names SET whole = 0", true), KERNEL_SIGHT_UNKNOWN);
}

/* A kernel without a table of its functions, with some texts of an option. */
static bool begin_with_texts(const char *version, const char *option, int count)
{
	static char text[1024];
	struct span rest, word;
	int size = snprintf(text, sizeof text, "Out of memory: ");
	(void)lookup_line(embedded("kernel/traces.tsv"), span_of_text(option), &rest);
	for (int i = 0; i < 6; i++)
		(void)lookup_field(&rest);
	while (count > 0 && (word = lookup_field(&rest)).size > 0) {
		if (span_find_byte(span_trim(word), ' ', 0) == SPAN_NOT_FOUND)
			continue;
		size += snprintf(text + size, sizeof text - (size_t)size, "\n%.*s", SPAN_FORMAT(word));
		count--;
	}
	if (!begin(version, "") || query_run(database, "DELETE FROM kernel_names") != DONE)
		return false;
	struct query row = query_start(database, "INSERT INTO kernel_names (file, source, whole, offset, count, names, sought)"
						 " SELECT 1, 'texts', 1, 99, 2, group_concat(value, char(10)), ?2 FROM"
						 " (SELECT value FROM json_each('[\"' || replace(?1, char(10), '\",\"') || '\"]')"
						 " ORDER BY value)");
	query_bind_text(&row, 1, span_of_text(text));
	query_bind_integer(&row, 2, kernel_texts_table());
	while (query_next(&row))
		continue;
	return query_end(&row) == DONE;
}

TEST(texts_of_an_option_show_it)
{
	REQUIRE(begin_with_texts("5.10.7", "BTRFS_FS", 10));
	struct kernel_shown shown = ask("BTRFS_FS", true, "btrfs");
	CHECK_EQUAL(shown.sight, KERNEL_SIGHT_PRESENT);
	CHECK_TEXT(span_of_text(shown.source), "texts");
	CHECK_EQUAL(shown.offset, 99);
	CHECK_EQUAL(ask("JFS_FS", true, "jfs").sight, KERNEL_SIGHT_ABSENT);
	end();
	REQUIRE(begin_with_texts("5.10.7", "BTRFS_FS", 2)); /* of many: other code may have them, too */
	CHECK_EQUAL(ask("BTRFS_FS", true, "btrfs").sight, KERNEL_SIGHT_UNKNOWN);
	end();
	REQUIRE(begin_with_texts("2.6.36", "BTRFS_FS", 2));
	CHECK_EQUAL(ask("BTRFS_FS", true, "btrfs").sight, KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(ask("JFS_FS", true, "jfs").sight, KERNEL_SIGHT_ABSENT); /* it has enough of them */
	end();
}

static enum kernel_sight without_texts_of_jfs(const char *sql, bool built_in)
{
	if (!begin_with_texts("5.10.7", "BTRFS_FS", 1) || query_run(database, sql) != DONE)
		return KERNEL_SIGHT_PRESENT;
	struct kernel_names *names = kernel_names_new(database, &arena);
	enum kernel_sight sight = kernel_traces_show(names, &(struct kernel_traced){
		.option = span_of_text("JFS_FS"), .tristate = !built_in, .built_in = built_in, .modules = span_of_text("jfs") }).sight;
	end();
	return sight;
}

#define SYMBOLS(name) "INSERT INTO kernel_names (file, source, whole, offset, count, names)" \
		      " VALUES (2, 'module symbols', 1, 5, 1, '" name "')"

TEST(missing_texts_show_what_may_not_be_elsewhere)
{
	char sql[512];
	CHECK_EQUAL(without_texts_of_jfs("SELECT 1", false), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(without_texts_of_jfs("UPDATE kernel_names SET sought = sought + 1", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs("UPDATE kernel_names SET sought = NULL", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs("UPDATE kernel_names SET whole = 0", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs("UPDATE file SET state = 'partial' WHERE id = 1", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs("DELETE FROM file WHERE id = 2", false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs("DELETE FROM file WHERE id = 2", true), KERNEL_SIGHT_ABSENT);
	static const char other[] = "INSERT INTO kernel (file, release, version, source) VALUES (2, '5.4', '5.4', 'banner')";
	CHECK_EQUAL(without_texts_of_jfs(other, true), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs(MODULE("vfat"), false), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(without_texts_of_jfs(MODULE("jfs"), false), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(without_texts_of_jfs(MODULE("jfs") ";" SYMBOLS("unknown_to_all"), false), KERNEL_SIGHT_ABSENT);
	struct span words = field_of("JFS_FS", 2), one;
	REQUIRE(span_next_word(&words, &one));
	(void)snprintf(sql, sizeof sql, MODULE("some") ";" SYMBOLS("%.*s"), SPAN_FORMAT(one));
	CHECK_EQUAL(without_texts_of_jfs(sql, false), KERNEL_SIGHT_UNKNOWN); /* a function of it is in a module */
}

static bool in_order(struct span first, struct span last)
{
	return first.size > 0 && last.size > 0 && version_compare(ORDER_KERNEL, first, last) <= 0;
}

TEST(the_table_is_sound)
{
	struct span rest = embedded("kernel/traces.tsv"), line, before = SPAN_NONE, word;
	size_t rows = 0;
	while (lookup_next(&rest, &line)) {
		struct span option = lookup_field(&line), first = lookup_field(&line), last = lookup_field(&line);
		struct span proofs = lookup_field(&line), others = lookup_field(&line);
		struct span first_text = lookup_field(&line), last_text = lookup_field(&line);
		size_t names = 0, texts = 0;
		while (span_next_word(&proofs, &word))
			names++;
		while (lookup_field(&line).size > 0)
			texts++;
		bool sound = span_compare(before, option) < 0 && (names > 0 || texts > 0) && (others.size == 0 || names > 0) &&
			     (names == 0 ? first.size == 0 : names >= 3 && in_order(first, last)) &&
			     (texts == 0 ? first_text.size == 0 : texts >= 2 && in_order(first_text, last_text));
		if (!sound)
			printf("# %.*s is wrong\n", SPAN_FORMAT(option));
		CHECK(sound);
		before = option;
		rows++;
	}
	CHECK(rows > 2500);
}

/* Found by halves; every line names paths, options or beginnings of functions, and no mixture of them. */
TEST(faults_without_files_have_code)
{
	struct span rest = embedded("vulnerabilities/kernel-files.tsv"), line, before = SPAN_NONE, word;
	while (lookup_next(&rest, &line)) {
		struct span id = lookup_field(&line), code = lookup_field(&line), words = code;
		size_t kinds[3] = { 0 }, count = 0;
		while (span_next_word(&words, &word)) {
			kinds[span_find_byte(word, '/', 0) != SPAN_NOT_FOUND ? 0 : span_ends_text(word, "*") ? 1 : 2]++;
			count++;
		}
		bool sound = span_compare(before, id) < 0 && count > 0 && line.size == 0 &&
			     (kinds[0] == count || kinds[2] == count || (kinds[1] == 1 && count == 1));
		if (!sound)
			printf("# %.*s is wrong\n", SPAN_FORMAT(id));
		CHECK(sound);
		CHECK(span_equal(kernel_facts_code(identifier_parse(id)), code));
		before = id;
	}
	CHECK_TEXT(kernel_facts_code(identifier_parse(SPAN_LITERAL("CVE-2017-16995"))), "kernel/bpf/verifier.c");
	CHECK_EQUAL(kernel_facts_code(identifier_parse(SPAN_LITERAL("CVE-1999-0001"))).size, 0);
}

TESTS(functions_of_an_option_show_it, old_kernels_ask_for_more, what_an_option_took_over_is_not_known_before,
      what_may_hold_the_code_is_known, texts_of_an_option_show_it, missing_texts_show_what_may_not_be_elsewhere,
      the_table_is_sound, faults_without_files_have_code)
