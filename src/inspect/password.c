/*
 * Hash schemes by the prefixes of crypt(5) and of the Apache password formats.
 * Candidates are tried in the order of the dictionary, as many as a scheme's cost
 * allows: the result never depends on how fast the machine is.
 */
#include "inspect/password.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "inspect/lines.h"
#include "inspect/password_hash.h"

enum {
	WORK_PER_HASH = 50000,
	WORK_PER_FILE = 400000,
	HASH_LIMIT = 256,
	CANDIDATE_LIMIT = 64,
	DESCRYPT_SIZE = 13,
	BSDICRYPT_SIZE = 20,
	BCRYPT_SIZE = 60,
};

/* A hash of this file that was tried already. */
struct password_known {
	struct span hash;
	struct span user;
	struct span cracked;
	struct password_known *next;
};

/* cost is microseconds for one candidate; 0: not tried. */
struct scheme {
	const char *name;
	const char *prefix;
	size_t least;
	int64_t cost;
};

static const struct scheme schemes[] = {
	{ "md5crypt", "$1$", 25, 110 },
	{ "apr1", "$apr1$", 28, 150 },
	{ "sha256crypt", "$5$", 46, 1200 },
	{ "sha512crypt", "$6$", 89, 1700 },
	{ "bcrypt", "$2a$", BCRYPT_SIZE, 1800 },
	{ "bcrypt", "$2b$", BCRYPT_SIZE, 1800 },
	{ "bcrypt", "$2x$", BCRYPT_SIZE, 1800 },
	{ "bcrypt", "$2y$", BCRYPT_SIZE, 1800 },
	{ "yescrypt", "$y$", 50, 13000 },
	{ "gost-yescrypt", "$gy$", 50, 0 },
	{ "scrypt", "$7$", 50, 0 },
	{ "sha1crypt", "$sha1$", 30, 0 },
	{ "sunmd5", "$md5", 30, 0 },
	{ "nt", "$3$", 36, 1 },
	{ "ssha", "{SSHA}", 34, 0 },
	{ "sha1", "{SHA}", 33, 2 },
};
static const struct scheme scheme_descrypt = { "descrypt", "", DESCRYPT_SIZE, 20 };
static const struct scheme scheme_bsdicrypt = { "bsdicrypt", "_", BSDICRYPT_SIZE, 110 };
static const struct scheme scheme_digest = { "htdigest", "", 32, 1 };

static bool is_crypt_text(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++) {
		uint8_t c = span_byte(s, i);
		if (!is_alnum(c) && c != '.' && c != '/')
			return false;
	}
	return true;
}

static bool is_printable_word(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++)
		if (span_byte(s, i) <= ' ' || span_byte(s, i) >= 0x7f)
			return false;
	return true;
}

static const struct scheme *scheme_of(struct span hash)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (span_starts_text(hash, schemes[i].prefix) && hash.size >= schemes[i].least &&
		    hash.size <= HASH_LIMIT && is_printable_word(hash))
			return &schemes[i];
	if (hash.size == DESCRYPT_SIZE && is_crypt_text(hash))
		return &scheme_descrypt;
	if (hash.size == BSDICRYPT_SIZE && span_byte(hash, 0) == '_' && is_crypt_text(span_from(hash, 1)))
		return &scheme_bsdicrypt;
	return NULL;
}

const char *password_scheme(struct span hash)
{
	const struct scheme *scheme = scheme_of(hash);
	return scheme ? scheme->name : NULL;
}

void password_work_init(struct password_work *work, struct arena *arena)
{
	*work = (struct password_work){ .arena = arena, .left = WORK_PER_FILE };
}

/* The field between the scheme and the salt asks for more than the default rounds: too dear to try. */
static int64_t cost_of(const struct scheme *scheme, struct span hash)
{
	if (span_equal_text(span_of_text(scheme->name), "bcrypt")) {
		uint64_t rounds = 0;
		if (!span_to_number(span_slice(hash, 4, 2), 31, &rounds) || rounds > 12)
			return 0;
		return rounds > 5 ? scheme->cost << (rounds - 5) : scheme->cost;
	}
	if (span_find_text(hash, "rounds=", 0) != SPAN_NOT_FOUND)
		return 0;
	if (span_starts_text(hash, "$y$"))
		return span_starts_text(hash, "$y$j9T$") ? scheme->cost : 0;
	return scheme->cost;
}

