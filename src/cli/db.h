/* What the commands of 'assay db' share. */
#ifndef ASSAY_CLI_DB_H
#define ASSAY_CLI_DB_H

#include "cli/options.h"

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
/*
 * What stands there may be a store of any version, and nothing else: a slip in a path must not cost a file. False after
 * saying so.
 */
bool db_may_replace(const char *path);

#endif
