/*
 * Commands that a script takes from elsewhere and runs: "curl … | sh", "base64 -d | sh", eval "$(nvram get …)", a file that is
 * downloaded and then run. A file whose signature or digest the script checks in between is not told.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/script_download.h"
#include "inspect/services.h"
#include "inspect/shell.h"

enum { DOWNLOADS_MAX = 64, NESTING_MAX = 3, DETAIL_MAX = 200 };

struct origin {
	const char *kind; /* NULL: nothing from elsewhere */
	struct span name;
	int unprotected;
};

struct reader {
	struct inspection *file;
	const struct shell *whole; /* the script read to its end: its variables */
	struct download downloads[DOWNLOADS_MAX];
	size_t download_count;
	bool checks; /* it checks a signature or a digest */
};

static struct origin origin_of_text(struct reader *reader, struct span text, int nesting);

static bool has_word(const struct shell_command *command, const char *const *words)
{
	for (size_t i = 1; i < command->count; i++)
		if (is_one_of(command->words[i], words))
			return true;
	return false;
}

/* "base64 -d", "openssl enc -d", "xxd -r", "uudecode": what stood there as letters becomes commands. */
static bool decodes(const struct shell_command *command)
{
	static const char *const decode[] = { "-d", "-D", "--decode", "-di", NULL }, *const reverse[] = { "-r", "-rp", "-p", NULL };
	static const char *const ciphers[] = { "enc", "base64", "aes-256-cbc", "aes-128-cbc", "rc4", "des3", "smime", NULL };
	struct span program = span_basename(command->words[0]);
	if (span_equal_text(program, "base64") || span_equal_text(program, "base32") || span_equal_text(program, "uudecode"))
		return span_equal_text(program, "uudecode") || has_word(command, decode);
	if (span_equal_text(program, "xxd"))
		return has_word(command, reverse);
	return span_equal_text(program, "openssl") && command->count > 1 && is_one_of(command->words[1], ciphers) &&
	       has_word(command, decode);
}

/* A store that others can write to: the name that is read from it. */
static struct span setting_of(const struct shell_command *command)
{
	static const char *const stores[] = { "nvram", "uci", "config", "nvconfig", "getprop", NULL };
	static const char *const gets[] = { "get", "-q", NULL };
	struct span program = span_basename(command->words[0]);
	if (span_equal_text(program, "fw_printenv") || span_equal_text(program, "nvram_get") || span_equal_text(program, "getprop"))
		return command->count > 1 ? command->words[command->count - 1] : SPAN_NONE;
	bool store = is_one_of(program, stores) || span_byte(program, 0) == '$';
	return store && command->count > 2 && is_one_of(command->words[1], gets) ? command->words[command->count - 1] : SPAN_NONE;
}

static struct origin origin_of(struct reader *reader, const struct shell_command *command, struct span text)
{
	struct download download;
	struct span name;
	if (download_of(command, text, reader->file->scratch, &download) && download.target.size == 0)
		return (struct origin){ "fetched", download.origin, download.unprotected };
	if (decodes(command))
		return (struct origin){ "decoded", span_basename(command->words[0]), -1 };
	name = setting_of(command);
	return name.size > 0 ? (struct origin){ "setting", name, -1 } : (struct origin){ .unprotected = -1 };
}

