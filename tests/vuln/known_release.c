/* The version to update to, where a range ends with its last faulty version. */
#include "stored.h"

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

#define CPE "{\"vulnerable\":true,\"criteria\":\"cpe:2.3:a:dropbear_ssh_project:dropbear_ssh:"
#define MATCH(version, bounds) CPE version ":*:*:*:*:*:*:*\"" bounds "}"
#define UP_TO(version) MATCH("*", ",\"versionStartIncluding\":\"0.1\",\"versionEndIncluding\":\"" version "\"")
#define BELOW(version) MATCH("*", ",\"versionStartIncluding\":\"0.2\",\"versionEndExcluding\":\"" version "\"")
#define CVE(id, matches)                                                                                        \
	"{\"cve\":{\"id\":\"" id "\",\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":["       \
	matches "]}]}]}}"

static const char nvd[] =
	"{\"format\":\"NVD_CVE\",\"timestamp\":\"2026-01-21T03:01:41\",\"vulnerabilities\":["
	CVE("CVE-2016-0001", UP_TO("2015.71")) "," CVE("CVE-2016-0002", UP_TO("2019.78")) ","
	/* Releases that at least two faults name, and one that only one does. */
	CVE("CVE-2016-0003", BELOW("2016.72")) "," CVE("CVE-2016-0004", BELOW("2016.72")) ","
	CVE("CVE-2016-0005", BELOW("2015.72")) ","
	/* What comes next has the fault, too. */
	CVE("CVE-2016-0006", UP_TO("2015.71") "," MATCH("2016.72", "")) ","
	CVE("CVE-2016-0007", BELOW("2018.76")) "," CVE("CVE-2016-0008", BELOW("2018.76")) ","
	/* Listed one by one. */
	CVE("CVE-2016-0009", MATCH("2012.55", "") "," MATCH("2013.60", ""))
	"]}";

static bool set_up(void)
{
	struct builder *builder;
	struct span error;
	const char *path = stored_path("release.db");
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = feed_document(builder, SPAN_LITERAL("nvd.json"), SPAN_LITERAL(nvd)) == DONE;
	bool built = builder_finish(builder) == DONE && stored_without_own_facts(path);
	return read && built && store_open_file(path, &arena, &store, &error) == DONE && evidence_new(&evidence) == DONE;
}

static void tear_down(void)
{
	evidence_free(evidence);
	store_close(store);
	(void)unlink(stored_path("release.db"));
	arena_done(&arena);
}

static void check(const char *id, const char *want)
{
	struct query query = query_start(evidence_database(evidence), "SELECT status || coalesce(' ' || fixed_in, '') ||"
								      " coalesce(' after ' || last_affected, '') FROM vulnerability"
								      " WHERE id = ?1");
	query_bind_text(&query, 1, span_of_text(id));
	CHECK(query_next(&query));
	CHECK_TEXT(query_text(&query, 0), want);
	CHECK_EQUAL(query_end(&query), DONE);
}

TEST(the_release_behind_the_last_faulty_one_is_told)
{
	REQUIRE(set_up());
	REQUIRE(stored_component(evidence, 1, "dropbear", "2012.55"));
	REQUIRE(match_components(evidence, store, &stored_recognisers) == DONE);
	check("CVE-2016-0001", "affected 2016.72");
	check("CVE-2016-0006", "affected 2018.76");
	check("CVE-2016-0009", "affected 2015.71");
	/* Nobody names a later one. */
	check("CVE-2016-0002", "affected after 2019.78");
	tear_down();
}

TESTS(the_release_behind_the_last_faulty_one_is_told)
