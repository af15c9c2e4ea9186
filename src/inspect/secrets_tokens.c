/*
 * Tokens whose form alone tells them, as their issuers document it; found in every
 * file, programs too. Also credentials within URLs, and password hashes that stand
 * outside account files.
 */
#include "inspect/lines.h"

#include "base/effort.h"
#include "inspect/password.h"
#include "inspect/pem.h"
#include "inspect/secret_value.h"

struct token_rule {
	const char *rule, *kind, *confidence;
	int group; /* of the secret itself */
};

#define TOKEN_RULES(X)                                                                                                 \
	X("aws-access-key", "cloud token", "high", 0, "(AKIA|ASIA)[A-Z2-7]{16}")                                       \
	X("google-api-key", "api key", "high", 0, "AIza[0-9A-Za-z_-]{35}")                                             \
	X("google-client-secret", "api key", "high", 0, "GOCSPX-[0-9A-Za-z_-]{28}")                                    \
	X("github-token", "cloud token", "high", 0, "gh[pousr]_[0-9A-Za-z]{36}")                                       \
	X("github-fine-token", "cloud token", "high", 0, "github_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59}")                 \
	X("gitlab-token", "cloud token", "high", 0, "glpat-[0-9A-Za-z_-]{20}")                                         \
	X("slack-token", "cloud token", "high", 0, "xox[abprs]-[0-9]{9,13}-[0-9A-Za-z-]{20,70}")                       \
	X("stripe-key", "api key", "high", 0, "[sr]k_live_[0-9A-Za-z]{24,34}")                                         \
	X("sendgrid-key", "api key", "high", 0, "SG\\.[0-9A-Za-z_-]{22}\\.[0-9A-Za-z_-]{43}")                          \
	X("alibaba-access-key", "cloud token", "high", 0, "LTAI[45][0-9A-Za-z]{19}")                                   \
	X("tencent-secret-id", "cloud token", "high", 0, "AKID[0-9A-Za-z]{32}")                                        \
	X("azure-account-key", "cloud token", "high", 1, "AccountKey=([0-9A-Za-z+/]{86}==)")                           \
	X("azure-shared-key", "cloud token", "high", 1, "SharedAccessKey=([0-9A-Za-z+/]{43}=)")                        \
	X("json-web-token", "api key", "medium", 0,                                                                    \
	  "eyJ[0-9A-Za-z_-]{10,200}\\.eyJ[0-9A-Za-z_-]{10,200}\\.[0-9A-Za-z_-]{20,200}")                               \
	X("url-credentials", "password", "high", 2,                                                                    \
	  "(?:https?|ftps?|sftp|mqtts?|rtsp|smb|ssh|wss?|mysql|postgres(?:ql)?|mongodb|redis|amqp)://"                 \
	  "([0-9A-Za-z._-]{1,40}):([^\\s:/@\"'<>]{3,64})@[0-9A-Za-z.-]{3,80}")                                          \
	X("basic-authorization", "password", "high", 1, "Basic ([0-9A-Za-z+/]{8,88}={0,2})")                            \
	X("default-setting", "password", "medium", 2,                                                                  \
	  "\\x00((?:http|login|admin|root|sys|user|web|telnet|ftp|wl[0-9_.]{0,4}|wpa|wifi|pppoe|mqtt|ddns|smtp)"        \
	  "[0-9A-Za-z_]{0,20}(?:passwd|password|pwd|psk|passphrase))=([!-~]{4,64})\\x00")                              \
	X("password-hash", "password hash", "high", 0, "\\$1\\$[0-9A-Za-z./]{0,8}\\$[0-9A-Za-z./]{22}")                \
	X("password-hash", "password hash", "high", 0, "\\$5\\$[0-9A-Za-z./]{1,16}\\$[0-9A-Za-z./]{43}")               \
	X("password-hash", "password hash", "high", 0, "\\$6\\$[0-9A-Za-z./]{1,16}\\$[0-9A-Za-z./]{86}")

#define AS_PATTERN(rule, kind, confidence, group, expression) { expression, 0 },
#define AS_RULE(rule, kind, confidence, group, expression) { rule, kind, confidence, group },

const struct pattern secret_token_patterns[] = { TOKEN_RULES(AS_PATTERN) };
static const struct token_rule rules[] = { TOKEN_RULES(AS_RULE) };
_Static_assert(sizeof rules / sizeof *rules == SECRET_TOKEN_COUNT, "a rule for each pattern");

