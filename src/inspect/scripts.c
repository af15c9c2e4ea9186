/*
 * What a script does that a requirement forbids, stated as settings: certificates left
 * unchecked, code run from removable storage, requests evaluated as commands, short
 * keys made, Telnet kept open until a password is set. Options as in the manuals of
 * curl(1), wget(1), openssl-genrsa(1) and openssl-req(1).
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/shell.h"

enum { VALUE_MAX = 200 };

static void state(struct inspection *file, int64_t line, struct span subject, struct span name, struct span value)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_text(file->facts, fact, SETTING_SUBJECT, subject);
	fact_text(file->facts, fact, SETTING_NAME, name);
	fact_text(file->facts, fact, SETTING_VALUE, span_slice(span_trim(value), 0, VALUE_MAX));
}

static bool contains(struct span text, const char *words)
{
	return span_find_text(text, words, 0) != SPAN_NOT_FOUND;
}

/* "-sk": a cluster of flags that take no value, with k among them. */
static bool is_insecure_cluster(struct span option)
{
	static const char flags[] = "fgijklqsvaGLSNORI#0123";
	if (option.size < 2 || span_byte(option, 0) != '-' || span_byte(option, 1) == '-')
		return false;
	for (size_t i = 1; i < option.size; i++)
		if (!memchr(flags, span_byte(option, i), sizeof flags - 1))
			return false;
	return span_find_byte(option, 'k', 1) != SPAN_NOT_FOUND;
}

static bool is_insecure(struct span program, struct span option)
{
	if (span_equal_text(program, "curl"))
		return span_equal_text(option, "--insecure") || is_insecure_cluster(option);
	return span_equal_text(option, "--no-check-certificate");
}

/* Where the other side can only be this device or its neighbour, no certificate can name it. */
static bool is_remote(struct span text)
{
	static const char *const near[] = { "https://127.", "https://localhost", "https://[::1]", "https://192.168.",
					    "https://10.", NULL };
	for (size_t i = 0; near[i]; i++)
		if (contains(text, near[i]))
			return false;
	return contains(text, "https://");
}

/* The words that name where it goes. */
static struct span destination(const struct shell_command *command)
{
	for (size_t i = 1; i < command->count; i++)
		if (is_remote(command->words[i]))
			return command->words[i];
	return SPAN_NONE;
}

static void see_download(struct inspection *file, const struct shell_command *command, struct span program)
{
	static const char *const downloaders[] = { "curl", "wget", "uclient-fetch", NULL };
	if (!is_one_of(program, downloaders))
		return;
	struct span where = destination(command);
	for (size_t i = 1; where.size > 0 && i < command->count; i++)
		if (is_insecure(program, command->words[i])) {
			state(file, command->line, program,
			      span_equal_text(program, "curl") ? SPAN_LITERAL("--insecure") : command->words[i], where);
			return;
		}
}

/* Clients whose options name the host apart from the option that leaves the certificate unchecked. */
static void see_client(struct inspection *file, const struct shell_command *command, struct span program)
{
	static const struct {
		const char *program, *option;
	} clients[] = { { "mosquitto_pub", "--insecure" },
			{ "mosquitto_sub", "--insecure" },
			{ "aria2c", "--check-certificate=false" },
			{ "lftp", "verify-certificate no" }, { "git", "http.sslVerify=false" } };
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		if (span_equal_text(program, clients[i].program) && contains(command->text, clients[i].option) &&
		    !contains(command->text, "127.0.0.1") && !contains(command->text, "localhost"))
			state(file, command->line, program, span_of_text("--insecure"), command->text);
}

/* A path below a mount point of cards, sticks and network shares; the folder may be what hot-plug gives. */
static bool is_on_removable(struct span path)
{
	static const char *const points[] = { "/mnt/sd",   "/mnt/mmc",	 "/mnt/usb",   "/mnt/udisk", "/mnt/disk",
					      "/mnt/nfs",  "/media/sd",	 "/media/mmc", "/media/usb", "/media/udisk",
					      "/mnt/$",    "/media/$",   "/tmp/mnt/",  "/tmp/usb/", "/tmp/sdcard/", "/sdcard/",
					      "/udisk/", "/run/media/", "/var/usb", "/tmp/sd/", "/mnt/SD", "/mnt/card", NULL };
	for (size_t i = 0; points[i]; i++) {
		struct span rest = span_from(path, strlen(points[i]));
		size_t slash = points[i][strlen(points[i]) - 1] == '/' ? 0 : span_find_byte(rest, '/', 0);
		if (span_starts_text(path, points[i]) && slash != SPAN_NOT_FOUND && slash + 1 < rest.size)
			return true;
	}
	return false;
}

