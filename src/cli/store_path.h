/* Where vulnerability stores are looked for, and left. */
#ifndef ASSAY_CLI_STORE_PATH_H
#define ASSAY_CLI_STORE_PATH_H

#include "cli/options.h"

/* --db, else $ASSAY_DB; NULL where neither is set. */
const char *store_path_asked(const struct options *options);
/* $XDG_DATA_HOME/assay/vulnerabilities.db, or below ~/.local/share. Static storage. */
const char *store_path_usual(void);

#endif
