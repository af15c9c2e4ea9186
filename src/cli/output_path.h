/* Which file a path of an output means, whatever links lead to it and whether it exists or not. */
#ifndef ASSAY_CLI_OUTPUT_PATH_H
#define ASSAY_CLI_OUTPUT_PATH_H

#include "cli/output.h"

/* Opens the folder that the file lies in, links followed, and gives its name there. -1 with errno set. */
int output_path_folder(const char *path, char name[OUTPUT_NAME_MAX + 1]);
/* Whether a path names a descriptor that is open already (/dev/stdout, /dev/fd/3, below /proc). */
bool output_path_is_descriptor(const char *path);
/* Whether no output is an input, lies in a folder that is read, or is another output. False after saying which. */
bool output_paths_differ(const struct outputs *outputs);

#endif
