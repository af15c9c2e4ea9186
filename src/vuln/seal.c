#include "vuln/seal.h"

#include <openssl/evp.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/cursor.h"
#include "base/file.h"

#define MAGIC "ASSAY STORE SEAL 1\n"
enum { HEADER_SIZE = 100, PAGE_SIZE_AT = 16, CHANGES_AT = 24, PAGES_AT = 28, VALID_FOR_AT = 92 };

/*
 * Bytes of the tables, by SQLite's header (sqlite.org/fileformat2.html, 1.3). 0 where it is none, or leaves the number of its
 * pages to the length of the file, as no SQLite since 3.7 does.
 */
static uint64_t tables_size(struct span file)
{
	struct cursor cursor = cursor_over_order(file, true);
	cursor_seek(&cursor, PAGE_SIZE_AT);
	uint64_t page = cursor_u16(&cursor);
	cursor_seek(&cursor, CHANGES_AT);
	uint32_t changes = cursor_u32(&cursor);
	uint64_t pages = cursor_u32(&cursor);
	cursor_seek(&cursor, VALID_FOR_AT);
	bool counted = cursor_u32(&cursor) == changes && pages > 0 && cursor_ok(&cursor);
	page = page == 1 ? 65536 : page;
	bool sound = page >= 512 && (page & (page - 1)) == 0 && span_starts(file, SPAN_LITERAL("SQLite format 3\0"));
	return counted && sound ? page * pages : 0;
}

static bool take_line(struct span *rest, const char *word, struct span *value)
{
	struct span line;
	size_t end = span_find_byte(*rest, '\n', 0);
	if (end == SPAN_NOT_FOUND || !span_next_line(rest, &line) || line.size != end || !span_starts_text(line, word))
		return false;
	*value = span_from(line, strlen(word));
	return true;
}

static bool is_digest(struct span text)
{
	bool fine = text.size == SEAL_DIGEST_TEXT;
	for (size_t i = 0; i < text.size; i++)
		fine &= hex_digit(span_byte(text, i)) >= 0 && !(span_byte(text, i) >= 'A' && span_byte(text, i) <= 'F');
	return fine;
}

struct vouching {
	struct signature_key key;
	struct signature signature;
};

static bool take_signature(struct span *rest, struct vouching *out)
{
	struct span value, key;
	return take_line(rest, "signature ed25519 ", &value) && span_next_field(&value, ' ', &key) &&
	       base64_read(key, out->key.bytes, sizeof out->key.bytes) &&
	       base64_read(value, out->signature.bytes, sizeof out->signature.bytes);
}

enum outcome seal_read(struct span text, struct seal *out)
{
	if (!span_starts_text(text, MAGIC))
		return MALFORMED;
	struct span rest = span_from(text, strlen(MAGIC)), value, size;
	uint64_t length;
	if (!take_line(&rest, "store ", &value) || !span_next_field(&value, ' ', &size) || !is_digest(value) ||
	    !span_to_number(size, UINT64_MAX / 2, &out->claimed_size))
		return MALFORMED;
	out->digest = value;
	if (!take_line(&rest, "manifest ", &value) || !span_to_number(value, SEAL_MANIFEST_MAX, &length) ||
	    !span_covers(rest, 0, length + 1) || span_byte(rest, length) != '\n')
		return MALFORMED;
	out->manifest = span_slice(rest, 0, length);
	rest = span_from(rest, length + 1);
	out->signed_part = span_slice(text, 0, text.size - rest.size);
	out->signatures = rest;
	struct vouching one;
	for (int i = 0; rest.size > 0; i++)
		if (i == SEAL_SIGNATURES_MAX || !take_signature(&rest, &one))
			return MALFORMED;
	out->sealed = true;
	return DONE;
}

enum outcome seal_split(struct span file, struct seal *out)
{
	uint64_t size = tables_size(file);
	*out = (struct seal){ 0 };
	if (size == 0 || size > file.size)
		return MALFORMED;
	out->database = span_slice(file, 0, size);
	struct span behind = span_from(file, size);
	if (span_starts_text(behind, MAGIC))
		return seal_read(behind, out);
	out->broken = behind.size > 0;
	return DONE;
}

/* Of the user's own file, and so not on the meter of an image. */
static void write_digest(struct span bytes, char out[static SEAL_DIGEST_TEXT + 1])
{
	uint8_t digest[EVP_MAX_MD_SIZE] = { 0 };
	unsigned size = 0;
	bool done = EVP_Digest(bytes.data, bytes.size, digest, &size, EVP_sha256(), NULL) == 1 && size == SHA256_SIZE;
	digest_write_hex(span_of(digest, done ? SHA256_SIZE : 0), out);
}

static bool is_trusted(const struct signature_key *key, const struct signature_key *trusted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (signature_same_key(key, &trusted[i]))
			return true;
	return false;
}

