/*
 * What is known of a file that was fetched, beside it in a hidden file: lines of a word and a value. It lets the next run ask for
 * what has changed, and go on where one was cut off.
 */
#ifndef ASSAY_FETCH_STATE_H
#define ASSAY_FETCH_STATE_H

#include <stdbool.h>

#include "fetch/http.h"
#include "fetch/whole.h"

enum { STATE_URL_SIZE = 2048 };

struct state {
	char url[STATE_URL_SIZE];
	char tag[HTTP_TAG_SIZE];
	char modified[HTTP_TAG_SIZE];
	char sha256[WHOLE_HASH_SIZE]; /* of the file; "" of a part */
	char given[WHOLE_HASH_SIZE];  /* the digest that its publisher gave with it, whatever of; "" for none */
};

/* All empty where there is none, or it cannot be read. */
void state_read(int folder, const char *name, struct state *out);
/* In place of what is there, at once. False with errno set. */
bool state_write(int folder, const char *name, const struct state *state);

#endif
