#include "vuln/kernel_names.h"

#include <stdlib.h>

#include "evidence/evidence.h"
#include "evidence/query.h"
#include "harness.h"
#include "vuln/kernel_symbols.h"

static struct evidence *evidence;
static sqlite3 *database;
static struct arena arena;

/* A kernel with its functions ("load_module" among them, for it loads modules), and the file system that it mounts. */
static bool begin(const char *version, const char *functions)
{
	arena_init(&arena, 64 << 20);
	if (evidence_new(&evidence) != DONE)
		return false;
	database = evidence_database(evidence);
	struct query row = query_start(database, "INSERT INTO kernel (file, release, version, source) VALUES (1, ?1, ?1, 'banner')");
	bool ok = query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (1, 'raw', 0, 9, 'read');"
				      "INSERT INTO file (id, volume, path, type, size, state) VALUES"
				      " (1, 1, 'kernel', 'part', 1, 'read'), (2, 1, '/sbin/init', 'file', 1, 'read'),"
				      " (3, 1, '/lib/modules/a.ko', 'file', 1, 'read')") == DONE;
	query_bind_text(&row, 1, span_of_text(version));
	while (query_next(&row))
		continue;
	ok = query_end(&row) == DONE && ok;
	row = query_start(database, "INSERT INTO kernel_names (file, source, whole, offset, count, names)"
				    " VALUES (1, 'kallsyms', 1, 77, 2, ?1)");
	query_bind_text(&row, 1, span_of_text(functions));
	while (query_next(&row))
		continue;
	return query_end(&row) == DONE && ok;
}

static void end(void)
{
	evidence_free(evidence);
	arena_done(&arena);
}

static struct kernel_shown shows(const char *path)
{
	struct kernel_names *names = kernel_names_new(database, &arena);
	return kernel_names_shows(names, span_of_text(path));
}

/* The file's first two functions as the table has them, the second as a compiler may call a piece of it. */
static char *two_functions(const char *path)
{
	static char text[256];
	arena_init(&arena, 4 << 20);
	struct kernel_symbols_table table = kernel_symbols_load(&arena);
	const struct kernel_symbols *symbols = kernel_symbols_find(&table, span_of_text(path));
	struct span rest = symbols ? symbols->proofs : SPAN_NONE, one, other;
	if (span_next_word(&rest, &one) && span_next_word(&rest, &other))
		(void)snprintf(text, sizeof text, "%.*s\n%.*s.isra.0", SPAN_FORMAT(one), SPAN_FORMAT(other));
	arena_done(&arena);
	return text;
}

static const char path[] = "fs/btrfs/inode.c";

/* Whether a file is taken for absent where the file system that has /sbin/init is of that format, with another file in it. */
static bool lacks_with(const char *format, const char *other)
{
	bool ok = begin("5.10.100", "free_module\nload_module") &&
		  query_run(database, "INSERT INTO volume (id, format, offset, size, state) VALUES (2, 'cpio', 0, 9, 'read');"
				      "INSERT INTO file (id, volume, path, type, size, state) VALUES"
				      " (4, 2, '/init', 'file', 1, 'read'), (5, 2, '/bin/busybox', 'file', 1, 'read')") == DONE;
	struct query row = query_start(database, "INSERT INTO file (id, volume, path, type, size, state) VALUES"
						 " (6, 2, ?1, 'file', 1, 'read')");
	query_bind_text(&row, 1, span_of_text(other));
	while (query_next(&row))
		continue;
	ok = query_end(&row) == DONE && ok;
	row = query_start(database, "UPDATE file SET volume = 2 WHERE id = 2 AND ?1 = 'cpio'");
	query_bind_text(&row, 1, span_of_text(format));
	while (query_next(&row))
		continue;
	ok = query_end(&row) == DONE && ok;
	bool lacks = ok && shows(path).sight == KERNEL_SIGHT_ABSENT;
	end();
	return lacks;
}

