/* What must have been read before anything is shown, and of which devices the rules speak. */
#include "harness.h"

#include "base/buffer.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/yaml.h"
#include "evidence/query.h"
#include "judge/catalog.h"
#include "judge/judge.h"

static struct arena arena;
static struct evidence *evidence;
static struct span error;

static bool open_with(const char *sql)
{
	struct file_view view;
	arena_init(&arena, 32 << 20);
	error = SPAN_NONE;
	if (evidence_new(&evidence) != DONE || !file_view_open(harness_source("tests/judge/rules/base.sql"), 1 << 20, &view))
		return false;
	char *base = arena_text(&arena, view.bytes);
	file_view_close(&view);
	sqlite3 *database = evidence_database(evidence);
	return base && query_run(database, base) == DONE && query_run(database, sql) == DONE;
}

static void close_all(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static struct span text(const char *sql)
{
	struct query query = query_start(evidence_database(evidence), sql);
	struct span out = query_next(&query) ? arena_copy(&arena, query_text(&query, 0)) : SPAN_LITERAL("(no row)");
	CHECK(query_end(&query) == DONE);
	return out;
}

static const char kernel[] = "INSERT INTO kernel VALUES (9, '6.6.1', '6.6.1', NULL, NULL, NULL, 'banner');";
static const char boot_loader[] = "INSERT INTO boot_loader VALUES (8, 0, 'U-Boot', '2024.01', NULL, 1);";

/* One rule for each scope, whose rows are always there; what they show is told by the catalogue. */
static const char house_rules[] =
	"- {id: h-none, title: T, severity: info, sql: *all}\n"
	"- {id: h-file, title: T, severity: info, needs: [file], sql: *all}\n"
	"- {id: h-root, title: T, severity: info, needs: [root], sql: *all}\n"
	"- {id: h-kernel, title: T, severity: info, needs: [kernel], sql: *all}\n"
	"- {id: h-boot, title: T, severity: info, needs: [boot], sql: *all}\n"
	"- {id: h-update, title: T, severity: info, needs: [update], sql: *all}\n"
	"- {id: h-device, title: T, severity: info, needs: [whole-device], sql: *all}\n"
	"- {id: h-two, title: T, severity: info, needs: [root, kernel], sql: *all}\n"
	"- {id: h-app, title: T, severity: info, needs: [file], kinds: [app], sql: *all}\n";
static const char house_catalog[] =
	"{id: house, title: House, kinds: [any], requirements: [{id: none, title: A, shown_by: [h-none]}, "
	"{id: file, title: A, shown_by: [h-file]}, {id: root, title: A, shown_by: [h-root]}, "
	"{id: kernel, title: A, shown_by: [h-kernel]}, {id: boot, title: A, shown_by: [h-boot]}, "
	"{id: update, title: A, shown_by: [h-update]}, {id: device, title: A, shown_by: [h-device]}, "
	"{id: two, title: A, shown_by: [h-two]}, {id: app, title: A, shown_by: [h-app]}]}";

static bool judge_house(void)
{
	/* The query stands once, here. */
	static const char sql[] = "\"SELECT '/etc/passwd' AS path, 1 AS line, 'seen' AS detail\"";
	struct buffer rules;
	buffer_init(&rules, 1 << 20, NULL);
	struct span rest = span_of_text(house_rules);
	bool done = true;
	for (size_t at; (at = span_find_text(rest, "*all", 0)) != SPAN_NOT_FOUND; rest = span_from(rest, at + 4))
		done = done && buffer_append(&rules, span_slice(rest, 0, at)) == DONE && buffer_append(&rules, span_of_text(sql)) == DONE;
	done = done && buffer_append(&rules, rest) == DONE;
	const struct judge_source house = { SPAN_LITERAL("house.yaml"), buffer_span(&rules) };
	const struct judge_source catalog = { SPAN_LITERAL("house-catalog.yaml"), span_of_text(house_catalog) };
	done = done && judge(evidence, &(struct judge_options){ &house, 1, &catalog, 1 }, &arena, &error) == DONE;
	if (!done)
		harness_fail(__FILE__, __LINE__, "%.*s", SPAN_FORMAT(error));
	buffer_done(&rules);
	return done;
}

/* The requirements that are shown, by name. */
static void check_shown(const char *sql, const char *want)
{
	REQUIRE(open_with(sql));
	REQUIRE(judge_house());
	CHECK_TEXT(text("SELECT coalesce(group_concat(requirement, ' '), '') FROM (SELECT v.requirement FROM verdict v"
			" JOIN requirement r ON r.catalog = v.catalog AND r.id = v.requirement"
			" WHERE v.catalog = 'house' AND verdict = 'shown' ORDER BY ordinal)"),
		   want);
	/* Nothing is written as showing what is not shown. */
	CHECK_TEXT(text("SELECT count(*) FROM verdict_evidence e JOIN verdict v ON v.catalog = e.catalog"
			" AND v.requirement = e.requirement WHERE e.role = 'shows' AND v.verdict <> 'shown'"), "0");
	close_all();
}

TEST(shows_only_what_was_read)
{
	char all[512];
	(void)snprintf(all, sizeof all, "%s%s", kernel, boot_loader);
	check_shown(all, "file root kernel boot update device two");
	check_shown("", "file root");
	check_shown(kernel, "file root kernel two");
	check_shown(boot_loader, "file root");
}

TEST(shows_nothing_about_a_whole_of_which_a_part_is_unread)
{
	static const char *const unread[] = {
		"UPDATE artifact SET opaque = 257",
		"UPDATE image SET opaque_content = 257",
		"UPDATE volume SET state = 'partial' WHERE id = 2",
		"UPDATE file SET state = 'partial' WHERE id = 7",
		"INSERT INTO volume (id, parent, format, offset, size, files, state) VALUES (3, 1, 'jffs2', 0, 100, 0, 'unsupported')",
		"INSERT INTO incomplete VALUES (2, 4, '/etc/init.d/rcS', 'search', 'limit', NULL, NULL, 'shell.too-much', 'too much')",
		"INSERT INTO incomplete VALUES (NULL, NULL, NULL, 'sight', 'time', 3, NULL, 'time.match', 'the time was up')",
	};
	for (size_t i = 0; i < sizeof unread / sizeof *unread; i++) {
		char sql[1024];
		(void)snprintf(sql, sizeof sql, "%s%s%s", kernel, boot_loader, unread[i]);
		check_shown(sql, "file");
	}
	char sql[1024];
	(void)snprintf(sql, sizeof sql, "%s%sUPDATE artifact SET opaque = 256; UPDATE image SET opaque_content = 256;"
		       "INSERT INTO incomplete VALUES (2, 5, '/bin/busybox', 'facts', 'limit', 3, NULL, 'facts.endpoint', 'endpoints')",
		       kernel, boot_loader);
	check_shown(sql, "file root kernel boot update device two");
}

TEST(a_file_shows_nothing_where_it_was_not_read_whole)
{
	check_shown("UPDATE file SET state = 'partial' WHERE path = '/etc/passwd'", "");
	check_shown("INSERT INTO incomplete VALUES (2, 1, '/etc/passwd', 'search', 'limit', NULL, NULL, 'x.limit', 'a limit')", "");
	check_shown("INSERT INTO incomplete VALUES (2, 1, '/etc/passwd', 'facts', 'limit', 3, NULL, 'facts.endpoint', 'a limit')",
		    "file root");
}

TEST(says_why_nothing_is_shown)
{
	REQUIRE(open_with("UPDATE artifact SET opaque = 60000"));
	REQUIRE(judge_house());
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE catalog = 'house' AND requirement = 'none'"),
		   "h-none would show it, but its rule does not say what must have been read (needs); product.yaml does not declare it");
	CHECK_TEXT(text("SELECT reason FROM verdict WHERE catalog = 'house' AND requirement = 'root'"),
		   "h-root would show it, but 60,000 bytes are opaque; product.yaml does not declare it");
	CHECK_TEXT(text("SELECT text FROM grade_reason WHERE kind = 'unread'"),
		   "The ceiling assumes that what was not read holds nothing: 60,000 bytes are opaque");
	close_all();
}

