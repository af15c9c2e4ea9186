#include "vuln/kernel_area.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "vuln/kernel_judge.h"

static struct arena arena;
static struct kernel_map map;

static bool is_path(const char *path, const char *wanted)
{
	return span_equal_text(kernel_area_path(span_of_text(path)), wanted);
}

TEST(paths_of_other_trees_are_the_kernels)
{
	CHECK(is_path("https://example.org/a/kernel/blob/devel-5.10/net/bluetooth/hci_debugfs.c", "net/bluetooth/hci_debugfs.c"));
	CHECK(is_path("net/core/dev.c", "net/core/dev.c"));
	CHECK(is_path("https://example.org/a/kernel", "https://example.org/a/kernel"));
	CHECK(is_path("https://example.org/a/blob/main", "https://example.org/a/blob/main"));
}

TEST(documents_and_tools_are_beside_the_kernel)
{
	CHECK(kernel_area_is_beside(SPAN_LITERAL("Documentation/arch/arm64/silicon-errata.rst")));
	CHECK(kernel_area_is_beside(SPAN_LITERAL("tools/perf/util/config.c")));
	CHECK(kernel_area_is_beside(SPAN_LITERAL("drivers/net/Kconfig")));
	CHECK(kernel_area_is_beside(SPAN_LITERAL("Makefile")));
	CHECK(!kernel_area_is_beside(SPAN_LITERAL("drivers/net/tun.c")));
}

TEST(the_longest_beginning_says_the_option)
{
	CHECK_TEXT(kernel_area_option(SPAN_LITERAL("include/net/sctp/structs.h")), "IP_SCTP");
	CHECK_TEXT(kernel_area_option(SPAN_LITERAL("virt/kvm/eventfd.c")), "KVM");
	CHECK_EQUAL(kernel_area_option(SPAN_LITERAL("include/linux/skbuff.h")).size, 0);
	CHECK_EQUAL(kernel_area_option(SPAN_LITERAL("net/core/dev.c")).size, 0);
}

static bool is_moved(const char *path, const char *wanted)
{
	return span_equal_text(kernel_area_moved(&map, span_of_text(path), &arena), wanted);
}

TEST(files_that_have_moved_are_found_by_a_name_of_their_own)
{
	arena_init(&arena, 16 << 20);
	REQUIRE(kernel_map_read(&map, &arena));
	CHECK(is_moved("drivers/net/niu.c", "drivers/net/ethernet/sun/niu.c"));
	CHECK(is_moved("fs/partitions/ldm.c", "block/partitions/ldm.c"));
	CHECK(is_moved("drivers/net/main.c", ""));      /* many have that name */
	CHECK(is_moved("fs/niu.c", ""));                /* another part of the tree */
	CHECK(is_moved("drivers/net/no_such_file.c", ""));
	CHECK(is_moved("arch/x86/ia32/fork.c", ""));    /* each machine has its own */
	arena_done(&arena);
}

static bool on_mips;

/* The status of a fault in those files, in a kernel of 5.10 whose configuration has almost nothing on. */
static struct decision judged(const char *files)
{
	static struct evidence *evidence;
	static struct kernel_judge judge;
	static const char sql[] =
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO kernel_option SELECT 1, 'CONFIG_X' || i, 'y' FROM n;"
		"INSERT INTO kernel_option VALUES (1, 'CONFIG_SYSVIPC', 'y'), (1, 'CONFIG_CRYPTO', 'y'), (1, 'CONFIG_CRC16', 'y'),"
		" (1, 'CONFIG_DEBUG_KERNEL', 'y'), (1, 'CONFIG_MMU', 'y'), (1, 'CONFIG_NET', 'y'), (1, 'CONFIG_INET', 'y'),"
		" (1, 'CONFIG_WLAN', 'n'), (1, 'CONFIG_MWIFIEX', 'n'), (1, 'CONFIG_IP_SCTP', 'n'), (1, 'CONFIG_BT', 'n')";
	struct decision decision = { .status = "affected", .reason = SPAN_LITERAL("it is"), .files = span_of_text(files) };
	if (evidence_new(&evidence) != DONE || query_run(evidence_database(evidence), sql) != DONE)
		return (struct decision){ .status = "broken" };
	if (on_mips && query_run(evidence_database(evidence), "INSERT INTO elf (file, class, byte_order, machine, type, static,"
					" stripped) VALUES (1, 32, 'big', 'MIPS', 'executable', 0, 1)") != DONE)
		return (struct decision){ .status = "broken" };
	kernel_judge_init(&judge, evidence_database(evidence), &arena);
	kernel_judge_turn_to(&judge, 1, SPAN_LITERAL("5.10.1"));
	kernel_judge_decision(&judge, 1, SPAN_LITERAL("5.10.1"), &decision, &arena);
	evidence_free(evidence);
	return decision;
}

#define CHECK_JUDGED(files, want) CHECK_TEXT(span_of_text(judged(files).status), want)

