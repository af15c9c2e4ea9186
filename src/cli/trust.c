#define _POSIX_C_SOURCE 200809L
#include "cli/trust.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/user_path.h"

enum { KEY_FILE_MOST = 64 * 1024 };

static bool add(struct trust *trust, const char *path)
{
	if (trust->count == TRUSTED_MAX)
		return !unusable("more than %d keys are trusted; leave out %s", TRUSTED_MAX, path);
	struct file_view *view = &trust->views[trust->count];
	if (!file_view_open(path, KEY_FILE_MOST, view))
		return !unusable("cannot read the key %s: %s", path, strerror(errno));
	char *name = strdup(path);
	trust->names[trust->count] = name;
	trust->keys[trust->count++] = (struct assay_text){ .name = name ? name : "a key", .text = (const char *)view->bytes.data,
							    .length = view->bytes.size };
	return true;
}

static int is_key(const struct dirent *entry)
{
	struct span name = span_of_text(entry->d_name);
	return span_byte(name, 0) != '.' && (span_ends_text(name, ".pub") || span_ends_text(name, ".pem"));
}

/* In the order of their names. A folder that is not there holds none. */
static bool add_folder(struct trust *trust, const char *folder)
{
	char path[TRUST_PATH_MAX];
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_key, alphasort);
	bool added = true;
	for (int i = 0; i < count; i++) {
		int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
		added = added && (length >= (int)sizeof path || add(trust, path));
		free(entries[i]);
	}
	free(entries);
	return added;
}

const char *trust_folder(void)
{
	static char path[USER_PATH_SIZE];
	user_path("XDG_CONFIG_HOME", ".config", "assay/trusted", path);
	return path;
}

bool trust_open(struct trust *trust, const struct options *options)
{
	const char *asked = getenv("ASSAY_TRUST");
	struct stat status;
	for (int i = 0; i < options->trust_count; i++)
		if (!add(trust, options->trust[i]))
			return false;
	if (options->trust_count > 0)
		return true;
	if (asked && *asked)
		return stat(asked, &status) == 0 && S_ISDIR(status.st_mode) ? add_folder(trust, asked) : add(trust, asked);
	return add_folder(trust, trust_folder()) && add_folder(trust, "/etc/assay/trusted");
}

void trust_close(struct trust *trust)
{
	for (int i = 0; i < trust->count; i++) {
		file_view_close(&trust->views[i]);
		free(trust->names[i]);
	}
	trust->count = 0;
}

bool trust_check(const struct trust *trust, const char *path, struct span bytes, struct assay_seal *out)
{
	*out = (struct assay_seal)ASSAY_SEAL_INIT;
	const void *data = bytes.data ? bytes.data : (const void *)"";
	if (assay_store_check(data, bytes.size, trust->keys, (size_t)trust->count, out) == ASSAY_DONE)
		return true;
	return !unusable("%s: %s", path, out->advice);
}
