/* What a program shows of a fix goes before the version of its package, in a whole match. */
#include "stored.h"

static const char record[] =
	"{\"resultsPerPage\":1,\"format\":\"NVD_CVE\",\"version\":\"2.0\",\"timestamp\":\"2026-01-21T03:01:41\",\"vulnerabilities\":["
	"{\"cve\":{\"id\":\"CVE-2020-0001\",\"published\":\"2020-01-02T00:00:00\",\"vulnStatus\":\"Analyzed\","
	"\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{\"vulnerable\":true,"
	"\"criteria\":\"cpe:2.3:a:busybox:busybox:*:*:*:*:*:*:*:*\",\"versionStartIncluding\":\"1.14.0\","
	"\"versionEndExcluding\":\"1.21.0\"}]}]}]}}]}";

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

static bool run(const char *sql)
{
	return query_run(evidence_database(evidence), sql) == DONE;
}

static bool set_up(void)
{
	struct builder *builder;
	const char *path = stored_path("fix.db");
	struct span error;
	arena_init(&arena, 16 << 20);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = feed_document(builder, SPAN_LITERAL("nvd.json"), span_of_text(record)) == DONE;
	bool built = builder_finish(builder) == DONE && stored_without_own_facts(path);
	return read && built && store_open_file(path, &arena, &store, &error) == DONE && evidence_new(&evidence) == DONE &&
	       run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'squashfs', 0, 1, 'read')");
}

static void tear_down(void)
{
	evidence_free(evidence);
	store_close(store);
	(void)unlink(stored_path("fix.db"));
	arena_done(&arena);
}

/* A component of a package that its packager came back to, and a program of it that shows something of the fix. */
static bool component(int id, const char *shows)
{
	char sql[2048];
	(void)snprintf(sql, sizeof sql,
		       "UPDATE component SET package_version = '1.19.4-6' WHERE id = %d;"
		       "INSERT INTO file (id, volume, path, type, size, state, kind) VALUES"
		       " (%d, 1, '/bin/busybox', 'file', 1, 'read', 'elf');"
		       "INSERT INTO elf (file, class, byte_order, machine, type, static, stripped) VALUES"
		       " (%d, 32, 'little', 'MIPS', 'executable', 1, 1);"
		       "INSERT INTO package (file, line, manager, name, version) VALUES (9, %d, 'opkg', 'busybox', '1.19.4-6');"
		       "INSERT INTO witness (file, line, component, method, detail, confidence)"
		       " VALUES (9, %d, 'busybox', 'package', '', 99);"
		       "INSERT INTO component_witness VALUES (%d, last_insert_rowid());"
		       "INSERT INTO witness (file, component, version, method, detail, confidence) VALUES"
		       " (%d, 'busybox', '1.19.4', 'banner', '', 90);"
		       "INSERT INTO component_witness VALUES (%d, last_insert_rowid());"
		       "INSERT INTO fix_sign VALUES (%d, %s, 'busybox', 'CVE-2020-0001', '1.14.0', '1.21.0', '%s', 'text', 'a text');",
		       id, id + 20, id + 20, id, id, id, id + 20, id, id + 20, *shows == 'f' ? "7" : "NULL", shows);
	return stored_component(evidence, id, "busybox", "1.19.4") && run(sql);
}

static struct span text_of(const char *sql)
{
	return stored_text(evidence_database(evidence), sql);
}

TEST(a_program_knows_better_than_the_version_of_its_package)
{
	static const char *const shows[] = { "fixed", "unfixed", "neither" };
	static const char *const statuses[] = { "fixed", "affected", "under review" };
	REQUIRE(set_up());
	for (int i = 0; i < 3; i++)
		CHECK(component(i + 1, shows[i]));
	REQUIRE(match_components(evidence, store, &stored_recognisers) == DONE);
	for (int i = 0; i < 3; i++)
		CHECK_TEXT(span_of_text(stored_status(evidence, i + 1, "CVE-2020-0001")), statuses[i]);
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 1"), "1.19.4 lies in [1.14.0, 1.21.0) (NVD), "
		   "but the fix is in the program: /bin/busybox holds the text 'a text' that came with it");
	CHECK_TEXT(text_of("SELECT reason FROM vulnerability WHERE component = 2"), "1.19.4 lies in [1.14.0, 1.21.0) (NVD), "
		   "and the fix is not in the program: /bin/busybox lacks the text 'a text' that came with it");
	CHECK_TEXT(text_of("SELECT kind || ' ' || file || ' ' || offset FROM premise WHERE component = 1 AND kind = 'fix'"),
		   "fix 21 7");
	CHECK_TEXT(text_of("SELECT count(*) FROM premise WHERE component = 3 AND kind = 'fix'"), "0");
	tear_down();
}

TESTS(a_program_knows_better_than_the_version_of_its_package)