TEST(what_is_named_beside_source_files_does_not_leave_them_open)
{
	arena_init(&arena, 256 << 20);
	CHECK_JUDGED("net/sctp/input.c", "not affected");
	CHECK_JUDGED("Documentation/networking/sctp.rst net/sctp/input.c", "not affected");
	CHECK_JUDGED("include/net/sctp/structs.h net/sctp/input.c", "not affected");
	CHECK_JUDGED("include/linux/skbuff.h net/sctp/input.c", "under review"); /* all of the network has a use for it */
	CHECK_JUDGED("drivers/net/wireless/marvell/mwifiex/fw.h drivers/net/wireless/marvell/mwifiex/main.c", "not affected");
	CHECK_JUDGED("net/core/new_header.h net/sctp/input.c", "under review");
	CHECK_JUDGED("https://example.org/k/blob/devel/net/bluetooth/hci_core.c", "not affected");
	CHECK_JUDGED("net/ipv4/tcp.c net/sctp/input.c", "affected");
	CHECK_JUDGED("tools/perf/util/config.c", "under review");
	arena_done(&arena);
}

/* mm/vma.c was split off long after 5.10: what it has now was elsewhere, and may go with what is not built. */
TEST(a_file_that_came_later_shows_nothing_against_one_that_was_there)
{
	arena_init(&arena, 256 << 20);
	CHECK_JUDGED("mm/vma.c", "affected");
	CHECK_JUDGED("mm/vma.c net/ipv4/tcp.c", "affected");
	CHECK_JUDGED("mm/vma.c net/sctp/input.c", "under review");
	CHECK_JUDGED("net/sctp/input.c mm/vma.c", "under review");
	CHECK_JUDGED("net/sctp/input.c mm/memory.c", "affected");
	arena_done(&arena);
}

/* The status of a fault in code that all kernels have, mended in that version, of a kernel with that release. */
static const char *status_of(const char *release, const char *version, const char *fixed)
{
	struct evidence *evidence;
	static struct kernel_judge judge;
	char sql[256];
	struct decision decision = { .status = "affected", .reason = SPAN_LITERAL("it is"), .files = SPAN_LITERAL("kernel/fork.c"),
				     .fixed = span_of_text(fixed) };
	(void)snprintf(sql, sizeof sql, "INSERT INTO kernel (file, release, version, source) VALUES (1, '%s', '%s', 'modules')",
		       release, version);
	if (evidence_new(&evidence) != DONE || query_run(evidence_database(evidence), sql) != DONE)
		return "broken";
	kernel_judge_init(&judge, evidence_database(evidence), &arena);
	kernel_judge_turn_to(&judge, 1, span_of_text(version));
	kernel_judge_decision(&judge, 1, span_of_text(version), &decision, &arena);
	evidence_free(evidence);
	return decision.status;
}

/* arch/x86 is not built, for its machine is another: what is named beside it is where it is called from. */
TEST(code_of_other_machines_is_not_this_kernels)
{
	arena_init(&arena, 256 << 20);
	CHECK_JUDGED("arch/x86/mm/pat/memtype.c kernel/fork.c", "affected"); /* the machine is not known */
	on_mips = true;
	CHECK_JUDGED("arch/x86/mm/pat/memtype.c kernel/fork.c", "under review");
	CHECK_JUDGED("arch/x86/mm/pat/memtype.c", "not affected");
	CHECK_JUDGED("arch/x86/mm/fault.c arch/mips/mm/fault.c mm/memory.c", "affected");
	on_mips = false;
	arena_done(&arena);
}

TEST(a_release_that_counts_packages_names_no_patch_level)
{
	arena_init(&arena, 256 << 20);
	CHECK_TEXT(span_of_text(status_of("5.10.0-30-armmp", "5.10.0", "5.10.237")), "under review");
	CHECK_TEXT(span_of_text(status_of("5.10.0-30-armmp", "5.10.0", "5.15.180")), "affected"); /* never mended in 5.10 */
	CHECK_TEXT(span_of_text(status_of("5.10.0", "5.10.0", "5.10.237")), "affected");
	CHECK_TEXT(span_of_text(status_of("5.10.14-30", "5.10.14", "5.10.237")), "affected");
	CHECK_TEXT(span_of_text(status_of("5.10.0-30-armmp", "5.10.218", "5.10.237")), "affected"); /* its banner told */
	arena_done(&arena);
}

TEST(the_areas_are_sound)
{
	struct span rest = embedded("kernel/areas.tsv"), line, before = SPAN_NONE, ignored;
	size_t rows = 0;
	while (lookup_next(&rest, &line)) {
		struct span beginning = lookup_field(&line), option = lookup_field(&line);
		bool sound = span_compare(before, beginning) < 0 && option.size > 0 && line.size == 0 &&
			     (lookup_line(embedded("kernel/options.tsv"), option, &ignored) || span_equal_text(option, "UML"));
		if (!sound)
			printf("# %.*s is wrong\n", SPAN_FORMAT(beginning));
		CHECK(sound);
		before = beginning;
		rows++;
	}
	CHECK(rows > 50);
}

TESTS(paths_of_other_trees_are_the_kernels, documents_and_tools_are_beside_the_kernel, the_longest_beginning_says_the_option,
      files_that_have_moved_are_found_by_a_name_of_their_own, what_is_named_beside_source_files_does_not_leave_them_open,
      a_file_that_came_later_shows_nothing_against_one_that_was_there, a_release_that_counts_packages_names_no_patch_level,
      code_of_other_machines_is_not_this_kernels, the_areas_are_sound)
