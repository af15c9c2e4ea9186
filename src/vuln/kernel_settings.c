#include "vuln/kernel_settings.h"

#include <stdlib.h>

#include "evidence/query.h"
#include "vuln/branch.h"
#include "vuln/kernel_releases.h"

/* A configuration that was read whole has hundreds of lines at least; options guessed from strings are few. */
enum { COMPLETE_FROM = 400 };

#define PREFIX "CONFIG_"

/* A configuration that is the kernel's, or may be. */
struct candidate {
	int64_t file;
	bool own;
	struct span named; /* the release that its name or else its head names; empty for none */
};

struct kernels {
	struct kernel_of {
		struct span release;
		int64_t file;
	} *all; /* sorted by release */
	size_t count, capacity;
};

static bool read_kernels(struct kernels *kernels, sqlite3 *evidence, struct span version, struct arena *arena)
{
	struct query query = query_start(evidence, "SELECT release, file FROM " KERNEL_RELEASES " ORDER BY release, file");
	query_bind_text(&query, 1, version);
	*kernels = (struct kernels){ 0 };
	while (query_next(&query)) {
		struct kernel_of *grown = arena_grow(arena, kernels->all, kernels->count, &kernels->capacity, sizeof *grown);
		if (!grown)
			break;
		kernels->all = grown;
		kernels->all[kernels->count++] = (struct kernel_of){ arena_copy(arena, query_text(&query, 0)),
								       query_integer(&query, 1) };
	}
	return query_end(&query) == DONE && !arena->refused;
}

static bool has_release(const struct kernels *kernels, struct span release)
{
	for (size_t i = 0; i < kernels->count; i++)
		if (span_equal(kernels->all[i].release, release))
			return true;
	return false;
}

static bool are_several(const struct kernels *kernels)
{
	return kernels->count > 1 && !span_equal(kernels->all[0].release, kernels->all[kernels->count - 1].release);
}

static bool is_named(const struct kernel_of *kernel, const struct candidate *found, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (found[i].file == kernel->file || span_equal(found[i].named, kernel->release))
			return true;
	return false;
}

/* Of kernels of several releases, no configuration tells that is not surely the one of each. */
static bool tell_all(const struct kernels *kernels, const struct candidate *found, size_t count)
{
	bool told = true;
	for (size_t i = 0; are_several(kernels) && told && i < kernels->count;) {
		const struct kernel_of *first = &kernels->all[i];
		for (told = false; i < kernels->count && span_equal(kernels->all[i].release, first->release); i++)
			told = told || is_named(&kernels->all[i], found, count);
	}
	return told;
}

/* "config-5.10.0-21-amd64": the version behind the name; empty for any other. */
static struct span named_version(struct span path)
{
	struct span name = span_basename(path);
	if (!span_starts_text(name, "config-"))
		return SPAN_NONE;
	name = span_from(name, sizeof "config-" - 1);
	return branch_of(name, 2).size > 0 ? name : SPAN_NONE;
}

/* What a configuration says of its kernel. */
struct claim_of_config {
	struct span named, headed; /* versions in its name and in its head; empty where there is none */
	bool seen, seen_elsewhere; /* this kernel, or another one, was seen in the same file */
};

/*
 * Distributions name theirs after the first version of a series, whatever they build ("config-5.10.0-21-amd64" of 5.10.209),
 * so that the head counts before the name; some write such a release into the head, too ("4.4.0-21-generic" of 4.4.6).
 */
static bool is_own(const struct claim_of_config *c, const struct kernels *kernels, struct span version)
{
	struct span said = c->headed.size > 0 ? c->headed : c->named;
	return c->seen || (said.size > 0 && (has_release(kernels, said) || branch_has_release(version, said)));
}

/* Another version in its head or its name makes it another kernel's; what says nothing may be this one's. */
static bool is_foreign(const struct claim_of_config *c, struct span version)
{
	bool series = branch_is_same(c->named, version, 2) && branch_begins_with(branch_of(c->named, 3), 2);
	return c->seen_elsewhere || c->headed.size > 0 || (c->named.size > 0 && !series);
}

