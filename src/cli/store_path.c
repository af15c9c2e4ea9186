#include "cli/store_path.h"

#include <stdlib.h>

#include "cli/user_path.h"

const char *store_path_asked(const struct options *options)
{
	const char *environment = getenv("ASSAY_DB");
	if (options->db)
		return options->db;
	return environment && *environment ? environment : NULL;
}

const char *store_path_usual(void)
{
	static char path[USER_PATH_SIZE];
	user_path("XDG_DATA_HOME", ".local/share", "assay/vulnerabilities.db", path);
	return path;
}
