/*
 * What stands behind the tables of a store, in the same file: what it was made of, and who vouches for it. SQLite's own header
 * says where its pages end; what follows them it neither reads nor changes.
 *
 *     ASSAY STORE SEAL 1
 *     store BYTES SHA256
 *     manifest BYTES
 *     {…}                                    JSON of so many bytes (vuln/manifest.h)
 *     signature ed25519 KEY SIGNATURE        base64; none, or one for each who vouches
 *
 * A signature is of all bytes from the first line to the end of the manifest's. A file is judged before SQLite reads a byte
 * of it.
 */
#ifndef ASSAY_VULN_SEAL_H
#define ASSAY_VULN_SEAL_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/signature.h"

/* A larger file is no store. */
static const size_t STORE_MOST = (size_t)8 << 30;

enum { SEAL_MANIFEST_MAX = 4 << 20, SEAL_SIGNATURES_MAX = 16, SEAL_DIGEST_TEXT = 2 * SHA256_SIZE };

/* Where a store's file is cut. All of it borrows from the file. */
struct seal {
	struct span database;   /* what SQLite reads */
	bool sealed;            /* there is a seal; else all below is empty */
	bool broken;            /* what follows the tables is none: somebody wrote to the store */
	uint64_t claimed_size;
	struct span digest;     /* of the tables, as it claims: hexadecimal */
	struct span manifest;   /* JSON */
	struct span signed_part;
	struct span signatures; /* lines */
};

enum seal_state {
	SEAL_BUILT_IN,  /* part of the program */
	SEAL_TRUSTED,   /* signed by a key that the user trusts */
	SEAL_OTHER_KEY, /* signed, by none of those */
	SEAL_UNSIGNED,
	SEAL_WRONG,     /* a signature does not hold */
	SEAL_CHANGED,   /* its tables are not those that were sealed */
	SEAL_STATES,
};

struct seal_verdict {
	enum seal_state state;
	char signer[SIGNATURE_NAME_SIZE];      /* name of the key; "" where nobody vouches */
	char digest[SEAL_DIGEST_TEXT + 1];     /* of the tables, as they are */
};

/* Cuts a file. MALFORMED where its header is not SQLite's, or a seal has begun and is not of the form above to the byte. */
enum outcome seal_split(struct span file, struct seal *out) MUST_CHECK;
/* The same of a seal alone, without tables. */
enum outcome seal_read(struct span text, struct seal *out) MUST_CHECK;
/* Reads all of the tables. `trusted` may be NULL where count is 0. */
struct seal_verdict seal_judge(const struct seal *seal, const struct signature_key *trusted, size_t count);
/* What a store that is part of the program says of itself: nothing is computed. */
struct seal_verdict seal_built_in(const struct seal *seal);
/* "built in", "trusted", "other key", "unsigned", "wrong", "changed". */
const char *seal_state_word(enum seal_state state);
/* One plain line on what that means and what to do; NULL where there is nothing to tell. */
const char *seal_state_advice(enum seal_state state);

/* Appends a seal without signatures for these tables. OVER_BUDGET where the manifest is too long; NO_MEMORY. */
enum outcome seal_write(struct buffer *out, struct span database, struct span manifest) MUST_CHECK;
/* Appends a seal with one more signature; one of the same key is replaced. MALFORMED where the key cannot sign. */
enum outcome seal_sign(struct buffer *out, const struct seal *seal, struct span secret) MUST_CHECK;
/* Appends a seal of that manifest to a store's file. MALFORMED where it cannot be read or written. */
enum outcome seal_append(const char *path, struct span manifest) MUST_CHECK;

#endif
