/* Who vouches for a store, to a caller: include/assay/assay.h, assay_store_check(), assay_store_sign() and their kin. */
#include <stdio.h>
#include <string.h>

#include "base/plain_locale.h"
#include "base/scoped.h"
#include "base/signature.h"
#include "engine/given.h"
#include "engine/result.h"
#include "vuln/manifest.h"
#include "vuln/seal.h"
#include "vuln/starter.h"
#include "vuln/store.h"
#include "vuln/store_compare.h"

enum { KEYS_MAX = 256, PEM_MOST = 64 * 1024, ARENA_CEILING = 64 * 1024 * 1024 };

static void refuse(struct assay_seal *seal, const char *words, const char *name)
{
	(void)snprintf(seal->advice, sizeof seal->advice, "%.160s%s", name ? name : "", words);
}

static void describe(const struct seal_verdict *verdict, struct assay_seal *out)
{
	const char *advice = seal_state_advice(verdict->state);
	(void)snprintf(out->state, sizeof out->state, "%s", seal_state_word(verdict->state));
	(void)snprintf(out->signer, sizeof out->signer, "%s", verdict->signer);
	(void)snprintf(out->sha256, sizeof out->sha256, "%s", verdict->digest);
	(void)snprintf(out->advice, sizeof out->advice, "%s", advice ? advice : "");
}

static enum outcome check(struct span bytes, const struct assay_text *trusted, size_t count, struct assay_seal *out)
{
	struct seal seal;
	struct signature_key keys[KEYS_MAX];
	bool built_in = bytes.data == NULL;
	if (count > KEYS_MAX) {
		refuse(out, "more keys are trusted than are looked at", NULL);
		return MALFORMED;
	}
	for (size_t i = 0; i < count; i++)
		if (signature_read_key(span_of(trusted[i].text, trusted[i].length), &keys[i]) != DONE) {
			refuse(out, " is no Ed25519 key in PEM; 'assay db key' makes a pair", trusted[i].name);
			return MALFORMED;
		}
	enum outcome outcome = built_in ? seal_read(span_of(starter_seal, starter_seal_size), &seal) : seal_split(bytes, &seal);
	if (outcome != DONE) {
		refuse(out, "it is not a vulnerability store; 'assay db build' makes one", NULL);
		return outcome;
	}
	struct seal_verdict verdict = built_in ? seal_built_in(&seal) : seal_judge(&seal, keys, count);
	describe(&verdict, out);
	return DONE;
}

enum assay_status assay_store_check(const void *bytes, size_t size, const struct assay_text *trusted, size_t count,
				    struct assay_seal *out)
{
	struct assay_seal found = ASSAY_SEAL_INIT;
	if (!out)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	enum outcome outcome = check(span_of(bytes, size), trusted, trusted ? count : 0, &found);
	found.size = out->size;
	memcpy(out, &found, out->size < sizeof found ? out->size : sizeof found);
	return result_status(outcome);
}

/* A store of before there were seals gets one that says what its tables say. */
static enum outcome make_seal(const struct store *store, struct buffer *room, struct seal *out)
{
	SCOPED(buffer) manifest = { 0 };
	buffer_init(&manifest, SEAL_MANIFEST_MAX, NULL);
	TRY(manifest_of_tables(store_database(store), &manifest));
	TRY(seal_write(room, store_seal(store)->database, buffer_span(&manifest)));
	out->signed_part = buffer_span(room);
	return DONE;
}

static enum outcome sign(struct span bytes, struct span key, struct buffer *out, const char **why)
{
	struct store *store;
	SCOPED(buffer) room = { 0 };
	buffer_init(&room, SEAL_MANIFEST_MAX + 4096, NULL);
	*why = "it is not a vulnerability store of this version of assay";
	TRY(store_open_memory(bytes, "", &store));
	struct seal seal = *store_seal(store);
	struct seal_verdict verdict = seal_judge(&seal, NULL, 0);
	enum outcome outcome = verdict.state == SEAL_CHANGED || verdict.state == SEAL_WRONG ? MALFORMED : DONE;
	*why = "it was changed after it was made, or its signature is wrong: build it again";
	if (outcome == DONE && !seal.sealed)
		outcome = make_seal(store, &room, &seal);
	store_close(store);
	TRY(outcome);
	*why = "the key holds no secret Ed25519 key without a pass phrase; 'assay db key' makes one";
	return seal_sign(out, &seal, key);
}

static enum assay_status give(enum outcome outcome, struct span good, const char *why, char **text, size_t *length)
{
	*text = given_out(outcome == DONE ? good : span_of_text(why), length);
	return *text ? result_status(outcome) : ASSAY_NO_MEMORY;
}

enum assay_status assay_store_sign(const void *bytes, size_t size, const struct assay_text *key, size_t *offset, char **text,
				   size_t *length)
{
	struct seal seal;
	const char *why = "it is not a vulnerability store";
	SCOPED(buffer) out = { 0 };
	if (!bytes || !key || !offset || !text || !length)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	buffer_init(&out, SEAL_MANIFEST_MAX + 64 * 1024, NULL);
	enum outcome outcome = seal_split(span_of(bytes, size), &seal);
	if (outcome == DONE)
		outcome = sign(span_of(bytes, size), span_of(key->text, key->length), &out, &why);
	*offset = seal.database.size;
	return give(outcome, buffer_span(&out), why, text, length);
}

static enum outcome compare(struct span old, struct span new, struct notes *notes)
{
	struct store *before = NULL, *now = NULL;
	TRY(store_open_memory(new, "", &now));
	enum outcome outcome = store_open_memory(old, "", &before) == DONE ? store_compare(before, now, true, notes) : DONE;
	store_close(before);
	store_close(now);
	return outcome;
}

enum assay_status assay_store_replaces(const void *old, size_t old_size, const void *new, size_t new_size, char **text,
				       size_t *length)
{
	SCOPED(arena) arena = { 0 };
	struct notes notes;
	if (!old || !new || !text || !length)
		return ASSAY_UNREADABLE;
	SCOPED(plain_locale) here = plain_locale_enter();
	arena_init(&arena, ARENA_CEILING);
	notes_init(&notes, &arena);
	enum outcome outcome = compare(span_of(old, old_size), span_of(new, new_size), &notes);
	struct span words = notes.first ? SPAN_NONE : SPAN_LITERAL("it is not a vulnerability store of this version of assay");
	for (const struct note *note = notes.first; note; note = note->next)
		words = arena_format(&arena, "%.*s%s%.*s", SPAN_FORMAT(words), words.size > 0 ? "; " : "", SPAN_FORMAT(note->message));
	*text = given_out(words, length);
	return *text ? result_status(outcome) : ASSAY_NO_MEMORY;
}

enum assay_status assay_key_make(char **secret, size_t *secret_length, char **open, size_t *open_length)
{
	SCOPED(buffer) one = { 0 };
	SCOPED(buffer) other = { 0 };
	if (!secret || !secret_length || !open || !open_length)
		return ASSAY_UNREADABLE;
	buffer_init(&one, PEM_MOST, NULL);
	buffer_init(&other, PEM_MOST, NULL);
	enum outcome outcome = signature_make_keys(&one, &other);
	if (outcome != DONE)
		return outcome == NO_MEMORY ? ASSAY_NO_MEMORY : ASSAY_INTERNAL;
	*secret = given_out(buffer_span(&one), secret_length);
	*open = given_out(buffer_span(&other), open_length);
	return *secret && *open ? ASSAY_DONE : ASSAY_NO_MEMORY;
}