/* What Android's and distributions' initramfs mount has modules that the image lacks. */
TEST(an_initramfs_that_mounts_another_file_system_tells_no_modules)
{
	CHECK(lacks_with("raw", "/init.rc"));
	CHECK(!lacks_with("cpio", "/init.rc"));
	CHECK(!lacks_with("cpio", "/bin/sh"));
	CHECK(!lacks_with("cpio", "/scripts/functions"));
	CHECK(lacks_with("cpio", "/etc/inittab"));
}

/* Android's old ramdisk stays the root: what is missing in it cannot be loaded, unless something loads modules. */
static bool lacks_in_ramdisk(const char *change)
{
	bool ok = begin("3.0.8", "free_module\nload_module") &&
		  query_run(database, "DELETE FROM file WHERE id > 1; INSERT INTO volume (id, format, offset, size, state) VALUES"
				      " (2, 'cpio', 0, 9, 'read'); INSERT INTO file (id, volume, path, type, size, state) VALUES"
				      " (4, 2, '/init', 'file', 1, 'read'), (5, 2, '/init.rc', 'file', 1, 'read')") == DONE &&
		  query_run(database, change) == DONE;
	bool lacks = ok && shows(path).sight == KERNEL_SIGHT_ABSENT;
	end();
	return lacks;
}

TEST(a_ramdisk_without_a_loader_of_modules_has_none)
{
	CHECK(lacks_in_ramdisk(""));
	CHECK(!lacks_in_ramdisk("INSERT INTO setting (file, subject, name, value) VALUES"
				" (5, 'android init', 'insmod', '/system/modules/bcm4329.ko')"));
	CHECK(!lacks_in_ramdisk("UPDATE file SET path = '/sbin/modprobe' WHERE id = 4"));
	CHECK(!lacks_in_ramdisk("UPDATE file SET path = '/plat_file_contexts' WHERE id = 4"));
	CHECK(!lacks_in_ramdisk("DELETE FROM file WHERE id = 5"));
}

TEST(functions_of_a_file_show_it)
{
	REQUIRE(begin("5.10.100", two_functions(path)));
	struct kernel_shown shown = shows(path);
	CHECK_EQUAL(shown.sight, KERNEL_SIGHT_PRESENT);
	CHECK_TEXT(span_of_text(shown.source), "kallsyms");
	CHECK_EQUAL(shown.file, 1);
	CHECK_EQUAL(shown.offset, 77);
	CHECK(shown.name.size > 0);
	CHECK_EQUAL(shows("fs/ext4/inode.c").sight, KERNEL_SIGHT_ABSENT);
	end();
}

/* Two names that FNV-1a gives the same 64 bits. */
TEST(a_name_is_not_another_of_the_same_hash)
{
	static const char there[] = "8yn0iYCKYHlIj4-BwPqk", other[] = "GReLUrM4wMqfg9yzV3KQ";
	struct kernel_shown first = { .offset = -1 };
	CHECK(span_hash(span_of_text(there)) == span_hash(span_of_text(other)));
	REQUIRE(begin("5.10.100", "8yn0iYCKYHlIj4-BwPqk\nload_module"));
	struct kernel_names *names = kernel_names_new(database, &arena);
	CHECK_EQUAL(kernel_names_count(names, span_of_text(there), &first), 1);
	CHECK_EQUAL(kernel_names_count(names, span_of_text(other), &first), 0);
	end();
}

