#include "fetch/whole.h"

#include <openssl/evp.h>
#include <string.h>
#include <zlib.h>

#include "base/cursor.h"
#include "base/digest.h"

enum { PIECE = 64 * 1024, ZIP_END_SIZE = 22, ZIP_COMMENT_MAX = 65535 };
/* A zip beyond 4 GiB has another end before this one. */
#define ZIP_ELSEWHERE 0xffffffffU

static bool finish(EVP_MD_CTX *context, char *out)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	bool done = EVP_DigestFinal_ex(context, digest, &size) == 1 && size * 2 < WHOLE_HASH_SIZE;
	if (done)
		digest_write_hex(span_of(digest, size), out);
	return done;
}

bool whole_digest(FILE *file, const char *name, char out[static WHOLE_HASH_SIZE])
{
	static uint8_t piece[PIECE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const EVP_MD *kind = EVP_get_digestbyname(name);
	bool done = context && kind && EVP_DigestInit_ex(context, kind, NULL) == 1 && fseek(file, 0, SEEK_SET) == 0;
	for (size_t got = PIECE; done && got == PIECE;) {
		got = fread(piece, 1, PIECE, file);
		done = EVP_DigestUpdate(context, piece, got) == 1;
	}
	done = done && !ferror(file) && finish(context, out);
	EVP_MD_CTX_free(context);
	return done;
}

struct unpacking {
	z_stream stream;
	EVP_MD_CTX *digest;
	uint64_t size, most;
};

/* Z_OK while there is more, Z_STREAM_END behind a member. */
static int unpack_piece(struct unpacking *u, bool *too_much)
{
	static uint8_t out[PIECE];
	u->stream.next_out = out;
	u->stream.avail_out = sizeof out;
	int result = inflate(&u->stream, Z_NO_FLUSH);
	size_t got = sizeof out - u->stream.avail_out;
	u->size += got;
	*too_much = u->most > 0 && u->size > u->most;
	if (u->digest && EVP_DigestUpdate(u->digest, out, got) != 1)
		return Z_MEM_ERROR;
	return *too_much ? Z_MEM_ERROR : result;
}

/* Member after member, to the end of the file. */
static int unpack_all(struct unpacking *u, FILE *file, bool *too_much)
{
	static uint8_t in[PIECE];
	int result = Z_OK;
	while (result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR) {
		if (u->stream.avail_in == 0) {
			u->stream.next_in = in;
			u->stream.avail_in = (uInt)fread(in, 1, sizeof in, file);
			if (u->stream.avail_in == 0)
				return result == Z_STREAM_END ? Z_STREAM_END : Z_DATA_ERROR;
		}
		if (result == Z_STREAM_END && inflateReset(&u->stream) != Z_OK)
			return Z_DATA_ERROR;
		result = unpack_piece(u, too_much);
	}
	return result;
}

bool whole_gzip(FILE *file, uint64_t most, char *sha256, char words[static WHOLE_WORDS_SIZE])
{
	struct unpacking u = { .most = most, .digest = sha256 ? EVP_MD_CTX_new() : NULL };
	bool too_much = false;
	bool ready = fseek(file, 0, SEEK_SET) == 0 && inflateInit2(&u.stream, 15 + 16) == Z_OK;
	if (u.digest)
		ready = ready && EVP_DigestInit_ex(u.digest, EVP_sha256(), NULL) == 1;
	bool whole = ready && unpack_all(&u, file, &too_much) == Z_STREAM_END && !ferror(file);
	whole = whole && (!sha256 || (u.digest && finish(u.digest, sha256)));
	(void)inflateEnd(&u.stream);
	EVP_MD_CTX_free(u.digest);
	if (!whole)
		(void)snprintf(words, WHOLE_WORDS_SIZE, too_much ? "it unpacks to more than it may" : "it is damaged or cut off");
	return whole;
}

/* The end of central directory record (APPNOTE.TXT 4.3.16), behind which stands nothing but its comment. */
static bool ends_well(struct span tail, uint64_t size)
{
	for (size_t back = ZIP_END_SIZE; back <= tail.size; back++) {
		struct span record = span_from(tail, tail.size - back);
		if (!span_starts(record, SPAN_LITERAL("PK\5\6")))
			continue;
		struct cursor cursor = cursor_over(record);
		cursor_skip(&cursor, 12);
		uint64_t length = cursor_u32le(&cursor), offset = cursor_u32le(&cursor), comment = cursor_u16le(&cursor);
		uint64_t here = size - back;
		bool inside = length == ZIP_ELSEWHERE || offset == ZIP_ELSEWHERE || offset + length <= here;
		if (cursor_ok(&cursor) && comment == record.size - ZIP_END_SIZE && inside)
			return true;
	}
	return false;
}

bool whole_zip(FILE *file, char words[static WHOLE_WORDS_SIZE])
{
	static uint8_t tail[ZIP_END_SIZE + ZIP_COMMENT_MAX];
	bool whole = false;
	if (fseek(file, 0, SEEK_END) == 0) {
		long size = ftell(file);
		long from = size > (long)sizeof tail ? size - (long)sizeof tail : 0;
		if (size > 0 && fseek(file, from, SEEK_SET) == 0)
			whole = ends_well(span_of(tail, fread(tail, 1, sizeof tail, file)), (uint64_t)size);
	}
	if (!whole)
		(void)snprintf(words, WHOLE_WORDS_SIZE, "it is damaged or cut off");
	return whole;
}
