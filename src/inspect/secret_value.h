/* Tells a secret from a placeholder, and states it. */
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
	bool placeholder;       /* the words around it say so; of the value itself it is found out */
};

/* True where a value can be a password or key, or stands for one: not empty, computed, a path, or a word of a grammar. */
bool secret_is_value(struct span value);
/* True where it only stands in a secret's place: "changeme", "xxxx", "YOUR_API_KEY". */
bool secret_is_placeholder(struct span value);
/* True where the name of a variable or option says that it holds a secret; *kind says which. */
bool secret_is_name(struct span name, const char **kind);
/* States it, whole: secrets_mask() hides it when all facts are there. */
void secret_state(struct inspection *file, const struct secret_found *found);

/* Readers of secrets.c. */
void secrets_tokens(struct inspection *file);
void secrets_settings(struct inspection *file);
void secrets_commands(struct inspection *file);
void secrets_comparisons(struct inspection *file);
void secrets_files(struct inspection *file);
void secrets_programs(struct inspection *file);
void secrets_nvram(struct inspection *file);
bool secrets_is_known_file(const struct inspection *file);
enum { SECRET_TOKEN_COUNT = 20 };
extern const struct pattern secret_token_patterns[SECRET_TOKEN_COUNT];

#endif
