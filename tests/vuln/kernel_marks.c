#include "vuln/kernel_marks.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "inspect/kernel_marks.h"
#include "inspect/kernel_texts.h"

static struct evidence *evidence;
static sqlite3 *database;
static struct arena arena;

static bool state(const char *source, int64_t sought, struct span names)
{
	struct query query = query_start(database, "INSERT INTO kernel_names (file, source, whole, offset, count, names, sought)"
						   " VALUES (1, ?1, 1, 55, 1, ?2, ?3)");
	query_bind_text(&query, 1, span_of_text(source));
	query_bind_text(&query, 2, names);
	query_bind_integer(&query, 3, sought);
	while (query_next(&query))
		continue;
	return query_end(&query) == DONE;
}

/* The anchors of the table, one a line, and a name in its place among them. */
static struct span with_anchors(const char *name)
{
	struct span table = embedded("kernel/marks.tsv"), line, word, text = SPAN_NONE;
	while (span_next_line(&table, &line) && !span_starts_text(line, "# Anchors: "))
		continue;
	line = span_from(line, sizeof "# Anchors: " - 1);
	bool placed = false;
	while (span_next_word(&line, &word)) {
		bool here = !placed && span_compare(word, span_of_text(name)) > 0;
		text = arena_format(&arena, "%.*s%s%s%.*s\n", SPAN_FORMAT(text), here ? name : "", here ? "\n" : "",
				    SPAN_FORMAT(word));
		placed = placed || here;
	}
	return placed ? text : arena_format(&arena, "%.*s%s", SPAN_FORMAT(text), name);
}

/* A kernel of texts, with marks, and the file system that it mounts. */
static bool begin(const char *version, bool anchors, const char *name)
{
	arena_init(&arena, 64 << 20);
	if (evidence_new(&evidence) != DONE)
		return false;
	database = evidence_database(evidence);
	struct query query = query_start(database, "INSERT INTO kernel (file, release, version, source)"
						   " VALUES (1, ?1, ?1, 'banner')");
	bool made = query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
					"INSERT INTO file (id, volume, path, type, size, state) VALUES"
					" (1, 1, 'kernel', 'part', 1, 'read'), (2, 1, '/sbin/init', 'file', 1, 'read')") == DONE;
	query_bind_text(&query, 1, span_of_text(version));
	while (query_next(&query))
		continue;
	return query_end(&query) == DONE && made && state("texts", kernel_texts_table(), SPAN_LITERAL("ndisc_cache")) &&
	       state("marks", kernel_marks_table(), anchors ? with_anchors(name) : span_of_text(name));
}