/* The configurations of the image, whole ones or others. */
static struct query start_files(sqlite3 *evidence, int64_t component, bool whole)
{
	struct query query = query_start(evidence,
		"SELECT o.file, f.path,"
		" EXISTS (SELECT 1 FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  WHERE cw.component = ?1 AND w.file = o.file),"
		" EXISTS (SELECT 1 FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  JOIN component c ON c.id = cw.component JOIN component me ON me.id = ?1"
		"  WHERE c.id <> ?1 AND c.name = me.name AND w.file = o.file),"
		" (SELECT max(h.version) FROM kernel_config h WHERE h.file = o.file)"
		" FROM (SELECT file, count(*) AS n,"
		/*
		 * Sections from the first to the last that Kconfig writes in every version, by options that depend on no other,
		 * so that each is named, on or off. A file that was cut off lacks those at its end: the library's and those for
		 * hacking, whose order has changed.
		 */
		"  max(name IN ('CONFIG_LOCALVERSION', 'CONFIG_LOCALVERSION_AUTO', 'CONFIG_SYSVIPC', 'CONFIG_SWAP',"
		"   'CONFIG_EXPERT', 'CONFIG_EMBEDDED', 'CONFIG_EXPERIMENTAL')) AS head,"
		"  max(name IN ('CONFIG_CRYPTO')) AS ciphers,"
		"  max(name IN ('CONFIG_CRC16', 'CONFIG_CRC32', 'CONFIG_CRC_CCITT', 'CONFIG_CRC_ITU_T',"
		"   'CONFIG_LIBCRC32C', 'CONFIG_XZ_DEC', 'CONFIG_BITREVERSE', 'CONFIG_HAS_IOMEM', 'CONFIG_GENERIC_IO')) AS library,"
		"  max(name IN ('CONFIG_DEBUG_KERNEL', 'CONFIG_MAGIC_SYSRQ', 'CONFIG_PRINTK_TIME', 'CONFIG_DEBUG_FS')) AS hacking"
		"  FROM kernel_option GROUP BY file) o LEFT JOIN file f ON f.id = o.file"
		" WHERE (o.n >= ?2 AND o.head AND o.ciphers AND o.library AND o.hacking AND NOT EXISTS"
		" (SELECT 1 FROM incomplete i WHERE i.file = o.file AND i.code = 'kernel.config-damaged')) = ?3 ORDER BY o.file");
	query_bind_integer(&query, 1, component);
	query_bind_integer(&query, 2, COMPLETE_FROM);
	query_bind_integer(&query, 3, whole);
	return query;
}

/* The next of them that is this kernel's, or may be. */
static bool next_file(struct query *query, const struct kernels *kernels, struct span version, struct candidate *out)
{
	while (query_next(query)) {
		const struct claim_of_config said = {
			.named = named_version(query_text(query, 1)), .headed = query_text(query, 4),
			.seen = query_integer(query, 2) != 0, .seen_elsewhere = query_integer(query, 3) != 0,
		};
		*out = (struct candidate){ .file = query_integer(query, 0), .own = is_own(&said, kernels, version),
					   .named = said.named.size > 0 ? said.named : said.headed };
		if (out->own || !is_foreign(&said, version))
			return true;
	}
	return false;
}

/* The lines of one file; those that turn options off where they are believed. */
static void read_rows(struct kernel_settings *settings, sqlite3 *evidence, int64_t file, bool off, struct arena *arena)
{
	struct query query = query_start(evidence, "SELECT name, value FROM kernel_option WHERE file = ?1 AND (?2 OR value <> 'n')");
	query_bind_integer(&query, 1, file);
	query_bind_integer(&query, 2, off);
	while (query_next(&query)) {
		struct kernel_setting *grown = arena_grow(arena, settings->all, settings->count, &settings->capacity,
							  sizeof *grown);
		if (!grown)
			break;
		settings->all = grown;
		struct span name = query_text(&query, 0);
		if (span_starts_text(name, PREFIX))
			settings->all[settings->count++] = (struct kernel_setting){
				.name = arena_copy(arena, span_from(name, sizeof PREFIX - 1)),
				.value = arena_copy(arena, query_text(&query, 1)),
				.file = file,
			};
	}
	if (query_end(&query) != DONE || arena->refused)
		*settings = (struct kernel_settings){ 0 };
}

