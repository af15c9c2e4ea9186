/* An editor's copy, a sample, a manual, what a packager keeps: told by the table of data/inspect/path-roles.tsv. */
#include "inspect/path_role.h"

#include "base/embedded.h"
#include "inspect/lines.h"

/* Containers that lie deeper are not opened; more of the mark stands in hostile names. */
enum { DEPTH_LIMIT = 16 };

/* One container's part of the path: "/var/cache/a.deb" of "/var/cache/a.deb!/etc/passwd". */
struct path_part {
	struct span path, name;
	bool innermost;
};

static bool fits(const struct path_part *part, struct span how, struct span words)
{
	if (span_equal_text(how, "suffix"))
		return part->name.size > words.size && span_ends(part->name, words);
	if (span_equal_text(how, "prefix"))
		return span_starts(part->name, words);
	if (span_equal_text(how, "name"))
		return span_equal(part->name, words);
	if (span_equal_text(how, "path"))
		return span_find(part->path, words, 0) != SPAN_NOT_FOUND;
	if (!part->innermost || !span_equal_text(how, "folder"))
		return false;
	struct span rest = part->path, folder;
	while (span_next_field(&rest, '/', &folder))
		if (rest.size > 0 && span_equal(folder, words))
			return true;
	return false;
}

/* Init runs every S?? of a run level's folder, whatever its name ends with. */
static bool runs_at_boot(const struct path_part *part)
{
	return span_byte(part->name, 0) == 'S' && is_digit(span_byte(part->name, 1)) && is_digit(span_byte(part->name, 2)) &&
	       (path_has_folder(part->path, "init.d") || span_find_text(part->path, "/rc", 0) != SPAN_NOT_FOUND);
}

static struct span role_of(const struct path_part *part)
{
	struct lines lines = lines_over(embedded("inspect/path-roles.tsv"));
	struct span line, role, how;
	if (runs_at_boot(part))
		return SPAN_NONE;
	while (lines_next(&lines, &line)) {
		struct span words = line;
		if (span_byte(line, 0) != '#' && span_next_field(&words, '\t', &role) && span_next_field(&words, '\t', &how) &&
		    words.size > 0 && fits(part, how, words))
			return role;
	}
	return SPAN_NONE;
}

struct span path_role(struct span path)
{
	struct span rest = path, part;
	for (int depth = 0; depth < DEPTH_LIMIT && span_next_field(&rest, '!', &part); depth++) {
		/* A raw part's name is the loader's or the header's word, not a place. */
		if (span_byte(part, 0) != '/')
			continue;
		struct path_part one = { part, span_basename(part), rest.size == 0 };
		struct span role = role_of(&one);
		if (role.size > 0)
			return role;
	}
	return SPAN_NONE;
}
