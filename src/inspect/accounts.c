/*
 * User accounts: passwd(5), shadow(5), master.passwd and smbpasswd(5), also their
 * templates and backups in any folder. A line counts by its form, never by the
 * file's name alone.
 */
#include "evidence/query.h"

#include "base/effort.h"
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/password.h"
#include "inspect/registry.h"

enum { FIELDS_MAX = 10, PASSWD_FIELDS = 7, SHADOW_FIELDS = 9, MASTER_FIELDS = 10, HASH_HEX = 32 };

struct account_line {
	struct span fields[FIELDS_MAX];
	size_t count;
};

static bool split(struct span line, struct account_line *out)
{
	*out = (struct account_line){ .count = 0 };
	for (;;) {
		size_t end = span_find_byte(line, ':', 0);
		if (out->count == FIELDS_MAX)
			return false;
		out->fields[out->count++] = span_slice(line, 0, end == SPAN_NOT_FOUND ? line.size : end);
		if (end == SPAN_NOT_FOUND)
			return true;
		line = span_from(line, end + 1);
	}
}

static bool is_login_name(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++) {
		uint8_t c = span_byte(s, i);
		if (!is_alnum(c) && c != '_' && c != '.' && c != '-' && c != '$' && c != '@')
			return false;
	}
	return s.size > 0 && s.size <= 64 && span_byte(s, 0) != '-' && span_byte(s, 0) != '$';
}

static bool is_number(struct span s)
{
	uint64_t value;
	return span_to_number(s, UINT32_MAX, &value);
}

static bool is_passwd_line(const struct account_line *line)
{
	struct span shell = line->fields[PASSWD_FIELDS - 1];
	return line->count == PASSWD_FIELDS && is_number(line->fields[2]) && is_number(line->fields[3]) &&
	       (shell.size == 0 || span_byte(shell, 0) == '/');
}

static bool is_master_line(const struct account_line *line)
{
	return line->count == MASTER_FIELDS && is_number(line->fields[2]) && is_number(line->fields[3]) &&
	       is_number(line->fields[5]) && is_number(line->fields[6]);
}

/* Whatever it is called: the kernel asks for the number alone, and an odd name hides well. */
static bool is_administrator(const struct account_line *line)
{
	uint64_t uid = 1;
	return (is_passwd_line(line) || is_master_line(line)) && span_to_number(line->fields[2], UINT32_MAX, &uid) && uid == 0;
}

/* Vendors leave trailing fields out; then only a hash or a lock tells a shadow line from any "name:word". */
static bool is_shadow_line(const struct account_line *line)
{
	if (line->count < 2 || line->count > SHADOW_FIELDS)
		return false;
	for (size_t i = 2; i < line->count; i++)
		if (line->fields[i].size > 0 && !is_number(line->fields[i]))
			return false;
	return line->count == SHADOW_FIELDS || password_scheme(line->fields[1]) != NULL;
}

static bool is_hexadecimal(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++)
		if (hex_digit(span_byte(s, i)) < 0)
			return false;
	return true;
}

/* name:uid:LM:NT:[flags]:LCT-time: */
static bool is_samba_line(const struct account_line *line)
{
	return line->count >= 5 && is_number(line->fields[1]) && line->fields[3].size == HASH_HEX &&
	       span_byte(line->fields[4], 0) == '[';
}

static bool shell_logs_in(struct span shell)
{
	static const char *const closed[] = { "nologin", "false", "true", "sync", "halt", "shutdown", "null",
					      "noshell", NULL };
	return shell.size == 0 || !is_one_of(span_basename(shell), closed);
}

struct account_store {
	bool told; /* that a line was not understood */
	struct inspection *file;
	struct password_work work;
};

static struct fact *account_new(struct account_store *store, int64_t line, struct span name, struct password password,
				const char *kind)
{
	struct facts *facts = store->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_ACCOUNT);
	fact_integer(fact, ACCOUNT_LINE, line);
	fact_text(facts, fact, ACCOUNT_NAME, name);
	fact_word(facts, fact, ACCOUNT_PASSWORD, password.state);
	fact_word(facts, fact, ACCOUNT_SCHEME, password.scheme);
	if (password.cracked.data)
		fact_text(facts, fact, ACCOUNT_CRACKED, password.cracked);
	fact_word(facts, fact, ACCOUNT_STORE, kind);
	return fact;
}

static void state_passwd(struct account_store *store, int64_t number, const struct account_line *line)
{
	bool master = line->count == MASTER_FIELDS;
	struct span field = line->fields[1];
	struct password password = { .state = "shadow" };
	if (!span_equal_text(field, "x"))
		password = password_judge(&store->work, line->fields[0], field);
	struct fact *fact = account_new(store, number, line->fields[0], password, "passwd");
	struct span home = line->fields[master ? 8 : 5], shell = line->fields[master ? 9 : 6];
	uint64_t uid = 0;
	if (span_to_number(line->fields[2], UINT32_MAX, &uid))
		fact_integer(fact, ACCOUNT_UID, (int64_t)uid);
	fact_text(store->file->facts, fact, ACCOUNT_HOME, home);
	fact_text(store->file->facts, fact, ACCOUNT_SHELL, shell);
	fact_integer(fact, ACCOUNT_CAN_LOGIN, shell_logs_in(shell));
}

