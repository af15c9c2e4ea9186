#include "vuln/kernel_lists.h"

#include <stdlib.h>

#include "evidence/listed.h"
#include "evidence/query.h"
#include "vuln/branch.h"
#include "vuln/kernel_names.h"
#include "vuln/kernel_releases.h"

#define FOLDER "/lib/modules/"

struct names {
	struct span *all;
	size_t count, capacity;
	bool refused;
};

/* "kernel/net/netfilter/nf-nat.ko" as "nf_nat". */
static struct span module_name(struct span path, struct arena *arena)
{
	struct span base = span_basename(path);
	char *name = arena_text(arena, span_slice(base, 0, span_find_text(base, ".ko", 0)));
	for (char *at = name; at && *at; at++)
		if (*at == '-')
			*at = '_';
	return name ? span_of_text(name) : SPAN_NONE;
}

static void add(struct names *names, struct span path, struct arena *arena)
{
	struct span *grown = arena_grow(arena, names->all, names->count, &names->capacity, sizeof *grown);
	struct span name = module_name(path, arena);
	if (!grown || !name.data) {
		names->refused = true;
		return;
	}
	names->all = grown;
	names->all[names->count++] = name;
}

/* "/lib/modules/4.14.63-x/modules.builtin" is of 4.14.63; where a distribution names releases otherwise, its kernel tells. */
static bool is_of(struct span path, struct span version)
{
	size_t at = span_find_text(path, FOLDER, 0);
	return at != SPAN_NOT_FOUND && branch_has_release(version, span_from(path, at + sizeof FOLDER - 1));
}

static int by_name(const void *a, const void *b)
{
	const struct span *left = a, *right = b;
	return span_compare(*left, *right);
}

static void sort(struct names *names)
{
	if (names->count > 0)
		qsort(names->all, names->count, sizeof *names->all, by_name);
}

/* Of kernels of several releases, a list of one says nothing about the others: whether each has one of that source and name. */
static bool each_has(sqlite3 *evidence, struct span version, const char *source, const char *name)
{
	struct query query = query_start(evidence,
		"SELECT count(*) < 2 OR min(listed) FROM (SELECT EXISTS (SELECT 1 FROM kernel_names n JOIN file f ON f.id = n.file"
		"  WHERE n.source = ?2 AND n.whole = 1 AND instr(f.path, '" FOLDER "' || k.release || ?3) > 0) AS listed"
		"  FROM (SELECT DISTINCT release FROM " KERNEL_RELEASES ") k)");
	query_bind_text(&query, 1, version);
	query_bind_text(&query, 2, span_of_text(source));
	query_bind_text(&query, 3, span_of_text(name));
	bool each = query_next(&query) && query_integer(&query, 0) != 0;
	return query_end(&query) == DONE && each;
}

static bool read_lists(struct kernel_lists *lists, sqlite3 *evidence, struct span version, struct names *built_in,
		       struct names *loadable, struct arena *arena)
{
	struct query query = query_start(evidence,
		"SELECT n.source = 'built in', n.file, f.path, n.names, EXISTS (SELECT 1 FROM " KERNEL_RELEASES " k"
		"  WHERE instr(f.path, '" FOLDER "' || k.release || '/') > 0) FROM kernel_names n JOIN file f ON f.id = n.file"
		" WHERE n.source IN ('built in', 'modules') AND n.whole = 1 ORDER BY n.file");
	bool ordered = false; /* a list of all modules, be they in the image or not */
	query_bind_text(&query, 1, version);
	while (query_next(&query)) {
		struct span names = query_text(&query, 3), line;
		bool inside = query_integer(&query, 0) != 0;
		bool own = query_integer(&query, 4) != 0 || is_of(query_text(&query, 2), version);
		if (inside && !own)
			continue;
		if (inside)
			lists->file = query_integer(&query, 1);
		ordered = ordered || (own && span_ends(query_text(&query, 2), SPAN_LITERAL("/modules.order")));
		while (span_next_line(&names, &line))
			add(inside ? built_in : loadable, line, arena);
	}
	ordered = ordered && each_has(evidence, version, "modules", "/modules.order");
	lists->whole = (ordered || kernel_names_mounted(evidence)) && each_has(evidence, version, "built in", "/");
	return query_end(&query) == DONE;
}

static bool read_modules(sqlite3 *evidence, struct names *loadable, struct arena *arena)
{
	struct query query = query_start(evidence, "SELECT DISTINCT name FROM kernel_module");
	while (query_next(&query))
		add(loadable, query_text(&query, 0), arena);
	return query_end(&query) == DONE;
}

void kernel_lists_read(struct kernel_lists *lists, sqlite3 *evidence, struct span version, struct arena *arena)
{
	struct names built_in = { 0 }, loadable = { 0 };
	*lists = (struct kernel_lists){ 0 };
	if (!read_lists(lists, evidence, version, &built_in, &loadable, arena) || !read_modules(evidence, &loadable, arena) ||
	    built_in.refused || loadable.refused) {
		*lists = (struct kernel_lists){ 0 };
		return;
	}
	sort(&built_in);
	sort(&loadable);
	lists->built_in = built_in.all;
	lists->built_in_count = built_in.count;
	lists->loadable = loadable.all;
	lists->loadable_count = loadable.count;
	lists->whole = lists->whole && built_in.count > 0 && kernel_names_modules_known(evidence);
}

static bool has(const struct span *all, size_t count, struct span name)
{
	return count > 0 && bsearch(&name, all, count, sizeof *all, by_name) != NULL;
}

bool kernel_lists_builds_in(const struct kernel_lists *lists, struct span name)
{
	return has(lists->built_in, lists->built_in_count, name);
}

bool kernel_lists_loads(const struct kernel_lists *lists, struct span name)
{
	return has(lists->loadable, lists->loadable_count, name);
}