/* What a pipeline within "$(…)" brings: the last command that brings something counts, and what only formats it does not. */
static struct origin origin_of_pipeline(struct reader *reader, struct span text)
{
	struct shell *shell = ARENA_NEW(reader->file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(reader->file->scratch, struct shell_command, 1);
	struct origin found = { .unprotected = -1 };
	if (!shell || !command)
		return found;
	shell_init(shell, text, reader->file->scratch, NULL);
	while (shell_next(shell, command)) {
		struct origin next = origin_of(reader, command, text);
		if (next.kind && (!found.kind || strcmp(next.kind, "decoded") != 0))
			found = next;
	}
	return found;
}

/* The first "$(…)" or "`…`" of a word, or the variable that the word is. */
static struct origin origin_of_text(struct reader *reader, struct span text, int nesting)
{
	struct origin none = { .unprotected = -1 };
	size_t dollar = span_find_text(text, "$(", 0), quote = span_find_byte(text, '`', 0);
	if (nesting == NESTING_MAX)
		return none;
	if (quote != SPAN_NOT_FOUND && (dollar == SPAN_NOT_FOUND || quote < dollar)) {
		struct span rest = span_from(text, quote + 1);
		return origin_of_pipeline(reader, span_slice(rest, 0, span_find_byte(rest, '`', 0)));
	}
	if (dollar != SPAN_NOT_FOUND) {
		struct span rest = span_from(text, dollar + 2);
		int depth = 1;
		size_t end = 0;
		for (; end < rest.size && depth > 0; end++)
			depth += (span_byte(rest, end) == '(') - (span_byte(rest, end) == ')');
		return origin_of_pipeline(reader, span_slice(rest, 0, end > 0 ? end - 1 : 0));
	}
	struct span name = shell_reference(text);
	const struct shell_variable *variable = name.size > 0 ? shell_find(reader->whole, name) : NULL;
	if (variable && variable->once && variable->computed.data)
		return origin_of_text(reader, unquoted(variable->computed), nesting + 1);
	return none;
}

static void state(struct reader *reader, const struct shell_command *command, const struct origin *origin, struct span detail)
{
	struct facts *facts = reader->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_FOREIGN_COMMAND);
	fact_integer(fact, FOREIGN_COMMAND_LINE, command->line);
	fact_word(facts, fact, FOREIGN_COMMAND_KIND, origin->kind);
	if (origin->name.size > 0)
		fact_text(facts, fact, FOREIGN_COMMAND_ORIGIN, span_slice(origin->name, 0, DETAIL_MAX));
	if (origin->unprotected >= 0)
		fact_integer(fact, FOREIGN_COMMAND_UNPROTECTED, origin->unprotected);
	fact_text(facts, fact, FOREIGN_COMMAND_DETAIL, span_slice(span_trim(detail), 0, DETAIL_MAX));
	bool function = command->function.size == 0 || services_is_start_function(command->function);
	if (!command->conditional && function && (command->branch.size == 0 || services_is_start_branch(command->branch)))
		fact_integer(fact, FOREIGN_COMMAND_ALWAYS, 1);
}

static bool is_shell(struct span program)
{
	static const char *const shells[] = { "sh", "ash", "bash", "dash", "ksh", "zsh", NULL };
	return is_one_of(span_basename(program), shells);
}

/* "sh", "sh -s x", "busybox sh", "source /dev/stdin": it reads its commands from the pipe. */
static bool reads_commands(const struct shell_command *command)
{
	static const char *const sources[] = { ".", "source", NULL };
	size_t first = 0;
	while (first + 1 < command->count && (span_equal_text(span_basename(command->words[first]), "busybox") ||
					      span_equal_text(command->words[first], "sudo") ||
					      span_equal_text(command->words[first], "exec") ||
					      span_equal_text(command->words[first], "nohup")))
		first++;
	if (is_one_of(command->words[first], sources))
		return command->count > first + 1 && span_equal_text(command->words[first + 1], "/dev/stdin");
	if (!is_shell(command->words[first]))
		return false;
	for (size_t i = first + 1; i < command->count; i++) {
		struct span word = command->words[i];
		if (span_equal_text(word, "-s") || span_equal_text(word, "-") || span_equal_text(word, "/dev/stdin"))
			return true;
		if (span_byte(word, 0) != '-' || span_find_byte(word, 'c', 1) != SPAN_NOT_FOUND)
			return false;
	}
	return true;
}

/* "$(…)", "`…`" or "$NAME", which is all of the command or its beginning. */
static bool is_computed(struct span word)
{
	bool name = span_byte(word, 0) == '$' && word.size > 1;
	for (size_t i = 1; name && i < word.size; i++)
		name = is_alnum(span_byte(word, i)) || strchr("_{}", span_byte(word, i));
	return name || span_starts_text(word, "$(") || (span_byte(word, 0) == '`' && word.size > 1);
}

/* "eval X", "sh -c X", or X as a command itself: what X brings. */
static struct origin evaluates(struct reader *reader, const struct shell_command *command)
{
	struct origin none = { .unprotected = -1 };
	struct span first = command->words[0];
	/* eval NAME=$(…) sets a variable; what is only a part of a command is not the command. */
	if (span_equal_text(first, "eval"))
		return command->count > 1 && is_computed(command->words[1]) ? origin_of_text(reader, command->words[1], 0) : none;
	if (is_shell(first) && command->count > 2 && span_byte(command->words[1], 0) == '-' &&
	    span_byte(command->words[1], command->words[1].size - 1) == 'c' && is_computed(command->words[2]))
		return origin_of_text(reader, command->words[2], 0);
	/* A variable as a command is mostly the name of one. */
	if (is_computed(first) && (span_byte(first, 0) == '`' || span_byte(first, 1) == '('))
		return origin_of_text(reader, first, 0);
	return none;
}

static bool is_same_file(struct span word, struct span target)
{
	if (span_starts_text(word, "./"))
		word = span_from(word, 2);
	return target.size > 1 && span_equal(word, target);
}

