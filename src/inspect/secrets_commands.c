/* Passwords that a script gives to a command: curl -u user:password, sshpass -p, chpasswd, openssl -k. */
#include "inspect/lines.h"
#include "inspect/secret_value.h"
#include "inspect/shell.h"

struct command_rule {
	const char *program;
	const char *option; /* its argument, or what follows it in the same word, is the secret */
	bool pair;          /* "user:password" */
	bool joined;        /* the value may stand in the same word: -pvalue */
};

static const struct command_rule rules[] = {
	{ "curl", "-u", true, true },
	{ "curl", "--user", true, false },
	{ "sshpass", "-p", false, true },
	{ "wget", "--password=", false, false },
	{ "wget", "--ftp-password=", false, false },
	{ "wget", "--http-password=", false, false },
	{ "openssl", "-k", false, false },
	{ "openssl", "pass:", false, false },
	{ "openssl", "-K", false, false },
	{ "unzip", "-P", false, false },
	{ "zip", "-P", false, false },
	{ "7z", "-p", false, true },
	{ "mysql", "--password=", false, false },
	{ "mosquitto_pub", "-P", false, false },
	{ "mosquitto_sub", "-P", false, false },
	{ "ftpput", "-p", false, false },
	{ "ftpget", "-p", false, false },
};

/* The passphrase of a key file that a script makes or opens: often the file lives for a moment only. */
static bool is_passphrase(const struct shell_command *command)
{
	static const char *const about_keys[] = { "req", "rsa", "dsa", "ec", "genrsa", "genpkey", "pkey", "pkcs8", "x509", NULL };
	return span_equal_text(span_basename(command->words[0]), "openssl") && command->count > 1 &&
	       is_one_of(command->words[1], about_keys);
}

static void state(struct inspection *file, const struct shell_command *command, const char *rule, struct span name,
		  struct span value)
{
	const char *confidence = is_passphrase(command) ? "medium" : "high";
	bool wireless = span_equal_text(span_basename(command->words[0]), "wpa_passphrase");
	struct secret_found found = { command->offset, wireless ? "wifi key" : "password", rule, confidence, name, value, false };
	if (secret_is_value(value))
		secret_state(file, &found);
}

/* Value of an option: the next word, or the rest of this one where the option ends with '=' or ':'. */
static struct span value_of(const struct shell_command *command, size_t at, struct span option, bool joined)
{
	struct span word = command->words[at];
	uint8_t last = span_byte(option, option.size - 1);
	if (last == '=' || last == ':')
		return span_starts(word, option) ? span_from(word, option.size) : SPAN_NONE;
	if (span_equal(word, option))
		return at + 1 < command->count ? command->words[at + 1] : SPAN_NONE;
	return joined && span_starts(word, option) ? span_from(word, option.size) : SPAN_NONE;
}

static void apply(struct inspection *file, const struct shell_command *command, const struct command_rule *rule)
{
	struct span option = span_of_text(rule->option);
	for (size_t at = 1; at < command->count; at++) {
		struct span value = value_of(command, at, option, rule->joined);
		if (value.size == 0)
			continue;
		struct span name = SPAN_NONE;
		if (rule->pair) {
			size_t colon = span_find_byte(value, ':', 0);
			if (colon == SPAN_NOT_FOUND)
				continue;
			name = span_slice(value, 0, colon);
			value = span_from(value, colon + 1);
		}
		state(file, command, "command-password", name, value);
		return;
	}
}

/* echo "root:password" | chpasswd */
static void read_chpasswd(struct inspection *file, const struct shell_command *echo)
{
	for (size_t at = 1; at < echo->count; at++) {
		size_t colon = span_find_byte(echo->words[at], ':', 0);
		if (colon != SPAN_NOT_FOUND && colon > 0)
			state(file, echo, "chpasswd", span_slice(echo->words[at], 0, colon), span_from(echo->words[at], colon + 1));
	}
}

/* The words after echo, without what separates the lines of "echo -e pw\npw | passwd". */
static void read_passwd(struct inspection *file, const struct shell_command *echo, const struct shell_command *passwd)
{
	struct span text = echo->count > 1 ? echo->words[echo->count - 1] : SPAN_NONE;
	size_t end = span_find_text(text, "\\n", 0);
	struct span user = passwd->count > 1 ? passwd->words[passwd->count - 1] : SPAN_LITERAL("root");
	state(file, echo, "passwd-input", user, span_slice(text, 0, end));
}

static void read_pipe(struct inspection *file, const struct shell_command *before, const struct shell_command *command)
{
	struct span first = before->count > 0 ? span_basename(before->words[0]) : SPAN_NONE;
	if (!span_equal_text(first, "echo") && !span_equal_text(first, "printf"))
		return;
	/* Only what is piped into it: the texts must adjoin. */
	struct span between = span_slice(file->bytes, before->offset + before->text.size,
					 command->offset - before->offset - before->text.size);
	if (span_find_byte(between, '|', 0) == SPAN_NOT_FOUND || span_find_byte(between, '\n', 0) != SPAN_NOT_FOUND)
		return;
	struct span name = span_basename(command->words[0]);
	if (span_equal_text(name, "chpasswd"))
		read_chpasswd(file, before);
	else if (span_equal_text(name, "passwd"))
		read_passwd(file, before, command);
}

void secrets_commands(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *commands = ARENA_NEW(file->scratch, struct shell_command, 2);
	if (!shell || !commands)
		return;
	struct shell_command *command = commands, *before = commands + 1;
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		struct span name = span_basename(command->words[0]);
		for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
			if (span_equal_text(name, rules[i].program))
				apply(file, command, &rules[i]);
		/* wpa_passphrase(8): the network, then its key. */
		if (span_equal_text(name, "wpa_passphrase") && command->count == 3)
			state(file, command, "command-password", command->words[1], command->words[2]);
		read_pipe(file, before, command);
		struct shell_command *other = before;
		before = command;
		command = other;
	}
}
