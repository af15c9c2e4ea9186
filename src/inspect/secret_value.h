/* Tells a secret from a placeholder, and states it with its middle masked. */
#ifndef ASSAY_INSPECT_SECRET_VALUE_H
#define ASSAY_INSPECT_SECRET_VALUE_H

#include "inspect/inspector.h"

struct secret_found {
	uint64_t offset;
	const char *kind;       /* as secret.kind */
	const char *rule;
	const char *confidence; /* "high", "medium", "low" */
	struct span name;       /* variable or option; empty where there is none */
	struct span value;
};

/* True where a value can be a password or key: not empty, computed, a path, or a word that stands for one. */
bool secret_is_value(struct span value);
/* True where the name of a variable or option says that it holds a secret; *kind says which. */
bool secret_is_name(struct span name, const char **kind);
/* States it. A password of the dictionary of defaults is given whole. */
void secret_state(struct inspection *file, const struct secret_found *found);

/* Readers of secrets.c. */
void secrets_tokens(struct inspection *file);
void secrets_settings(struct inspection *file);
void secrets_commands(struct inspection *file);
void secrets_files(struct inspection *file);
bool secrets_is_known_file(const struct inspection *file);
enum { SECRET_TOKEN_COUNT = 18 };
extern const struct pattern secret_token_patterns[SECRET_TOKEN_COUNT];

#endif
