#include "vuln/kernel_map.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/branch.h"
#include "vuln/version.h"

#define UNSURE SPAN_LITERAL("?")

static bool is_row(struct span line)
{
	return span_byte(line, 0) == '\t';
}

static struct span line_at(struct span text)
{
	struct span line = SPAN_NONE;
	(void)span_next_line(&text, &line);
	return line;
}

bool kernel_map_read(struct kernel_map *map, struct arena *arena)
{
	struct span rest = embedded("kernel/files.tsv"), line, whole = rest;
	*map = (struct kernel_map){ .options = embedded("kernel/options.tsv") };
	size_t capacity = 0, begin = 0;
	while (span_next_line(&rest, &line)) {
		size_t at = begin;
		begin = whole.size - rest.size;
		if (span_starts_text(line, "versions "))
			map->versions = span_from(line, sizeof "versions " - 1);
		if (is_row(line) || !span_ends_text(line, "/"))
			continue;
		struct span *grown = arena_grow(arena, map->folders, map->folder_count, &capacity, sizeof *grown);
		if (!grown) {
			map->folder_count = 0;
			return false;
		}
		map->folders = grown;
		if (map->folder_count > 0) {
			struct span *last = &map->folders[map->folder_count - 1];
			*last = span_slice(*last, 0, last->size - (whole.size - at));
		}
		map->folders[map->folder_count++] = span_from(whole, at);
	}
	return true;
}

