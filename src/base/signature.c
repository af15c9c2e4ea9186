#include "base/signature.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/digest.h"

enum { PEM_SIZE_MAX = 64 * 1024 };

/* A pass phrase would be asked for on the terminal, where a nightly job has none. */
static int no_phrase(char *out, int size, int writing, void *context)
{
	(void)out;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

static EVP_PKEY *ed25519_or_none(EVP_PKEY *key)
{
	if (key && EVP_PKEY_get_id(key) == EVP_PKEY_ED25519)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *read_pem(struct span pem, bool secret)
{
	if (pem.size == 0 || pem.size > PEM_SIZE_MAX)
		return NULL;
	BIO *in = BIO_new_mem_buf(pem.data, (int)pem.size);
	EVP_PKEY *key = !in ? NULL : secret ? PEM_read_bio_PrivateKey(in, NULL, no_phrase, NULL)
					    : PEM_read_bio_PUBKEY(in, NULL, no_phrase, NULL);
	(void)BIO_free(in);
	return ed25519_or_none(key);
}

static bool public_of(const EVP_PKEY *key, struct signature_key *out)
{
	size_t size = sizeof out->bytes;
	return EVP_PKEY_get_raw_public_key(key, out->bytes, &size) == 1 && size == sizeof out->bytes;
}

static enum outcome append_pem(struct buffer *out, EVP_PKEY *key, bool secret)
{
	BIO *pem = BIO_new(BIO_s_mem());
	char *text = NULL;
	bool written = pem && (secret ? PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL)
				      : PEM_write_bio_PUBKEY(pem, key)) == 1;
	long size = written ? BIO_get_mem_data(pem, &text) : 0;
	enum outcome outcome = size > 0 ? buffer_append(out, span_of(text, (size_t)size)) : MALFORMED;
	(void)BIO_free(pem);
	return outcome;
}

enum outcome signature_make_keys(struct buffer *secret, struct buffer *open)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!key)
		return MALFORMED;
	enum outcome outcome = append_pem(secret, key, true);
	if (outcome == DONE)
		outcome = append_pem(open, key, false);
	EVP_PKEY_free(key);
	return outcome;
}

enum outcome signature_read_key(struct span pem, struct signature_key *out)
{
	EVP_PKEY *key = read_pem(pem, false);
	if (!key)
		key = read_pem(pem, true);
	bool read = key && public_of(key, out);
	EVP_PKEY_free(key);
	return read ? DONE : MALFORMED;
}

enum outcome signature_sign(struct span secret, struct span message, struct signature_key *key, struct signature *out)
{
	EVP_PKEY *pair = read_pem(secret, true);
	EVP_MD_CTX *context = pair ? EVP_MD_CTX_new() : NULL;
	size_t size = sizeof out->bytes;
	bool done = context && public_of(pair, key) && EVP_DigestSignInit(context, NULL, NULL, NULL, pair) == 1 &&
		    EVP_DigestSign(context, out->bytes, &size, message.data, message.size) == 1 && size == sizeof out->bytes;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(pair);
	return done ? DONE : MALFORMED;
}

bool signature_holds(const struct signature_key *key, struct span message, const struct signature *signature)
{
	EVP_PKEY *open = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof key->bytes);
	EVP_MD_CTX *context = open ? EVP_MD_CTX_new() : NULL;
	bool holds = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, open) == 1 &&
		     EVP_DigestVerify(context, signature->bytes, sizeof signature->bytes, message.data, message.size) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(open);
	return holds;
}

bool signature_same_key(const struct signature_key *a, const struct signature_key *b)
{
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void signature_name(const struct signature_key *key, char out[static SIGNATURE_NAME_SIZE])
{
	uint8_t digest[EVP_MAX_MD_SIZE] = { 0 };
	unsigned size = 0;
	(void)EVP_Digest(key->bytes, sizeof key->bytes, digest, &size, EVP_sha256(), NULL);
	digest_write_hex(span_of(digest, SIGNATURE_NAME_SIZE / 2), out);
}