TEST(one_function_shows_nothing)
{
	char *functions = two_functions(path);
	*strchr(functions, '\n') = 0;
	REQUIRE(begin("5.10.100", functions));
	CHECK_EQUAL(shows(path).sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

TEST(a_file_without_any_of_its_functions_is_absent)
{
	REQUIRE(begin("5.10.100", "free_module\nload_module"));
	struct kernel_shown shown = shows(path);
	CHECK_EQUAL(shown.sight, KERNEL_SIGHT_ABSENT);
	CHECK_TEXT(span_of_text(shown.source), "kallsyms");
	CHECK(span_find_byte(shown.name, ' ', 0) != SPAN_NOT_FOUND); /* several */
	CHECK_EQUAL(shows("fs/btrfs/no-such-file.c").sight, KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(shows("include/linux/fs.h").sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

/* Long before the sources that the table was made from, functions had other names: only the prefix counts. */
TEST(old_kernels_are_judged_by_the_prefix)
{
	REQUIRE(begin("2.6.36", "free_module\nload_module"));
	CHECK_EQUAL(shows(path).sight, KERNEL_SIGHT_ABSENT);
	CHECK_TEXT(shows(path).name, "btrfs_*");
	end();
	REQUIRE(begin("2.6.36", "btrfs_of_old\nload_module"));
	CHECK_EQUAL(shows(path).sight, KERNEL_SIGHT_UNKNOWN);
	end();
	REQUIRE(begin("5.10.100", "btrfs_of_old\nload_module"));
	CHECK_EQUAL(shows(path).sight, KERNEL_SIGHT_ABSENT);
	end();
	REQUIRE(begin("99.1", "free_module\nload_module"));
	CHECK_EQUAL(shows(path).sight, KERNEL_SIGHT_UNKNOWN);
	end();
}

static enum kernel_sight sight_after(const char *sql)
{
	if (!begin("5.10.100", "free_module\nload_module") || query_run(database, sql) != DONE)
		return KERNEL_SIGHT_PRESENT;
	enum kernel_sight sight = shows(path).sight;
	end();
	return sight;
}

/* Absence is said only where all that could hold the file was read. */
TEST(what_is_not_known_whole_lacks_nothing)
{
	CHECK_EQUAL(sight_after("SELECT 1"), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight_after("UPDATE kernel_names SET whole = 0"), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight_after("DELETE FROM kernel_names"), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight_after("DELETE FROM kernel"), KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight_after("INSERT INTO kernel (file, release, version, source) VALUES (2, '5.4', '5.4', 'banner')"),
		    KERNEL_SIGHT_UNKNOWN); /* another kernel, without symbols */
	CHECK_EQUAL(sight_after("DELETE FROM file WHERE id = 2"), KERNEL_SIGHT_UNKNOWN); /* its modules lie elsewhere */
	CHECK_EQUAL(sight_after("DELETE FROM file WHERE id = 2; UPDATE kernel_names SET names = 'schedule'"),
		    KERNEL_SIGHT_ABSENT); /* it loads none */
	CHECK_EQUAL(sight_after("INSERT INTO incomplete (missing, cause, code, detail) VALUES ('entries', 'damaged', 'a', 'b')"),
		    KERNEL_SIGHT_UNKNOWN);
	CHECK_EQUAL(sight_after("UPDATE file SET state = 'partial' WHERE id = 3"), KERNEL_SIGHT_UNKNOWN);
	/* Something encrypted beside the root file system may hold modules; one of its files has a name. */
	CHECK_EQUAL(sight_after("INSERT INTO incomplete (volume, file, missing, cause, code, detail) VALUES"
				" (1, 2, 'search', 'encrypted', 'content.opaque', 'a')"), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight_after("INSERT INTO volume (id, format, offset, size, state) VALUES (2, 'raw', 0, 9, 'read');"
				"INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES"
				" (2, 'search', 'encrypted', 'content.opaque', 'a')"), KERNEL_SIGHT_UNKNOWN);
	/* A file that is compressed by itself has a name too; an archive holds files without. */
	CHECK_EQUAL(sight_after("INSERT INTO volume (id, parent, file, format, offset, size, files, state) VALUES"
				" (2, 1, 3, 'xz', 0, 9, 1, 'read');"
				"INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES"
				" (2, 'search', 'encrypted', 'content.opaque', 'a')"), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight_after("INSERT INTO volume (id, parent, file, format, offset, size, files, state) VALUES"
				" (2, 1, 3, 'tar', 0, 9, 2, 'read');"
				"INSERT INTO incomplete (volume, missing, cause, code, detail) VALUES"
				" (2, 'search', 'encrypted', 'content.opaque', 'a')"), KERNEL_SIGHT_UNKNOWN);
}

#define MODULE(name) "INSERT INTO kernel_module (file, name, signed) VALUES (3, '" name "', 0);"

/* A module that was stripped does not tell its functions: its name says what it may hold. */
TEST(modules_may_hold_the_file)
{
	char *functions = two_functions(path), sql[512];
	CHECK_EQUAL(sight_after(MODULE("vfat")), KERNEL_SIGHT_ABSENT);
	CHECK_EQUAL(sight_after(MODULE("btrfs")), KERNEL_SIGHT_UNKNOWN);
	(void)snprintf(sql, sizeof sql, "%s INSERT INTO kernel_names (file, source, whole, offset, count, names)"
					" VALUES (3, 'module symbols', 1, 5, 2, '%s')", MODULE("btrfs"), functions);
	CHECK_EQUAL(sight_after(sql), KERNEL_SIGHT_PRESENT);
	CHECK_EQUAL(sight_after(MODULE("btrfs") "INSERT INTO kernel_names (file, source, whole, offset, count, names)"
						" VALUES (3, 'module symbols', 1, 5, 1, 'something_else')"),
		    KERNEL_SIGHT_ABSENT);
}

TEST(a_source_path_shows_its_file)
{
	static const char sql[] = "DELETE FROM kernel_names; INSERT INTO kernel_names (file, source, whole, offset, count, names)"
				  " VALUES (1, 'source paths', 0, 9, 3, 'drivers/net/tun.c' || char(10) || '%s' || char(10) || 'mm/slub.c')";
	char text[512];
	(void)snprintf(text, sizeof text, sql, "fs/btrfs/inode.c");
	CHECK_EQUAL(sight_after(text), KERNEL_SIGHT_PRESENT);
	(void)snprintf(text, sizeof text, sql, "fs/btrfs/inode.cc");
	CHECK_EQUAL(sight_after(text), KERNEL_SIGHT_UNKNOWN);
}

/* The table is found by halves: it is sorted, and its lists are what their readers take them for. */
TEST(the_table_is_sound)
{
	arena_init(&arena, 4 << 20);
	struct kernel_symbols_table table = kernel_symbols_load(&arena);
	CHECK(table.count > 3000);
	for (size_t i = 0; i < table.count; i++) {
		const struct kernel_symbols *one = &table.all[i];
		struct span full = arena_format(&arena, "%.*s%.*s", SPAN_FORMAT(one->folder), SPAN_FORMAT(one->file));
		struct span rest = one->proofs, word;
		size_t proofs = 0;
		while (span_next_word(&rest, &word))
			proofs++;
		if (kernel_symbols_find(&table, full) != one || (proofs > 0 && proofs < 3) ||
		    (proofs > 0) != (one->first.size > 0 && one->last.size > 0))
			printf("# %.*s is wrong\n", SPAN_FORMAT(full));
		CHECK(kernel_symbols_find(&table, full) == one);
		CHECK(proofs == 0 || proofs >= 3);
		CHECK((proofs > 0) == (one->first.size > 0 && one->last.size > 0));
	}
	arena_done(&arena);
}

TESTS(functions_of_a_file_show_it, a_name_is_not_another_of_the_same_hash,
      an_initramfs_that_mounts_another_file_system_tells_no_modules,
      a_ramdisk_without_a_loader_of_modules_has_none,
      one_function_shows_nothing, a_file_without_any_of_its_functions_is_absent,
      old_kernels_are_judged_by_the_prefix, what_is_not_known_whole_lacks_nothing, modules_may_hold_the_file,
      a_source_path_shows_its_file, the_table_is_sound)
