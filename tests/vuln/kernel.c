#include "stored.h"

#include "vuln/kernel_facts.h"
#include "vuln/version.h"

/* Ranges as NVD gives them for faults whose beginning it does not name. */
static const struct {
	const char *id, *end;
} vague[] = {
	{ "CVE-2010-3904", "2.6.36" }, { "CVE-2013-2094", "3.0.75" }, { "CVE-2013-6282", "3.2.54" },
	{ "CVE-2014-3153", "3.2.60" }, { "CVE-2020-9001", "3.12" },   { "CVE-2020-9002", "5.4" },
	{ "CVE-2022-2586", "6.0" },
};

static const char kev[] = "{\"title\":\"x\",\"catalogVersion\":\"2026.03.13\",\"dateReleased\":\"2026-03-13T16:00:00Z\","
			  "\"vulnerabilities\":[{\"cveID\":\"CVE-2022-0847\",\"dateAdded\":\"2022-04-25\"}]}";

/* Code for another machine, and nothing else. */
static const char foreign[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2020-9003\",\"state\":\"PUBLISHED\"},"
	"\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":\"affected\","
	"\"programFiles\":[\"arch/x86/mm/fault.c\"],\"versions\":["
	"{\"version\":\"0\",\"lessThan\":\"2.6.20\",\"status\":\"unaffected\",\"versionType\":\"semver\"},"
	"{\"version\":\"5.0\",\"lessThanOrEqual\":\"*\",\"status\":\"unaffected\",\"versionType\":\"semver\"}]}]}}}";

/* Brought into stable branches by a back-port; the others never had it. Versions as of CVE-2023-53437. */
static const char brought_back[] =
	"{\"dataType\":\"CVE_RECORD\",\"cveMetadata\":{\"cveId\":\"CVE-2020-9004\",\"state\":\"PUBLISHED\"},"
	"\"containers\":{\"cna\":{\"affected\":[{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":\"unaffected\","
	"\"programFiles\":[\"mm/memory.c\"],\"versions\":["
	"{\"version\":\"4.14.224\",\"lessThan\":\"4.14.308\",\"status\":\"affected\",\"versionType\":\"semver\"},"
	"{\"version\":\"4.9.260\",\"lessThan\":\"4.10\",\"status\":\"affected\",\"versionType\":\"semver\"}]},"
	"{\"vendor\":\"Linux\",\"product\":\"Linux\",\"defaultStatus\":\"affected\",\"programFiles\":[\"mm/memory.c\"],\"versions\":["
	"{\"version\":\"5.12\",\"status\":\"affected\"},"
	"{\"version\":\"0\",\"lessThan\":\"5.12\",\"status\":\"unaffected\",\"versionType\":\"semver\"},"
	"{\"version\":\"6.1.16\",\"lessThanOrEqual\":\"6.1.*\",\"status\":\"unaffected\",\"versionType\":\"semver\"},"
	"{\"version\":\"6.3\",\"lessThanOrEqual\":\"*\",\"status\":\"unaffected\",\"versionType\":\"original_commit_for_fix\"}]}]}}}";

static struct arena arena;
static struct notes notes;
static struct store *store;
static struct evidence *evidence;

static bool add_vague(struct builder *builder, const char *id, const char *end)
{
	char text[640];
	(void)snprintf(text, sizeof text,
		       "{\"format\":\"NVD_CVE\",\"vulnerabilities\":[{\"cve\":{\"id\":\"%s\","
		       "\"descriptions\":[{\"lang\":\"en\",\"value\":\"A fault in mm/memory.c in the kernel.\"}],"
		       "\"configurations\":[{\"nodes\":[{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":["
		       "{\"vulnerable\":true,"
		       "\"criteria\":\"cpe:2.3:o:linux:linux_kernel:*:*:*:*:*:*:*:*\",\"versionEndExcluding\":\"%s\"}]}]}]}}]}",
		       id, end);
	return feed_document(builder, SPAN_LITERAL("nvd.json"), span_of_text(text)) == DONE;
}

static bool set_up(void)
{
	struct builder *builder;
	const char *path = stored_path("kernel.db");
	struct span error;
	arena_init(&arena, 16 * 1024 * 1024);
	notes_init(&notes, &arena);
	(void)unlink(path);
	if (builder_new(path, &notes, &builder) != DONE)
		return false;
	bool read = true;
	for (size_t i = 0; i < sizeof vague / sizeof *vague; i++)
		read &= add_vague(builder, vague[i].id, vague[i].end);
	read &= feed_document(builder, SPAN_LITERAL("kev.json"), span_of_text(kev)) == DONE &&
		feed_document(builder, SPAN_LITERAL("x.json"), span_of_text(foreign)) == DONE &&
		feed_document(builder, SPAN_LITERAL("y.json"), span_of_text(brought_back)) == DONE;
	bool built = builder_finish(builder) == DONE;
	return read && built && store_open_file(path, &arena, &store, &error) == DONE && evidence_new(&evidence) == DONE;
}

static void tear_down(void)
{
	evidence_free(evidence);
	store_close(store);
	(void)unlink(stored_path("kernel.db"));
	arena_done(&arena);
}

/* Status of a vulnerability of one kernel, in an image whose programs are for that machine. */
static const char *status(const char *version, const char *machine, int class, const char *id)
{
	static char words[32];
	char sql[512];
	(void)snprintf(words, sizeof words, "broken");
	(void)snprintf(sql, sizeof sql,
		       "DELETE FROM vulnerability; DELETE FROM vulnerability_store; DELETE FROM component; DELETE FROM elf;"
		       "INSERT INTO elf (file, class, byte_order, machine, type, static, stripped)"
		       " VALUES (1, %d, 'little', '%s', 'executable', 0, 1)", class, machine);
	if (query_run(evidence_database(evidence), sql) == DONE && stored_component(evidence, 1, "linux", version) &&
	    match_components(evidence, store, &stored_recognisers) == DONE)
		(void)snprintf(words, sizeof words, "%s", stored_status(evidence, 1, id));
	return words;
}

#define CHECK_STATUS(version, machine, class, id, want) \
	CHECK_TEXT(span_of_text(status(version, machine, class, id)), want)

TEST(a_fault_does_not_come_before_its_beginning)
{
	REQUIRE(set_up());
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2013-2094", "not affected");
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2022-2586", "not affected");
	CHECK_STATUS("2.4.35", "MIPS", 32, "CVE-2010-3904", "not affected");
	CHECK_STATUS("2.6.31", "MIPS", 32, "CVE-2014-3153", "affected");
	CHECK_STATUS("2.6.30", "MIPS", 32, "CVE-2014-3153", "not affected");
	tear_down();
}

TEST(a_fault_of_one_machine_spares_the_others)
{
	REQUIRE(set_up());
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2013-6282", "not affected");
	CHECK_STATUS("3.0.8", "ARM", 32, "CVE-2013-6282", "affected");
	CHECK_STATUS("4.14", "MIPS", 32, "CVE-2020-9003", "not affected");
	CHECK_STATUS("4.14", "AArch64", 64, "CVE-2020-9003", "not affected");
	CHECK_STATUS("4.14", "x86", 32, "CVE-2020-9003", "affected");
	CHECK_STATUS("4.14", "x86-64", 64, "CVE-2020-9003", "affected");
	tear_down();
}

TEST(a_fault_that_a_back_port_brought_is_in_the_branches_that_got_it)
{
	REQUIRE(set_up());
	CHECK_STATUS("4.14.223", "MIPS", 32, "CVE-2020-9004", "none");
	CHECK_STATUS("4.14.224", "MIPS", 32, "CVE-2020-9004", "affected");
	CHECK_STATUS("4.14.308", "MIPS", 32, "CVE-2020-9004", "none");
	CHECK_STATUS("4.9.280", "MIPS", 32, "CVE-2020-9004", "affected");
	CHECK_STATUS("4.10.1", "MIPS", 32, "CVE-2020-9004", "none");
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2020-9004", "none");
	CHECK_STATUS("5.13", "MIPS", 32, "CVE-2020-9004", "affected");
	CHECK_STATUS("6.1.16", "MIPS", 32, "CVE-2020-9004", "none");
	tear_down();
}

TEST(a_range_without_a_beginning_says_little_of_another_series)
{
	REQUIRE(set_up());
	CHECK_STATUS("2.4.20", "MIPS", 32, "CVE-2020-9001", "under review");
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2020-9001", "under review");
	CHECK_STATUS("3.12-rc3", "MIPS", 32, "CVE-2020-9001", "affected");
	CHECK_STATUS("2.6.36", "MIPS", 32, "CVE-2020-9002", "under review");
	CHECK_STATUS("4.14.1", "MIPS", 32, "CVE-2020-9002", "under review");
	CHECK_STATUS("5.1", "MIPS", 32, "CVE-2020-9002", "under review");
	tear_down();
}

TEST(what_is_needed_and_not_shown_is_under_review)
{
	REQUIRE(set_up());
	CHECK_STATUS("2.6.31", "MIPS", 32, "CVE-2010-3904", "under review");
	CHECK_EQUAL(query_run(evidence_database(evidence),
			      "INSERT INTO kernel_module (file, name, signed) VALUES (1, 'rds', 0)"), DONE);
	CHECK_STATUS("2.6.31", "MIPS", 32, "CVE-2010-3904", "affected");
	tear_down();
}

TEST(well_known_faults_that_no_feed_ranges_are_known)
{
	REQUIRE(set_up());
	CHECK_STATUS("5.10.101", "MIPS", 32, "CVE-2022-0847", "affected");
	CHECK_STATUS("5.10.102", "MIPS", 32, "CVE-2022-0847", "none");
	CHECK_STATUS("4.14.63", "MIPS", 32, "CVE-2022-0847", "none");
	CHECK_EQUAL(query_number(store_database(store), "SELECT count(*) FROM vulnerability WHERE id = 2023000032233"), 1);
	tear_down();
}

TEST(every_fact_can_be_read)
{
	static struct kernel_facts facts;
	kernel_facts_read(&facts);
	CHECK(facts.count > 15 && facts.count < KERNEL_FACTS_MAX);
	for (size_t i = 0; i < facts.count; i++) {
		const struct kernel_fact *fact = &facts.all[i];
		struct range range;
		struct span rest = fact->ranges;
		CHECK(kernel_facts_find(&facts, fact->id) == fact);
		CHECK(fact->first.size > 0 || fact->machines.size > 0 || fact->options.size > 0);
		CHECK(fact->first.size == 0 || fact->why.size > 0);
		while (rest.size > 0 && range_next(&rest, &range))
			CHECK(range.start.size > 0 && range.end.size > 0 &&
			      version_compare(ORDER_KERNEL, range.start, fact->first) >= 0 &&
			      version_compare(ORDER_KERNEL, range.start, range.end) < 0);
		CHECK_EQUAL(rest.size, 0);
	}
}

TESTS(a_fault_that_a_back_port_brought_is_in_the_branches_that_got_it, a_fault_does_not_come_before_its_beginning,
      a_fault_of_one_machine_spares_the_others,
      a_range_without_a_beginning_says_little_of_another_series, what_is_needed_and_not_shown_is_under_review,
      well_known_faults_that_no_feed_ranges_are_known, every_fact_can_be_read)
