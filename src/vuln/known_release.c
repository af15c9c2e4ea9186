#include "vuln/known_release.h"

#include <stdlib.h>

#include "inspect/lines.h"
#include "vuln/version.h"

enum { MEMORY_MAX = 16 * 1024 * 1024, RELEASES_MAX = 8192, NAMED_LEAST = 2 };

struct named {
	struct span version;
	enum version_order order;
};

void known_releases_init(struct known_releases *releases, sqlite3 *store)
{
	*releases = (struct known_releases){ .store = store };
	arena_init(&releases->arena, MEMORY_MAX);
}

void known_releases_done(struct known_releases *releases)
{
	arena_done(&releases->arena);
}

/* "1.0.2-rc1", "8_beta". */
static bool is_release(struct span version)
{
	static const char *const before[] = { "rc", "alpha", "beta", "pre", "dev", "snapshot", "git", "*", "~" };
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (span_find_text(version, before[i], 0) != SPAN_NOT_FOUND)
			return false;
	return version.size > 0 && is_digit(span_byte(version, 0));
}

/* Versions of all lists, in the order of the lists; false where there are too many. */
static bool add_list(struct known_releases *releases, struct named *all, size_t *count, struct span list,
		     enum version_order order)
{
	struct range range;
	while (range_next(&list, &range)) {
		const struct span bounds[] = { range.start, range.single ? SPAN_NONE : range.end };
		for (size_t i = 0; i < 2; i++) {
			if (!is_release(bounds[i]))
				continue;
			if (*count == RELEASES_MAX)
				return false;
			all[(*count)++] = (struct named){ arena_copy(&releases->arena, bounds[i]), order };
		}
	}
	return true;
}

static int compare(const void *left, const void *right)
{
	const struct named *a = left, *b = right;
	int difference = version_compare(a->order, a->version, b->version);
	return difference != 0 ? difference : span_compare(a->version, b->version);
}

/* Keeps each that is named often enough, once. */
static void settle(struct known_releases *releases, struct named *all, size_t count)
{
	qsort(all, count, sizeof *all, compare);
	for (size_t at = 0, end; at < count; at = end) {
		for (end = at + 1; end < count && version_compare(all[at].order, all[at].version, all[end].version) == 0; end++)
			;
		if (end - at >= NAMED_LEAST)
			releases->all[releases->count++] = all[at].version;
	}
}

/* Distributions list packages, fuzzers commits. */
static void load(struct known_releases *releases, struct span products, enum version_order order)
{
	size_t count = 0;
	struct named *all = ARENA_NEW(&releases->arena, struct named, RELEASES_MAX);
	releases->all = ARENA_NEW(&releases->arena, struct span, RELEASES_MAX);
	releases->count = 0;
	if (!all || !releases->all)
		return;
	struct query query = query_start(releases->store,
		"SELECT ranges FROM affected WHERE product IN (SELECT value FROM json_each(?1)) AND source NOT IN (?2, ?3)"
		" ORDER BY product, vulnerability, source, feed, entry");
	query_bind_text(&query, 1, products);
	query_bind_integer(&query, 2, SOURCE_DISTRIBUTION);
	query_bind_integer(&query, 3, SOURCE_FUZZING);
	bool more = true;
	while (more && query_next(&query))
		more = add_list(releases, all, &count, query_text(&query, 0), order);
	if (query_end(&query) == DONE)
		settle(releases, all, count);
}

struct span known_releases_after(struct known_releases *releases, int64_t component, struct span products,
				 const struct claim_subject *subject, struct span last, struct span list)
{
	if (releases->component != component) {
		arena_reset(&releases->arena);
		releases->component = component;
		load(releases, products, subject->order);
	}
	for (size_t i = 0; i < releases->count; i++) {
		struct span version = releases->all[i];
		bool behind = version_compare(subject->order, version, last) > 0 &&
			      version_compare(subject->order, version, subject->version) > 0;
		if (behind && range_judge(subject->order, list, version).verdict != RANGE_AFFECTED)
			return version;
	}
	return SPAN_NONE;
}
