#include "inspect/secret_value.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "inspect/lines.h"
#include "inspect/password.h"

enum { VALUE_LEAST = 4, VALUE_LIMIT = 256 };

/* Bytes of expressions, templates and masks: what a program fills in is not in the image. */
static bool has_computed_part(struct span value)
{
	static const char parts[] = "$`%<>{}()[];\\*\"'|\t";
	for (size_t i = 0; i < value.size && effort_at(i); i++) {
		uint8_t c = span_byte(value, i);
		if (c <= ' ' || c >= 0x7f || strchr(parts, c))
			return true;
	}
	return false;
}

static bool is_one_byte_repeated(struct span value)
{
	for (size_t i = 1; i < value.size && effort_at(i); i++)
		if (span_byte(value, i) != span_byte(value, 0))
			return false;
	return true;
}

/* What data/inspect/placeholders.tsv says of a value: "word", "whole", "part"; the empty span for a real one. */
static struct span standing_of(struct span value)
{
	struct lines lines = lines_over(embedded("inspect/placeholders.tsv"));
	struct span line, how;
	while (lines_next(&lines, &line)) {
		struct span words = line;
		if (span_byte(line, 0) == '#' || !span_next_field(&words, '\t', &how) || words.size == 0)
			continue;
		bool part = span_equal_text(how, "part");
		if (part ? contains_span_caseless(value, words) : equal_span_caseless(value, words))
			return how;
	}
	return SPAN_NONE;
}

/* "88888888" is what vendors ship, "xxxxxxxx" and "00000000" what stands for a key. */
static bool is_filler(struct span value)
{
	uint8_t c = span_byte(value, 0);
	return is_one_byte_repeated(value) && (!is_digit(c) || c == '0' || !password_is_common(value));
}

bool secret_is_placeholder(struct span value)
{
	return is_filler(value) || standing_of(value).size > 0;
}

bool secret_is_value(struct span value)
{
	if (value.size < VALUE_LEAST || value.size > VALUE_LIMIT || has_computed_part(value))
		return false;
	if (span_byte(value, 0) == '/' || span_starts_text(value, "./") || span_starts_text(value, "--"))
		return false;
	/* "Password:" is a label. */
	if (span_byte(value, value.size - 1) == ':')
		return false;
	/* ~passphrase~, @KEY@, __PSK__: filled in when the device is made or set up. */
	uint8_t first = span_byte(value, 0);
	if (!is_alnum(first) && first == span_byte(value, value.size - 1))
		return false;
	return !span_equal_text(standing_of(value), "word");
}

/* Endings of names, small letters without '_' and '-'. */
static const struct {
	const char *ending, *kind;
} name_endings[] = {
	{ "wpapassphrase", "wifi key" }, { "wpapsk", "wifi key" },	 { "saepassword", "wifi key" }, { "psk", "wifi key" },
	{ "password", "password" },	 { "passwd", "password" },	 { "passphrase", "password" },	{ "userpass", "password" },
	{ "passwort", "password" },	 { "rootpass", "password" },	 { "adminpass", "password" },	{ "pwd", "password" },
	{ "httppass", "password" },	 { "webpass", "password" },	 { "ftppass", "password" },	{ "smtppass", "password" },
	{ "mqttpass", "password" },	 { "rtsppass", "password" },	 { "telnetpass", "password" },	{ "wifipass", "wifi key" },
	{ "pppoepass", "password" },	 { "accesskeysecret", "api key" }, { "devicesecret", "api key" },
	{ "productsecret", "api key" },	 { "adminpw", "password" },	 { "rootpw", "password" },	{ "userpw", "password" },
	{ "loginpass", "password" },	 { "clientsecret", "api key" },	 { "apisecret", "api key" },	{ "appsecret", "api key" },
	{ "secretkey", "api key" },	 { "apikey", "api key" },	 { "accesskey", "api key" },	{ "authtoken", "api key" },
	{ "accesstoken", "api key" },	 { "privatetoken", "api key" },	 { "secret", "password" },	{ "token", "token" },
};

/* Names that end alike and hold no secret. */
static bool is_other_name(struct span name)
{
	static const char *const other[] = { "PWD", "OLDPWD", "old_pwd", "CWD", NULL };
	return is_one_of(name, other);
}

bool secret_is_name(struct span name, const char **kind)
{
	enum { NAME_LIMIT = 64 };
	uint8_t small[NAME_LIMIT];
	size_t size = 0;
	if (name.size > NAME_LIMIT || is_other_name(name))
		return false;
	while (name.size > 0 && is_digit(span_byte(name, name.size - 1)))
		name.size--;
	for (size_t i = 0; i < name.size && effort_at(i); i++) {
		uint8_t c = span_byte(name, i);
		if (is_letter(c))
			c |= 0x20;
		if (c != '_' && c != '-')
			small[size++] = c;
	}
	if (span_equal_text(span_of(small, size), "pass")) {
		*kind = "password";
		return true;
	}
	for (size_t i = 0; i < sizeof name_endings / sizeof *name_endings; i++)
		if (span_ends_text(span_of(small, size), name_endings[i].ending)) {
			*kind = name_endings[i].kind;
			return true;
		}
	return false;
}

/* Modules of a language's own library or of others' packages show how they are used. */
static bool is_library(struct span path)
{
	static const char *const folders[] = { "/dist-packages/", "/site-packages/", "/node_modules/", "/share/perl",
					       "/lib/python3", NULL };
	for (const char *const *folder = folders; *folder; folder++)
		if (span_find_text(path, *folder, 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* What stands in a copy, a sample or a package in a cache is not surely what the device uses. */
static const char *confidence_in(const struct inspection *file, const char *confidence)
{
	bool high = strcmp(confidence, "high") == 0;
	if (file->role.size == 0 && !is_library(file->path))
		return confidence;
	if (file->role.size == 0 || span_equal_text(file->role, "backup"))
		return high ? "medium" : "low";
	return "low";
}

void secret_state(struct inspection *file, const struct secret_found *found)
{
	struct facts *facts = file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_SECRET);
	if (kind_is_text(file->kind))
		fact_integer(fact, SECRET_LINE, inspection_line(file->lines, file->bytes, found->offset));
	fact_integer(fact, SECRET_OFFSET, (int64_t)found->offset);
	fact_word(facts, fact, SECRET_KIND, found->kind);
	fact_word(facts, fact, SECRET_RULE, found->rule);
	if (found->name.size > 0)
		fact_text(facts, fact, SECRET_NAME, found->name);
	fact_text(facts, fact, SECRET_EXCERPT, found->value); /* secrets_mask() hides it */
	fact_word(facts, fact, SECRET_CONFIDENCE, confidence_in(file, found->confidence));
	fact_integer(fact, SECRET_PLACEHOLDER, found->placeholder || secret_is_placeholder(found->value));
}
