/* Compares a candidate with a password hash: libxcrypt for the schemes of crypt(5), our own code for Apache's. */
#ifndef ASSAY_INSPECT_PASSWORD_HASH_H
#define ASSAY_INSPECT_PASSWORD_HASH_H

#include "base/arena.h"
#include "base/span.h"

struct password_target {
	struct span user;
	struct span hash;
	struct span realm; /* of HTTP digest */
	bool digest;       /* the hash is the MD5 of "user:realm:password" in hexadecimal */
};

struct password_tester;

/* Prepares; NULL without memory. */
struct password_tester *password_tester_new(struct arena *arena, const struct password_target *target);
/* True where the candidate (at most 64 bytes) has that hash. */
bool password_tester_matches(struct password_tester *tester, struct span candidate);

#endif
