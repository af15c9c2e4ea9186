/*
 * apr1 is the MD5-based scheme of FreeBSD's crypt (Poul-Henning Kamp) with another
 * prefix, as the Apache documentation says; {SHA} is the Base64 of a SHA-1.
 */
#include "inspect/password_hash.h"

#include <crypt.h>
#include <openssl/evp.h>

#include "base/digest.h"
#include "base/text.h"

enum { MESSAGE_LIMIT = 512, APR1_ROUNDS = 1000, SALT_LIMIT = 8, APR1_HASH_SIZE = 22, SHA1_SIZE = 20 };

struct password_tester {
	struct arena *arena;
	const struct password_target *target;
	const char *hash; /* as a C string, for crypt */
	struct crypt_data *crypt;
};

/* A message that is put together and digested; what does not fit makes no match. */
struct message {
	uint8_t bytes[MESSAGE_LIMIT];
	size_t size;
};

static void message_add(struct message *message, struct span bytes)
{
	if (bytes.size <= MESSAGE_LIMIT - message->size && bytes.size > 0) {
		memcpy(message->bytes + message->size, bytes.data, bytes.size);
		message->size += bytes.size;
	}
}

static struct span message_md5(const struct message *message, uint8_t out[static MD5_SIZE])
{
	digest_md5(span_of(message->bytes, message->size), out);
	return span_of(out, MD5_SIZE);
}

struct password_tester *password_tester_new(struct arena *arena, const struct password_target *target)
{
	struct password_tester *tester = ARENA_NEW(arena, struct password_tester, 1);
	if (!tester)
		return NULL;
	tester->arena = arena;
	tester->target = target;
	tester->hash = arena_text(arena, target->hash);
	tester->crypt = ARENA_NEW(arena, struct crypt_data, 1);
	return tester->hash && tester->crypt ? tester : NULL;
}

/* The first message: password, prefix, salt, a digest of them, and bits of the length. */
static void apr1_start(struct span password, struct span salt, uint8_t out[static MD5_SIZE])
{
	struct message inner = { .size = 0 }, message = { .size = 0 };
	message_add(&inner, password);
	message_add(&inner, salt);
	message_add(&inner, password);
	uint8_t digest[MD5_SIZE];
	struct span mixed = message_md5(&inner, digest);

	message_add(&message, password);
	message_add(&message, SPAN_LITERAL("$apr1$"));
	message_add(&message, salt);
	for (size_t left = password.size; left > 0; left -= left < MD5_SIZE ? left : MD5_SIZE)
		message_add(&message, span_slice(mixed, 0, left));
	for (size_t bits = password.size; bits > 0; bits >>= 1)
		message_add(&message, bits & 1 ? SPAN_LITERAL("\0") : span_slice(password, 0, 1));
	(void)message_md5(&message, out);
}

static void apr1_stretch(struct span password, struct span salt, uint8_t digest[static MD5_SIZE])
{
	struct span state = span_of(digest, MD5_SIZE);
	for (unsigned round = 0; round < APR1_ROUNDS; round++) {
		struct message message = { .size = 0 };
		message_add(&message, round & 1 ? password : state);
		if (round % 3 != 0)
			message_add(&message, salt);
		if (round % 7 != 0)
			message_add(&message, password);
		message_add(&message, round & 1 ? state : password);
		(void)message_md5(&message, digest);
	}
}

/* Six bits a letter, low ones first, over three bytes in the order that the scheme gives. */
static void apr1_letters(struct span digest, char out[static APR1_HASH_SIZE])
{
	static const char letters[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const uint8_t order[][3] = { { 0, 6, 12 }, { 1, 7, 13 }, { 2, 8, 14 }, { 3, 9, 15 }, { 4, 10, 5 } };
	size_t at = 0;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		uint32_t value = (uint32_t)span_byte(digest, order[i][0]) << 16 |
				 (uint32_t)span_byte(digest, order[i][1]) << 8 | span_byte(digest, order[i][2]);
		for (int k = 0; k < 4; k++, value >>= 6)
			out[at++] = letters[value & 63];
	}
	uint32_t last = span_byte(digest, 11);
	out[at++] = letters[last & 63];
	out[at] = letters[last >> 6];
}

static bool apr1_matches(struct span hash, struct span candidate)
{
	struct span rest = span_from(hash, sizeof "$apr1$" - 1), salt;
	if (!span_next_field(&rest, '$', &salt))
		return false;
	salt = span_slice(salt, 0, SALT_LIMIT);
	uint8_t digest[MD5_SIZE];
	char letters[APR1_HASH_SIZE];
	apr1_start(candidate, salt, digest);
	apr1_stretch(candidate, salt, digest);
	apr1_letters(span_of(digest, MD5_SIZE), letters);
	return span_equal(rest, span_of(letters, APR1_HASH_SIZE));
}

static bool sha1_matches(struct span hash, struct span candidate)
{
	uint8_t digest[SHA1_SIZE];
	unsigned char text[SHA1_SIZE * 2];
	if (EVP_Digest(candidate.data, candidate.size, digest, NULL, EVP_sha1(), NULL) != 1)
		return false;
	int size = EVP_EncodeBlock(text, digest, SHA1_SIZE);
	return size > 0 && span_equal(span_from(hash, sizeof "{SHA}" - 1), span_of(text, (size_t)size));
}

static bool digest_matches(const struct password_target *target, struct span candidate)
{
	struct message message = { .size = 0 };
	message_add(&message, target->user);
	message_add(&message, SPAN_LITERAL(":"));
	message_add(&message, target->realm);
	message_add(&message, SPAN_LITERAL(":"));
	message_add(&message, candidate);
	uint8_t digest[MD5_SIZE];
	struct span bytes = message_md5(&message, digest);
	for (size_t i = 0; i < bytes.size; i++) {
		static const char letters[] = "0123456789abcdef";
		uint8_t byte = span_byte(bytes, i);
		uint8_t high = span_byte(target->hash, 2 * i) | 0x20, low = span_byte(target->hash, 2 * i + 1) | 0x20;
		if (high != (uint8_t)(letters[byte >> 4] | 0x20) || low != (uint8_t)(letters[byte & 15] | 0x20))
			return false;
	}
	return true;
}

static bool crypt_matches(struct password_tester *tester, struct span candidate)
{
	enum { CANDIDATE_SIZE = 65 };
	char password[CANDIDATE_SIZE] = { 0 };
	if (candidate.size >= sizeof password)
		return false;
	if (candidate.size > 0)
		memcpy(password, candidate.data, candidate.size);
	const char *result = crypt_r(password, tester->hash, tester->crypt);
	return result && strcmp(result, tester->hash) == 0;
}

bool password_tester_matches(struct password_tester *tester, struct span candidate)
{
	const struct password_target *target = tester->target;
	if (target->digest)
		return digest_matches(target, candidate);
	if (span_starts_text(target->hash, "$apr1$"))
		return apr1_matches(target->hash, candidate);
	if (span_starts_text(target->hash, "{SHA}"))
		return sha1_matches(target->hash, candidate);
	return crypt_matches(tester, candidate);
}
