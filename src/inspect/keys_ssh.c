/*
 * Keys of SSH: public key lines (sshd(8), AUTHORIZED_KEYS), OpenSSH's private key
 * format (PROTOCOL.key), Dropbear's host keys, and Ed25519 keys of signify, usign
 * and minisign.
 */
#include "base/cursor.h"
#include "base/effort.h"
#include "inspect/key_state.h"
#include "inspect/lines.h"
#include "inspect/pem.h"

enum { LINES_MAX = 10000, ED25519_SIZE = 32, SIGNIFY_PUBLIC_SIZE = 42, SIGNIFY_PRIVATE_SIZE = 104, MINISIGN_PRIVATE_SIZE = 158 };

static size_t base64_end(struct span text, size_t at)
{
	while (is_alnum(span_byte(text, at)) || span_byte(text, at) == '+' || span_byte(text, at) == '/' ||
	       span_byte(text, at) == '=')
		at++;
	return at;
}

/* Words after the key, up to the line's end or the end of a string in a program. */
static struct span comment_after(struct span text, size_t at)
{
	size_t end = at;
	while (end < text.size && effort_at(end) && span_byte(text, end) >= ' ' && span_byte(text, end) < 0x7f &&
	       span_byte(text, end) != '"')
		end++;
	return span_trim(span_slice(text, at, end - at));
}

static void state_line(struct inspection *file, size_t start, struct span encoded)
{
	struct key_found found = { .offset = start, .format = "OpenSSH" };
	struct span blob = base64_decode(file->scratch, encoded);
	if (!public_key_of_ssh(file->scratch, blob, &found.key))
		return;
	bool list = span_starts_text(file->name, "authorized_keys");
	if (list)
		found.format = "authorized_keys";
	found.comment = comment_after(file->bytes, (size_t)(encoded.data - file->bytes.data) + encoded.size);
	key_state(file, &found);
}

static bool starts_type(struct span text, size_t at)
{
	static const char *const types[] = { "ssh-rsa ", "ssh-dss ", "ssh-ed25519 ", "ecdsa-sha2-nistp", NULL };
	for (size_t i = 0; types[i]; i++)
		if (span_has_at(text, at, span_of_text(types[i])))
			return true;
	return false;
}

void keys_ssh_lines(struct inspection *file)
{
	struct span text = file->bytes;
	int found = 0;
	for (size_t at = span_find_text(text, " AAAA", 0); at != SPAN_NOT_FOUND;
	     at = span_find_text(text, " AAAA", at + 1)) {
		size_t start = at;
		while (start > 0 && at - start < 24 && span_byte(text, start - 1) > ' ')
			start--;
		while (start < at && !starts_type(text, start))
			start++;
		if (start == at)
			continue;
		if (found++ >= LINES_MAX) {
			facts_drop(file->facts, EVIDENCE_KEY);
			continue;
		}
		size_t end = base64_end(text, at + 1);
		state_line(file, start, span_slice(text, at + 1, end - at - 1));
	}
}

static struct span take_string(struct cursor *c)
{
	uint32_t size = cursor_u32be(c);
	return cursor_take(c, size);
}

void keys_openssh(struct inspection *file, uint64_t offset, struct span blob)
{
	struct key_found found = { .offset = offset, .private_key = true, .format = "OpenSSH" };
	struct span magic = SPAN_LITERAL("openssh-key-v1\0");
	if (!span_starts(blob, magic))
		return;
	struct cursor c = cursor_over(span_from(blob, magic.size));
	struct span cipher = take_string(&c);
	(void)take_string(&c);
	(void)take_string(&c);
	uint32_t keys = cursor_u32be(&c);
	struct span public_blob = take_string(&c);
	found.encrypted = !span_equal_text(cipher, "none");
	if (cursor_ok(&c) && keys > 0 && public_key_of_ssh(file->scratch, public_blob, &found.key))
		key_state(file, &found);
}

/* The public blob begins the private one: type, then for RSA e n, for DSA p q g y, for EC curve and point. */
static struct span public_part(struct arena *arena, struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	struct span type = take_string(&c);
	if (span_equal_text(type, "ssh-ed25519")) {
		struct span both = take_string(&c);
		struct span key = span_from(both, ED25519_SIZE);
		struct span head = SPAN_LITERAL("\0\0\0\x0bssh-ed25519\0\0\0\x20");
		uint8_t *out = ARENA_NEW(arena, uint8_t, head.size + ED25519_SIZE);
		if (!out || !cursor_ok(&c) || key.size != ED25519_SIZE)
			return SPAN_NONE;
		memcpy(out, head.data, head.size);
		memcpy(out + head.size, key.data, ED25519_SIZE);
		return span_of(out, head.size + ED25519_SIZE);
	}
	int parts = span_equal_text(type, "ssh-dss") ? 4 : 2;
	for (int i = 0; i < parts; i++)
		(void)take_string(&c);
	return cursor_ok(&c) ? span_slice(bytes, 0, c.at) : SPAN_NONE;
}

void keys_dropbear(struct inspection *file)
{
	struct key_found found = { .private_key = true, .format = "Dropbear" };
	struct span blob = public_part(file->scratch, file->bytes);
	/* Private numbers must follow, or it is a public blob. */
	if (blob.size > 0 && blob.size < file->bytes.size && public_key_of_ssh(file->scratch, blob, &found.key))
		key_state(file, &found);
}

void keys_signify(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span comment, encoded;
	if (!lines_next(&lines, &comment) || !lines_next(&lines, &encoded))
		return;
	struct span blob = base64_decode(file->scratch, encoded);
	if (!span_starts_text(blob, "Ed"))
		return;
	struct key_found found = { .key = { .algorithm = "Ed25519", .bits = 256 } };
	bool minisign = span_find_text(comment, "minisign", 0) != SPAN_NOT_FOUND;
	found.format = minisign ? "minisign" : "signify";
	if (path_has_folder(file->path, "opkg") || path_has_folder(file->path, "usign"))
		found.format = "usign";
	found.comment = span_trim(span_from(comment, sizeof "untrusted comment:" - 1));
	if (blob.size == SIGNIFY_PUBLIC_SIZE)
		found.key.fingerprint = fingerprint_of(file->scratch, blob);
	else if (blob.size == SIGNIFY_PRIVATE_SIZE || blob.size == MINISIGN_PRIVATE_SIZE)
		found.private_key = true;
	else
		return;
	/* After "Ed" stands the key derivation: without rounds the key lies in clear. */
	struct cursor c = cursor_over(blob);
	cursor_skip(&c, 4);
	found.encrypted = found.private_key && cursor_u32be(&c) != 0;
	key_state(file, &found);
}
