/* Public keys whose signatures of a vulnerability store count: --trust, else $ASSAY_TRUST, else the folders of keys. */
#ifndef ASSAY_CLI_TRUST_H
#define ASSAY_CLI_TRUST_H

#include "assay/assay.h"
#include "base/file.h"
#include "cli/options.h"

enum { TRUSTED_MAX = 64, TRUST_PATH_MAX = 4096 };

struct trust {
	struct assay_text keys[TRUSTED_MAX];
	struct file_view views[TRUSTED_MAX];
	char *names[TRUSTED_MAX];
	int count;
};

/*
 * Opens them: the files that --trust names; or else the file or folder of $ASSAY_TRUST; or else *.pub and *.pem in
 * $XDG_CONFIG_HOME/assay/trusted and /etc/assay/trusted. False after saying which cannot be read.
 */
bool trust_open(struct trust *trust, const struct options *options);
void trust_close(struct trust *trust);
/* What the seal of a store's file is worth; every byte is read. False after saying that it is no store, or a key is none. */
bool trust_check(const struct trust *trust, const char *path, struct span bytes, struct assay_seal *out);
/* The folder of the user's trusted keys. Static. */
const char *trust_folder(void);

#endif
