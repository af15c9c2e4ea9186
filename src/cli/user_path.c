#include "cli/user_path.h"

#include <stdio.h>
#include <stdlib.h>

void user_path(const char *variable, const char *otherwise, const char *name, char out[static USER_PATH_SIZE])
{
	const char *given = getenv(variable), *home = getenv("HOME");
	if (given && *given)
		(void)snprintf(out, USER_PATH_SIZE, "%s/%s", given, name);
	else
		(void)snprintf(out, USER_PATH_SIZE, "%s/%s/%s", home ? home : "", otherwise, name);
}