/* A file that was downloaded is run: "sh FILE", ". FILE", FILE, "chmod +x FILE", "insmod FILE". */
static const struct download *runs_download(const struct reader *reader, const struct shell_command *command)
{
	static const char *const runners[] = { "sh", "ash", "bash", ".", "source", "exec", "nohup", "insmod", "lua", "python", NULL };
	static const char *const modes[] = { "+x", "a+x", "u+x", "755", "0755", "777", "0777", "700", NULL };
	struct span program = span_basename(command->words[0]);
	for (size_t i = reader->download_count; i > 0; i--) {
		const struct download *download = &reader->downloads[i - 1];
		if (is_same_file(command->words[0], download->target))
			return download;
		bool chmod = span_equal_text(program, "chmod") && has_word(command, modes);
		for (size_t at = 1; (chmod || is_one_of(program, runners)) && at < command->count; at++)
			if (is_same_file(command->words[at], download->target))
				return download;
	}
	return NULL;
}

static bool is_check(const struct shell_command *command)
{
	static const char *const programs[] = { "sha256sum", "sha1sum", "sha512sum", "md5sum", "gpg", "gpgv", "usign", "signify",
						"minisign", "ucert", "verify", "fwverify", NULL };
	static const char *const words[] = { "-verify", "dgst", "-prverify", NULL };
	struct span program = span_basename(command->words[0]);
	return is_one_of(program, programs) || (span_equal_text(program, "openssl") && has_word(command, words));
}

struct walk {
	struct origin piped; /* what the pipeline brought so far */
	struct span pipeline;
	bool told;           /* the download behind the last row */
};

static void see_command(struct reader *reader, const struct shell_command *command, bool piped, struct walk *walk)
{
	struct span text = reader->file->bytes;
	if (!piped) {
		walk->piped = (struct origin){ .unprotected = -1 };
		walk->pipeline = span_slice(text, command->offset, 0);
	}
	walk->pipeline.size = command->offset + command->text.size - (uint64_t)(walk->pipeline.data - text.data);
	if (piped && walk->piped.kind && reads_commands(command))
		state(reader, command, &walk->piped, walk->pipeline);
	struct origin found = evaluates(reader, command);
	if (found.kind)
		state(reader, command, &found, command->text);
	struct origin next = origin_of(reader, command, text);
	/* What is fetched and then decoded is fetched. */
	if (next.kind && (!walk->piped.kind || strcmp(next.kind, "decoded") != 0))
		walk->piped = next;
	const struct download *run = reader->checks ? NULL : runs_download(reader, command);
	if (run) {
		struct origin origin = { "fetched", run->origin, run->unprotected };
		state(reader, command, &origin, command->text);
	}
	struct download download;
	if (!download_of(command, text, reader->file->scratch, &download) || download.target.size == 0)
		return;
	if (reader->download_count < DOWNLOADS_MAX)
		reader->downloads[reader->download_count++] = download;
	else
		facts_drop(reader->file->facts, EVIDENCE_FOREIGN_COMMAND);
}

static bool read_whole(struct reader *reader, struct shell *shell, struct shell_command *command)
{
	bool brings = false;
	shell_init(shell, reader->file->bytes, reader->file->scratch, reader->file->notes);
	while (shell_next(shell, command)) {
		reader->checks |= is_check(command);
		brings = true;
	}
	reader->whole = shell;
	return brings;
}

static bool is_other_language(struct span bytes)
{
	struct span first = span_slice(bytes, 0, span_find_byte(span_slice(bytes, 0, 128), '\n', 0));
	return span_starts_text(first, "#!") && span_find_text(first, "sh", 0) == SPAN_NOT_FOUND;
}

static bool wants(const struct inspection *file)
{
	static const char *const endings[] = { ".lua", ".py", ".php", ".pl", ".js", NULL };
	for (size_t i = 0; endings[i]; i++)
		if (span_ends_text(file->name, endings[i]))
			return false;
	return inspection_is_live_text(file) && (file->kind == KIND_SCRIPT || span_ends_text(file->name, ".sh")) &&
	       !is_other_language(file->bytes);
}

static void inspect(struct inspection *file)
{
	struct reader *reader = ARENA_NEW(file->scratch, struct reader, 1);
	struct shell *whole = ARENA_NEW(file->scratch, struct shell, 1), *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	struct walk walk = { 0 };
	if (!reader || !whole || !shell || !command)
		return;
	reader->file = file;
	if (!read_whole(reader, whole, command))
		return;
	shell_init(shell, file->bytes, file->scratch, NULL);
	for (bool piped = false; shell_next(shell, command); piped = shell->in_pipe)
		if (!command->unreached)
			see_command(reader, command, piped, &walk);
}

const struct inspector inspector_foreign_commands = {
	.name = "foreign commands",
	.wants = wants,
	.inspect = inspect,
};
