#include "inspect/public_key.h"

#include <openssl/x509.h>

#include "base/cursor.h"
#include "base/digest.h"

struct span fingerprint_of(struct arena *arena, struct span bytes)
{
	uint8_t digest[SHA256_SIZE];
	digest_sha256(bytes, digest);
	return digest_hex(arena, span_of(digest, sizeof digest));
}

static const char *algorithm_of(int id)
{
	static const struct {
		int id;
		const char *name;
	} names[] = { { EVP_PKEY_RSA, "RSA" },	     { EVP_PKEY_RSA_PSS, "RSA-PSS" }, { EVP_PKEY_DSA, "DSA" },
		      { EVP_PKEY_EC, "EC" },	     { EVP_PKEY_ED25519, "Ed25519" }, { EVP_PKEY_ED448, "Ed448" },
		      { EVP_PKEY_X25519, "X25519" }, { EVP_PKEY_X448, "X448" },	      { EVP_PKEY_DH, "DH" } };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].id == id)
			return names[i].name;
	return NULL;
}

struct public_key public_key_of(struct arena *arena, EVP_PKEY *key)
{
	struct public_key out = { .algorithm = algorithm_of(EVP_PKEY_get_base_id(key)), .bits = EVP_PKEY_get_bits(key) };
	unsigned char *der = NULL;
	int size = i2d_PUBKEY(key, &der);
	if (size > 0)
		out.fingerprint = fingerprint_of(arena, span_of(der, (size_t)size));
	OPENSSL_free(der);
	return out;
}

static struct span take_string(struct cursor *c)
{
	uint32_t size = cursor_u32be(c);
	return cursor_take(c, size);
}

/* Bits of a multiple-precision integer. */
static int64_t bits_of(struct span number)
{
	while (number.size > 0 && span_byte(number, 0) == 0)
		number = span_from(number, 1);
	int64_t bits = (int64_t)number.size * 8;
	for (uint8_t first = span_byte(number, 0); number.size > 0 && !(first & 0x80); first = (uint8_t)(first << 1))
		bits--;
	return bits;
}

bool public_key_of_ssh(struct arena *arena, struct span blob, struct public_key *out)
{
	static const struct {
		const char *name, *algorithm;
		int64_t bits; /* 0: of the number */
		int numbers;  /* of the one that gives the size: e, n */
	} types[] = { { "ssh-rsa", "RSA", 0, 2 },
		      { "ssh-dss", "DSA", 0, 1 },
		      { "ssh-ed25519", "Ed25519", 256, 1 },
		      { "sk-ssh-ed25519@openssh.com", "Ed25519", 256, 1 },
		      { "ecdsa-sha2-nistp256", "EC", 256, 1 },
		      { "ecdsa-sha2-nistp384", "EC", 384, 1 },
		      { "ecdsa-sha2-nistp521", "EC", 521, 1 } };
	struct cursor c = cursor_over(blob);
	struct span name = take_string(&c);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!span_equal_text(name, types[i].name))
			continue;
		struct span number = SPAN_NONE;
		for (int k = 0; k < types[i].numbers; k++)
			number = take_string(&c);
		*out = (struct public_key){ .algorithm = types[i].algorithm,
					    .bits = types[i].bits ? types[i].bits : bits_of(number),
					    .fingerprint = fingerprint_of(arena, blob) };
		return cursor_ok(&c) && number.size > 0;
	}
	return false;
}
