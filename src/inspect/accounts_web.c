/*
 * User files of web servers and their kin: htpasswd and htdigest (Apache, lighttpd,
 * nginx, mosquitto's own is not crypt), the "/path:user:password" lines of BusyBox
 * httpd.conf, and the logins of OpenWrt's rpcd.
 */
#include "inspect/inspector.h"

#include "base/effort.h"
#include "inspect/lines.h"
#include "inspect/password.h"
#include "inspect/registry.h"

enum { DIGEST_SIZE = 32, NAME_LIMIT = 64, PASSWORD_LIMIT = 128 };

struct web_accounts {
	struct inspection *file;
	struct password_work work;
};

static bool is_user_name(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++) {
		uint8_t c = span_byte(s, i);
		if (!is_alnum(c) && c != '_' && c != '.' && c != '-' && c != '@')
			return false;
	}
	return s.size > 0 && s.size <= NAME_LIMIT;
}

static bool is_plain_password(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++)
		if (span_byte(s, i) <= ' ' || span_byte(s, i) >= 0x7f)
			return false;
	return s.size <= PASSWORD_LIMIT;
}

static void state(struct web_accounts *web, int64_t line, struct span name, struct password password, const char *store)
{
	struct facts *facts = web->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_ACCOUNT);
	fact_integer(fact, ACCOUNT_LINE, line);
	fact_text(facts, fact, ACCOUNT_NAME, name);
	fact_word(facts, fact, ACCOUNT_PASSWORD, password.state);
	fact_word(facts, fact, ACCOUNT_SCHEME, password.scheme);
	if (password.cracked.data)
		fact_text(facts, fact, ACCOUNT_CRACKED, password.cracked);
	fact_word(facts, fact, ACCOUNT_STORE, store);
}

/* A word that is no hash stands in clear: the password is known. */
static struct password judge_or_plain(struct web_accounts *web, struct span user, struct span field)
{
	if (field.size > 0 && !password_scheme(field))
		return (struct password){ "hash", "plain", field };
	return password_judge(&web->work, user, field);
}

static bool is_digest(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++) {
		uint8_t c = span_byte(s, i) | 0x20;
		if (!is_digit(span_byte(s, i)) && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return s.size == DIGEST_SIZE;
}

/* user:hash, user:password in clear (lighttpd's plain backend), or user:realm:digest. */
static void inspect_users(struct web_accounts *web, bool plain)
{
	struct lines lines = lines_over(web->file->bytes);
	struct span line, user, second, third = SPAN_NONE;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_field(&rest, ':', &user) || !is_user_name(user) || rest.size == 0)
			continue;
		size_t colon = span_find_byte(rest, ':', 0);
		second = span_slice(rest, 0, colon == SPAN_NOT_FOUND ? rest.size : colon);
		third = colon == SPAN_NOT_FOUND ? SPAN_NONE : span_from(rest, colon + 1);
		if (is_digest(third))
			state(web, lines.number, user, password_judge_digest(&web->work, user, second, third), "htdigest");
		else if (password_scheme(second))
			state(web, lines.number, user, password_judge(&web->work, user, second), "htpasswd");
		else if (plain && third.size == 0 && is_plain_password(second))
			state(web, lines.number, user, judge_or_plain(web, user, second), "htpasswd");
	}
}

/* BusyBox httpd: "/cgi-bin:user:password", the password in clear or crypted. */
static void inspect_busybox(struct web_accounts *web)
{
	struct lines lines = lines_over(web->file->bytes);
	struct span line, path, user;
	while (lines_next_setting(&lines, &line)) {
		if (span_byte(line, 0) != '/')
			continue;
		struct span rest = line;
		if (!span_next_field(&rest, ':', &path) || !span_next_field(&rest, ':', &user) || !is_user_name(user) ||
		    !is_plain_password(rest))
			continue;
		state(web, lines.number, user, judge_or_plain(web, user, rest), "httpd");
	}
}

/* "$p$root" means the system's own password; "!" or "*" none; anything else is crypted or plain. */
static void state_rpcd(struct web_accounts *web, int64_t line, struct span user, struct span password)
{
	if (span_starts_text(password, "$p$"))
		state(web, line, user, (struct password){ .state = "shadow" }, "uci");
	else
		state(web, line, user, judge_or_plain(web, user, password), "uci");
}

static void inspect_rpcd(struct web_accounts *web)
{
	struct lines lines = lines_over(web->file->bytes);
	struct span line, word, name, user = SPAN_NONE;
	bool login = false;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		if (span_equal_text(word, "config")) {
			login = span_next_word(&rest, &name) && span_equal_text(unquoted(name), "login");
			user = SPAN_NONE;
			continue;
		}
		if (!login || !span_equal_text(word, "option") || !span_next_word(&rest, &name))
			continue;
		struct span value = unquoted(span_trim(rest));
		if (span_equal_text(name, "username"))
			user = value;
		else if (span_equal_text(name, "password") && user.size > 0)
			state_rpcd(web, lines.number, user, value);
	}
}

static bool is_user_list(struct span name)
{
	return contains_caseless(name, "htpasswd") || contains_caseless(name, "htdigest") ||
	       span_equal_text(name, "lighttpd.user") || span_equal_text(name, "boa.passwd");
}

static bool is_plain_list(struct span name)
{
	return span_equal_text(name, "lighttpd-plain.user") || span_equal_text(name, "lighttpd_plain.user");
}

static bool is_busybox_httpd(struct span name)
{
	return span_equal_text(name, "httpd.conf");
}

static bool is_rpcd(const struct inspection *file)
{
	return span_ends_text(file->path, "/etc/config/rpcd");
}

static bool wants(const struct inspection *file)
{
	if (!inspection_is_live_lines(file))
		return false;
	return is_user_list(file->name) || is_plain_list(file->name) || is_busybox_httpd(file->name) || is_rpcd(file);
}

static void inspect(struct inspection *file)
{
	struct web_accounts web = { .file = file };
	password_work_init(&web.work, file->scratch);
	if (is_rpcd(file))
		inspect_rpcd(&web);
	else if (is_busybox_httpd(file->name))
		inspect_busybox(&web);
	else
		inspect_users(&web, is_plain_list(file->name));
}

const struct inspector inspector_accounts_web = {
	.name = "accounts-web",
	.wants = wants,
	.inspect = inspect,
};
