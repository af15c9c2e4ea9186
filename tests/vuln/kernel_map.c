#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "vuln/kernel_build.h"
#include "base/embedded.h"
#include "base/lookup.h"

static struct arena arena;
static struct evidence *evidence;
static struct kernel_build build;

static bool set_up(void)
{
	arena_init(&arena, 16 * 1024 * 1024);
	return evidence_new(&evidence) == DONE;
}

static void tear_down(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static bool run(const char *sql)
{
	return query_run(evidence_database(evidence), sql) == DONE;
}

/* A whole configuration in a file: 500 options of no meaning, those of all sections, and those. */
static bool configuration(int file, const char *options)
{
	char sql[2048];
	(void)snprintf(sql, sizeof sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		       " INSERT INTO kernel_option SELECT %d, 'CONFIG_X' || i, 'y' FROM n;"
		       "INSERT INTO kernel_option WITH s(name) AS (VALUES ('SYSVIPC'), ('CRYPTO'), ('CRC16'), ('DEBUG_KERNEL'))"
		       " SELECT %d, 'CONFIG_' || name, 'y' FROM s;"
		       "INSERT INTO kernel_option SELECT %d, 'CONFIG_' || json_extract(value, '$[0]'), json_extract(value, '$[1]')"
		       " FROM json_each('%s')", file, file, file, options);
	return run(sql);
}

static enum kernel_code code_of(const char *path, const char *version)
{
	struct kernel_condition condition;
	kernel_build_init(&build, evidence_database(evidence), NULL, &arena);
	kernel_build_turn_to(&build, 1, span_of_text(version));
	kernel_map_condition(&build.map, span_of_text(path), span_of_text(version), &condition);
	return kernel_build_condition(&build, &condition).code;
}

TEST(every_folder_above_a_file_must_be_built_and_one_that_is_not_known_is_not)
{
	REQUIRE(set_up());
	CHECK(configuration(1, "[[\"NET\",\"y\"],[\"INET\",\"y\"],[\"BT\",\"n\"],[\"BT_BREDR\",\"y\"],[\"SOUND\",\"m\"],"
			       "[\"SND\",\"m\"],[\"SND_TIMER\",\"n\"],[\"MMU\",\"y\"]]"));
	CHECK_EQUAL(code_of("net/bluetooth/sco.c", "5.10.1"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("net/ipv4/tcp.c", "5.10.1"), KERNEL_CODE_PRESENT);
	CHECK_EQUAL(code_of("net/ipv4/", "5.10.1"), KERNEL_CODE_UNKNOWN); /* its files differ */
	CHECK_EQUAL(code_of("net/sctp/", "5.10.1"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("mm/", "5.10.1"), KERNEL_CODE_UNKNOWN);
	CHECK_EQUAL(code_of("net/ipv4/ipip.c", "5.10.1"), KERNEL_CODE_ABSENT); /* not named, and 5.10 knows NET_IPIP */
	CHECK_EQUAL(code_of("sound/core/timer.c", "5.10.1"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("mm/memory.c", "5.10.1"), KERNEL_CODE_PRESENT);
	CHECK_EQUAL(code_of("net/ipv4/no_such_file.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	CHECK_EQUAL(code_of("net/bluetooth/no_such_file.c", "5.10.1"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("no/such/folder.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	tear_down();
}

/* Its files came one after the other, so that they stand in rows of many versions. */
TEST(a_folder_is_built_where_most_of_its_files_are)
{
	static const char *const versions[] = { "2.6.36", "3.18.23", "4.4.6", "5.10.1", "7.3" };
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		REQUIRE(set_up());
		CHECK(configuration(1, "[[\"EXT4_FS\",\"y\"],[\"BLOCK\",\"y\"],[\"F2FS_FS\",\"n\"]]"));
		CHECK_EQUAL(code_of("fs/ext4/", versions[i]), KERNEL_CODE_PRESENT);
		CHECK_EQUAL(code_of("fs/f2fs/", versions[i]), KERNEL_CODE_ABSENT);
		tear_down();
	}
}

TEST(what_an_older_kernel_does_not_name_may_have_had_another_name)
{
	REQUIRE(set_up());
	CHECK(configuration(1, "[[\"NET\",\"y\"],[\"INET\",\"y\"]]"));
	CHECK_EQUAL(code_of("drivers/input/misc/uinput.c", "5.10"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("drivers/input/misc/uinput.c", "2.6.36"), KERNEL_CODE_UNKNOWN);
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "2.6.36"), KERNEL_CODE_ABSENT); /* always the same name */
	tear_down();
}

TEST(without_a_configuration_only_what_is_shown_counts)
{
	REQUIRE(set_up());
	CHECK(run("INSERT INTO elf (file, class, byte_order, machine, type, static, stripped)"
		  " VALUES (1, 32, 'big', 'MIPS', 'executable', 0, 1)"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	CHECK_EQUAL(code_of("arch/x86/mm/fault.c", "5.10.1"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("drivers/clk/qcom/common.c", "5.10.1"), KERNEL_CODE_ABSENT); /* of ARM alone, by Kconfig */
	CHECK(run("INSERT INTO kernel_option VALUES (1, 'CONFIG_BTRFS_FS', 'n')")); /* guessed: not believed */
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	CHECK(run("INSERT INTO kernel_module (file, name, signed) VALUES (1, 'btrfs', 0)"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_PRESENT);
	tear_down();
}

TEST(two_kernels_do_not_share_a_configuration)
{
	REQUIRE(set_up());
	CHECK(configuration(1, "[[\"BTRFS_FS\",\"y\"]]") && configuration(2, "[[\"BTRFS_FS\",\"n\"]]"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	CHECK(run("INSERT INTO witness (rowid, file, component, method, detail, confidence)"
		  " VALUES (7, 2, 'linux', 'kernel', '', 90);"
		  "INSERT INTO component_witness VALUES (1, 7)"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_ABSENT);
	tear_down();
}

/* Distributions write their own release into the head, which counts packages; the banner tells the version that it is. */
TEST(the_release_of_a_kernel_names_its_configuration)
{
	REQUIRE(set_up());
	CHECK(configuration(1, "[[\"NET\",\"y\"],[\"INET\",\"y\"],[\"IP_SCTP\",\"n\"]]"));
	CHECK(run("INSERT INTO kernel_config (file, version) VALUES (1, '4.4.0-21-generic')"));
	CHECK_EQUAL(code_of("net/sctp/input.c", "4.4.6"), KERNEL_CODE_UNKNOWN);
	CHECK(run("INSERT INTO kernel (file, release, version, source) VALUES (2, '4.4.0-21-generic', '4.4.6', 'banner')"));
	CHECK_EQUAL(code_of("net/sctp/input.c", "4.4.6"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("net/sctp/input.c", "4.4.7"), KERNEL_CODE_UNKNOWN);
	tear_down();
}

/* Each has a folder of its own, which no other has a use for. */
TEST(every_machine_has_its_own_code)
{
	static const struct {
		const char *machine, *path;
	} machines[] = {
		{ "MIPS", "arch/mips/kernel/setup.c" },   { "SuperH", "arch/sh/kernel/setup.c" },
		{ "PowerPC", "arch/powerpc/kernel/irq.c" }, { "Alpha", "arch/alpha/kernel/setup.c" },
		{ "TILE-Gx", "arch/tile/kernel/setup.c" }, { "x86-64", "arch/x86/kernel/setup.c" },
		{ "CRIS", "arch/cris/kernel/setup.c" }, { "MicroBlaze", "arch/microblaze/kernel/setup.c" },
	};
	enum { COUNT = sizeof machines / sizeof *machines };
	for (size_t i = 0; i < COUNT; i++) {
		char sql[256];
		(void)snprintf(sql, sizeof sql, "INSERT INTO elf (file, class, byte_order, machine, type, static, stripped)"
			       " VALUES (1, 32, 'little', '%s', 'executable', 0, 1)", machines[i].machine);
		REQUIRE(set_up());
		CHECK(run(sql));
		for (size_t k = 0; k < COUNT; k++) {
			CHECK_EQUAL(code_of(machines[k].path, "4.10.3") == KERNEL_CODE_ABSENT, i != k);
			if (i != k)
				CHECK(code_of(machines[k].path, "5.15.30") != KERNEL_CODE_PRESENT);
		}
		tear_down();
	}
}

/* Its sources were not read, only what is built: that others include a file with their own settings was not seen. */
TEST(a_file_that_others_include_was_there_in_versions_whose_sources_were_not_read)
{
	static const char *const versions[] = { "2.6.31", "3.4.7", "3.10.49", "4.4.6" };
	REQUIRE(set_up());
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		struct kernel_condition condition;
		CHECK(kernel_map_read(&build.map, &arena));
		kernel_map_condition(&build.map, SPAN_LITERAL("fs/binfmt_elf.c"), span_of_text(versions[i]), &condition);
		CHECK(condition.known && !condition.elsewhere);
	}
	tear_down();
}

/* A file of that name, which says so in its head. */
static bool file_of(int file, const char *path, const char *headed)
{
	char sql[512];
	(void)snprintf(sql, sizeof sql,
		       "INSERT INTO file (id, volume, path, type, size, state) VALUES (%d, 1, '%s', 'file', 1, 'read');"
		       "INSERT INTO kernel_config (file, version) VALUES (%d, nullif('%s', ''))", file, path, file, headed);
	return run(sql);
}

static const char two_releases[] =
	"INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
	"INSERT INTO kernel (file, release, version, source) VALUES (8, '6.1.0-40-cloud-amd64', '6.1.170', 'banner'),"
	" (9, '6.1.0-40-amd64', '6.1.170', 'banner')";

#define BTRFS(value) "[[\"NET\",\"y\"],[\"BLOCK\",\"y\"],[\"BTRFS_FS\",\"" value "\"]]"

/* A cloud's kernel and a usual one of the same version are built otherwise. */
TEST(the_configuration_of_one_release_does_not_answer_for_another_of_the_same_version)
{
	static const char path[] = "fs/btrfs/inode.c", version[] = "6.1.170";
	static const char *const values[] = { BTRFS("n"), BTRFS("m") };
	static const enum kernel_code codes[] = { KERNEL_CODE_ABSENT, KERNEL_CODE_PRESENT };
	for (size_t i = 0; i < 2; i++) {
		REQUIRE(set_up());
		CHECK(run(two_releases) && configuration(1, values[i]) && file_of(1, "/boot/config-6.1.0-40-cloud-amd64", version));
		CHECK_EQUAL(code_of(path, version), KERNEL_CODE_UNKNOWN);
		CHECK(configuration(2, values[i]) && file_of(2, "/boot/config", version)); /* of which of them? */
		CHECK_EQUAL(code_of(path, version), KERNEL_CODE_UNKNOWN);
		CHECK(configuration(3, values[i]) && file_of(3, "/boot/config-6.1.0-40-amd64", version));
		CHECK_EQUAL(code_of(path, version), codes[i]);
		tear_down();
	}
	REQUIRE(set_up());
	CHECK(run(two_releases) && configuration(1, BTRFS("n")) && configuration(2, BTRFS("m")));
	CHECK(file_of(1, "/boot/config-6.1.0-40-cloud-amd64", version) && file_of(2, "/boot/config-6.1.0-40-amd64", version));
	CHECK_EQUAL(code_of(path, version), KERNEL_CODE_UNKNOWN); /* they differ */
	tear_down();
}

/* A kernel that nothing but its modules shows is as much another one. */
TEST(modules_of_another_release_of_the_version_show_another_kernel)
{
	static const struct {
		const char *release;
		enum kernel_code code;
	} modules[] = { { "6.1.170", KERNEL_CODE_ABSENT }, { "6.1.1701", KERNEL_CODE_ABSENT }, { "6.1.170.2", KERNEL_CODE_ABSENT },
			{ "5.10.1", KERNEL_CODE_ABSENT }, { "6.1.170-cloud", KERNEL_CODE_UNKNOWN }, { "6.1.170+", KERNEL_CODE_UNKNOWN } };
	for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
		char sql[256];
		(void)snprintf(sql, sizeof sql, "INSERT INTO kernel (file, release, version, source) VALUES (9, '6.1.170', '6.1.170',"
			       " 'banner'); INSERT INTO kernel_module (file, name, release, signed) VALUES (3, 'it', '%s', 0)",
			       modules[i].release);
		REQUIRE(set_up());
		CHECK(run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read')") && run(sql));
		CHECK(configuration(1, BTRFS("n")) && file_of(1, "/boot/config-6.1.170", "6.1.170"));
		CHECK_EQUAL(code_of("fs/btrfs/inode.c", "6.1.170"), modules[i].code);
		tear_down();
	}
}

TEST(the_configuration_in_a_kernel_and_a_release_in_the_head_name_it)
{
	static const char path[] = "fs/btrfs/inode.c", version[] = "6.1.170";
	REQUIRE(set_up());
	CHECK(run(two_releases) && configuration(8, BTRFS("n")) && file_of(8, "kernel", version));
	CHECK(run("INSERT INTO witness (rowid, file, component, method, detail, confidence)"
		  " VALUES (7, 8, 'linux', 'kernel', '', 90);"
		  "INSERT INTO component_witness VALUES (1, 7)"));
	CHECK_EQUAL(code_of(path, version), KERNEL_CODE_UNKNOWN);
	CHECK(configuration(1, BTRFS("n")) && file_of(1, "/etc/kernel", "6.1.0-40-amd64"));
	CHECK_EQUAL(code_of(path, version), KERNEL_CODE_ABSENT);
	tear_down();
}

/* Lines of a configuration that is not whole. */
static bool part(int file, const char *value, const char *path, const char *headed)
{
	char sql[128];
	(void)snprintf(sql, sizeof sql, "INSERT INTO kernel_option VALUES (%d, 'CONFIG_BTRFS_FS', '%s')", file, value);
	return run(sql) && file_of(file, path, headed);
}

TEST(a_part_of_a_configuration_is_asked_where_it_may_be_the_kernels)
{
	static const struct {
		const char *path, *headed;
		enum kernel_code on, off;
	} parts[] = {
		{ "/boot/config-5.10.14", "", KERNEL_CODE_PRESENT, KERNEL_CODE_ABSENT },
		{ "/boot/config-5.10.14-arm", "5.10.14", KERNEL_CODE_PRESENT, KERNEL_CODE_ABSENT },
		{ "/boot/config-5.10.0-3-arm", "", KERNEL_CODE_PRESENT, KERNEL_CODE_UNKNOWN },
		{ "/boot/config", "", KERNEL_CODE_PRESENT, KERNEL_CODE_UNKNOWN },
		{ "/boot/config-5.10.14", "5.10.77", KERNEL_CODE_UNKNOWN, KERNEL_CODE_UNKNOWN }, /* the head counts */
		{ "/boot/config-5.10.140", "", KERNEL_CODE_UNKNOWN, KERNEL_CODE_UNKNOWN },
		{ "/boot/config-5.10.14.2", "", KERNEL_CODE_UNKNOWN, KERNEL_CODE_UNKNOWN },
		{ "/boot/config-4.4.1", "", KERNEL_CODE_UNKNOWN, KERNEL_CODE_UNKNOWN },
		{ "/boot/config", "4.4.1", KERNEL_CODE_UNKNOWN, KERNEL_CODE_UNKNOWN },
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		for (int off = 0; off < 2; off++) {
			REQUIRE(set_up());
			CHECK(run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read')"));
			CHECK(run("INSERT INTO kernel_option VALUES (1, 'CONFIG_BLOCK', 'y')"));
			CHECK(part(1, off ? "n" : "m", parts[i].path, parts[i].headed));
			CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.14"), off ? parts[i].off : parts[i].on);
			tear_down();
		}
	REQUIRE(set_up()); /* of two releases, none says */
	CHECK(run(two_releases) && part(1, "m", "/boot/config-6.1.0-40-amd64", "6.1.170"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "6.1.170"), KERNEL_CODE_UNKNOWN);
	tear_down();
}

TEST(a_damaged_configuration_says_nothing_by_silence)
{
	REQUIRE(set_up());
	CHECK(configuration(1, "[[\"NET\",\"y\"]]"));
	CHECK(run("INSERT INTO incomplete (file, missing, cause, code, detail)"
		  " VALUES (1, 'content', 'damage', 'kernel.config-damaged', 'x')"));
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
	tear_down();
}

TEST(a_configuration_that_lacks_a_section_is_cut_off)
{
	static const char *const last[] = { "CONFIG_SYSVIPC", "CONFIG_CRYPTO", "CONFIG_CRC16", "CONFIG_DEBUG_KERNEL" };
	for (size_t i = 0; i < sizeof last / sizeof *last; i++) {
		char sql[256];
		REQUIRE(set_up());
		CHECK(configuration(1, "[[\"NET\",\"y\"],[\"INET\",\"y\"]]"));
		CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_ABSENT);
		(void)snprintf(sql, sizeof sql, "DELETE FROM kernel_option WHERE name = '%s'", last[i]);
		CHECK(run(sql));
		CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.1"), KERNEL_CODE_UNKNOWN);
		CHECK_EQUAL(code_of("net/ipv4/tcp.c", "5.10.1"), KERNEL_CODE_PRESENT); /* what it says, it says */
		tear_down();
	}
}

TEST(every_row_of_the_map_can_be_read)
{
	struct kernel_map map;
	struct kernel_option_row row;
	struct span rest = embedded("kernel/options.tsv"), line, name;
	arena_init(&arena, 4 * 1024 * 1024);
	REQUIRE(kernel_map_read(&map, &arena));
	CHECK(map.folder_count > 3000 && map.versions.size > 0);
	for (size_t i = 0; i < map.folder_count; i++) {
		struct span folder;
		CHECK(span_next_line(&map.folders[i], &folder) && span_ends_text(folder, "/"));
	}
	size_t count = 0;
	while (span_next_line(&rest, &line))
		if (span_byte(line, 0) != '#' && span_next_field(&line, '\t', &name)) {
			count++;
			CHECK(kernel_map_option(&map, name, SPAN_LITERAL("6.1"), &row));
		}
	CHECK(count > 10000);
	CHECK(!kernel_map_option(&map, SPAN_LITERAL("NO_SUCH_OPTION"), SPAN_LITERAL("6.1"), &row));
	arena_done(&arena);
}

/* They are looked up by halves. */
TEST(every_line_of_the_sorted_tables_is_found)
{
	static const char *const names[] = { "kernel/lasting.tsv", "kernel/options.tsv", "kernel/subjects.tsv" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct span table = embedded(names[i]), rest = table, line, found;
		size_t count = 0;
		for (; lookup_next(&rest, &line); count++) {
			struct span name = lookup_field(&line);
			CHECK(lookup_line(table, name, &found) && span_equal(found, line));
		}
		CHECK(count > 100);
	}
}

TESTS(every_machine_has_its_own_code, a_file_that_others_include_was_there_in_versions_whose_sources_were_not_read,
      a_folder_is_built_where_most_of_its_files_are, a_configuration_that_lacks_a_section_is_cut_off,
      every_folder_above_a_file_must_be_built_and_one_that_is_not_known_is_not,
      what_an_older_kernel_does_not_name_may_have_had_another_name, without_a_configuration_only_what_is_shown_counts,
      the_configuration_of_one_release_does_not_answer_for_another_of_the_same_version,
      modules_of_another_release_of_the_version_show_another_kernel,
      the_configuration_in_a_kernel_and_a_release_in_the_head_name_it,
      a_part_of_a_configuration_is_asked_where_it_may_be_the_kernels,
      two_kernels_do_not_share_a_configuration, the_release_of_a_kernel_names_its_configuration,
      a_damaged_configuration_says_nothing_by_silence, every_row_of_the_map_can_be_read, every_line_of_the_sorted_tables_is_found)
