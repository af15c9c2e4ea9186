/* What the commands over a register share. */
#ifndef ASSAY_CLI_REGISTER_H
#define ASSAY_CLI_REGISTER_H

#include "cli/options.h"
#include "register/registry.h"

/* The register that is meant: --register, else $ASSAY_REGISTER, else the usual file. */
const char *register_path(const struct options *options);
/*
 * Opens it, to be written by whom --by names; where `create` is set, it is made with the folders that lead there.
 * False after saying why not.
 */
bool register_open(const struct options *options, bool create, struct registry *registry);
enum { REGISTER_PATH_SIZE = 4096 };
/*
 * Opens the folder of objects beside it, whose path it gives, and makes it where it is not there; -1 after saying
 * why not.
 */
int register_objects(const struct options *options, char folder[static REGISTER_PATH_SIZE]);

/* Files below what the operands name from `first` on, sorted by path; false after saying why not. */
struct register_files {
	struct register_file {
		char *path;       /* to open it */
		const char *name; /* below the folder that was named; part of path */
	} *all;
	size_t count, capacity;
};
bool register_files_find(const struct options *options, int first, struct register_files *out);
void register_files_free(struct register_files *files);

/* The commands; each gives an exit status. */
int register_add(const struct options *options);
int register_list(const struct options *options);
int register_show(const struct options *options);
int register_diff(const struct options *options);
int register_export(const struct options *options);
int register_backup(const struct options *options);

#endif
