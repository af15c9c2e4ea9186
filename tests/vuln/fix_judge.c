#include "vuln/fix_judge.h"

#include "stored.h"

/*
 * Two files of component 7, dnsmasq 1.5: a program (3) and a library (4). File 5 is dnsmasq by its name and shows no version,
 * file 6 is no program.
 */
static const char base[] =
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read');"
	"INSERT INTO file (id, volume, path, type, size, state, kind) VALUES"
	" (3, 1, '/usr/sbin/dnsmasq', 'file', 1, 'read', 'elf'), (4, 1, '/lib/libd.so', 'file', 1, 'read', 'elf'),"
	" (5, 1, '/opt/dnsmasq', 'file', 1, 'read', 'elf'), (6, 1, 'flash', 'part', 1, 'read', 'data');"
	"INSERT INTO elf (file, class, byte_order, machine, type, static, stripped) VALUES"
	" (3, 32, 'little', 'MIPS', 'executable', 0, 1), (4, 32, 'little', 'MIPS', 'shared library', 0, 1),"
	" (5, 32, 'little', 'MIPS', 'executable', 0, 1);"
	"INSERT INTO component (id, name, version, type, confidence) VALUES (7, 'dnsmasq', '1.5', 'application', 90);"
	"INSERT INTO witness (rowid, file, component, version, method, detail, confidence) VALUES"
	" (1, 3, 'dnsmasq', '1.5', 'banner', '', 90), (2, 4, 'dnsmasq', '1.5', 'banner', '', 90);"
	"INSERT INTO component_witness (component, witness) VALUES (7, 1), (7, 2);";

#define SIGN(file, since, before, shows, offset) \
	"INSERT INTO fix_sign VALUES (" file ", " offset ", 'dnsmasq', 'CVE-2020-1', '" since "', '" before "', '" shows "'," \
	" 'text', 'a new text');"
#define FIXED(file) SIGN(file, "1.0", "2.0", "fixed", "44")
#define UNFIXED(file) SIGN(file, "1.0", "2.0", "unfixed", "NULL")
#define NEITHER(file) SIGN(file, "1.0", "2.0", "neither", "NULL")

static struct decision judged(const char *status, const char *more, struct arena *words)
{
	const struct claim_subject asked = { .order = ORDER_GENERIC, .branch = 1, .version = SPAN_LITERAL("1.5") };
	const struct fix_question question = { .component = 7, .name = SPAN_LITERAL("dnsmasq"), .asked = &asked,
					       .vulnerability = SPAN_LITERAL("CVE-2020-1") };
	struct decision decision = { .status = status, .reason = SPAN_LITERAL("1.5 lies in [1.0, 2.0)"),
				     .question = SPAN_LITERAL("is it?") };
	struct evidence *evidence = NULL;
	struct fix_judge judge;
	CHECK_EQUAL(evidence_new(&evidence), DONE);
	CHECK_EQUAL(query_run(evidence_database(evidence), base), DONE);
	CHECK_EQUAL(query_run(evidence_database(evidence), more), DONE);
	fix_judge_init(&judge, evidence_database(evidence));
	fix_judge_decision(&judge, &question, &decision, words);
	CHECK_EQUAL(fix_judge_end(&judge), DONE);
	evidence_free(evidence);
	return decision;
}

#define CHECK_STATUS(was, more, expected)                                                            \
	do {                                                                                         \
		struct decision decision_ = judged((was), (more), &words);                           \
		CHECK_TEXT(span_of_text(decision_.status), (expected));                              \
		CHECK((decision_is(&decision_, "fixed") || decision_.unmended) == (decision_.premise_count > 0));\
	} while (0)

TEST(a_program_that_shows_the_fix_has_it)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct decision decision = judged("affected", FIXED("3"), &words);
	CHECK_TEXT(span_of_text(decision.status), "fixed");
	CHECK_TEXT(decision.reason, "1.5 lies in [1.0, 2.0), but the fix is in the program: /usr/sbin/dnsmasq holds the text"
				    " 'a new text' that came with it");
	CHECK_EQUAL(decision.question.size, 0);
	REQUIRE(decision.premise_count == 1);
	CHECK_TEXT(span_of_text(decision.premises[0].kind), "fix");
	CHECK_EQUAL(decision.premises[0].file, 3);
	CHECK_EQUAL(decision.premises[0].offset, 44);
	CHECK(!decision.unmended);
	CHECK_STATUS("under review", FIXED("3"), "fixed");
	CHECK_STATUS("not affected", FIXED("3"), "not affected");
	CHECK_STATUS("affected", "SELECT 1", "affected");
	CHECK_STATUS("affected", FIXED("3") FIXED("4") FIXED("5"), "fixed");
	CHECK_STATUS("affected", NEITHER("3") FIXED("3") FIXED("4"), "fixed"); /* signs of other builds */
	arena_done(&words);
}