/* As crypt(5) writes it: "$3$$" and small hexadecimal letters. */
static struct span nt_hash(struct arena *arena, struct span digits)
{
	char *text = arena_text(arena, digits);
	for (char *c = text; c && *c; c++)
		*c = (char)(*c | 0x20);
	return arena_format(arena, "$3$$%s", text ? text : "");
}

static void state_samba(struct account_store *store, int64_t number, const struct account_line *line)
{
	struct span nt = line->fields[3];
	struct password password = { .state = "locked" };
	if (span_find_byte(line->fields[4], 'N', 0) != SPAN_NOT_FOUND)
		password.state = "empty";
	else if (is_hexadecimal(nt)) {
		password = password_judge(&store->work, line->fields[0], nt_hash(store->file->scratch, nt));
	}
	account_new(store, number, line->fields[0], password, "samba");
}

/* In the files that decide who may log in, a line of no known form may let someone in. */
static void not_understood(struct account_store *store, uint64_t offset)
{
	const struct inspection *file = store->file;
	bool decides = span_equal_text(file->path, "/etc/passwd") || span_equal_text(file->path, "/etc/shadow");
	if (decides && !store->told)
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_UNSUPPORTED, "accounts.line", offset, NOTE_NO_AMOUNT,
				 "a line of %.*s is no account in a form that is known", SPAN_FORMAT(file->path));
	store->told |= decides;
}

static void inspect(struct inspection *file)
{
	struct account_store store = { .file = file };
	password_work_init(&store.work, file->scratch);
	struct lines lines = lines_over(file->bytes);
	struct span text;
	struct account_line line;
	while (lines_next(&lines, &text)) {
		if (text.size == 0 || span_byte(text, 0) == '#')
			continue;
		if (!split(text, &line) || (!is_login_name(line.fields[0]) && !is_administrator(&line)))
			not_understood(&store, lines.offset);
		else if (is_passwd_line(&line) || is_master_line(&line))
			state_passwd(&store, lines.number, &line);
		else if (is_samba_line(&line))
			state_samba(&store, lines.number, &line);
		else if (is_shadow_line(&line))
			account_new(&store, lines.number, line.fields[0],
				    password_judge(&store.work, line.fields[0], line.fields[1]), "shadow");
		else
			not_understood(&store, lines.offset);
	}
}

/* passwd, shadow-, passwd.default, default_shadow, master.passwd, smbpasswd: not the web servers' own. */
static bool wants(const struct inspection *file)
{
	struct span name = file->name;
	/* A copy counts where nothing else is there: scripts put it in place at boot (the table login decides). */
	bool copy = kind_may_be_lines(file->kind) && span_equal_text(file->role, "backup");
	if (!inspection_is_live_lines(file) && !copy)
		return false;
	return (contains_caseless(name, "passwd") || contains_caseless(name, "shadow")) &&
	       !contains_caseless(name, "htpasswd") && !contains_caseless(name, "gshadow");
}

/* Many devices write passwd anew at each boot: then the image does not tell who may log in. */
static const char made_at_boot[] =
	"INSERT INTO note (severity, code, message, path) SELECT 'info', 'accounts.made-at-boot',"
	" path || ' leads to ' || target || ', which is made at boot: the image does not tell its accounts', path"
	" FROM file l WHERE type = 'link' AND path IN ('/etc/passwd', '/etc/shadow')"
	" AND NOT EXISTS (SELECT 1 FROM account a JOIN file f ON f.id = a.file WHERE f.volume = l.volume"
	" AND a.store IN ('passwd', 'shadow'))"
	" AND NOT EXISTS (SELECT 1 FROM file t WHERE t.volume = l.volume AND t.type = 'file'"
	" AND t.path = '/' || ltrim(l.target, './'))";

/* Home, shell and user id of a shadow line stand in the passwd file beside it. */
static enum outcome conclude(struct evidence *evidence)
{
	TRY(query_run(evidence_database(evidence), made_at_boot));
	return query_run(evidence_database(evidence),
			 "WITH pair AS ("
			 " SELECT s.rowid AS row, p.uid AS uid, p.home AS home, p.shell AS shell, p.can_login AS can_login"
			 " FROM account s JOIN file sf ON sf.id = s.file"
			 " JOIN file pf ON pf.volume = sf.volume AND pf.path = replace(sf.path, 'shadow', 'passwd')"
			 " JOIN account p ON p.file = pf.id AND p.name = s.name AND p.store = 'passwd'"
			 " WHERE s.store = 'shadow' GROUP BY s.rowid HAVING p.line = min(p.line))"
			 "UPDATE account SET uid = pair.uid, home = pair.home, shell = pair.shell,"
			 " can_login = pair.can_login FROM pair WHERE pair.row = account.rowid");
}

const struct inspector inspector_accounts = {
	.name = "accounts",
	.wants = wants,
	.inspect = inspect,
	.conclude = conclude,
};
