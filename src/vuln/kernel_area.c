#include "vuln/kernel_area.h"

#include "base/embedded.h"
#include "base/lookup.h"

enum { NAME_LEAST = 3 };

struct span kernel_area_path(struct span path)
{
	static const char mark[] = "/blob/";
	if (span_find_text(path, "://", 0) == SPAN_NOT_FOUND)
		return path;
	size_t at = span_find_text(path, mark, 0);
	if (at == SPAN_NOT_FOUND)
		return path;
	size_t slash = span_find_byte(path, '/', at + sizeof mark - 1); /* behind the branch */
	return slash == SPAN_NOT_FOUND ? path : span_from(path, slash + 1);
}

bool kernel_area_is_beside(struct span path)
{
	static const char *const folders[] = { "Documentation/", "samples/", "scripts/", "tools/", "usr/" };
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (span_starts_text(path, folders[i]))
			return true;
	struct span name = span_basename(path);
	return span_equal_text(name, "Makefile") || span_equal_text(name, "Kbuild") || span_starts_text(name, "Kconfig") ||
	       span_equal_text(name, "MAINTAINERS");
}

struct span kernel_area_option(struct span path)
{
	struct span rest = embedded("kernel/areas.tsv"), line, found = SPAN_NONE;
	size_t longest = 0;
	while (lookup_next(&rest, &line)) {
		struct span beginning = lookup_field(&line);
		if (span_starts(path, beginning) && beginning.size > longest) {
			longest = beginning.size;
			found = lookup_field(&line);
		}
	}
	return found;
}

/* Whether a folder of the map has the file. */
static bool has_file(struct span folder, struct span name)
{
	struct span line;
	(void)span_next_line(&folder, &line);
	while (span_next_line(&folder, &line)) {
		struct span field, names = SPAN_NONE;
		for (int i = 0; i < 3; i++)
			if (span_next_field(&line, '\t', &field))
				names = field;
		if (span_has_word(names, name))
			return true;
	}
	return false;
}

/* Partitions were a part of the file systems once. */
static struct span top_of(struct span path)
{
	if (span_starts_text(path, "fs/partitions/"))
		return SPAN_LITERAL("block/");
	size_t slash = span_find_byte(path, '/', 0);
	return slash == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(path, 0, slash + 1);
}

struct span kernel_area_moved(const struct kernel_map *map, struct span path, struct arena *arena)
{
	struct span base = span_basename(path), top = top_of(path), found = SPAN_NONE;
	if (!span_ends_text(base, ".c") || base.size < NAME_LEAST + 2 || top.size == 0 || span_starts_text(path, "arch/"))
		return SPAN_NONE;
	struct span name = span_slice(base, 0, base.size - 2);
	for (size_t i = 0; i < map->folder_count; i++) {
		struct span rest = map->folders[i], folder = SPAN_NONE;
		(void)span_next_line(&rest, &folder);
		if (!span_starts(folder, top) || span_find(map->folders[i], name, 0) == SPAN_NOT_FOUND ||
		    !has_file(map->folders[i], name))
			continue;
		if (found.size > 0)
			return SPAN_NONE;
		found = folder;
	}
	return found.size > 0 ? arena_format(arena, "%.*s%.*s", SPAN_FORMAT(found), SPAN_FORMAT(base)) : SPAN_NONE;
}
