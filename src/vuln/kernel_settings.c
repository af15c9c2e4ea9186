#include "vuln/kernel_settings.h"

#include <stdlib.h>

#include "evidence/query.h"
#include "vuln/branch.h"

/* A configuration that was read whole has hundreds of lines at least; options guessed from strings are few. */
enum { COMPLETE_FROM = 400 };

#define PREFIX "CONFIG_"

struct candidate {
	int64_t file;
	bool own;
};

/* "config-5.10.0-21-amd64": the version behind the name; empty for any other. */
static struct span named_version(struct span path)
{
	struct span name = span_basename(path);
	if (!span_starts_text(name, "config-"))
		return SPAN_NONE;
	name = span_from(name, sizeof "config-" - 1);
	return branch_of(name, 2).size > 0 ? name : SPAN_NONE;
}

static bool starts_version(struct span name, struct span version)
{
	uint8_t next = span_byte(name, version.size);
	return version.size > 0 && span_starts(name, version) && !(next >= '0' && next <= '9');
}

/* What a configuration says of its kernel. */
struct claim_of_config {
	struct span named, headed; /* versions in its name and in its head; empty where there is none */
	bool seen, seen_elsewhere; /* this kernel, or another one, was seen in the same file */
	bool released;             /* its head names the release of a kernel of this version: "4.4.0-21-generic" of Ubuntu's 4.4.6 */
};

/*
 * Distributions name theirs after the first version of a series, whatever they build ("config-5.10.0-21-amd64" of 5.10.209),
 * so that the head counts before the name.
 */
static bool is_own(const struct claim_of_config *c, struct span version)
{
	if (c->seen || c->released)
		return true;
	if (c->headed.size > 0 && !branch_is_same(c->headed, version, 2))
		return false;
	return starts_version(c->headed, version) || starts_version(c->named, version);
}

/* Another version in its head or its name makes it another kernel's; what says nothing may be this one's. */
static bool is_foreign(const struct claim_of_config *c, struct span version)
{
	bool series = branch_is_same(c->named, version, 2) && branch_begins_with(branch_of(c->named, 3), 2);
	return c->seen_elsewhere || c->headed.size > 0 || (c->named.size > 0 && !series);
}

/* The whole configurations that are this kernel's, or may be. */
static size_t find_files(sqlite3 *evidence, int64_t component, struct span version, struct candidate *out)
{
	struct query query = query_start(evidence,
		"SELECT o.file, f.path,"
		" EXISTS (SELECT 1 FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  WHERE cw.component = ?1 AND w.file = o.file),"
		" EXISTS (SELECT 1 FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
		"  JOIN component c ON c.id = cw.component JOIN component me ON me.id = ?1"
		"  WHERE c.id <> ?1 AND c.name = me.name AND w.file = o.file),"
		" (SELECT max(h.version) FROM kernel_config h WHERE h.file = o.file),"
		" EXISTS (SELECT 1 FROM kernel_config h JOIN kernel k ON k.release = h.version WHERE h.file = o.file AND k.version = ?3)"
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
		" WHERE o.n >= ?2 AND o.head AND o.ciphers AND o.library AND o.hacking AND NOT EXISTS"
		" (SELECT 1 FROM incomplete i WHERE i.file = o.file AND i.code = 'kernel.config-damaged') ORDER BY o.file");
	query_bind_integer(&query, 1, component);
	query_bind_integer(&query, 2, COMPLETE_FROM);
	query_bind_text(&query, 3, version);
	size_t count = 0;
	bool room = true;
	while (query_next(&query) && (room = count < KERNEL_SETTINGS_FILES_MAX)) {
		const struct claim_of_config said = {
			.named = named_version(query_text(&query, 1)), .headed = query_text(&query, 4),
			.seen = query_integer(&query, 2) != 0, .seen_elsewhere = query_integer(&query, 3) != 0,
			.released = query_integer(&query, 5) != 0,
		};
		bool own = is_own(&said, version);
		if (own || !is_foreign(&said, version))
			out[count++] = (struct candidate){ query_integer(&query, 0), own };
	}
	/* Of too many, not all would be asked. */
	return query_end(&query) == DONE && room ? count : 0;
}

static void read_rows(struct kernel_settings *settings, sqlite3 *evidence, const char *sql, int64_t id,
		      struct span version, struct arena *arena)
{
	struct query query = query_start(evidence, sql);
	query_bind_integer(&query, 1, id);
	query_bind_text(&query, 2, version);
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
				.file = query_integer(&query, 2),
			};
	}
	if (query_end(&query) != DONE || arena->refused)
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
	struct candidate found[KERNEL_SETTINGS_FILES_MAX];
	size_t count = find_files(evidence, component, version, found), own = 0;
	*settings = (struct kernel_settings){ 0 };
	for (size_t i = 0; i < count; i++)
		own += found[i].own;
	for (size_t i = 0; i < count; i++) {
		if (own > 0 && !found[i].own)
			continue;
		read_rows(settings, evidence, "SELECT name, value, file FROM kernel_option WHERE file = ?1 AND ?2 <> ''", found[i].file,
			  version, arena);
		settings->file = settings->files++ == 0 ? found[i].file : settings->file;
	}
	settings->complete = settings->files > 0 && settings->count > 0;
	if (!settings->complete) /* what a part of its own configuration says is off is off, too */
		read_rows(settings, evidence,
			  "SELECT o.name, o.value, o.file FROM kernel_option o LEFT JOIN file f ON f.id = o.file WHERE o.value <> 'n'"
			  " OR o.file IN (SELECT w.file FROM component_witness cw JOIN witness w ON w.rowid = cw.witness"
			  "  WHERE cw.component = ?1) OR ((f.path GLOB '*/config-' || ?2 OR f.path GLOB '*/config-' || ?2 || '[^0-9]*')"
			  "  AND NOT EXISTS (SELECT 1 FROM kernel_config h WHERE h.file = o.file AND h.version <> ?2))",
			  component, version, arena);
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
