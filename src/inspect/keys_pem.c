/* Keys in PEM (RFC 7468), in DER files, and in PKCS#12 (RFC 7292), by OpenSSL's parsers. */
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "inspect/key_state.h"
#include "inspect/lines.h"
#include "inspect/pem.h"

enum { BLOCKS_MAX = 4096 };

static EVP_PKEY *read_private(struct span der)
{
	const unsigned char *at = der.data;
	return der.size > LONG_MAX ? NULL : d2i_AutoPrivateKey(NULL, &at, (long)der.size);
}

static EVP_PKEY *read_public(struct span der, bool rsa)
{
	const unsigned char *at = der.data;
	if (der.size > LONG_MAX)
		return NULL;
	return rsa ? d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)der.size) : d2i_PUBKEY(NULL, &at, (long)der.size);
}

static void state_parsed(struct inspection *file, struct key_found *found, EVP_PKEY *key)
{
	if (key) {
		found->key = public_key_of(file->scratch, key);
		EVP_PKEY_free(key);
	}
	key_state(file, found);
}

/* It may be a key of a kind that is not known here. What a manual or a sample holds in a key's place is none. */
static void note_malformed(struct inspection *file, const struct pem_block *block, const char *words)
{
	if (file->role.size > 0)
		notes_add(file->notes, NOTE_INFO, "keys.malformed", block->offset, "%s", words);
	else
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, "keys.malformed", block->offset, 1, "%s", words);
}

static void state_private(struct inspection *file, const struct pem_block *block)
{
	struct key_found found = { .offset = block->offset, .private_key = true, .format = "PEM",
				   .encrypted = block->encrypted };
	EVP_PKEY *key = block->encrypted ? NULL : read_private(block->der);
	if (!key && !block->encrypted) {
		note_malformed(file, block, "a private key could not be parsed");
		return;
	}
	state_parsed(file, &found, key);
}

static void state_public(struct inspection *file, const struct pem_block *block, bool rsa)
{
	struct key_found found = { .offset = block->offset, .format = "PEM" };
	EVP_PKEY *key = read_public(block->der, rsa);
	if (!key) {
		note_malformed(file, block, "a public key could not be parsed");
		return;
	}
	state_parsed(file, &found, key);
}

static void state_block(struct inspection *file, const struct pem_block *block)
{
	struct span label = block->label;
	if (span_starts_text(label, "PGP ") && span_find_text(label, "KEY BLOCK", 0) != SPAN_NOT_FOUND) {
		struct key_found found = { .offset = block->offset, .format = "PGP",
					   .private_key = span_find_text(label, "PRIVATE", 0) != SPAN_NOT_FOUND };
		key_state(file, &found);
	} else if (span_equal_text(label, "OPENSSH PRIVATE KEY"))
		keys_openssh(file, block->offset, block->der);
	else if (span_ends_text(label, "PRIVATE KEY"))
		state_private(file, block);
	else if (span_equal_text(label, "PUBLIC KEY") || span_equal_text(label, "RSA PUBLIC KEY"))
		state_public(file, block, span_starts_text(label, "RSA"));
}

void keys_pem(struct inspection *file)
{
	size_t at = 0;
	struct pem_block block;
	for (int i = 0; pem_next(file->bytes, &at, file->scratch, &block); i++) {
		if (i == BLOCKS_MAX) {
			facts_drop(file->facts, EVIDENCE_KEY); /* how many more there are is not looked at */
			return;
		}
		state_block(file, &block);
	}
}

void keys_der(struct inspection *file)
{
	struct key_found found = { .private_key = true, .format = "DER" };
	EVP_PKEY *key = read_private(file->bytes);
	if (!key) {
		found.private_key = false;
		key = read_public(file->bytes, false);
	}
	if (key)
		state_parsed(file, &found, key);
}

/* A container whose integrity the empty password proves is open to anyone. */
void keys_pkcs12(struct inspection *file)
{
	const unsigned char *at = file->bytes.data;
	PKCS12 *container = d2i_PKCS12(NULL, &at, (long)file->bytes.size);
	if (!container)
		return;
	struct key_found found = { .private_key = true, .format = "PKCS#12" };
	found.encrypted = !PKCS12_mac_present(container) ||
			  (!PKCS12_verify_mac(container, "", 0) && !PKCS12_verify_mac(container, NULL, 0));
	EVP_PKEY *key = NULL;
	X509 *certificate = NULL;
	if (!found.encrypted && PKCS12_parse(container, "", &key, &certificate, NULL) == 1)
		X509_free(certificate);
	state_parsed(file, &found, key);
	PKCS12_free(container);
}
