/* Where a store is read from, and where one is put. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "assay/assay.h"
#include "base/sandbox.h"
#include "cli/db.h"
#include "cli/shrinking.h"

static const size_t STORE_CEILING = (size_t)8 << 30;

bool db_open_store(const char *path, struct file_view *view)
{
	if (!file_view_open(path, STORE_CEILING, view))
		return !unusable("cannot read %s: %s", path, strerror(errno));
	if (view->mapped)
		shrinking_guard(view->bytes.data, view->bytes.size);
	return true;
}

void db_give_up_the_rest(void)
{
	(void)sandbox_enter(&(struct sandbox_plan){ 0 });
}

bool db_make_folders(const char *path)
{
	char folder[4096];
	size_t length = strlen(path);
	if (length >= sizeof folder)
		return false;
	memcpy(folder, path, length + 1);
	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0755) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return true;
}

bool db_open_output(struct outputs *outputs, const char *path)
{
	if (!output_open(outputs, NULL, path))
		return false;
	return !outputs->all[0].direct || !unusable("a store must be a file, which %s is not", path);
}

static bool may_replace(const char *path)
{
	struct stat status;
	struct assay_store store = ASSAY_STORE_INIT;
	if (stat(path, &status) != 0 || (S_ISREG(status.st_mode) && status.st_size == 0))
		return true;
	if (assay_store_describe(path, &store) == ASSAY_DONE || store.other_version)
		return true;
	return !unusable("%s, and would be lost; name another file", store.error);
}

bool db_open_place(struct outputs *outputs, const char *path)
{
	if (!may_replace(path))
		return false;
	if (!db_make_folders(path))
		return !unusable("cannot make the folder of %s: %s", path, strerror(errno));
	return db_open_output(outputs, path);
}
