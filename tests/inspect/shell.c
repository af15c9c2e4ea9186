#include "inspect/shell.h"

#include "harness.h"

static struct arena arena;
static struct shell shell;
static struct shell_command command;

static void start(const char *text)
{
	arena_done(&arena);
	arena_init(&arena, 1 << 20);
	shell_init(&shell, span_of_text(text), &arena, NULL);
}

/* Goes to the command of a name. */
static bool find(const char *name)
{
	while (shell_next(&shell, &command))
		if (span_equal_text(command.words[0], name))
			return true;
	return false;
}

TEST(splits_commands_and_words)
{
	start("#!/bin/sh\n# telnetd\na 'b c' \"d\\\"e\" f\\ g >x 2>&1 & h; i|j\nk \\\n  l\n");
	REQUIRE(find("a"));
	CHECK_EQUAL(command.count, 4);
	CHECK_TEXT(command.words[1], "b c");
	CHECK_TEXT(command.words[2], "d\"e");
	CHECK_TEXT(command.words[3], "f g");
	CHECK_EQUAL(command.line, 3);
	CHECK(command.background);
	REQUIRE(find("h"));
	CHECK(!command.background);
	CHECK(find("i") && find("j"));
	REQUIRE(find("k"));
	CHECK_TEXT(command.words[1], "l");
	CHECK_EQUAL(command.line, 4);
	CHECK(!shell_next(&shell, &command));
}

TEST(knows_what_may_not_run)
{
	start("one\nif [ -f x ]; then two; else three; fi\n[ -d y ] && four || five\nfor i in 1 2; do six; done\n"
	      "[ a ] && {\n seven\n}\neight\nwhile true; do nine; done &\nexit 0\nten\n");
	const struct {
		const char *name;
		bool conditional, unreached;
	} wanted[] = { { "one", 0, 0 }, { "two", 1, 0 },  { "three", 1, 0 }, { "four", 1, 0 }, { "five", 1, 0 },
		       { "six", 0, 0 }, { "seven", 1, 0 }, { "eight", 0, 0 }, { "nine", 0, 0 }, { "ten", 0, 1 } };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (!find(wanted[i].name)) {
			harness_fail(__FILE__, __LINE__, "no %s", wanted[i].name);
			return;
		}
		if (command.conditional != wanted[i].conditional || command.unreached != wanted[i].unreached)
			harness_fail(__FILE__, __LINE__, "%s is %d %d", wanted[i].name, command.conditional,
				     command.unreached);
	}
}

TEST(knows_what_runs_in_any_case)
{
	start("while :; do one; done\nuntil false; do two; done\nfor i in a; do three; done\nif true; then four; fi\n"
	      "while $x; do five; done\nfor i in $x *; do six; done\nfor i in; do seven; done\n[ a ] && while :; do eight; done\n"
	      "if [ a ]; then while :; do nine; done; fi\n");
	static const char *const sure[] = { "one", "two", "three", "four" };
	static const char *const unsure[] = { "five", "six", "seven", "eight", "nine" };
	for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
		CHECK(find(sure[i]) && !command.conditional);
	for (size_t i = 0; i < sizeof unsure / sizeof *unsure; i++)
		CHECK(find(unsure[i]) && command.conditional);
}

TEST(joins_words_over_lines)
{
	start("tel\\\nnetd -l \"/bin/\\\nsh\" 'a\\\nb'\n");
	REQUIRE(find("telnetd"));
	CHECK_TEXT(command.words[2], "/bin/sh");
	CHECK_TEXT(command.words[3], "a\\\nb");
}

TEST(knows_functions_and_branches)
{
	start("start() {\n one\n if a; then b; fi\n}\nfunction stop {\n two\n}\ncase \"$1\" in\n start|boot) three ;;\n"
	      " (stop)\n four;;\n *) five; exit 1\nesac\ncase $X in a) six;; esac\nseven\n");
	REQUIRE(find("one"));
	CHECK_TEXT(command.function, "start");
	CHECK(!command.conditional);
	REQUIRE(find("b"));
	CHECK_TEXT(command.function, "start");
	REQUIRE(find("two"));
	CHECK_TEXT(command.function, "stop");
	REQUIRE(find("three"));
	CHECK_TEXT(command.function, "");
	CHECK_TEXT(command.branch, "start|boot");
	CHECK(!command.conditional);
	REQUIRE(find("four"));
	CHECK_TEXT(command.branch, "stop");
	REQUIRE(find("five"));
	CHECK_TEXT(command.branch, "*");
	REQUIRE(find("six"));
	CHECK(command.conditional);
	REQUIRE(find("seven"));
	CHECK(!command.conditional && !command.unreached);
	CHECK_TEXT(command.branch, "");
}

