/* What names and lists of modules tell of the options that a kernel was built with. */
#include "vuln/kernel_signs.h"

#include "base/buffer.h"
#include "base/embedded.h"
#include "base/lookup.h"
#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "vuln/kernel_build.h"
#include "vuln/kernel_symbols.h"

static struct evidence *evidence;
static sqlite3 *database;
static struct arena arena;
static struct kernel_build build;
static struct kernel_names *names;

static bool run(const char *sql)
{
	return query_run(database, sql) == DONE;
}

static bool add_names(int file, const char *source, struct span text)
{
	struct query row = query_start(database, "INSERT INTO kernel_names (file, source, whole, offset, count, names)"
						 " VALUES (?1, ?2, 1, 0, 2, ?3)");
	query_bind_integer(&row, 1, file);
	query_bind_text(&row, 2, span_of_text(source));
	query_bind_text(&row, 3, text);
	(void)query_next(&row);
	return query_end(&row) == DONE;
}

/* An image with a kernel and the file system that it mounts. */
static bool begin(const char *version)
{
	char sql[256];
	arena_init(&arena, 96 << 20);
	if (evidence_new(&evidence) != DONE)
		return false;
	database = evidence_database(evidence);
	(void)snprintf(sql, sizeof sql, "INSERT INTO kernel (file, release, version, source) VALUES (1, '%s', '%s', 'banner')",
		       version, version);
	return run("INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
		   "INSERT INTO file (id, volume, path, type, size, state) VALUES (1, 1, 'kernel', 'part', 1, 'read'),"
		   " (2, 1, '/sbin/init', 'file', 1, 'read'), (3, 1, '/lib/modules/5.10.100/modules.builtin', 'file', 1, 'read'),"
		   " (4, 1, '/lib/modules/5.10.100/modules.order', 'file', 1, 'read'),"
		   " (5, 1, '/lib/modules/4.4/modules.builtin', 'file', 1, 'read')") && run(sql);
}

static void turn_to(const char *version)
{
	names = kernel_names_new(database, &arena);
	kernel_build_init(&build, database, names, &arena);
	kernel_build_turn_to(&build, 1, span_of_text(version));
}

static enum kernel_code code_of(const char *path, const char *version)
{
	struct kernel_condition condition;
	kernel_map_condition(&build.map, span_of_text(path), span_of_text(version), &condition);
	return kernel_build_condition(&build, &condition).code;
}