/* "for s in /mnt/sdcard/x.sh": the variable stands for what lies there. The first such loop is followed. */
static struct span removable_loop(struct span text)
{
	struct lines lines = lines_over(text);
	struct span line, word, name, in;
	while (lines_next(&lines, &line)) {
		if (!span_next_word(&line, &word) || !span_equal_text(word, "for") || !span_next_word(&line, &name) ||
		    !span_next_word(&line, &in) || !span_equal_text(in, "in"))
			continue;
		while (span_next_word(&line, &word))
			if (is_on_removable(word))
				return name;
	}
	return SPAN_NONE;
}

static bool names_variable(struct span word, struct span variable)
{
	struct span name = span_byte(word, 0) == '$' ? span_from(word, 1) : SPAN_NONE;
	if (span_byte(name, 0) == '{' && span_byte(name, name.size - 1) == '}')
		name = span_slice(name, 1, name.size - 2);
	return variable.size > 0 && span_equal(name, variable);
}

/* "mount /dev/$MDEV /mnt": where the script puts a stick or a card; else where it put the last one. */
static struct span mount_point(const struct shell_command *command, struct span program, struct span last)
{
	static const char *const devices[] = { "/dev/sd", "/dev/$MDEV", "/dev/$DEVNAME", "$DEVNAME", "/dev/${MDEV}", NULL };
	struct span point = SPAN_NONE;
	bool removable = false;
	for (size_t i = 1; span_equal_text(program, "mount") && i < command->count; i++) {
		for (size_t j = 0; devices[j]; j++)
			removable |= span_starts_text(command->words[i], devices[j]);
		if (removable && span_byte(command->words[i], 0) == '/')
			point = command->words[i];
	}
	return point.size > 1 && !span_starts_text(point, "/dev/") ? point : last;
}

static void see_removable(struct inspection *file, const struct shell_command *command, struct span program,
			  struct span variable, struct span mounted)
{
	static const char *const runners[] = { "sh", "ash", "bash", ".", "source", "exec", "insmod", "nohup", "lua", NULL };
	struct span run = command->words[0];
	for (size_t i = 1; is_one_of(program, runners) && i < command->count; i++)
		if (span_byte(command->words[i], 0) != '-') {
			run = command->words[i];
			break;
		}
	bool below = mounted.size > 0 && span_starts(run, mounted) && span_byte(run, mounted.size) == '/';
	if (is_on_removable(run) || names_variable(run, variable) || below)
		state(file, command->line, SPAN_LITERAL("removable storage"), SPAN_LITERAL("runs"), run);
}

/* The installer that a command calls, itself or through a wrapper; empty where it calls none. */
static struct span installer_of(const struct shell_command *command)
{
	static const char *const installers[] = { "sysupgrade", "flashcp", "nandwrite", "fwupgrade", "mtd_write", NULL };
	static const char *const talkers[] = { "echo", "logger", "printf", "killall", "pidof", "which", "rm", NULL };
	struct span first = span_basename(command->words[0]);
	if (is_one_of(first, talkers))
		return SPAN_NONE;
	if (command->count > 1 && ((span_equal_text(first, "mtd") && span_equal_text(command->words[1], "write")) ||
				   (span_equal_text(first, "opkg") && span_equal_text(command->words[1], "install"))))
		return first;
	for (size_t i = 0; i < command->count; i++)
		if (is_one_of(span_basename(command->words[i]), installers))
			return span_basename(command->words[i]);
	return SPAN_NONE;
}

/* A script that installs, and keeps names of places on removable storage: what lies in one of them may be what it installs. */
static void state_install(struct inspection *file, const struct shell *shell, struct span installer, int64_t line)
{
	enum { PLACES_NAMED = 4 };
	struct span places = SPAN_NONE;
	for (size_t i = 0, count = 0; installer.size > 0 && i < shell->variable_count && count < PLACES_NAMED; i++)
		if (is_on_removable(shell->variables[i].value))
			places = arena_format(file->scratch, "%.*s%s%.*s", SPAN_FORMAT(places), count++ > 0 ? ", " : "",
					      SPAN_FORMAT(shell->variables[i].value));
	if (places.size > 0)
		state(file, line, SPAN_LITERAL("removable storage"),
		      arena_format(file->scratch, "installs with %.*s", SPAN_FORMAT(installer)), places);
}

static void see_evaluation(struct inspection *file, const struct shell_command *command, struct span program)
{
	bool from_request = contains(command->text, "QUERY_STRING") || contains(command->text, "REQUEST_URI") ||
			    contains(command->text, "HTTP_COOKIE") || contains(command->text, "HTTP_USER_AGENT");
	if (span_equal_text(program, "eval") && from_request)
		state(file, command->line, SPAN_LITERAL("cgi"), SPAN_LITERAL("eval"), command->text);
}