static bool is_token_byte(uint8_t c)
{
	return is_alnum(c) || c == '_' || c == '/' || c == '+' || c == '.';
}

/* A token stands alone: within a longer run of letters it is chance, as in Base64 of something else. */
static bool stands_alone(struct span bytes, const struct pattern_match *match)
{
	uint64_t end = match->offset + match->groups[0].size;
	bool before = match->offset > 0 && is_token_byte(span_byte(bytes, match->offset - 1));
	uint8_t next = span_byte(bytes, end);
	return !before && !(is_alnum(next) || next == '_' || next == '/' || next == '+');
}

/* Issuers' documentation shows keys that say so. */
static bool is_example(struct span value)
{
	return contains_caseless(value, "example") || contains_caseless(value, "xxx");
}

/* http://user:password@host: what a manual or a comment writes. */
static bool is_grammar(struct span user, struct span password)
{
	static const char *const users[] = { "user", "username", "name", "login", "you", "me", "myuser", "someuser", NULL };
	static const char *const passwords[] = { "password", "passwd", "pass", "pw", "pwd", "secret", "mypassword", NULL };
	return is_one_of(user, users) && is_one_of(password, passwords);
}

/* "user:password" behind Base64, as RFC 7617 writes it; false where it decodes to something else. */
static bool open_basic(struct inspection *file, struct secret_found *found)
{
	struct span text = found->value.size % 4 == 0 ? base64_decode(file->scratch, found->value) : SPAN_NONE;
	size_t colon = span_find_byte(text, ':', 0);
	if (text.size == 0 || colon == SPAN_NOT_FOUND || colon == 0)
		return false;
	found->name = span_slice(text, 0, colon);
	found->value = span_from(text, colon + 1);
	for (size_t i = 0; i < text.size && effort_at(i); i++)
		if (span_byte(text, i) <= ' ' || span_byte(text, i) >= 0x7f)
			return false;
	return secret_is_value(found->value);
}

/* Account files have their own reader; a C library tests its crypt() with hashes of its own. */
static bool explains_hashes(const struct inspection *file)
{
	static const char *const libraries[] = { "libc.", "libc-", "libcrypt", "ld-musl", "libuClibc", "libpam", "libperl", NULL };
	for (size_t i = 0; libraries[i]; i++)
		if (span_starts_text(file->name, libraries[i]))
			return true;
	return contains_caseless(file->name, "passwd") || contains_caseless(file->name, "shadow");
}

static struct span cracked(struct inspection *file, struct span hash)
{
	struct password_work work;
	password_work_init(&work, file->scratch);
	struct password password = password_judge(&work, SPAN_LITERAL("root"), hash);
	return password.cracked;
}

static void state_hash(struct inspection *file, struct secret_found *found)
{
	struct span password = cracked(file, found->value);
	if (password.data && password.size > 0) {
		found->name = SPAN_LITERAL("hash of a known password");
		found->value = password;
	}
	secret_state(file, found);
}

void secrets_tokens(struct inspection *file)
{
	uint64_t last = 0;
	for (size_t i = 0; i < file->hit_count; i++) {
		struct pattern_match match;
		if (file->hits[i].pattern >= SECRET_TOKEN_COUNT || !inspection_capture(file, &file->hits[i], &match))
			continue;
		const struct token_rule *rule = &rules[file->hits[i].pattern];
		bool url = span_equal_text(span_of_text(rule->rule), "url-credentials");
		bool hash = span_equal_text(span_of_text(rule->kind), "password hash");
		bool basic = span_equal_text(span_of_text(rule->rule), "basic-authorization");
		bool setting = span_equal_text(span_of_text(rule->rule), "default-setting");
		struct span value = match.groups[rule->group];
		/* Growing matches report each end. */
		if ((match.offset == last && i > 0) || (!url && !setting && !stands_alone(file->bytes, &match)))
			continue;
		if (((url || setting) && !secret_is_value(value)) || (hash && explains_hashes(file)))
			continue;
		last = match.offset;
		struct secret_found found = { match.offset, rule->kind, rule->rule, rule->confidence, SPAN_NONE, value,
					      is_example(match.groups[0]) };
		if (url || setting)
			found.name = match.groups[1];
		found.placeholder = found.placeholder || (url && is_grammar(found.name, value));
		if (basic && !open_basic(file, &found))
			continue;
		if (hash)
			state_hash(file, &found);
		else
			secret_state(file, &found);
	}
}