TEST(one_file_without_the_fix_is_enough)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	CHECK_STATUS("affected", FIXED("3") UNFIXED("4"), "affected");
	CHECK_STATUS("affected", FIXED("3") NEITHER("4"), "affected");
	CHECK_STATUS("affected", FIXED("3") NEITHER("5"), "affected");
	CHECK_STATUS("affected", FIXED("3") UNFIXED("5"), "affected");
	CHECK_STATUS("affected", FIXED("3") "UPDATE file SET state = 'partial' WHERE id = 3", "affected");
	CHECK_STATUS("affected", FIXED("3") "UPDATE file SET state = 'over-budget' WHERE id = 4", "affected");
	CHECK_STATUS("affected", FIXED("3") "INSERT INTO incomplete (file, missing, cause, code, detail) VALUES"
		     " (4, 'search', 'time', 'time.file', 'cut')", "affected");
	/* Code that is no program was not looked at. */
	CHECK_STATUS("affected", FIXED("3") "INSERT INTO witness (rowid, file, component, version, method, detail, confidence)"
		     " VALUES (3, 6, 'dnsmasq', '1.5', 'banner', '', 90); INSERT INTO component_witness VALUES (7, 3)", "affected");
	arena_done(&words);
}

TEST(signs_count_only_for_their_versions)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	CHECK_STATUS("affected", SIGN("3", "1.5", "1.6", "fixed", "44"), "fixed");
	CHECK_STATUS("affected", SIGN("3", "1.6", "2.0", "fixed", "44"), "affected");
	CHECK_STATUS("affected", SIGN("3", "1.0", "1.5", "fixed", "44"), "affected");
	CHECK_STATUS("affected", FIXED("3") SIGN("4", "1.6", "2.0", "fixed", "44"), "affected"); /* 4 is open */
	arena_done(&words);
}

/* Another version of the component beside it has files of its own; a file without a version may belong to either. */
TEST(files_of_another_version_are_its_own)
{
	static const char other[] =
		"INSERT INTO component (id, name, version, type, confidence) VALUES (8, 'dnsmasq', '1.4', 'application', 90);"
		"UPDATE component_witness SET component = 8 WHERE witness = 2;";
	struct arena words;
	char more[2048];
	arena_init(&words, 1 << 16);
	(void)snprintf(more, sizeof more, "%s%s", other, FIXED("3") UNFIXED("4"));
	CHECK_STATUS("affected", more, "fixed");
	(void)snprintf(more, sizeof more, "%s%s", other, UNFIXED("3") FIXED("4"));
	CHECK_STATUS("affected", more, "affected");
	(void)snprintf(more, sizeof more, "%s%s", other, FIXED("3") FIXED("5"));
	CHECK_STATUS("affected", more, "affected");
	(void)snprintf(more, sizeof more, "%s%sINSERT INTO fix_sign VALUES (5, 44, 'dnsmasq', 'CVE-2020-2', '1.0', '2.0', 'fixed',"
		       " 'text', 'a new text');", other, FIXED("3"));
	CHECK_STATUS("affected", more, "fixed"); /* 5 has nothing of the code of this one */
	arena_done(&words);
}

TEST(a_program_that_lacks_the_fix_leaves_no_doubt)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct decision decision = judged("affected", UNFIXED("3"), &words);
	CHECK_TEXT(span_of_text(decision.status), "affected");
	CHECK(decision.unmended);
	CHECK_TEXT(decision.reason, "1.5 lies in [1.0, 2.0), and the fix is not in the program: /usr/sbin/dnsmasq lacks the text"
				    " 'a new text' that came with it");
	REQUIRE(decision.premise_count == 1);
	CHECK_EQUAL(decision.premises[0].offset, -1);
	decision = judged("under review", UNFIXED("3"), &words);
	CHECK_TEXT(span_of_text(decision.status), "under review");
	CHECK(!decision.unmended && decision.premise_count == 0);
	CHECK(!judged("affected", UNFIXED("3") NEITHER("4"), &words).unmended);
	CHECK(!judged("affected", NEITHER("3"), &words).unmended);
	CHECK(!judged("affected", UNFIXED("3") NEITHER("3"), &words).unmended);
	CHECK(!judged("affected", SIGN("3", "1.6", "2.0", "unfixed", "NULL"), &words).unmended);
	arena_done(&words);
}

TESTS(a_program_that_shows_the_fix_has_it, one_file_without_the_fix_is_enough, signs_count_only_for_their_versions,
      files_of_another_version_are_its_own, a_program_that_lacks_the_fix_leaves_no_doubt)
