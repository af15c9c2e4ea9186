/* What a key is: algorithm, size, fingerprint; by OpenSSL, and by the blobs of the SSH protocol (RFC 4253, 6.6). */
#ifndef ASSAY_INSPECT_PUBLIC_KEY_H
#define ASSAY_INSPECT_PUBLIC_KEY_H

#include <openssl/evp.h>

#include "base/arena.h"
#include "base/span.h"

struct public_key {
	const char *algorithm;   /* as key.algorithm; NULL where it is not known */
	int64_t bits;            /* 0 where it is not known */
	struct span fingerprint; /* hexadecimal, in the arena; data is NULL where it is not known */
};

struct public_key public_key_of(struct arena *arena, EVP_PKEY *key);
/* Reads a blob such as "ssh-rsa" e n; false where it is none. */
bool public_key_of_ssh(struct arena *arena, struct span blob, struct public_key *out);

/* SHA-256 in hexadecimal, in the arena. */
struct span fingerprint_of(struct arena *arena, struct span bytes);

#endif
