/* What a password field of an account file says, and whether a small dictionary opens it. */
#ifndef ASSAY_INSPECT_PASSWORD_H
#define ASSAY_INSPECT_PASSWORD_H

#include "base/arena.h"
#include "base/span.h"

struct password {
	const char *state;   /* as account.password: "empty", "locked", "hash", "invalid" */
	const char *scheme;  /* as account.scheme; without a hash the mark that stands alone ("!"), or NULL */
	struct span cracked; /* the password; data is NULL where it was not found */
};

/* What one file's hashes may cost, and which of them are done: hostile files hold thousands. */
struct password_work {
	struct arena *arena;
	int64_t left; /* microseconds of a common machine, by table: never by the clock */
	struct password_known *known;
};

void password_work_init(struct password_work *work, struct arena *arena);

/* Scheme by the form of a hash; NULL where it is none that is known. */
const char *password_scheme(struct span hash);
/* Judges the field of a user, and tries the dictionary and the user's name on its hash. */
struct password password_judge(struct password_work *work, struct span user, struct span field);
/* The same for the MD5 of "user:realm:password" in hexadecimal, as HTTP digest stores it. */
struct password password_judge_digest(struct password_work *work, struct span user, struct span realm,
				      struct span hash);

/* True where makers of devices ship the password, for that user where one is named (data/credentials/devices.tsv). */
bool password_is_published(struct span user, struct span password);
/* True where text is in the dictionary. */
bool password_is_common(struct span text);

#endif