/* The best that anybody who signed is: a wrong signature beside one that is trusted takes nothing from that. */
static enum seal_state judge_signatures(const struct seal *seal, const struct signature_key *trusted, size_t count,
					char *signer)
{
	enum seal_state state = SEAL_UNSIGNED;
	struct vouching one;
	for (struct span rest = seal->signatures; take_signature(&rest, &one);) {
		bool holds = signature_holds(&one.key, seal->signed_part, &one.signature);
		enum seal_state found = !holds ? SEAL_WRONG
				      : is_trusted(&one.key, trusted, count) ? SEAL_TRUSTED : SEAL_OTHER_KEY;
		if (state == SEAL_UNSIGNED || found == SEAL_TRUSTED || found == SEAL_WRONG) {
			state = found;
			signature_name(&one.key, signer);
		}
		if (state == SEAL_TRUSTED)
			break;
	}
	return state;
}

struct seal_verdict seal_judge(const struct seal *seal, const struct signature_key *trusted, size_t count)
{
	struct seal_verdict verdict = { .state = judge_signatures(seal, trusted, count, verdict.signer) };
	write_digest(seal->database, verdict.digest);
	bool same = seal->claimed_size == seal->database.size && span_equal_text(seal->digest, verdict.digest);
	if (verdict.state != SEAL_WRONG && (seal->broken || (seal->sealed && !same)))
		verdict.state = SEAL_CHANGED;
	return verdict;
}

struct seal_verdict seal_built_in(const struct seal *seal)
{
	struct seal_verdict verdict = { .state = SEAL_BUILT_IN };
	(void)snprintf(verdict.digest, sizeof verdict.digest, "%.*s", SPAN_FORMAT(seal->digest));
	return verdict;
}

static const struct {
	const char *word, *advice;
} states[SEAL_STATES] = {
	[SEAL_BUILT_IN] = { "built in", NULL },
	[SEAL_TRUSTED] = { "trusted", NULL },
	[SEAL_OTHER_KEY] = { "other key", "The vulnerability store is signed by a key that is not trusted here: ask its"
			     " publisher for the key, then name it with --trust" },
	[SEAL_UNSIGNED] = { "unsigned", "The vulnerability store is not signed, and whoever could write to it decides what is"
			    " told here: 'assay db sign' signs it" },
	[SEAL_WRONG] = { "wrong", "The signature of the vulnerability store is wrong: do not rely on it; get it again from its"
			 " publisher, or make one with 'assay db update'" },
	[SEAL_CHANGED] = { "changed", "The vulnerability store was changed after it was made: do not rely on it; get it again"
			   " from its publisher, or make one with 'assay db update'" },
};

const char *seal_state_word(enum seal_state state)
{
	return states[state].word;
}

const char *seal_state_advice(enum seal_state state)
{
	return states[state].advice;
}

enum outcome seal_write(struct buffer *out, struct span database, struct span manifest)
{
	char digest[SEAL_DIGEST_TEXT + 1] = "", head[256];
	if (manifest.size > SEAL_MANIFEST_MAX)
		return OVER_BUDGET;
	write_digest(database, digest);
	(void)snprintf(head, sizeof head, MAGIC "store %zu %s\nmanifest %zu\n", database.size, digest, manifest.size);
	TRY(buffer_append(out, span_of_text(head)));
	TRY(buffer_append(out, manifest));
	return buffer_append(out, SPAN_LITERAL("\n"));
}

static enum outcome append_vouching(struct buffer *out, const struct vouching *one)
{
	TRY(buffer_append(out, SPAN_LITERAL("signature ed25519 ")));
	TRY(base64_append(out, span_of(one->key.bytes, sizeof one->key.bytes)));
	TRY(buffer_append(out, SPAN_LITERAL(" ")));
	TRY(base64_append(out, span_of(one->signature.bytes, sizeof one->signature.bytes)));
	return buffer_append(out, SPAN_LITERAL("\n"));
}

enum outcome seal_sign(struct buffer *out, const struct seal *seal, struct span secret)
{
	struct vouching ours, one;
	int kept = 0;
	TRY(signature_sign(secret, seal->signed_part, &ours.key, &ours.signature));
	TRY(buffer_append(out, seal->signed_part));
	for (struct span rest = seal->signatures; take_signature(&rest, &one);)
		if (!signature_same_key(&one.key, &ours.key) && ++kept < SEAL_SIGNATURES_MAX)
			TRY(append_vouching(out, &one));
	return append_vouching(out, &ours);
}

static enum outcome append_to(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "ab");
	if (!file)
		return MALFORMED;
	bool written = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
	return fclose(file) == 0 && written ? DONE : MALFORMED;
}

enum outcome seal_append(const char *path, struct span manifest)
{
	struct file_view view;
	struct buffer text;
	if (!file_view_open(path, STORE_MOST, &view))
		return MALFORMED;
	buffer_init(&text, SEAL_MANIFEST_MAX + 4096, NULL);
	enum outcome outcome = seal_write(&text, view.bytes, manifest);
	file_view_close(&view);
	if (outcome == DONE)
		outcome = append_to(path, buffer_span(&text));
	buffer_done(&text);
	return outcome;
}
