#include "base/digest.h"

#include "base/effort.h"

#include <math.h>
#include <openssl/evp.h>
#include <zlib.h>

/* Units of effort that a byte costs; and what starting costs. */
enum { UNITS_SHA256 = 2, UNITS_MD5 = 2, START = 200 };

/* Goes over the bytes in pieces; false where it fails or nothing is done any more. */
static bool update(EVP_MD_CTX *context, struct span bytes, uint64_t units)
{
	bool fine = effort_spend(START);
	while (fine && bytes.size > 0) {
		size_t piece = effort_piece(bytes.size);
		fine = effort_spend(piece * units) && EVP_DigestUpdate(context, bytes.data, piece) == 1;
		bytes = span_from(bytes, piece);
	}
	return fine;
}

/* The digest of all parts after each other; zeros where it fails. */
static void digest(const EVP_MD *kind, uint64_t units, const struct span *parts, size_t count, uint8_t *out, size_t size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool fine = context && EVP_DigestInit_ex(context, kind, NULL) == 1;
	for (size_t i = 0; i < count && fine; i++)
		fine = update(context, parts[i], units);
	if (!fine || EVP_DigestFinal_ex(context, out, NULL) != 1)
		memset(out, 0, size);
	EVP_MD_CTX_free(context);
}

void digest_sha256(struct span bytes, uint8_t out[static SHA256_SIZE])
{
	digest(EVP_sha256(), UNITS_SHA256, &bytes, 1, out, SHA256_SIZE);
}

void digest_md5(struct span bytes, uint8_t out[static MD5_SIZE])
{
	digest(EVP_md5(), UNITS_MD5, &bytes, 1, out, MD5_SIZE);
}

void digest_md5_parts(const struct span *parts, size_t count, uint8_t out[static MD5_SIZE])
{
	digest(EVP_md5(), UNITS_MD5, parts, count, out, MD5_SIZE);
}

uint32_t digest_crc32(uint32_t crc, struct span bytes)
{
	do {
		size_t piece = effort_piece(bytes.size);
		if (!effort_spend(piece / 2 + 1))
			return 0;
		crc = (uint32_t)crc32_z(crc, bytes.data, piece);
		bytes = span_from(bytes, piece);
	} while (bytes.size > 0);
	return crc;
}

size_t digest_named(struct span name, struct span bytes, uint8_t out[static DIGEST_ROOM])
{
	static const struct {
		const char *name;
		const EVP_MD *(*kind)(void);
	} known[] = { { "md5", EVP_md5 }, { "sha1", EVP_sha1 }, { "sha256", EVP_sha256 }, { "sha384", EVP_sha384 },
		      { "sha512", EVP_sha512 } };
	unsigned int size = 0;
	if (span_equal_text(name, "crc32")) {
		uint32_t crc = digest_crc32(0, bytes);
		for (; size < 4; size++)
			out[size] = (uint8_t)(crc >> (24 - 8 * size));
		return size;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_equal_text(name, known[i].name))
			return effort_spend(bytes.size * UNITS_SHA256 + START) &&
			       EVP_Digest(bytes.data, bytes.size, out, &size, known[i].kind(), NULL) == 1 ? size : 0;
	return 0;
}

void digest_write_hex(struct span bytes, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < bytes.size; i++) {
		out[2 * i] = digits[bytes.data[i] >> 4];
		out[2 * i + 1] = digits[bytes.data[i] & 15];
	}
	out[2 * bytes.size] = '\0';
}

struct span digest_hex(struct arena *arena, struct span bytes)
{
	if (bytes.size > SIZE_MAX / 4)
		return SPAN_NONE;
	char *text = arena_allocate(arena, bytes.size * 2 + 1, 1);
	if (!text)
		return SPAN_NONE;
	digest_write_hex(bytes, text);
	return span_of(text, bytes.size * 2);
}

double digest_entropy(struct span bytes)
{
	uint64_t counts[256] = { 0 };
	double entropy = 0;
	for (size_t at = 0, piece; at < bytes.size; at += piece) {
		piece = effort_piece(bytes.size - at);
		if (!effort_spend(piece + START))
			return 0;
		for (size_t i = at; i < at + piece; i++)
			counts[bytes.data[i]]++;
	}
	for (size_t value = 0; value < 256; value++) {
		if (counts[value] == 0)
			continue;
		double share = (double)counts[value] / (double)bytes.size;
		entropy -= share * log2(share);
	}
	return entropy;
}