TEST(puts_constants_in)
{
	start("PROG=/usr/sbin/x\nexport OPT=\"-a $PROG\"\nNOW=`date`\n\"$PROG\" ${OPT} '$PROG' $NOW $1\n");
	REQUIRE(find("/usr/sbin/x"));
	CHECK_TEXT(command.words[1], "-a /usr/sbin/x");
	CHECK_TEXT(command.words[2], "$PROG");
	CHECK_TEXT(command.words[3], "$NOW");
	CHECK_TEXT(command.words[4], "$1");
}

/* "a1 b b2" of the commands that are told: the second word of each. */
static const char *told(const char *text)
{
	static char words[512];
	words[0] = 0;
	start(text);
	while (shell_next(&shell, &command)) {
		size_t at = strlen(words);
		(void)snprintf(words + at, sizeof words - at, "%s%.*s:%.*s", at ? " " : "", SPAN_FORMAT(command.words[0]),
			       SPAN_FORMAT(command.words[command.count > 1]));
	}
	return words;
}

TEST(reads_a_loop_for_each_word)
{
	CHECK_TEXT(span_of_text(told("for s in x y; do a /b/$s; c; done; d $s\n")), "a:/b/x c:c a:/b/y d:y");
	CHECK_TEXT(span_of_text(told("L='x y'\nfor s in $L\ndo\n p=/b/$s\n a $p\ndone &\nd\n")), "a:/b/x a:/b/y d:d");
	CHECK_TEXT(span_of_text(told("for s in x y; do for t in 1 2; do a $s$t; done; done")), "a:x1 a:x2 a:y1 a:y2");
	/* What closes something after the loop closes it once, after the last turn. */
	CHECK_TEXT(span_of_text(told("(for s in x y; do a $s; done)\nb\nf() { for s in x y; do a $s; done; }\nc")),
		   "a:x a:y b:b a:x a:y c:c");
	CHECK_TEXT(span_of_text(told("case $1 in start) for s in x y; do a $s; done;; stop) b;; esac")), "a:x a:y b:b");
	/* What the script computes stays as it is. */
	CHECK_TEXT(span_of_text(told("s=q\nfor s in /etc/S*; do a $s; done")), "a:$s");
	CHECK_TEXT(span_of_text(told("for s in $(ls) y; do a $s; done")), "a:y");
	start("for s in x y; do a $s; done");
	REQUIRE(find("a") && find("a"));
	CHECK_EQUAL(command.line, 1);
	CHECK(!command.conditional);
}

TEST(passes_over_here_documents)
{
	start("cat > /etc/x <<EOF\ntelnetd &\nEOF\nafter\ncat <<-'END'\n\ttelnetd\n\tEND\nlast\n");
	CHECK(find("after"));
	CHECK_EQUAL(command.line, 4);
	CHECK(find("last"));
	start("cat <<EOF\ntelnetd\nEOF\n");
	CHECK(!find("telnetd"));
}

TEST(broken_scripts_end)
{
	static const char *const broken[] = { "a '", "a \"$(", "case x in", "case", "if if if", "}}}}", "((((((", "a <<",
					      "f() {", ";;;;", "a \\", "$((", "${", "fi done esac", "in ) ) ;;" };
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		start(broken[i]);
		while (shell_next(&shell, &command))
			;
		CHECK(!shell_next(&shell, &command));
	}
	static char deep[4096];
	for (size_t i = 0; i + 3 < sizeof deep; i += 3)
		memcpy(deep + i, "if ", 3);
	start(deep);
	CHECK(!find("x"));
}

TESTS(splits_commands_and_words, knows_what_may_not_run, knows_what_runs_in_any_case, joins_words_over_lines,
      knows_functions_and_branches, puts_constants_in, reads_a_loop_for_each_word, passes_over_here_documents, broken_scripts_end)
