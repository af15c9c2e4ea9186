/* Where a register and its objects lie. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/db.h"
#include "cli/register.h"
#include "cli/user_path.h"
#include "register/person.h"

const char *register_path(const struct options *options)
{
	static char usual[USER_PATH_SIZE];
	const char *environment = getenv("ASSAY_REGISTER");
	if (options->registry)
		return options->registry;
	if (environment && *environment)
		return environment;
	user_path("XDG_DATA_HOME", ".local/share", "assay/register.db", usual);
	return usual;
}

static bool is_address(const char *path)
{
	return strstr(path, "://") != NULL;
}

bool register_open(const struct options *options, bool create, struct registry *registry)
{
	const char *path = register_path(options);
	bool file = !is_address(path);
	*registry = (struct registry){ 0 };
	if (file && !create && access(path, F_OK) != 0)
		return !unusable("there is no register %s; 'assay register add' makes one", path);
	if (create) /* what was shipped, and cases under embargo, are for their owner alone */
		(void)umask(umask(0) | 077);
	if (file && create && !db_make_folders(path))
		return false;
	if (registry_open(registry, path, create) == DONE &&
	    (!options->by || person_writes(registry, span_of_text(options->by)) == DONE))
		return true;
	(void)unusable("%s: %s", file ? path : "the register", registry->error);
	registry_close(registry);
	return false;
}

int register_objects(const struct options *options, char folder[static REGISTER_PATH_SIZE])
{
	const char *path = register_path(options);
	if (is_address(path))
		user_path("XDG_DATA_HOME", ".local/share", "assay/objects", folder);
	else if (snprintf(folder, REGISTER_PATH_SIZE, "%s.objects", path) >= REGISTER_PATH_SIZE)
		return (void)unusable("%s: the path is too long", path), -1;
	if (!db_make_folders(folder) || (mkdir(folder, 0777) != 0 && errno != EEXIST))
		return (void)unusable("%s: %s", folder, strerror(errno)), -1;
	int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		(void)unusable("%s: %s", folder, strerror(errno));
	return descriptor;
}