static struct span find_folder(const struct kernel_map *map, struct span name)
{
	size_t low = 0, high = map->folder_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(line_at(map->folders[middle]), name);
		if (order == 0)
			return map->folders[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return SPAN_NONE;
}

/* The rows of one name that lie nearest to a version: the one that holds it, else one on each side. */
struct nearest {
	struct span below, above, below_end, above_start;
	bool inside;
};

static void consider(struct nearest *nearest, struct span condition, struct span bounds, struct span version)
{
	struct span start = SPAN_NONE, release = branch_of(version, 2);
	if (bounds.size == 0 || !span_next_field(&bounds, '-', &start)) {
		*nearest = (struct nearest){ .below = condition, .inside = true };
		return;
	}
	bool from = version_compare(ORDER_KERNEL, release, start) >= 0, to = version_compare(ORDER_KERNEL, release, bounds) <= 0;
	if (from && to) {
		*nearest = (struct nearest){ .below = condition, .inside = true };
	} else if (!nearest->inside && from &&
		   (nearest->below.size == 0 || version_compare(ORDER_KERNEL, bounds, nearest->below_end) > 0)) {
		nearest->below = condition;
		nearest->below_end = bounds;
	} else if (!nearest->inside && !from &&
		   (nearest->above.size == 0 || version_compare(ORDER_KERNEL, start, nearest->above_start) < 0)) {
		nearest->above = condition;
		nearest->above_start = start;
	}
}

/* The rows of a name in a folder. */
static struct nearest find_rows(struct span folder, struct span name, struct span version)
{
	struct nearest nearest = { 0 };
	struct span line;
	(void)span_next_line(&folder, &line);
	while (span_next_line(&folder, &line)) {
		struct span field, condition = SPAN_NONE, names = SPAN_NONE;
		(void)span_next_field(&line, '\t', &field);
		(void)span_next_field(&line, '\t', &condition);
		(void)span_next_field(&line, '\t', &names);
		if (span_has_word(names, name))
			consider(&nearest, condition, line, version);
	}
	return nearest;
}

/* The condition of a name in a folder; false where it is not listed. */
static bool find_name(struct span folder, struct span name, struct span version, struct kernel_level *out)
{
	struct nearest nearest = find_rows(folder, name, version);
	out->condition = nearest.below.size > 0 ? nearest.below : nearest.above;
	out->other = nearest.above.size > 0 ? nearest.above : out->condition;
	return out->condition.size > 0;
}

/* Takes '=' off; true where it stood on either. */
static bool take_alone(struct kernel_level *level)
{
	struct span *both[] = { &level->condition, &level->other };
	bool alone = false;
	for (size_t i = 0; i < 2; i++)
		if (span_byte(*both[i], 0) == '=') {
			*both[i] = span_from(*both[i], 1);
			alone = true;
		}
	return alone;
}

static void add_level(struct kernel_condition *out, struct kernel_level level)
{
	if (out->count < KERNEL_MAP_LEVELS_MAX)
		out->levels[out->count++] = level;
	else
		out->levels[0] = (struct kernel_level){ UNSURE, UNSURE };
}

/* The last version that was read and is not behind this one; else the oldest. */
static struct span version_read(const struct kernel_map *map, struct span version)
{
	struct span rest = map->versions, one, found = SPAN_NONE;
	while (span_next_word(&rest, &one))
		if (found.size == 0 || version_compare(ORDER_KERNEL, one, branch_of(version, 2)) <= 0)
			found = one;
	return found;
}

/* A row of a folder: how many source files it names, 0 where it is of other versions. */
static size_t read_row(struct span line, struct span version, struct span *condition)
{
	struct span field, names = SPAN_NONE, name;
	size_t count = 0;
	(void)span_next_field(&line, '\t', &field);
	(void)span_next_field(&line, '\t', condition);
	(void)span_next_field(&line, '\t', &names);
	struct nearest nearest = { 0 };
	consider(&nearest, *condition, line, version);
	while (nearest.inside && span_next_word(&names, &name))
		count += !span_ends_text(name, ".h") && !span_equal_text(name, ".");
	return count;
}

static struct span without_equals(struct span condition)
{
	return span_byte(condition, 0) == '=' ? span_from(condition, 1) : condition;
}

/* How many source files of a folder have a condition; all of them where it is empty. */
static size_t count_files(struct span rows, struct span version, struct span wanted)
{
	struct span line, condition = SPAN_NONE;
	size_t count = 0;
	while (span_next_line(&rows, &line)) {
		size_t files = read_row(line, version, &condition);
		if (wanted.size == 0 || span_equal(without_equals(condition), without_equals(wanted)))
			count += files;
	}
	return count;
}

/* The condition of most of the files in a folder; UNSURE where they differ. */
static struct span common_condition(const struct kernel_map *map, struct span folder, struct span version)
{
	struct span line, condition = SPAN_NONE, rows, read = version_read(map, version);
	(void)span_next_line(&folder, &line);
	size_t all = count_files(folder, read, SPAN_NONE);
	for (rows = folder; span_next_line(&rows, &line);)
		if (read_row(line, read, &condition) > 0 && count_files(folder, read, condition) * 5 >= all * 3)
			return condition;
	return UNSURE;
}

static size_t folder_size(struct span path)
{
	size_t size = 0;
	for (size_t slash = span_find_byte(path, '/', 0); slash != SPAN_NOT_FOUND; slash = span_find_byte(path, '/', slash + 1))
		size = slash + 1;
	return size;
}

static struct span name_in_folder(struct span base)
{
	return span_ends_text(base, ".c") ? span_slice(base, 0, base.size - 2) : base;
}

/* True where all rows of a file are of versions behind this one, without the first that was read; or of those before it. */
static bool is_elsewhere(const struct kernel_map *map, struct span folder, struct span name, struct span version)
{
	struct nearest nearest = find_rows(folder, name, version);
	struct span rest = map->versions, oldest = SPAN_NONE, newest = SPAN_NONE, one;
	(void)span_next_word(&rest, &oldest);
	while (span_next_word(&rest, &one))
		newest = one;
	if (nearest.inside || (nearest.below.size > 0) == (nearest.above.size > 0))
		return false;
	return nearest.above.size > 0 ? version_compare(ORDER_KERNEL, nearest.above_start, oldest) > 0
				      : version_compare(ORDER_KERNEL, nearest.below_end, newest) < 0;
}

void kernel_map_condition(const struct kernel_map *map, struct span path, struct span version,
			  struct kernel_condition *out)
{
	struct kernel_level level;
	size_t size = folder_size(path);
	struct span folder = find_folder(map, span_slice(path, 0, size));
	*out = (struct kernel_condition){ 0 };
	bool header = span_ends_text(path, ".h");
	out->known = find_name(folder, name_in_folder(span_from(path, size)), version, &level) ||
		     (header && find_name(folder, SPAN_LITERAL("*.h"), version, &level));
	out->elsewhere = is_elsewhere(map, folder, name_in_folder(span_from(path, size)), version);
	if (size == path.size && folder.size > 0) {
		struct span common = common_condition(map, folder, version);
		level = (struct kernel_level){ common, common };
		bool alone = take_alone(&level);
		out->known = !span_equal_text(level.condition, "?");
		add_level(out, level);
		if (alone)
			return;
	} else if (!out->known) {
		add_level(out, (struct kernel_level){ UNSURE, UNSURE });
		if (header)
			return;
	} else {
		bool alone = take_alone(&level);
		add_level(out, level);
		if (alone)
			return;
	}
	while (size > 0) {
		folder = find_folder(map, span_slice(path, 0, size));
		if (find_name(folder, SPAN_LITERAL("."), version, &level)) {
			bool alone = take_alone(&level);
			add_level(out, level);
			if (alone)
				return;
		}
		size = folder_size(span_slice(path, 0, size - 1));
	}
}

/* Of a version before the first that was read, nothing says under which name it has an option. */
static bool exists(const struct kernel_map *map, struct span first, struct span last, struct span version)
{
	struct span versions = map->versions, oldest = SPAN_NONE, release = branch_of(version, 2);
	(void)span_next_word(&versions, &oldest);
	struct span from = first.size > 0 ? first : oldest;
	return from.size > 0 && version_compare(ORDER_KERNEL, release, from) >= 0 &&
	       (last.size == 0 || version_compare(ORDER_KERNEL, release, last) <= 0);
}

bool kernel_map_option(const struct kernel_map *map, struct span name, struct span version,
		       struct kernel_option_row *out)
{
	struct span rest;
	*out = (struct kernel_option_row){ .name = name };
	if (!lookup_line(map->options, name, &rest))
		return false;
	struct span kind = lookup_field(&rest);
	out->tristate = span_equal_text(kind, "m");
	out->built_in = span_equal_text(kind, "y");
	struct span first = lookup_field(&rest), last = lookup_field(&rest);
	out->machines = lookup_field(&rest);
	out->needs = lookup_field(&rest);
	out->modules = lookup_field(&rest);
	out->exists = exists(map, first, last, version);
	return true;
}
