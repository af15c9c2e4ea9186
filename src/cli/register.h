/* What the commands over a register share. */
#ifndef ASSAY_CLI_REGISTER_H
#define ASSAY_CLI_REGISTER_H

#include "base/file.h"
#include "cli/options.h"
#include "cli/trust.h"
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
	size_t passed_over; /* links, empty files and what is no file: each was told */
};
bool register_files_find(const struct options *options, int first, struct register_files *out);
void register_files_free(struct register_files *files);

/* The vulnerability store that is meant. False after saying why it cannot be read; close it in any case. */
struct register_store {
	const char *path; /* NULL: the built-in one */
	struct file_view view;
	struct trust trust;
	struct assay_seal seal;
};
bool register_store_open(const struct options *options, struct register_store *store);
void register_store_close(struct register_store *store);

/* What a store changed, by its number, in at most so many lines. */
void register_events_print(struct registry *registry, int64_t store, int64_t lines);

/* The commands; each gives an exit status. */
int register_add(const struct options *options);
int register_list(const struct options *options);
int register_show(const struct options *options);
int register_diff(const struct options *options);
int register_export(const struct options *options);
int register_backup(const struct options *options);
int register_rematch(const struct options *options);
int register_events(const struct options *options);

#endif