static void end(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

/* All functions that the table has of the files in a folder, and one that loads modules. */
static bool functions_of(const char *folder, struct buffer *out)
{
	struct kernel_symbols_table table = kernel_symbols_load(&arena);
	bool ok = buffer_append(out, SPAN_LITERAL("load_module")) == DONE;
	for (size_t i = 0; i < table.count; i++) {
		struct span lists[] = { table.all[i].proofs, table.all[i].others }, word;
		for (size_t j = 0; j < 2 && span_equal_text(table.all[i].folder, folder); j++)
			while (span_next_word(&lists[j], &word))
				ok = buffer_append(out, SPAN_LITERAL("\n")) == DONE && buffer_append(out, word) == DONE && ok;
	}
	return ok;
}

/* fs/jfs has files of which no function tells; they are built where the others are. */
static const char untold[] = "fs/jfs/no_such_file.c";

TEST(files_that_are_missing_show_that_their_option_is_off)
{
	REQUIRE(begin("5.10.100") && add_names(1, "kallsyms", SPAN_LITERAL("free_module\nload_module")));
	turn_to("5.10.100");
	const struct kernel_sign *sign = kernel_signs_find(&build.signs, SPAN_LITERAL("JFS_FS"));
	REQUIRE(sign);
	CHECK_EQUAL(sign->shown.sight, KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(code_of(untold, "5.10.100"), KERNEL_CODE_ABSENT);
	CHECK_EQUAL(code_of("mm/no_such_file.c", "5.10.100"), KERNEL_CODE_UNKNOWN);
	end();
}

TEST(files_that_are_there_show_that_their_options_are_on)
{
	struct buffer text;
	REQUIRE(begin("5.10.100"));
	buffer_init(&text, 1 << 20, NULL);
	struct span traces, word;
	CHECK(functions_of("fs/jfs/", &text) && lookup_line(embedded("kernel/traces.tsv"), SPAN_LITERAL("JFS_FS"), &traces));
	for (int field = 0; field < 4; field++)
		for (struct span words = lookup_field(&traces); field >= 2 && span_next_word(&words, &word);)
			CHECK(buffer_append(&text, SPAN_LITERAL("\n")) == DONE && buffer_append(&text, word) == DONE);
	CHECK(add_names(1, "kallsyms", buffer_span(&text)));
	turn_to("5.10.100");
	const struct kernel_sign *sign = kernel_signs_find(&build.signs, SPAN_LITERAL("JFS_FS"));
	REQUIRE(sign);
	CHECK_EQUAL(sign->shown.sight, KERNEL_SIGHT_PRESENT);
	CHECK_EQUAL(code_of("fs/jfs/xattr.c", "5.10.100"), KERNEL_CODE_PRESENT);
	buffer_done(&text);
	end();
}

/* A configuration beside the kernel that is not its own, though it is named after its version. */
TEST(a_configuration_that_the_kernel_contradicts_is_not_used)
{
	static const char paths[] = "net/bluetooth/af_bluetooth.c\nnet/core/datagram.c\nnet/ipv4/af_inet.c";
	static const char off[] = "INSERT INTO file (id, volume, path, type, size, state) VALUES"
				  " (6, 1, '/boot/config-5.10.100', 'file', 1, 'read');"
				  "INSERT INTO kernel_option (file, name, value) SELECT 6, 'CONFIG_' || value, 'n'"
				  " FROM json_each('[\"JFS_FS\", \"NET\", \"INET\", \"BT\"]')";
	REQUIRE(begin("5.10.100") && run(off) && add_names(1, "source paths", span_of_text(paths)));
	turn_to("5.10.100");
	CHECK(span_find_text(build.contradicted, "CONFIG_BT is not set, and net/bluetooth/af_bluetooth.c is among", 0) !=
	      SPAN_NOT_FOUND);
	CHECK_EQUAL(kernel_build_any(&build, SPAN_LITERAL("NET")).code, KERNEL_CODE_PRESENT);
	CHECK_EQUAL(kernel_build_any(&build, SPAN_LITERAL("JFS_FS")).code, KERNEL_CODE_UNKNOWN);
	end();
	/* One doubt may be ours. */
	REQUIRE(begin("5.10.100") && run(off) && add_names(1, "source paths", SPAN_LITERAL("net/bluetooth/af_bluetooth.c")));
	CHECK(run("DELETE FROM kernel_option WHERE name IN ('CONFIG_NET', 'CONFIG_INET')"));
	turn_to("5.10.100");
	CHECK_EQUAL(build.contradicted.size, 0);
	CHECK_EQUAL(kernel_build_any(&build, SPAN_LITERAL("JFS_FS")).code, KERNEL_CODE_ABSENT);
	end();
}

/* Files that came with 3.14 are missing in 2.6.36 whatever its options. */
TEST(a_file_of_other_versions_shows_nothing)
{
	struct kernel_condition condition;
	REQUIRE(begin("2.6.36") && add_names(1, "kallsyms", SPAN_LITERAL("free_module\nload_module")));
	turn_to("2.6.36");
	kernel_map_condition(&build.map, SPAN_LITERAL("kernel/sched/cpudeadline.c"), SPAN_LITERAL("2.6.36"), &condition);
	CHECK(condition.elsewhere);
	kernel_map_condition(&build.map, SPAN_LITERAL("kernel/sched/cpudeadline.c"), SPAN_LITERAL("5.10.1"), &condition);
	CHECK(!condition.elsewhere);
	kernel_map_condition(&build.map, SPAN_LITERAL("net/ipx/af_ipx.c"), SPAN_LITERAL("5.10.1"), &condition);
	CHECK(condition.elsewhere); /* taken away with 4.18 */
	kernel_map_condition(&build.map, SPAN_LITERAL("mm/memory.c"), SPAN_LITERAL("9.1"), &condition);
	CHECK(!condition.elsewhere);
	const struct kernel_sign *sign = kernel_signs_find(&build.signs, SPAN_LITERAL("SMP"));
	CHECK(!sign || !span_equal_text(sign->path, "kernel/sched/cpudeadline.c"));
	end();
}

/* One file of btrfs is there, the others are not: somebody else has its functions, or the map is wrong. */
TEST(signs_that_contradict_one_another_show_nothing)
{
	struct buffer text;
	REQUIRE(begin("5.10.100"));
	struct kernel_symbols_table table = kernel_symbols_load(&arena);
	const struct kernel_symbols *symbols = kernel_symbols_find(&table, SPAN_LITERAL("fs/btrfs/inode.c"));
	REQUIRE(symbols);
	buffer_init(&text, 1 << 20, NULL);
	struct span rest = symbols->proofs, word;
	CHECK_EQUAL(buffer_append(&text, SPAN_LITERAL("load_module")), DONE);
	while (span_next_word(&rest, &word))
		CHECK(buffer_append(&text, SPAN_LITERAL("\n")) == DONE && buffer_append(&text, word) == DONE);
	CHECK(add_names(1, "kallsyms", buffer_span(&text)));
	turn_to("5.10.100");
	CHECK(!kernel_signs_find(&build.signs, SPAN_LITERAL("BTRFS_FS")));
	buffer_done(&text);
	end();
}

TEST(a_whole_configuration_is_asked_instead_of_signs)
{
	REQUIRE(begin("5.10.100") && add_names(1, "kallsyms", SPAN_LITERAL("free_module\nload_module")));
	CHECK(run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		  " INSERT INTO kernel_option SELECT 1, 'CONFIG_X' || i, 'y' FROM n;"
		  "INSERT INTO kernel_option VALUES (1, 'CONFIG_SWAP', 'y'), (1, 'CONFIG_CRYPTO', 'y'), (1, 'CONFIG_CRC16', 'y'),"
		  " (1, 'CONFIG_DEBUG_FS', 'y'), (1, 'CONFIG_JFS_FS', 'm')"));
	turn_to("5.10.100");
	CHECK_EQUAL(code_of("fs/jfs/xattr.c", "5.10.100"), KERNEL_CODE_PRESENT);
	end();
}

#define BUILT_IN "kernel/fs/jfs/jfs.ko\nkernel/net/netfilter/nf-nat.ko"

/* 3.10 may not have had the options of 4.4 by their names: what its configuration does not name, its names show. */
TEST(signs_are_asked_where_a_whole_configuration_is_silent)
{
	REQUIRE(begin("3.10.100") && add_names(1, "kallsyms", SPAN_LITERAL("free_module\nload_module")));
	CHECK(run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		  " INSERT INTO kernel_option SELECT 1, 'CONFIG_X' || i, 'y' FROM n;"
		  "INSERT INTO kernel_option VALUES (1, 'CONFIG_SWAP', 'y'), (1, 'CONFIG_CRYPTO', 'y'), (1, 'CONFIG_CRC16', 'y'),"
		  " (1, 'CONFIG_DEBUG_FS', 'y'), (1, 'CONFIG_NET', 'y'), (1, 'CONFIG_INET', 'y'), (1, 'CONFIG_NETDEVICES', 'y'),"
		  " (1, 'CONFIG_NET_CORE', 'y')"));
	turn_to("3.10.100");
	CHECK(build.settings.complete);
	struct kernel_said said = kernel_settings_ask(&build.settings, SPAN_LITERAL("IPVLAN"));
	CHECK(said.on == 0 && said.off == 0);
	CHECK_EQUAL(code_of("drivers/net/ipvlan/no_such_file.c", "3.10.100"), KERNEL_CODE_ABSENT);
	end();
}