/* Whole configurations: the kernel's own, else all that may be. */
static void read_whole(struct kernel_settings *settings, sqlite3 *evidence, int64_t component, const struct kernels *kernels,
		       struct span version, struct arena *arena)
{
	struct candidate found[KERNEL_SETTINGS_FILES_MAX], one;
	size_t count = 0, own = 0;
	bool room = true;
	struct query query = start_files(evidence, component, true);
	while (next_file(&query, kernels, version, &one) && (room = count < KERNEL_SETTINGS_FILES_MAX)) {
		one.named = arena_copy(arena, one.named);
		own += one.own;
		found[count++] = one;
	}
	/* Of too many, not all would be asked. */
	if (query_end(&query) != DONE || !room || !tell_all(kernels, found, count))
		return;
	for (size_t i = 0; i < count; i++) {
		if (own > 0 && !found[i].own)
			continue;
		read_rows(settings, evidence, found[i].file, true, arena);
		settings->file = settings->files++ == 0 ? found[i].file : settings->file;
	}
	settings->complete = settings->files > 0 && settings->count > 0;
}

/* Parts of configurations, and what was guessed: what a part of its own configuration says is off is off, too. */
static void read_parts(struct kernel_settings *settings, sqlite3 *evidence, int64_t component, const struct kernels *kernels,
		       struct span version, struct arena *arena)
{
	struct candidate one;
	struct query query = start_files(evidence, component, false);
	while (next_file(&query, kernels, version, &one))
		read_rows(settings, evidence, one.file, one.own, arena);
	if (query_end(&query) != DONE)
		*settings = (struct kernel_settings){ 0 };
}

/* By name, then file; of several lines of one file those that set it come first, so that one decides. */
static int by_name(const void *a, const void *b)
{
	const struct kernel_setting *left = a, *right = b;
	int order = span_compare(left->name, right->name);
	if (order != 0)
		return order;
	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	return span_equal_text(left->value, "n") - span_equal_text(right->value, "n");
}

void kernel_settings_read(struct kernel_settings *settings, sqlite3 *evidence, int64_t component, struct span version,
			  struct arena *arena)
{
	struct kernels kernels;
	*settings = (struct kernel_settings){ 0 };
	if (!read_kernels(&kernels, evidence, version, arena))
		return;
	read_whole(settings, evidence, component, &kernels, version, arena);
	if (!settings->complete && !are_several(&kernels))
		read_parts(settings, evidence, component, &kernels, version, arena);
	if (settings->count > 0)
		qsort(settings->all, settings->count, sizeof *settings->all, by_name);
}

static size_t first_of(const struct kernel_settings *settings, struct span option)
{
	size_t low = 0, high = settings->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (span_compare(settings->all[middle].name, option) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct kernel_said kernel_settings_ask(const struct kernel_settings *settings, struct span option)
{
	struct kernel_said said = { .file = settings->file };
	int64_t last = 0;
	for (size_t i = first_of(settings, option); i < settings->count && span_equal(settings->all[i].name, option); i++) {
		const struct kernel_setting *setting = &settings->all[i];
		bool off = span_equal_text(setting->value, "n");
		if (settings->complete && setting->file == last)
			continue; /* twice in one file */
		said.off += off;
		said.on += !off;
		said.file = last = setting->file;
		said.value = setting->value;
	}
	said.silent = settings->files > said.on + said.off ? settings->files - said.on - said.off : 0;
	return said;
}