#define TOLD(cause, amount, code, words) \
	"INSERT INTO incomplete VALUES (2, 4, '/x', 'search', '" cause "', " amount ", NULL, '" code "', '" words "');"

/* Bytes that are opaque, and told as encrypted too, are counted once. */
TEST(says_the_same_bytes_once)
{
	static const struct {
		const char *sql, *words;
	} cases[] = {
		{ TOLD("encrypted", "59000", "content.opaque", "59000 bytes") TOLD("encrypted", "500", "content.opaque", "500 bytes"),
		  "60,000 bytes are opaque, 59,500 of them encrypted or compressed in an unknown way" },
		{ TOLD("unsupported", "60000", "content.encoded", "60000 bytes") TOLD("limit", "NULL", "x.much", "too much"),
		  "60,000 bytes are opaque; too much" },
		{ "UPDATE artifact SET opaque = 200;" TOLD("encrypted", "200", "content.opaque", "200 bytes are encrypted"),
		  "200 bytes are encrypted" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char sql[1024];
		(void)snprintf(sql, sizeof sql, "UPDATE artifact SET opaque = 60000; %s", cases[i].sql);
		REQUIRE(open_with(sql));
		REQUIRE(judge_house());
		CHECK_TEXT(text("SELECT unread FROM device"), cases[i].words);
		close_all();
	}
}

/* Whatever is no Linux device gets no verdict from rules about Linux devices, and no grade. */
TEST(other_things_are_not_judged)
{
	REQUIRE(open_with("UPDATE file SET path = '/other' || path; UPDATE artifact SET kind = 'app', reason = 'an app: /x';"
			  "INSERT INTO account VALUES (1, 1, 'root', 0, '/', '/bin/sh', 'empty', NULL, NULL, 1, 'passwd')"));
	REQUIRE(judge_house());
	CHECK_TEXT(text("SELECT group_concat(DISTINCT verdict) FROM verdict WHERE catalog = 'xiaomi-2.0'"), "not-judged");
	CHECK_TEXT(text("SELECT count(*) FROM grade"), "0");
	CHECK_TEXT(text("SELECT count(*) FROM grade_reason"), "0");
	CHECK_TEXT(text("SELECT count(*) FROM finding"), "0");
	CHECK_TEXT(text("SELECT kind || ' ' || judged || ' ' || words FROM device"), "app 0 an app (an app: /x)");
	CHECK_TEXT(text("SELECT group_concat(requirement) FROM verdict WHERE catalog = 'house' AND verdict = 'shown'"), "app");
	close_all();
	REQUIRE(open_with("INSERT INTO account VALUES (1, 1, 'root', 0, '/', '/bin/sh', 'empty', NULL, NULL, 1, 'passwd')"));
	REQUIRE(judge_house());
	CHECK_TEXT(text("SELECT kind || ' ' || judged FROM device"), "linux-device 1");
	CHECK_TEXT(text("SELECT count(*) FROM grade"), "1");
	CHECK_TEXT(text("SELECT count(*) > 0 FROM finding"), "1");
	close_all();
}

/* Rules of a list that say nothing of what they need. */
static size_t check_needs(const struct rules *rules, struct rule_list list, const char *whose)
{
	for (size_t i = 0; i < list.count; i++)
		if (rules->all[list.all[i]].needs == 0)
			harness_fail(__FILE__, __LINE__, "%.*s shows something in %s and lacks needs",
				     SPAN_FORMAT(rules->all[list.all[i]].id), whose);
	return list.count;
}

/* The same of the criteria of the grades' ladder. */
static size_t check_ladder(const struct rules *rules)
{
	const struct yaml *ladder;
	size_t count = 0;
	if (yaml_read(embedded("grade/ladder.yaml"), &arena, &ladder, &error) != DONE)
		return 0;
	for (const struct yaml *grade = yaml_first(yaml_member(ladder, "grades")); grade; grade = grade->next)
		for (const struct yaml *one = yaml_first(yaml_member(grade, "criteria")); one; one = one->next)
			for (const struct yaml *id = yaml_first(yaml_member(one, "shown_by")); id; id = id->next) {
				size_t rule = rules_find(rules, id->text);
				if (rule >= rules->count)
					harness_fail(__FILE__, __LINE__, "%.*s is no rule", SPAN_FORMAT(id->text));
				else
					count += check_needs(rules, (struct rule_list){ &rule, 1 }, "the ladder");
			}
	return count;
}

/* Whoever writes a rule that shows something says what must have been read before. */
TEST(every_rule_of_ours_that_shows_says_what_it_needs)
{
	struct rules rules;
	struct catalogs catalogs;
	arena_init(&arena, 64 << 20);
	REQUIRE(rules_load(NULL, 0, &arena, &rules, &error) == DONE);
	REQUIRE(catalogs_load(NULL, 0, &rules, &arena, &catalogs, &error) == DONE);
	size_t count = 0;
	for (size_t i = 0; i < catalogs.count; i++)
		for (size_t j = 0; j < catalogs.all[i].count; j++)
			count += check_needs(&rules, catalogs.all[i].requirements[j].shown_by, "a catalogue");
	CHECK(count > 10);
	CHECK(check_ladder(&rules) >= 5);
	arena_done(&arena);
}

TEST(refuses_a_need_that_is_none)
{
	static const char bad[] = "- {id: h-bad, title: T, severity: info, needs: [everything], sql: SELECT 1}\n";
	const struct judge_source house = { SPAN_LITERAL("house.yaml"), span_of_text(bad) };
	struct rules rules;
	arena_init(&arena, 64 << 20);
	CHECK(rules_load(&house, 1, &arena, &rules, &error) == MALFORMED);
	CHECK_TEXT(error, "house.yaml line 1: needs is a list of file, root, kernel, boot, update, whole-device: h-bad");
	arena_done(&arena);
}

TESTS(shows_only_what_was_read, shows_nothing_about_a_whole_of_which_a_part_is_unread,
      a_file_shows_nothing_where_it_was_not_read_whole, says_why_nothing_is_shown, says_the_same_bytes_once,
      other_things_are_not_judged, every_rule_of_ours_that_shows_says_what_it_needs,
      refuses_a_need_that_is_none)