static enum kernel_code code_of_option(const char *option)
{
	return kernel_build_any(&build, span_of_text(option)).code;
}

/* What is a module in some versions, or in a distribution's, may be one here: its functions are then not the kernel's own. */
TEST(what_may_be_a_module_is_not_off_where_a_module_keeps_its_functions_to_itself)
{
	static const char *const may_be[][2] = { { "CORESIGHT", "coresight" }, { "POWER_SUPPLY", "power_supply" },
						 { "CORESIGHT_LINK_AND_SINK_TMC", "coresight_tmc" } };
	static const char no_module[] = "FANOTIFY";
	REQUIRE(begin("6.1.100") && add_names(1, "kallsyms", SPAN_LITERAL("free_module\nload_module")));
	turn_to("6.1.100");
	for (size_t i = 0; i < sizeof may_be / sizeof *may_be; i++) {
		CHECK_EQUAL(code_of_option(may_be[i][0]), KERNEL_CODE_ABSENT); /* there is no module at all */
		char sql[128];
		(void)snprintf(sql, sizeof sql, "INSERT INTO kernel_module (file, name, signed) VALUES (2, '%s', 0)",
			       may_be[i][1]);
		CHECK(run(sql));
	}
	CHECK_EQUAL(code_of_option(no_module), KERNEL_CODE_ABSENT);
	turn_to("6.1.100");
	for (size_t i = 0; i < sizeof may_be / sizeof *may_be; i++)
		CHECK_EQUAL(code_of_option(may_be[i][0]), KERNEL_CODE_UNKNOWN);
	CHECK_EQUAL(code_of_option(no_module), KERNEL_CODE_ABSENT);
	end();
}

