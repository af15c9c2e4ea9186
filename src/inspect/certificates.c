/* X.509 certificates (RFC 5280): in PEM, alone or in bundles or within programs, and in DER files. */
#include <openssl/bn.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "evidence/query.h"
#include "inspect/inspector.h"
#include "inspect/known_key.h"
#include "inspect/lines.h"
#include "inspect/pem.h"
#include "inspect/public_key.h"
#include "inspect/registry.h"

enum { BLOCKS_MAX = 4096, BUNDLE_LEAST = 20, FILE_LIMIT = 1 << 20, DATE_SIZE = 32 };

static const struct pattern patterns[] = {
	{ "-----BEGIN (X509 |TRUSTED )?CERTIFICATE-----", PATTERN_ONCE },
};

static void state_name(struct inspection *file, struct fact *fact, int column, const X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());
	if (!out)
		return;
	char *text = NULL;
	if (X509_NAME_print_ex(out, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0) {
		long size = BIO_get_mem_data(out, &text);
		fact_text(file->facts, fact, column, span_of(text, size > 0 ? (size_t)size : 0));
	}
	BIO_free(out);
}

static void state_time(struct inspection *file, struct fact *fact, int column, const ASN1_TIME *time)
{
	struct tm date;
	if (ASN1_TIME_to_tm(time, &date) != 1)
		return;
	struct span text = arena_format(file->scratch, "%04d-%02d-%02dT%02d:%02d:%02dZ", date.tm_year + 1900, date.tm_mon + 1,
					date.tm_mday, date.tm_hour, date.tm_min, date.tm_sec);
	fact_text(file->facts, fact, column, text);
}

static void state_serial(struct inspection *file, struct fact *fact, const ASN1_INTEGER *serial)
{
	BIGNUM *number = ASN1_INTEGER_to_BN(serial, NULL);
	char *digits = number ? BN_bn2hex(number) : NULL;
	if (digits)
		fact_text(file->facts, fact, CERTIFICATE_SERIAL, span_of_text(digits));
	OPENSSL_free(digits);
	BN_free(number);
}

static void state_key(struct inspection *file, struct fact *fact, const X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	if (!key)
		return;
	struct public_key known = public_key_of(file->scratch, key);
	fact_word(file->facts, fact, CERTIFICATE_KEY_ALGORITHM, known.algorithm);
	if (known.bits > 0)
		fact_integer(fact, CERTIFICATE_KEY_BITS, known.bits);
	if (known.fingerprint.data)
		fact_text(file->facts, fact, CERTIFICATE_KEY_FINGERPRINT, known.fingerprint);
	struct span origin = known_key_origin(known.fingerprint);
	if (origin.size > 0)
		fact_text(file->facts, fact, CERTIFICATE_KNOWN, origin);
}

