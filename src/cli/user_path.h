/* Where a user's things are kept: the XDG Base Directory Specification. */
#ifndef ASSAY_CLI_USER_PATH_H
#define ASSAY_CLI_USER_PATH_H

enum { USER_PATH_SIZE = 4096 };

/* That name below the folder that a variable of the environment ("XDG_DATA_HOME") gives, else below ~/otherwise. */
void user_path(const char *variable, const char *otherwise, const char *name, char out[static USER_PATH_SIZE]);

#endif