TEST(options_that_are_modules_in_some_versions_are_neither_always_nor_never)
{
	static const char *const some[] = { "CORESIGHT", "CORESIGHT_SOURCE_ETM4X", "VME_BUS", "SCSI_DH", "POWER_SUPPLY",
					    "VIRTIO_IOMMU", "ANDROID_BINDER_IPC" };
	struct span version = SPAN_LITERAL("6.1.100");
	struct kernel_option_row row;
	REQUIRE(begin("6.1.100"));
	turn_to("6.1.100");
	for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
		CHECK(kernel_map_option(&build.map, span_of_text(some[i]), version, &row));
		CHECK(!row.built_in && !row.tristate && row.exists);
	}
	CHECK(kernel_map_option(&build.map, SPAN_LITERAL("FANOTIFY"), version, &row) && row.built_in && !row.tristate);
	CHECK(kernel_map_option(&build.map, SPAN_LITERAL("BTRFS_FS"), version, &row) && !row.built_in && row.tristate);
	end();
}

TEST(lists_of_modules_answer_options)
{
	REQUIRE(begin("5.10.100") && add_names(3, "built in", SPAN_LITERAL(BUILT_IN)) &&
		add_names(4, "modules", SPAN_LITERAL("kernel/fs/xfs/xfs.ko")));
	turn_to("5.10.100");
	CHECK(build.lists.whole && kernel_lists_builds_in(&build.lists, SPAN_LITERAL("nf_nat")));
	CHECK_EQUAL(code_of("fs/jfs/xattr.c", "5.10.100"), KERNEL_CODE_PRESENT);
	CHECK_EQUAL(code_of("fs/xfs/xfs_inode.c", "5.10.100"), KERNEL_CODE_PRESENT);
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.100"), KERNEL_CODE_ABSENT); /* in none of the lists */
	CHECK_EQUAL(code_of("mm/swapfile.c", "5.10.100"), KERNEL_CODE_UNKNOWN);  /* an option that is no module */
	end();
}