/* Stores of public roots, by where distributions and systems keep them. */
static bool is_store_path(struct span path)
{
	static const char *const words[] = { "ca-certificates", "ca-bundle", "cacert", "/pki/", "curl-ca", "cert.pem", "rootca",
					     "root_ca", "ca_bundle", NULL };
	for (size_t i = 0; words[i]; i++)
		if (span_find_text(path, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return span_find_text(path, "/ssl/certs/", 0) != SPAN_NOT_FOUND;
}

/* As of keys: what a manual or a sample holds in a certificate's place is none. */
static void note_malformed(struct inspection *file, uint64_t offset)
{
	static const char code[] = "certificates.malformed", words[] = "a certificate could not be parsed";
	if (file->role.size > 0)
		notes_add(file->notes, NOTE_INFO, code, offset, words);
	else
		notes_incomplete(file->notes, MISSING_FACTS, CAUSE_DAMAGED, code, offset, 1, words);
}

static void state_certificate(struct inspection *file, uint64_t offset, struct span der, bool bundle)
{
	const unsigned char *at = der.data;
	X509 *certificate = d2i_X509(NULL, &at, (long)der.size);
	if (!certificate) {
		note_malformed(file, offset);
		return;
	}
	struct span whole = span_slice(der, 0, (size_t)(at - der.data));
	struct facts *facts = file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_CERTIFICATE);
	fact_integer(fact, CERTIFICATE_OFFSET, (int64_t)offset);
	state_name(file, fact, CERTIFICATE_SUBJECT, X509_get_subject_name(certificate));
	state_name(file, fact, CERTIFICATE_ISSUER, X509_get_issuer_name(certificate));
	state_serial(file, fact, X509_get0_serialNumber(certificate));
	state_time(file, fact, CERTIFICATE_NOT_BEFORE, X509_get0_notBefore(certificate));
	state_time(file, fact, CERTIFICATE_NOT_AFTER, X509_get0_notAfter(certificate));
	state_key(file, fact, certificate);
	int algorithm = X509_get_signature_nid(certificate);
	if (algorithm != NID_undef)
		fact_word(facts, fact, CERTIFICATE_SIGNATURE_ALGORITHM, OBJ_nid2ln(algorithm));
	bool authority = X509_check_ca(certificate) == 1;
	bool self_signed = X509_self_signed(certificate, 1) == 1;
	fact_integer(fact, CERTIFICATE_SELF_SIGNED, self_signed);
	fact_integer(fact, CERTIFICATE_AUTHORITY, authority);
	fact_integer(fact, CERTIFICATE_PRIVATE_KEY_PRESENT, 0);
	fact_integer(fact, CERTIFICATE_ROOT_STORE, bundle || (authority && self_signed && is_store_path(file->path)));
	fact_text(facts, fact, CERTIFICATE_FINGERPRINT, fingerprint_of(file->scratch, whole));
	X509_free(certificate);
}

static bool is_certificate(struct span label)
{
	return span_equal_text(label, "CERTIFICATE") || span_equal_text(label, "X509 CERTIFICATE") ||
	       span_equal_text(label, "TRUSTED CERTIFICATE");
}

static size_t count_certificates(struct span bytes)
{
	size_t count = 0;
	for (size_t at = span_find_text(bytes, "-----BEGIN CERTIFICATE-----", 0); at != SPAN_NOT_FOUND;
	     at = span_find_text(bytes, "-----BEGIN CERTIFICATE-----", at + 1))
		count++;
	return count;
}

static void inspect(struct inspection *file)
{
	if (file->hit_count == 0) {
		const unsigned char *at = file->bytes.data;
		X509 *certificate = d2i_X509(NULL, &at, (long)file->bytes.size);
		if (certificate)
			state_certificate(file, 0, file->bytes, false);
		X509_free(certificate);
		return;
	}
	bool bundle = count_certificates(file->bytes) >= BUNDLE_LEAST;
	size_t at = 0;
	struct pem_block block;
	for (int i = 0; pem_next(file->bytes, &at, file->scratch, &block); i++) {
		if (i == BLOCKS_MAX) {
			facts_drop(file->facts, EVIDENCE_CERTIFICATE); /* how many more there are is not looked at */
			return;
		}
		if (is_certificate(block.label))
			state_certificate(file, block.offset, block.der, bundle);
	}
}

static bool wants(const struct inspection *file)
{
	static const char *const endings[] = { ".der", ".cer", ".crt", ".cert", NULL };
	if (file->bytes.size > FILE_LIMIT || span_byte(file->bytes, 0) != 0x30)
		return false;
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	return false;
}

static enum outcome conclude(struct evidence *evidence)
{
	return query_run(evidence_database(evidence),
			 "UPDATE certificate SET private_key_present = 1 WHERE key_fingerprint IN"
			 " (SELECT fingerprint FROM key WHERE kind = 'private')");
}

const struct inspector inspector_certificates = {
	.name = "certificates",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.wants = wants,
	.inspect = inspect,
	.conclude = conclude,
};