/* openssl genrsa … 1024; openssl req -newkey rsa:512; openssl dsaparam, dhparam … 1024 */
static void see_key(struct inspection *file, const struct shell_command *command, struct span program)
{
	static const char *const makers[] = { "genrsa", "dsaparam", "dhparam", NULL };
	if (!span_equal_text(program, "openssl") || command->count < 3)
		return;
	bool maker = is_one_of(command->words[1], makers);
	uint64_t bits = 0, number;
	for (size_t i = 2; i < command->count; i++) {
		struct span word = command->words[i];
		bool sized = span_starts_text(word, "rsa:") || span_starts_text(word, "dsa:");
		if ((sized && span_to_number(span_from(word, 4), 65536, &number)) ||
		    (maker && i + 1 == command->count && span_to_number(word, 65536, &number)))
			bits = number;
	}
	if (bits > 0)
		state(file, command->line, SPAN_LITERAL("openssl"), SPAN_LITERAL("bits of the key that it makes"),
		      arena_format(file->scratch, "%u", (unsigned)bits));
}

static void read_shell(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	struct span variable = removable_loop(file->bytes), installer = SPAN_NONE, mounted = SPAN_NONE;
	int64_t line = 0;
	if (!shell || !command)
		return;
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		struct span program = span_basename(command->words[0]);
		if (command->unreached)
			continue;
		if (installer.size == 0 && (installer = installer_of(command)).size > 0)
			line = command->line;
		see_download(file, command, program);
		see_client(file, command, program);
		mounted = mount_point(command, program, mounted);
		see_removable(file, command, program, variable, mounted);
		see_evaluation(file, command, program);
		see_key(file, command, program);
	}
	state_install(file, shell, installer, line);
	/* OpenWrt up to 14.07: /etc/init.d/telnet starts telnetd unless root has a password. */
	if (span_ends_text(file->path, "/init.d/telnet") &&
	    (contains(file->bytes, "has_root_pwd") || contains(file->bytes, "$2 !~ /\\!/")))
		state(file, 1, SPAN_LITERAL("telnet"), SPAN_LITERAL("started until"),
		      SPAN_LITERAL("root has a password"));
}

struct phrase {
	const char *subject, *words[2]; /* all of them stand in the line */
	bool anywhere;                  /* it says enough without an address beside it */
};

static const struct phrase phrases[] = {
	{ "curl", { "curl ", " --insecure" }, false },
	{ "curl", { "curl ", " -k " }, false },
	{ "wget", { "wget ", " --no-check-certificate" }, false },
	{ "node", { "NODE_TLS_REJECT_UNAUTHORIZED", "0" }, false },
	{ "node", { "rejectUnauthorized", "false" }, true },
	{ "python", { "requests.", "verify=False" }, true },
	{ "python", { "session.", "verify=False" }, true },
	{ "python", { "ssl._create_unverified_context", "" }, true },
	{ "python", { "verify_mode", "CERT_NONE" }, true },
	{ "python", { "cert_reqs", "CERT_NONE" }, true },
	{ "php", { "CURLOPT_SSL_VERIFYPEER", "false" }, true },
	{ "php", { "CURLOPT_SSL_VERIFYPEER", "FALSE" }, true },
	{ "php", { "CURLOPT_SSL_VERIFYPEER", ", 0" }, true },
	{ "lua", { "verify = \"none\"", "" }, true },
	{ "lua", { "verify=\"none\"", "" }, true },
	{ "perl", { "SSL_verify_mode", "VERIFY_NONE" }, true },
	{ "perl", { "verify_hostname", "=> 0" }, true },
};

/* Where nothing names the other side, it may be the device itself: a hint. */
static const char *weight_of(const struct phrase *phrase, struct span line)
{
	if (is_remote(line))
		return "--insecure";
	return phrase->anywhere && !contains(line, "https://") ? "unchecked" : NULL;
}

/* Programs of other languages, line by line. */
static void read_lines(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line))
		for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
			const struct phrase *phrase = &phrases[i];
			if (span_starts_text(line, "--") || !contains(line, phrase->words[0]) || !contains(line, phrase->words[1]) ||
			    !weight_of(phrase, line))
				continue;
			state(file, lines.number, span_of_text(phrase->subject), span_of_text(weight_of(phrase, line)), line);
			break;
		}
}

static bool is_other_language(const struct inspection *file)
{
	struct span first = span_slice(file->bytes, 0, span_find_byte(span_slice(file->bytes, 0, 128), '\n', 0));
	static const char *const endings[] = { ".lua", ".py", ".php", ".pl", ".js", ".mjs", ".cjs", NULL };
	static const char *const languages[] = { "lua", "python", "perl", "php", "node", NULL };
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return true;
	for (size_t i = 0; span_starts_text(first, "#!") && languages[i]; i++)
		if (contains(first, languages[i]))
			return true;
	return false;
}

static bool wants(const struct inspection *file)
{
	if (!inspection_is_live_text(file))
		return false;
	return file->kind == KIND_SCRIPT || span_ends_text(file->name, ".sh") || is_other_language(file);
}

static void inspect(struct inspection *file)
{
	if (is_other_language(file))
		read_lines(file);
	else
		read_shell(file);
}

const struct inspector inspector_scripts = {
	.name = "scripts",
	.wants = wants,
	.inspect = inspect,
};
