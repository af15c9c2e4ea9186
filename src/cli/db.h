/* What the commands of 'assay db' share. */
#ifndef ASSAY_CLI_DB_H
#define ASSAY_CLI_DB_H

#include "base/file.h"
#include "cli/options.h"
#include "cli/output.h"

/* The commands. Each gives an exit status. */
int db_build(const struct options *options);
int db_update(const struct options *options);
int db_import(const struct options *options);
int db_info(const struct options *options);
int db_key(const struct options *options);
int db_sign(const struct options *options);
int db_verify(const struct options *options);

/* Builds the store from the folders of --from, without asking whether there are any. An exit status. */
int db_build_from(const struct options *options);
/* Prints what the store of that path is (NULL: the one that is built in). An exit status. */
int db_show(const char *path, const struct options *options);
/* Makes the folders that lead to a file, as mkdir -p does. */
bool db_make_folders(const char *path);
/* Maps a store, within what one may have, and guards it against being cut short. False after saying why not. */
bool db_open_store(const char *path, struct file_view *view);
/* A store can only be a file: opens the one that takes the place of that path. False after saying why not. */
bool db_open_output(struct outputs *outputs, const char *path);
/*
 * The same with the folders that lead there. What stands there may be a store of any version, and nothing else: a slip in a path
 * must not cost a file.
 */
bool db_open_place(struct outputs *outputs, const char *path);
/* A store may be anybody's file: what reads it can open nothing more. */
void db_give_up_the_rest(void);

#endif
