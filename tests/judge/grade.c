#include "harness.h"

#include "base/file.h"
#include "evidence/query.h"
#include "judge/judge.h"
#include "judge/product.h"

static struct arena arena;
static struct evidence *evidence;
static struct span error;

static const char sound[] = /* an image that nothing speaks against, and that shows what grade 1 asks of it */
	"INSERT INTO account VALUES (1, 1, 'root', 0, '/', '/bin/sh', 'locked', NULL, NULL, 1, 'passwd');"
	"INSERT INTO component VALUES (1, 'busybox', '1.36.1', NULL, 'application', NULL, NULL, NULL, 95, "
	"'/bin/busybox');"
	"INSERT INTO kernel VALUES (9, '6.6.30', '6.6.30', NULL, NULL, NULL, 'banner');"
	"INSERT INTO vulnerability_store (date, name, vulnerabilities, old) VALUES ('2026-03-13', 'starter', 10, 0);"
	"INSERT INTO kernel VALUES (9, '6.6.1', '6.6.1', NULL, NULL, NULL, 'banner');"
	"INSERT INTO update_mechanism VALUES (4, 3, 'rauc', 'signature', 'keyring')";
static const char basics[] =
	"contact: { security: 'mailto:psirt@example.com' }\nsupport: { until: 2031-12-31 }\n";

static bool open_with(const char *sql, const char *more)
{
	struct file_view view;
	arena_init(&arena, 32 << 20);
	error = SPAN_NONE;
	if (evidence_new(&evidence) != DONE ||
	    !file_view_open(harness_source("tests/judge/rules/base.sql"), 1 << 20, &view))
		return false;
	char *base = arena_text(&arena, view.bytes);
	file_view_close(&view);
	sqlite3 *database = evidence_database(evidence);
	return base && query_run(database, base) == DONE && query_run(database, sql) == DONE &&
	       query_run(database, more) == DONE;
}

static void close_all(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

/* Declares the basics, further lines, and every requirement of the levels; then judges. */
static bool judge_with(const char *lines, const char *levels)
{
	struct buffer product;
	buffer_init(&product, 1 << 20, NULL);
	bool done = product_read(evidence, SPAN_LITERAL("product.yaml"), SPAN_LITERAL("{}"), &arena, &error) == DONE &&
		    judge(evidence, NULL, &arena, &error) == DONE &&
		    buffer_append(&product, span_of_text(basics)) == DONE &&
		    buffer_append(&product, span_of_text(lines)) == DONE &&
		    /* A criterion of a grade, which this does not declare. */
		    buffer_append(&product, SPAN_LITERAL("requirements:\n  no-known-exploited: { declared: true }\n")) == DONE;
	struct query query = query_start(evidence_database(evidence),
					 "SELECT id FROM requirement WHERE catalog = 'xiaomi-2.0' "
					 "AND instr(?1, coalesce(level, 'none')) > 0");
	query_bind_text(&query, 1, span_of_text(levels));
	while (query_next(&query)) {
		struct span line = arena_format(&arena, "  %s: { declared: true }\n",
						query_string(&query, 0));
		done = done && buffer_append(&product, line) == DONE;
	}
	done = query_end(&query) == DONE && done &&
	       product_read(evidence, SPAN_LITERAL("product.yaml"), buffer_span(&product), &arena, &error) == DONE &&
	       judge(evidence, NULL, &arena, &error) == DONE;
	if (!done)
		harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(error));
	buffer_done(&product);
	return done;
}

static int64_t number(const char *sql)
{
	return query_number(evidence_database(evidence), sql);
}

static struct span text(const char *sql)
{
	struct query query = query_start(evidence_database(evidence), sql);
	struct span out = query_next(&query) ? arena_copy(&arena, query_text(&query, 0))
					     : SPAN_LITERAL("(no row)");
	CHECK(query_end(&query) == DONE);
	return out;
}

static void check_grade(int64_t level, int64_t ceiling)
{
	CHECK_EQUAL(number("SELECT count(*) FROM grade"), 1);
	CHECK_EQUAL(number("SELECT level FROM grade"), level);
	CHECK_EQUAL(number("SELECT ceiling FROM grade"), ceiling);
}

