/* An editor's copy, a sample, a manual, what a packager keeps: told by the table of data/inspect/path-roles.tsv. */
#include "inspect/path_role.h"

#include "base/embedded.h"
#include "inspect/lines.h"

/* Containers that lie deeper are not opened; more of the mark stands in hostile names. */
enum { DEPTH_LIMIT = 16 };

enum how { HOW_SUFFIX, HOW_PREFIX, HOW_NAME, HOW_PATH, HOW_FOLDER };

/* A line of the table. */
struct path_rule {
	enum how how;
	struct span words, role;
};

/* One container's part of the path: "/var/cache/a.deb" of "/var/cache/a.deb!/etc/passwd". */
struct path_part {
	struct span path, name;
	bool innermost;
};

static bool fits(const struct path_part *part, const struct path_rule *rule)
{
	switch (rule->how) {
	case HOW_SUFFIX:
		return part->name.size > rule->words.size && span_ends(part->name, rule->words);
	case HOW_PREFIX:
		return span_starts(part->name, rule->words);
	case HOW_NAME:
		return span_equal(part->name, rule->words);
	case HOW_PATH:
		return span_find(part->path, rule->words, 0) != SPAN_NOT_FOUND;
	case HOW_FOLDER:
		return part->innermost && path_has_folder_named(part->path, rule->words);
	}
	return false;
}

/* Init runs every S?? of a run level's folder, whatever its name ends with. */
static bool runs_at_boot(const struct path_part *part)
{
	return span_byte(part->name, 0) == 'S' && is_digit(span_byte(part->name, 1)) && is_digit(span_byte(part->name, 2)) &&
	       (path_has_folder(part->path, "init.d") || span_find_text(part->path, "/rc", 0) != SPAN_NOT_FOUND);
}

static struct span role_of(const struct path_roles *roles, const struct path_part *part)
{
	if (runs_at_boot(part))
		return SPAN_NONE;
	for (size_t i = 0; i < roles->count; i++)
		if (fits(part, &roles->rules[i]))
			return roles->rules[i].role;
	return SPAN_NONE;
}

static bool read_rule(struct span line, struct path_rule *out)
{
	static const char *const hows[] = { [HOW_SUFFIX] = "suffix", [HOW_PREFIX] = "prefix", [HOW_NAME] = "name",
					    [HOW_PATH] = "path", [HOW_FOLDER] = "folder" };
	struct span words = line, how;
	if (!span_next_field(&words, '\t', &out->role) || !span_next_field(&words, '\t', &how) || words.size == 0)
		return false;
	out->words = words;
	for (size_t i = 0; i < sizeof hows / sizeof *hows; i++) {
		out->how = (enum how)i;
		if (span_equal_text(how, hows[i]))
			return true;
	}
	return false;
}

enum outcome path_roles_load(struct arena *arena, struct path_roles *out)
{
	struct lines lines = lines_over(embedded("inspect/path-roles.tsv"));
	struct span line;
	struct path_rule *rules = NULL;
	size_t capacity = 0;
	*out = (struct path_roles){ 0 };
	while (lines_next_setting(&lines, &line)) {
		rules = arena_grow(arena, rules, out->count, &capacity, sizeof *rules);
		if (!rules)
			return NO_MEMORY;
		if (!read_rule(line, &rules[out->count++]))
			return MALFORMED;
	}
	out->rules = rules;
	return DONE;
}

struct span path_role(const struct path_roles *roles, struct span path)
{
	struct span rest = path, part;
	for (int depth = 0; depth < DEPTH_LIMIT && span_next_field(&rest, '!', &part); depth++) {
		/* A raw part's name is the loader's or the header's word, not a place. */
		if (span_byte(part, 0) != '/')
			continue;
		struct path_part one = { part, span_basename(part), rest.size == 0 };
		struct span role = role_of(roles, &one);
		if (role.size > 0)
			return role;
	}
	return SPAN_NONE;
}
