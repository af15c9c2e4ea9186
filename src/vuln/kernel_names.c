#include "vuln/kernel_names.h"

#include "base/lookup.h"
#include "evidence/listed.h"
#include "evidence/query.h"
#include "inspect/kernel_marks.h"
#include "inspect/kernel_texts.h"
#include "vuln/kernel_names_index.h"
#include "vuln/kernel_symbols.h"
#include "vuln/version.h"

/*
 * Of one file so many functions are seen before it is said to be there: one may have been copied, and kernels older
 * than the sources that the table was made from may have had it elsewhere.
 */
enum { NAMES_ENOUGH = 2, OLD_NAMES_ENOUGH = 3, VERSIONS_MAX = 8 };

struct kernel_names {
	struct names_index index;
	struct kernel_symbols_table table;
	struct span versions[VERSIONS_MAX]; /* of the image's kernels */
	size_t version_count;
	bool built_in;      /* all functions of every kernel of the image are known */
	bool whole;         /* and all modules that it could load */
	bool texts;         /* all texts of every kernel of the image are known, */
	bool texts_whole;   /* and all modules that it could load */
	bool marks;         /* all marks of every kernel of the image are known */
	bool modules_whole; /* and all functions of those modules */
	struct span modules; /* their names, one a line */
	struct arena *arena;
};

/* A kernel that is known by its modules or its header alone has no table. */
static const char kernels_without_symbols[] =
	"SELECT count(*) FROM kernel k WHERE NOT EXISTS (SELECT 1 FROM kernel_names n"
	" WHERE n.file = k.file AND n.source = 'kallsyms' AND n.whole = 1)";
/* In its texts a kernel shows as much, where this version looks for the same ones. */
static const char kernels_without_texts[] =
	"SELECT count(*) FROM kernel k WHERE NOT EXISTS (SELECT 1 FROM kernel_names n JOIN file f ON f.id = n.file"
	" WHERE n.file = k.file AND n.source = ?2 AND n.whole = 1 AND n.sought = ?1 AND f.state = 'read')";
/* Modules may be among files that were not read. */
static const char unread_modules[] =
	"SELECT (SELECT count(*) FROM incomplete i WHERE i.missing IN ('content', 'structure') AND i.path LIKE '%.ko%')"
	" + (SELECT count(*) FROM file WHERE path GLOB '*.ko' AND state <> 'read'"
	"    AND id NOT IN (SELECT file FROM kernel_module))";
/*
 * Where a kernel comes without the file system that it mounts, its modules are not known. An initramfs is that file system
 * only where it starts a system itself; others (Android's, those of distributions) mount the one that has the modules.
 */
#define IN_VOLUME(paths) "EXISTS (SELECT 1 FROM file i WHERE i.volume = f.volume AND i.path IN (" paths "))"
static const char root_file_systems[] =
	"SELECT count(*) FROM file f JOIN volume v ON v.id = f.volume WHERE f.path IN ('/init', '/sbin/init', '/bin/init',"
	" '/etc/inittab', '/bin/sh', '/bin/busybox', '/system/bin/init', '/usr/sbin/init', '/usr/lib/systemd/systemd',"
	" '/etc/init.d/rcS', '/init.rc', '/linuxrc') AND (v.format <> 'cpio'"
	" OR (" IN_VOLUME("'/etc/inittab', '/etc/init.d/rcS', '/usr/lib/systemd/systemd', '/lib/systemd/systemd'")
	" AND NOT " IN_VOLUME("'/etc/initrd-release', '/usr/lib/initrd-release', '/init.rc', '/scripts/functions'") "))";
/*
 * Android's ramdisk before version 7 stays the root, and its kernel finds no /sbin/modprobe in it: a module of another partition
 * is loaded where a script of init loads one, and by nothing else that the image shows. Later ones (of which the
 * contexts of files lie in the ramdisk by these names) read scripts of other partitions too.
 */