TEST(each_grade_asks_for_more)
{
	static const char outside[] =
		"assessment: { report: R-1 }\nevidence: { signature: 'https://example.com/sig' }\n";
	REQUIRE(open_with(sound, ""));
	REQUIRE(judge_with("", "-"));
	check_grade(1, 5);
	REQUIRE(judge_with("", "low"));
	check_grade(2, 5);
	REQUIRE(judge_with("", "low medium"));
	check_grade(3, 5);
	REQUIRE(judge_with("", "low medium high"));
	check_grade(3, 5); /* secure boot: no level asks for it, grade 4 does */
	CHECK_TEXT(text("SELECT requirement FROM grade_reason WHERE kind = 'step'"), "xiaomi-2.0 1.4");
	REQUIRE(judge_with("boot: { verified: true }\n", "low medium high"));
	check_grade(4, 5);
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason WHERE kind = 'step' AND level = 5"), 2);
	REQUIRE(judge_with(outside, "low medium high none"));
	check_grade(5, 5);
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason"), 0);
	close_all();
}

TEST(a_criterion_is_not_declared_as_a_requirement)
{
	REQUIRE(open_with(sound, "DELETE FROM vulnerability_store"));
	REQUIRE(judge_with("", "low"));
	check_grade(0, 5);
	CHECK_TEXT(text("SELECT text FROM grade_reason WHERE kind = 'step'"),
		   "Give assay a store of known vulnerabilities (--db; assay db build makes one)");
	close_all();
}

TEST(what_is_disproved_lowers_the_ceiling)
{
	REQUIRE(open_with(sound,
			  "INSERT INTO elf (file, class, byte_order, machine, type, static, pie, stripped) "
			  "VALUES (5, 32, 'little', 'MIPS', 'executable', 0, 0, 1)"));
	REQUIRE(judge_with("", "low"));
	check_grade(2, 2); /* position independence is of level medium */
	CHECK_TEXT(text("SELECT text FROM grade_reason WHERE kind = 'ceiling'"),
		   "3.2.6 Programs are position independent: disproved: 1 of 1 programs is not position "
		   "independent: /bin/busybox");
	CHECK_TEXT(text("SELECT text FROM grade_reason WHERE kind = 'step' ORDER BY ordinal"),
		   "Compile and link programs with -fPIE -pie: 1 of 1 programs is not position independent: "
		   "/bin/busybox [3.2.6]");
	close_all();
}

TEST(an_exploited_hole_and_a_known_password_hold_everything)
{
	REQUIRE(open_with(sound,
			  "UPDATE account SET password = 'hash', scheme = 'md5crypt', cracked = 'admin';"
			  "INSERT INTO vulnerability (id, component, severity, known_exploited, status, "
			  "reason, source) "
			  "VALUES ('CVE-2020-1', 1, 'high', 1, 'affected', 'x', 'nvd')"));
	REQUIRE(judge_with("accounts: { unique_passwords: true }\n", "low medium high none"));
	check_grade(0, 0);
	CHECK_TEXT(text("SELECT text FROM grade_reason WHERE kind = 'step' AND ordinal = (SELECT "
			"min(ordinal) FROM grade_reason "
			"WHERE kind = 'step')"),
		   "Take the hash out of the image; set a random password per unit in production, or have the "
		   "user set one at first use: root has the password \"admin\" (md5crypt) in every unit "
		   "(/etc/passwd:1); product.yaml declares otherwise [No universal or empty password]");
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason WHERE kind = 'blocks' AND text LIKE "
			   "'%exploited in the wild: "
			   "CVE-2020-1%'"),
		    1);
	close_all();
}

#define SERVICE                                                                                                        \
	"INSERT INTO service (file, line, name, program, arguments, protocol, starter, enabled, user, program_present) VALUES "

TEST(one_fact_is_one_step)
{
	REQUIRE(open_with(sound, SERVICE "(4, 14, 'telnetd', '/usr/sbin/telnetd', '', "
				 "'telnet', 'rc script', 1, "
				 "NULL, 1);" SERVICE "(4, 15, 'ftpd', '/usr/sbin/ftpd', '', "
				 "'ftp', 'rc script', 1, "
				 "NULL, 1)"));
	REQUIRE(judge_with("", "medium"));
	check_grade(0, 0);
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason WHERE kind = 'blocks'"), 1); /* 2.2; the others weigh less */
	CHECK_TEXT(text("SELECT group_concat(text, ' | ') FROM (SELECT text FROM grade_reason WHERE kind = "
			"'step' ORDER BY ordinal)"),
		   "Remove telnetd from the image, or at least do not start it: telnetd is started at boot "
		   "(/etc/init.d/rcS:14), and 1 more [2.2; 4.1.2; 4.2.1]");
	close_all();
}