TEST(a_kernel_tells_which_release_its_lists_are_of)
{
	REQUIRE(begin("5.10.100") && add_names(3, "built in", SPAN_LITERAL(BUILT_IN)) &&
		run("UPDATE file SET path = '/lib/modules/5.10.0-30-armmp/modules.builtin' WHERE id = 3"));
	turn_to("5.10.100");
	CHECK(!build.lists.whole);
	CHECK(run("UPDATE kernel SET release = '5.10.0-30-armmp'"));
	turn_to("5.10.100");
	CHECK(build.lists.whole);
	end();
}

/* A cloud's kernel and a usual one of the same version are built otherwise. */
TEST(lists_of_one_release_say_nothing_by_silence_about_another)
{
	REQUIRE(begin("5.10.100") && add_names(3, "built in", SPAN_LITERAL(BUILT_IN)) &&
		add_names(4, "modules", SPAN_LITERAL("kernel/fs/xfs/xfs.ko")) &&
		run("INSERT INTO kernel (file, release, version, source) VALUES (5, '5.10.100-cloud', '5.10.100', 'banner');"
		    "UPDATE file SET path = '/lib/modules/5.10.100-cloud/modules.builtin' WHERE id = 5"));
	turn_to("5.10.100");
	CHECK(!build.lists.whole);
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.100"), KERNEL_CODE_UNKNOWN);
	CHECK(add_names(5, "built in", SPAN_LITERAL(BUILT_IN)));
	turn_to("5.10.100");
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.100"), KERNEL_CODE_ABSENT);
	CHECK(run("UPDATE file SET path = '/init' WHERE id = 2; UPDATE volume SET format = 'cpio'")); /* it mounts another */
	turn_to("5.10.100");
	CHECK(!build.lists.whole);
	end();
}

TEST(lists_say_nothing_by_silence_where_they_are_not_whole)
{
	static const char *const changes[] = {
		"DELETE FROM kernel_names WHERE source = 'built in'",
		"UPDATE kernel_names SET whole = 0 WHERE source = 'built in'",
		"UPDATE kernel_names SET file = 5 WHERE source = 'built in'", /* of another kernel */
		"INSERT INTO file (id, volume, path, type, size, state)"
		" VALUES (6, 1, '/lib/modules/5.10.100/b.ko', 'file', 1, 'damaged')",
		"UPDATE file SET path = '/init' WHERE id = 2; UPDATE volume SET format = 'cpio'", /* it mounts another */
	};
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		REQUIRE(begin("5.10.100") && add_names(3, "built in", SPAN_LITERAL(BUILT_IN)) && run(changes[i]));
		turn_to("5.10.100");
		CHECK(!build.lists.whole);
		CHECK_EQUAL(code_of("fs/btrfs/inode.c", "5.10.100"), KERNEL_CODE_UNKNOWN);
		end();
	}
}

TEST(a_version_that_may_not_have_the_option_is_not_judged_by_silence)
{
	REQUIRE(begin("2.6.36") && run("UPDATE file SET path = '/lib/modules/2.6.36/modules.builtin' WHERE id = 3") &&
		add_names(3, "built in", SPAN_LITERAL(BUILT_IN)));
	turn_to("2.6.36");
	CHECK(build.lists.whole);
	CHECK_EQUAL(code_of("fs/btrfs/inode.c", "2.6.36"), KERNEL_CODE_UNKNOWN);
	end();
}

TESTS(files_that_are_missing_show_that_their_option_is_off, files_that_are_there_show_that_their_options_are_on,
      a_configuration_that_the_kernel_contradicts_is_not_used,
      a_file_of_other_versions_shows_nothing, signs_that_contradict_one_another_show_nothing,
      a_whole_configuration_is_asked_instead_of_signs, signs_are_asked_where_a_whole_configuration_is_silent,
      what_may_be_a_module_is_not_off_where_a_module_keeps_its_functions_to_itself,
      options_that_are_modules_in_some_versions_are_neither_always_nor_never, lists_of_modules_answer_options,
      a_kernel_tells_which_release_its_lists_are_of, lists_of_one_release_say_nothing_by_silence_about_another,
      lists_say_nothing_by_silence_where_they_are_not_whole,
      a_version_that_may_not_have_the_option_is_not_judged_by_silence)