static const char lasting_ramdisks[] =
	"SELECT EXISTS (SELECT 1 FROM file f JOIN volume v ON v.id = f.volume WHERE f.path = '/init.rc' AND v.format = 'cpio')"
	" AND NOT EXISTS (SELECT 1 FROM file WHERE path GLOB '*/modprobe' OR path GLOB '*/insmod' OR path IN ('/file_contexts.bin',"
	"  '/plat_file_contexts', '/first_stage_ramdisk') OR path GLOB '*/modules.load' OR path GLOB '*.ko')"
	" AND NOT EXISTS (SELECT 1 FROM setting WHERE subject = 'android init' AND name = 'insmod')";
static const char modules_without_functions[] =
	"SELECT count(*) FROM kernel_module m WHERE NOT EXISTS (SELECT 1 FROM kernel_names n"
	" WHERE n.file = m.file AND n.source = 'module symbols' AND n.whole = 1)";

static void read_versions(struct kernel_names *names, sqlite3 *evidence)
{
	struct query query = query_start(evidence, "SELECT DISTINCT version FROM kernel ORDER BY version");
	while (query_next(&query)) {
		struct span version = arena_copy(names->arena, query_text(&query, 0));
		if (names->version_count < VERSIONS_MAX)
			names->versions[names->version_count] = version;
		names->version_count++;
	}
	if (query_end(&query) != DONE || names->version_count > VERSIONS_MAX)
		names->version_count = 0; /* none of them is judged where not all are */
}

static void read_modules(struct kernel_names *names, sqlite3 *evidence)
{
	struct query query = query_start(evidence, "SELECT group_concat(name, char(10)) FROM"
						   " (SELECT DISTINCT replace(name, '-', '_') AS name FROM kernel_module)");
	if (query_next(&query))
		names->modules = arena_copy(names->arena, query_text(&query, 0));
	if (query_end(&query) != DONE)
		names->whole = false;
}

static bool has_all(sqlite3 *evidence, const char *source, int64_t sought)
{
	struct query query = query_start(evidence, kernels_without_texts);
	query_bind_integer(&query, 1, sought);
	query_bind_text(&query, 2, span_of_text(source));
	bool all = query_next(&query) && query_integer(&query, 0) == 0;
	return query_end(&query) == DONE && all;
}

static bool loads_modules(const struct kernel_names *names)
{
	static const char *const functions[] = { "load_module", "free_module", "find_module", "module_put", "__request_module",
						 "sys_init_module", "__do_sys_init_module", "do_init_module" };
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (names_index_find(&names->index, span_of_text(functions[i])))
			return true;
	return false;
}

bool kernel_names_modules_known(sqlite3 *evidence)
{
	return evidence_unlisted(evidence) == 0 && query_number(evidence, unread_modules) == 0;
}

bool kernel_names_mounted(sqlite3 *evidence)
{
	return query_number(evidence, root_file_systems) > 0 || query_number(evidence, lasting_ramdisks) == 1;
}

bool kernel_names_file(const struct kernel_names *names, size_t index, struct span *folder, struct span *file)
{
	if (index >= names->table.count)
		return false;
	*folder = names->table.all[index].folder;
	*file = names->table.all[index].file;
	return true;
}

struct kernel_names *kernel_names_new(sqlite3 *evidence, struct arena *arena)
{
	struct kernel_names *names = ARENA_NEW(arena, struct kernel_names, 1);
	if (!names)
		return NULL;
	names->arena = arena;
	names->table = kernel_symbols_load(arena);
	bool known = names_index_read(&names->index, evidence, arena);
	read_versions(names, evidence);
	names->built_in = known && names->version_count > 0 && query_number(evidence, kernels_without_symbols) == 0;
	names->texts = known && names->version_count > 0 && has_all(evidence, "texts", kernel_texts_table());
	names->marks = names->texts && has_all(evidence, "marks", kernel_marks_table());
	bool listed = kernel_names_modules_known(evidence);
	bool mounted = kernel_names_mounted(evidence);
	names->whole = names->built_in && listed && (mounted || !loads_modules(names));
	names->texts_whole = names->texts && listed && mounted;
	names->modules_whole = query_number(evidence, modules_without_functions) == 0;
	read_modules(names, evidence);
	return names;
}

bool kernel_names_built_in(const struct kernel_names *names)
{
	return names->built_in;
}

