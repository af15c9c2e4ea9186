/* The files of an archive of firmware: everything below the folders that are named, in the order of their paths. */
#define _GNU_SOURCE
#include <errno.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/register.h"

static bool keep(struct register_files *files, const char *path, size_t root)
{
	if (files->count == files->capacity) {
		size_t capacity = files->capacity ? files->capacity * 2 : 64;
		struct register_file *all = realloc(files->all, capacity * sizeof *all);
		if (!all)
			return false;
		files->all = all;
		files->capacity = capacity;
	}
	char *copy = strdup(path);
	if (!copy)
		return false;
	files->all[files->count++] = (struct register_file){ copy, copy + root };
	return true;
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

/* Length of what leads to the folder or file that was named, with its '/'. */
static size_t root_length(const FTSENT *entry, const char *operand)
{
	const char *slash = strrchr(operand, '/');
	if (entry->fts_level == 0)
		return slash ? (size_t)(slash - operand) + 1 : 0;
	size_t length = strlen(operand);
	return length + (length > 0 && operand[length - 1] != '/');
}

static void pass_over(struct register_files *files, const char *path, const char *why)
{
	files->passed_over++;
	(void)unusable("%s was not added: %s", path, why);
}

static bool walk(const char *operand, struct register_files *out)
{
	char *const roots[] = { (char *)(uintptr_t)operand, NULL };
	bool done = true;
	errno = 0;
	FTS *walker = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, by_name);
	for (FTSENT *entry = walker ? fts_read(walker) : NULL; entry && done; entry = fts_read(walker)) {
		if (entry->fts_level > 0 && entry->fts_name[0] == '.')
			(void)fts_set(walker, entry, FTS_SKIP);
		else if (entry->fts_info == FTS_F && entry->fts_statp->st_size > 0)
			done = keep(out, entry->fts_path, root_length(entry, operand));
		else if (entry->fts_info == FTS_F)
			pass_over(out, entry->fts_path, "it is empty");
		else if (entry->fts_info == FTS_SL || entry->fts_info == FTS_SLNONE)
			pass_over(out, entry->fts_path, "it is a link, which is not followed; name what it leads to");
		else if (entry->fts_info == FTS_DEFAULT)
			pass_over(out, entry->fts_path, "it is no file");
		else if (entry->fts_info == FTS_NS || entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR)
			done = !unusable("%s: %s", entry->fts_path, strerror(entry->fts_errno));
	}
	if (walker)
		(void)fts_close(walker);
	return walker ? done : !unusable("%s: %s", operand, strerror(errno));
}

bool register_files_find(const struct options *options, int first, struct register_files *out)
{
	*out = (struct register_files){ 0 };
	for (int i = first; i < options->operand_count; i++)
		if (!walk(options->operands[i], out))
			return false;
	return out->count > 0 || !unusable("there are no files to add");
}

void register_files_free(struct register_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->all[i].path);
	free(files->all);
	*files = (struct register_files){ 0 };
}
