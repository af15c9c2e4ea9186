#include "cli/store_path.h"

#include <stdio.h>
#include <stdlib.h>

const char *store_path_asked(const struct options *options)
{
	const char *environment = getenv("ASSAY_DB");
	if (options->db)
		return options->db;
	return environment && *environment ? environment : NULL;
}

const char *store_path_usual(void)
{
	static char path[4096];
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	if (data && *data)
		(void)snprintf(path, sizeof path, "%s/assay/vulnerabilities.db", data);
	else
		(void)snprintf(path, sizeof path, "%s/.local/share/assay/vulnerabilities.db", home ? home : "");
	return path;
}