static struct kernel_shown shown(enum kernel_sight sight, struct span name, const struct names_table *table)
{
	struct kernel_shown out = { .sight = sight, .name = name, .offset = -1 };
	if (table) {
		out.source = table->source;
		out.file = table->file;
		out.offset = table->offset;
	}
	return out;
}

/* Counts the functions of a list that are seen; of the first, *name and *table tell. */
static size_t count_seen(const struct kernel_names *names, struct span list, struct span *name,
			 const struct names_table **table)
{
	size_t seen = 0;
	struct span word;
	while (span_next_word(&list, &word)) {
		const struct names_table *where = names_index_find(&names->index, word);
		if (where && !*table) {
			*name = word;
			*table = where;
		}
		seen += where != NULL;
	}
	return seen;
}

static bool has_line(struct span text, struct span wanted)
{
	struct span line;
	while (span_next_line(&text, &line))
		if (span_equal(line, wanted))
			return true;
	return false;
}

static bool is_complete(const struct kernel_names *names, bool whole, bool functions, struct span modules)
{
	struct span module;
	if (!whole || (functions && names->modules_whole))
		return whole;
	bool named = modules.size > 0;
	while (named && span_next_word(&modules, &module))
		named = !has_line(names->modules, module);
	return named;
}

size_t kernel_names_count(const struct kernel_names *names, struct span list, struct kernel_shown *first)
{
	struct span name = SPAN_NONE;
	const struct names_table *table = NULL;
	size_t seen = count_seen(names, list, &name, &table);
	if (table && first->source == NULL)
		*first = shown(first->sight, name, table);
	return seen;
}

bool kernel_names_complete(const struct kernel_names *names, struct span modules)
{
	return is_complete(names, names->whole, true, modules);
}

bool kernel_names_texts_complete(const struct kernel_names *names, bool functions, struct span modules)
{
	return is_complete(names, names->texts_whole, functions, modules);
}

bool kernel_names_texts_built_in(const struct kernel_names *names)
{
	return names->texts;
}

bool kernel_names_marks_known(const struct kernel_names *names)
{
	return names->marks;
}

bool kernel_names_has_mark(const struct kernel_names *names, struct span mark)
{
	return names_index_find_line(&names->index, "marks", mark) != NULL;
}

struct kernel_shown kernel_names_lacking_marks(const struct kernel_names *names, struct span mark)
{
	return shown(KERNEL_SIGHT_ABSENT, mark, names_index_of(&names->index, "marks"));
}

size_t kernel_names_count_texts(const struct kernel_names *names, struct span texts, struct kernel_shown *first)
{
	size_t seen = 0;
	struct span text;
	while ((text = lookup_field(&texts)).size > 0) {
		const struct names_table *table = names_index_find_line(&names->index, "texts", text);
		if (table && first->source == NULL)
			*first = shown(first->sight, text, table);
		seen += table != NULL;
	}
	return seen;
}

struct kernel_shown kernel_names_lacking_texts(const struct kernel_names *names, struct span texts)
{
	struct span words = SPAN_NONE, text;
	while ((text = lookup_field(&texts)).size > 0)
		words = arena_format(names->arena, "%.*s%s'%.*s'", SPAN_FORMAT(words), words.size > 0 ? ", " : "", SPAN_FORMAT(text));
	return shown(KERNEL_SIGHT_ABSENT, words, names_index_of(&names->index, "texts"));
}

/* "6.12.5" is of 6.12; 6.120 is not. */
static bool is_of(struct span version, struct span series)
{
	return span_starts(version, series) &&
	       (version.size == series.size || span_byte(version, series.size) == '.' || span_byte(version, series.size) == '-');
}

/* True where the names of the file are those of that version. */
static bool covers(const struct kernel_symbols *symbols, struct span version)
{
	return symbols->first.size > 0 && version_compare(ORDER_KERNEL, version, symbols->first) >= 0 &&
	       (version_compare(ORDER_KERNEL, version, symbols->last) <= 0 || is_of(version, symbols->last));
}