/* Candidates in their order: the user's own name, nothing, the dictionary, what makers of devices ship. */
struct candidates {
	struct span user;
	int given;
	struct lines dictionary, devices;
};

static bool next_candidate(struct candidates *candidates, struct span *out)
{
	struct span line, field;
	if (candidates->given < 2) {
		*out = candidates->given++ == 0 ? candidates->user : SPAN_LITERAL("");
		return true;
	}
	if (lines_next_setting(&candidates->dictionary, out))
		return true;
	/* maker, user, password */
	while (lines_next_setting(&candidates->devices, &line))
		if (span_next_field(&line, '\t', &field) && span_next_field(&line, '\t', &field) && line.size > 0 &&
		    !password_is_common(line)) {
			*out = line;
			return true;
		}
	return false;
}

static struct span try_all(struct password_work *work, const struct password_target *target, int64_t cost)
{
	int64_t left = work->left < WORK_PER_HASH ? work->left : WORK_PER_HASH;
	int64_t before = left;
	struct password_tester *tester = password_tester_new(work->arena, target);
	struct span found = SPAN_NONE;
	struct span candidate;
	struct candidates candidates = { .user = target->user,
					 .dictionary = lines_over(embedded("rules/passwords.txt")),
					 .devices = lines_over(embedded("credentials/devices.tsv")) };
	for (; tester && cost > 0 && left >= cost && next_candidate(&candidates, &candidate); left -= cost) {
		if (candidate.size <= CANDIDATE_LIMIT && password_tester_matches(tester, candidate)) {
			found = candidate;
			break;
		}
	}
	work->left -= before - left;
	return found;
}

static struct span crack(struct password_work *work, const struct password_target *target, int64_t cost)
{
	for (struct password_known *known = work->known; known; known = known->next)
		if (span_equal(known->hash, target->hash) &&
		    (span_equal(known->user, target->user) || (known->cracked.data && !target->digest)))
			return known->cracked;
	struct span found = try_all(work, target, cost);
	struct password_known *known = ARENA_NEW(work->arena, struct password_known, 1);
	if (known) {
		*known = (struct password_known){ target->hash, target->user, found, work->known };
		work->known = known;
	}
	return found;
}

/* Login programs differ in what a lone mark means to them: to OpenWrt's, '!' and 'x' are "no password set". */
static const char *mark_of(struct span field)
{
	static const char *const marks[] = { "!", "*", "x", "!!", "!*", NULL };
	for (const char *const *mark = marks; *mark; mark++)
		if (span_equal_text(field, *mark))
			return *mark;
	return NULL;
}

struct password password_judge(struct password_work *work, struct span user, struct span field)
{
	if (field.size == 0)
		return (struct password){ .state = "empty" };
	if (span_byte(field, 0) == '!' || span_byte(field, 0) == '*')
		return (struct password){ .state = "locked", .scheme = mark_of(field) };
	const struct scheme *scheme = scheme_of(field);
	if (!scheme)
		return (struct password){ .state = "invalid", .scheme = mark_of(field) };
	struct password_target target = { .user = user, .hash = field };
	return (struct password){ "hash", scheme->name, crack(work, &target, cost_of(scheme, field)) };
}

struct password password_judge_digest(struct password_work *work, struct span user, struct span realm,
				      struct span hash)
{
	struct password_target target = { .user = user, .hash = hash, .realm = realm, .digest = true };
	return (struct password){ "hash", scheme_digest.name, crack(work, &target, scheme_digest.cost) };
}

bool password_is_common(struct span text)
{
	struct lines lines = lines_over(embedded("rules/passwords.txt"));
	struct span candidate;
	while (lines_next_setting(&lines, &candidate))
		if (span_equal(candidate, text))
			return true;
	return false;
}

bool password_is_published(struct span user, struct span password)
{
	struct lines lines = lines_over(embedded("credentials/devices.tsv"));
	struct span line, maker, name;
	while (password.size > 0 && lines_next_setting(&lines, &line))
		if (span_next_field(&line, '\t', &maker) && span_next_field(&line, '\t', &name) && span_equal(line, password) &&
		    (user.size == 0 || span_equal(name, user)))
			return true;
	return false;
}
