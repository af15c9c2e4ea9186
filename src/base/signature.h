/*
 * Ed25519 signatures (RFC 8032), by OpenSSL: the one place for keys that sign. Keys are PEM as OpenSSL writes and reads it
 * (RFC 8410): "openssl genpkey -algorithm ed25519", "openssl pkey -pubout". What is signed begins with words that say what it
 * is, so that a signature of one thing never holds for another.
 */
#ifndef ASSAY_BASE_SIGNATURE_H
#define ASSAY_BASE_SIGNATURE_H

#include "base/buffer.h"
#include "base/outcome.h"
#include "base/span.h"

enum { SIGNATURE_SIZE = 64, SIGNATURE_KEY_SIZE = 32, SIGNATURE_NAME_SIZE = 17 };

/* A public key. */
struct signature_key {
	uint8_t bytes[SIGNATURE_KEY_SIZE];
};

struct signature {
	uint8_t bytes[SIGNATURE_SIZE];
};

/* Appends a new pair, each as PEM. MALFORMED where OpenSSL cannot make one; NO_MEMORY. */
enum outcome signature_make_keys(struct buffer *secret, struct buffer *open) MUST_CHECK;
/* The public key of PEM that holds one, or the secret one that it belongs to. MALFORMED where it is neither, or not Ed25519. */
enum outcome signature_read_key(struct span pem, struct signature_key *out) MUST_CHECK;
/* Signs; *key is the public one. MALFORMED where the PEM holds no secret Ed25519 key that opens without a pass phrase. */
enum outcome signature_sign(struct span secret, struct span message, struct signature_key *key,
			    struct signature *out) MUST_CHECK;
bool signature_holds(const struct signature_key *key, struct span message, const struct signature *signature);
bool signature_same_key(const struct signature_key *a, const struct signature_key *b);
/* What people call a key: the first 16 hexadecimal digits of its SHA-256. */
void signature_name(const struct signature_key *key, char out[static SIGNATURE_NAME_SIZE]);

#endif