static void end(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static enum kernel_sight sight(const char *version, bool anchors, const char *name, struct kernel_traced traced)
{
	if (!begin(version, anchors, name))
		return KERNEL_SIGHT_PRESENT;
	enum kernel_sight sight = kernel_marks_show(kernel_names_new(database, &arena), &traced).sight;
	end();
	return sight;
}

static struct kernel_traced module_of(const char *option, const char *module)
{
	return (struct kernel_traced){ .option = span_of_text(option), .tristate = true, .modules = span_of_text(module) };
}

static struct kernel_traced feature_of(const char *option, bool lasting)
{
	return (struct kernel_traced){ .option = span_of_text(option), .lasting = lasting, .built_in = true };
}

#define HFSC module_of("NET_SCH_HFSC", "sch_hfsc")
#define SIT  module_of("IPV6_SIT", "sit")
#define KEYS feature_of("KEYS", true)

TEST(what_registers_under_a_name_is_there_with_it)
{
	struct kernel_traced hfsc = HFSC;
	REQUIRE(begin("4.14.63", false, "pfifo"));
	struct kernel_shown shown = kernel_marks_show(kernel_names_new(database, &arena), &hfsc);
	CHECK_EQUAL(shown.sight, KERNEL_SIGHT_ABSENT);
	CHECK_TEXT(shown.name, "hfsc");
	CHECK_TEXT(span_of_text(shown.source), "marks");
	CHECK_EQUAL(shown.file, 1);
	CHECK_EQUAL(shown.offset, 55);
	end();
	CHECK_EQUAL(sight("4.14.63", false, "hfsc", HFSC), KERNEL_SIGHT_UNKNOWN); /* it may be in other code */
	CHECK_EQUAL(sight("99.1", false, "pfifo", HFSC), KERNEL_SIGHT_UNKNOWN);
}

TEST(a_kernel_keeps_what_it_exports_or_says_nothing)
{
	CHECK_EQUAL(sight("4.14.63", true, "other", KEYS), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight("4.14.63", false, "other", KEYS), KERNEL_SIGHT_UNKNOWN); /* only what its modules need */
	CHECK_EQUAL(sight("4.14.63", true, "complete_request_key", KEYS), KERNEL_SIGHT_UNKNOWN);
}

/* Names of old code that came later, kinds of links among them, say nothing of kernels before the sources. */
TEST(old_kernels_are_known_by_what_has_lasted)
{
	CHECK_EQUAL(sight("3.3.8", false, "pfifo", HFSC), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight("2.6.36", false, "pfifo", HFSC), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight("4.14.63", false, "pfifo", SIT), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight("3.3.8", false, "pfifo", SIT), KERNEL_SIGHT_UNKNOWN);
	/* Five of its exports are not known. */
	CHECK_EQUAL(sight("3.3.8", true, "other", feature_of("HUGETLBFS", true)), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight("3.3.8", true, "other", KEYS), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight("3.3.8", true, "other", feature_of("KEYS", false)), KERNEL_SIGHT_UNKNOWN);
}

/* A module shows what it exports among its functions, and what it registers by its own name alone. */
static enum kernel_sight beside_module(const char *functions, struct kernel_traced traced)
{
	if (!begin("4.14.63", true, "other") ||
	    query_run(database, "INSERT INTO kernel_module (file, name, signed) VALUES (2, 'vfat', 0);"
				"INSERT INTO kernel_names (file, source, whole, count, names)"
				" VALUES (2, 'module symbols', 1, 1, 'x')") != DONE)
		return KERNEL_SIGHT_PRESENT;
	struct query query = query_start(database, "UPDATE kernel_names SET names = ?1 WHERE source = 'module symbols'");
	query_bind_text(&query, 1, span_of_text(functions));
	while (query_next(&query))
		continue;
	bool updated = query_end(&query) == DONE;
	enum kernel_sight sight = kernel_marks_show(kernel_names_new(database, &arena), &traced).sight;
	end();
	return updated ? sight : KERNEL_SIGHT_PRESENT;
}

TEST(what_is_in_a_module_is_not_missing)
{
	struct kernel_traced keys = KEYS, hfsc = HFSC;
	keys.built_in = false;
	CHECK_EQUAL(beside_module("fat_open", keys), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(beside_module("complete_request_key", keys), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(beside_module("fat_open", hfsc), KERNEL_SIGHT_ABSENT);
	hfsc.modules = SPAN_NONE; /* the option's code may be in any of them */
	CHECK_EQUAL(beside_module("fat_open", hfsc), KERNEL_SIGHT_UNKNOWN);
}

TEST(marks_of_another_table_say_nothing)
{
	struct kernel_traced hfsc = HFSC;
	REQUIRE(begin("4.14.63", false, "pfifo"));
	CHECK_EQUAL(query_run(database, "UPDATE kernel_names SET sought = 1 WHERE source = 'marks'"), DONE);
	CHECK_EQUAL(kernel_marks_show(kernel_names_new(database, &arena), &hfsc).sight, KERNEL_SIGHT_UNKNOWN);
	end();
	REQUIRE(begin("4.14.63", false, "pfifo"));
	CHECK_EQUAL(query_run(database, "INSERT INTO kernel_module (file, name, signed) VALUES (2, 'sch_hfsc', 0)"), DONE);
	CHECK_EQUAL(kernel_marks_show(kernel_names_new(database, &arena), &hfsc).sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

TESTS(what_registers_under_a_name_is_there_with_it, a_kernel_keeps_what_it_exports_or_says_nothing,
      old_kernels_are_known_by_what_has_lasted, what_is_in_a_module_is_not_missing, marks_of_another_table_say_nothing)
