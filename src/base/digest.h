/* Digests (OpenSSL), and the checksums that firmware headers carry. */
#ifndef ASSAY_BASE_DIGEST_H
#define ASSAY_BASE_DIGEST_H

#include "base/arena.h"
#include "base/span.h"

enum { SHA256_SIZE = 32, MD5_SIZE = 16, DIGEST_ROOM = 64 };

void digest_sha256(struct span bytes, uint8_t out[static SHA256_SIZE]);
void digest_md5(struct span bytes, uint8_t out[static MD5_SIZE]);
/* MD5 of spans one after the other. */
void digest_md5_parts(const struct span *parts, size_t count, uint8_t out[static MD5_SIZE]);
/* CRC-32 as in zlib, gzip and uImage; crc is 0, or the result of the bytes before. */
uint32_t digest_crc32(uint32_t crc, struct span bytes);
/*
 * By the names that boot images have for them: "crc32" (big-endian), "md5", "sha1", "sha256", "sha384", "sha512". The bytes
 * that it has; 0 of an unknown one, or past the effort.
 */
size_t digest_named(struct span name, struct span bytes, uint8_t out[static DIGEST_ROOM]);
/* Lower-case hexadecimal in the arena; data is NULL without memory. */
struct span digest_hex(struct arena *arena, struct span bytes);
/* The same into room for two characters a byte and a NUL. */
void digest_write_hex(struct span bytes, char *out);
/* Shannon entropy in bits per byte, 0 (one value) to 8 (evenly spread); 0 of nothing. */
double digest_entropy(struct span bytes);

#endif