/* Symbols that are left in are a fault of style; they hold grade 3, as the grade that asks for all of it. */
TEST(faults_of_style_do_not_hold_the_first_grades)
{
	REQUIRE(open_with(sound, "INSERT INTO elf (file, class, byte_order, machine, type, static, pie, stripped) "
				 "VALUES (5, 32, 'little', 'MIPS', 'executable', 0, 1, 0)"));
	REQUIRE(judge_with("", "low medium high"));
	CHECK_TEXT(text("SELECT verdict FROM verdict WHERE requirement = '3.2.9'"), "failed");
	check_grade(2, 2);
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason WHERE kind = 'ceiling' AND level = 3 AND text LIKE '3.2.9 %'"), 1);
	close_all();
}

/* A weak certificate is worse than style, and does not hold grade 1. */
TEST(what_hurts_less_holds_the_second_grade)
{
	REQUIRE(open_with(sound, "INSERT INTO account (file, line, name, uid, password, scheme, can_login, store) VALUES"
				 " (2, 1, 'nobody', 99, 'locked', 'descrypt', 0, 'shadow');"
				 "INSERT INTO setting VALUES (11, 1, 'wifi', 'encryption', 'wep')"));
	REQUIRE(judge_with("", "low medium high"));
	CHECK_EQUAL(number("SELECT ceiling FROM grade"), 1);
	close_all();
}

/* What nobody mends any more is not clean because lists of vulnerabilities do not reach back to it. */
TEST(an_old_kernel_allows_no_more_than_a_newer_one)
{
	static const char *const kernels[] = { "2.4.20", "2.6.36", "6.5.7" };
	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
		char change[100];
		(void)snprintf(change, sizeof change, "UPDATE kernel SET release = '%s', version = '%s'", kernels[i], kernels[i]);
		REQUIRE(open_with(sound, change));
		REQUIRE(judge_with("", "low medium high"));
		check_grade(0, 0);
		close_all();
	}
	REQUIRE(open_with(sound, "UPDATE kernel SET release = '4.14.63', version = '4.14.63'"));
	REQUIRE(judge_with("components: { linux: { exception: the maker of the chip mends it } }\n", "low"));
	check_grade(2, 5);
	close_all();
}

/* One remedy for the worst things comes first, and facts that it mends stand together. */
TEST(the_plan_begins_with_what_hurts_most)
{
	REQUIRE(open_with(sound, SERVICE "(4, 14, 'telnetd', '/usr/sbin/telnetd', '', 'telnet', 'rc script', 1, NULL, 1);"
				 "UPDATE kernel SET release = '6.5.7', version = '6.5.7';"
				 "INSERT INTO console (file, line, device, program, authenticated) VALUES (3, 2, 'ttyS0', '/bin/sh', 0)"));
	REQUIRE(judge_with("", "low medium high"));
	struct span steps = text("SELECT group_concat(fact, ' | ') FROM (SELECT fact FROM grade_reason WHERE kind = 'step' "
				 "AND fact IS NOT NULL ORDER BY ordinal)");
	size_t telnet = span_find_text(steps, "telnetd is started", 0), kernel = span_find_text(steps, "Linux 6.5.7", 0);
	CHECK(telnet != SPAN_NOT_FOUND && kernel != SPAN_NOT_FOUND && telnet < kernel);
	CHECK_EQUAL(number("SELECT sum(advice IS NOT before) FROM (SELECT advice, lag(advice) OVER (ORDER BY ordinal) AS before"
			   " FROM grade_reason WHERE fact IS NOT NULL)"),
		    number("SELECT count(DISTINCT advice) FROM grade_reason WHERE fact IS NOT NULL"));
	close_all();
}

TEST(open_requirements_are_told_together)
{
	REQUIRE(open_with(sound, ""));
	REQUIRE(judge_with("", "-"));
	CHECK_EQUAL(number("SELECT count(*) FROM grade_reason WHERE kind = 'step'"), 1);
	CHECK(span_starts_text(text("SELECT text FROM grade_reason WHERE kind = 'step'"),
			       "Show or declare "));
	CHECK(span_find_text(text("SELECT text FROM grade_reason WHERE kind = 'step'"),
			     "of level low: ", 0) != SPAN_NOT_FOUND);
	close_all();
}

TESTS(each_grade_asks_for_more, a_criterion_is_not_declared_as_a_requirement,
      what_is_disproved_lowers_the_ceiling, an_exploited_hole_and_a_known_password_hold_everything,
      one_fact_is_one_step, faults_of_style_do_not_hold_the_first_grades, what_hurts_less_holds_the_second_grade,
      an_old_kernel_allows_no_more_than_a_newer_one, the_plan_begins_with_what_hurts_most,
      open_requirements_are_told_together)