enum kernel_reach kernel_names_reach(const struct kernel_names *names, struct span first, struct span last)
{
	enum kernel_reach reach = names->version_count > 0 ? REACH_WITHIN : REACH_UNKNOWN;
	for (size_t i = 0; i < names->version_count && reach != REACH_UNKNOWN; i++) {
		struct span version = names->versions[i];
		if (version_compare(ORDER_KERNEL, version, first) < 0)
			reach = REACH_BEFORE;
		else if (version_compare(ORDER_KERNEL, version, last) > 0 && !is_of(version, last))
			reach = REACH_UNKNOWN;
	}
	return first.size > 0 ? reach : REACH_UNKNOWN;
}

struct kernel_shown kernel_names_lacking(const struct kernel_names *names, struct span list)
{
	return shown(KERNEL_SIGHT_ABSENT, list, names_index_of(&names->index, "kallsyms"));
}

static bool has_prefix(const struct kernel_names *names, struct span prefix)
{
	return names_index_find_prefix(&names->index, prefix) ||
	       names_index_find_prefix(&names->index, arena_format(names->arena, "_%.*s", SPAN_FORMAT(prefix))) ||
	       names_index_find_prefix(&names->index, arena_format(names->arena, "__%.*s", SPAN_FORMAT(prefix)));
}

struct kernel_shown kernel_names_beginning(const struct kernel_names *names, struct span beginning)
{
	const struct names_table *table = names_index_find_prefix(&names->index, beginning);
	if (table)
		return shown(KERNEL_SIGHT_PRESENT, beginning, table);
	if (!kernel_names_complete(names, SPAN_NONE))
		return shown(KERNEL_SIGHT_UNKNOWN, SPAN_NONE, NULL);
	return kernel_names_lacking(names, beginning);
}

static size_t enough(const struct kernel_names *names)
{
	for (size_t i = 0; i < names->version_count; i++)
		if (version_compare(ORDER_KERNEL, names->versions[i], names->table.oldest) < 0)
			return OLD_NAMES_ENOUGH;
	return NAMES_ENOUGH;
}

/* True where none of the functions that the file had in a version is there. */
static bool lacks(const struct kernel_names *names, const struct kernel_symbols *symbols, struct span version)
{
	if (covers(symbols, version))
		return true;
	bool before = symbols->first.size == 0 || version_compare(ORDER_KERNEL, version, symbols->first) < 0;
	return symbols->prefix.size > 0 && before && !has_prefix(names, symbols->prefix);
}

static struct kernel_shown weigh_absence(struct kernel_names *names, const struct kernel_symbols *symbols)
{
	if (!kernel_names_complete(names, symbols->modules))
		return shown(KERNEL_SIGHT_UNKNOWN, SPAN_NONE, NULL);
	bool near = true;
	for (size_t i = 0; i < names->version_count; i++) {
		if (!lacks(names, symbols, names->versions[i]))
			return shown(KERNEL_SIGHT_UNKNOWN, SPAN_NONE, NULL);
		near = near && covers(symbols, names->versions[i]);
	}
	struct span missing = near ? symbols->proofs : arena_format(names->arena, "%.*s*", SPAN_FORMAT(symbols->prefix));
	return shown(KERNEL_SIGHT_ABSENT, missing, names_index_of(&names->index, "kallsyms"));
}

struct kernel_shown kernel_names_shows(struct kernel_names *names, struct span path)
{
	struct span name = SPAN_NONE;
	const struct names_table *table = names_index_find_line(&names->index, "source paths", path);
	if (table)
		return shown(KERNEL_SIGHT_PRESENT, path, table);
	const struct kernel_symbols *symbols = kernel_symbols_find(&names->table, path);
	if (!symbols)
		return shown(KERNEL_SIGHT_UNKNOWN, SPAN_NONE, NULL);
	size_t seen = count_seen(names, symbols->proofs, &name, &table);
	seen += count_seen(names, symbols->others, &name, &table);
	if (seen >= enough(names))
		return shown(KERNEL_SIGHT_PRESENT, name, table);
	return seen > 0 ? shown(KERNEL_SIGHT_UNKNOWN, SPAN_NONE, NULL) : weigh_absence(names, symbols);
}
