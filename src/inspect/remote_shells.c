/*
 * Shells that a script or a command in a program hands to another machine: nc -e (netcat's manuals), the /dev/tcp of
 * bash(1), a fifo between nc and a shell, EXEC of socat(1), telnetd -l, ssh -R, and scripts of other languages that put a
 * socket in place of their input and output. Only what runs is looked at: scripts, tables of init, programs.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

#define SHELL "[\"']?(?:/(?:usr/|system/)?s?bin/)?(?:busybox )?(?:ba|a|da|k|z)?sh"
#define END "(?:[ \"',;&)`\\n\\x00]|$)"
#define WAYS "(?:nc|ncat|netcat|telnet|openssl s_client)"

enum { NETCAT, DEVICE, FIFO_OUT, FIFO_IN, SOCAT, TELNETD, TUNNEL, PATTERNS };

/* Short marks: what stands around them in the line decides. */
static const struct pattern patterns[PATTERNS] = {
	[NETCAT] = { " --?(?:[a-z]*[ec]|exec|sh-exec) *" SHELL END, 0 },
	[DEVICE] = { "/dev/(?:tcp|udp)/", 0 },
	[FIFO_OUT] = { "sh(?: -i)?(?: 2>&1)? ?\\| ?(?:/[a-z/]*)?(?:busybox )?" WAYS " ", 0 },
	[FIFO_IN] = { "\\| ?" SHELL "(?: -i| [>2]|" END ")", 0 },
	[SOCAT] = { "(?:EXEC|SYSTEM|exec|system):[\"'\\\\]*(?:/(?:usr/)?s?bin/)?(?:busybox )?(?:ba|a|da)?sh\\b", 0 },
	[TELNETD] = { " -l *" SHELL END, 0 },
	[TUNNEL] = { " -[a-zA-Z]{0,12}R {0,8}[^ \\n\\x00]{0,80}[0-9]:[^ \\n\\x00]{1,80}:[0-9]", 0 },
};

/* Of a line around a hit, to either side. */
enum { LINE_LIMIT = 16 * 1024 };

static bool ends_line(const struct inspection *file, size_t at)
{
	uint8_t c = span_byte(file->bytes, at);
	return c == '\n' || c == 0;
}

/* The line, or the string of a program, that holds an offset; of a very long one, what is near, and it is said. */
static struct span line_at(const struct inspection *file, uint64_t offset)
{
	size_t start = (size_t)offset, end = (size_t)offset;
	while (start > 0 && offset - start < LINE_LIMIT && !ends_line(file, start - 1))
		start--;
	while (end < file->bytes.size && end - offset < LINE_LIMIT && !ends_line(file, end))
		end++;
	bool cut = (start > 0 && !ends_line(file, start - 1)) || (end < file->bytes.size && !ends_line(file, end));
	if (cut)
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_LIMIT, "remote-shells.line", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "a line that may hand out a shell is longer than is looked at around its words (%u bytes)", LINE_LIMIT);
	return span_trim(span_slice(file->bytes, start, end - start));
}

static bool contains(struct span text, const char *words)
{
	return span_find_text(text, words, 0) != SPAN_NOT_FOUND;
}

/* Words that stand for what the user puts there: a manual's or a usage text's. */
static bool is_usage(struct span line)
{
	return contains(line, "sage:") || contains(line, "xample:") || contains(line, "or example") || contains(line, "e.g.") ||
	       span_byte(line, 0) == '#';
}

/* Who waits, and who connects out. */
static bool waits(size_t pattern, struct span command)
{
	static const char *const listening[] = { " -l", " -L", " -nl", " -vl", " -nvl", "--listen", NULL };
	if (pattern == TELNETD)
		return true;
	if (pattern == SOCAT)
		return contains(command, "LISTEN") || contains(command, "listen") || contains(command, "-L:");
	for (size_t i = 0; pattern != DEVICE && listening[i]; i++)
		if (contains(command, listening[i]))
			return true;
	return false;
}

static const char *method_of(size_t pattern)
{
	static const char *const methods[PATTERNS] = { "nc", "/dev/tcp", "fifo", "fifo", "socat", "telnetd", "ssh -R" };
	return methods[pattern];
}

/* A word of the text is one of them: "nc", "/usr/bin/nc". */
static bool has_program(struct span text, const char *const *names)
{
	struct span word;
	while (span_next_word(&text, &word)) {
		for (size_t i = word.size; i > 0; i--) /* X=$(telnetd, X=`telnetd, (telnetd */
			if (span_byte(word, i - 1) != 0 && strchr("`\"'(;&|=", span_byte(word, i - 1))) {
				word = span_from(word, i);
				break;
			}
		if (is_one_of(span_basename(word), names))
			return true;
	}
	return false;
}

/* A descriptor opened on a socket is a test of the connection unless a shell reads from it. */
static bool feeds_shell(const struct inspection *file)
{
	static const char *const words[] = { "sh <&", "sh -i <&", "sh 0<&", "sh -i 0<&", "<&5 |", "while read line <&", NULL };
	for (size_t i = 0; words[i]; i++)
		if (contains(file->bytes, words[i]))
			return true;
	return false;
}

/* "bash -i >&" before /dev/tcp, or "exec 5<>" and a shell that reads from it elsewhere. */
static bool is_shell_on_device(const struct inspection *file, struct span before)
{
	static const char *const shells[] = { "sh", "ash", "bash", "dash", "ksh", "zsh", NULL };
	size_t size = before.size;
	while (size > 0 && strchr(" <>&", span_byte(before, size - 1)))
		size--;
	bool both = contains(span_from(before, size), "<>"), any = size < before.size;
	struct span command = span_slice(before, 0, size), word, last = SPAN_NONE, options = SPAN_NONE;
	while (span_next_word(&command, &word)) {
		options = span_byte(word, 0) == '-' ? word : SPAN_NONE;
		last = options.size > 0 ? last : word;
	}
	return any && (is_one_of(span_basename(last), shells) || (both && feeds_shell(file)));
}

/* What must stand in the line before the mark. */
static bool is_confirmed(const struct inspection *file, size_t pattern, struct span before)
{
	static const char *const netcats[] = { "nc", "ncat", "netcat", "nc.traditional", "nc6", NULL };
	static const char *const senders[] = { "nc", "ncat", "netcat", "telnet", "s_client", NULL };
	static const char *const others[][3] = { [SOCAT] = { "socat", NULL }, [TELNETD] = { "telnetd", "utelnetd", NULL } };
	static const char *const tunnels[] = { "ssh", "autossh", "dbclient", NULL };
	switch (pattern) {
	case NETCAT:
		return has_program(before, netcats);
	case DEVICE:
		return is_shell_on_device(file, before);
	case FIFO_IN:
		return has_program(before, senders);
	case TUNNEL:
		return has_program(before, tunnels);
	case FIFO_OUT:
		return true;
	default:
		return has_program(before, others[pattern]);
	}
}

/* "/dev/tcp/192.0.2.1/4444" */
static struct span device_peer(struct inspection *file, struct span command)
{
	size_t at = span_find_text(command, "/dev/tcp/", 0);
	if (at == SPAN_NOT_FOUND)
		at = span_find_text(command, "/dev/udp/", 0);
	struct span rest = span_from(command, at + 9), host, port;
	if (at == SPAN_NOT_FOUND || !span_next_field(&rest, '/', &host))
		return SPAN_NONE;
	size_t end = 0;
	while (is_alnum(span_byte(rest, end)) || span_byte(rest, end) == '$')
		end++;
	port = span_slice(rest, 0, end);
	return arena_format(file->scratch, "%.*s:%.*s", SPAN_FORMAT(host), SPAN_FORMAT(port));
}

struct remote_shell {
	const char *kind, *method, *confidence;
	struct span peer, detail;
	uint64_t offset;
};

static void state(struct inspection *file, const struct remote_shell *shell)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_REMOTE_SHELL);
	if (kind_is_text(file->kind))
		fact_integer(fact, REMOTE_SHELL_LINE, inspection_line(file->lines, file->bytes, shell->offset));
	fact_integer(fact, REMOTE_SHELL_OFFSET, (int64_t)shell->offset);
	fact_word(file->facts, fact, REMOTE_SHELL_KIND, shell->kind);
	fact_word(file->facts, fact, REMOTE_SHELL_METHOD, shell->method);
	if (shell->peer.size > 0)
		fact_text(file->facts, fact, REMOTE_SHELL_PEER, shell->peer);
	fact_text(file->facts, fact, REMOTE_SHELL_DETAIL, span_slice(shell->detail, 0, 200));
	fact_word(file->facts, fact, REMOTE_SHELL_CONFIDENCE, shell->confidence);
}

/* Where the mark begins in its line: the text before it decides. */
static struct span before_mark(struct span line, size_t pattern, size_t end)
{
	static const char *const marks[PATTERNS] = { " -", "/dev/", "|", "|", ":", " -l", "R" };
	struct span upto = span_slice(line, 0, end), mark = span_of_text(marks[pattern]);
	size_t last = 0;
	for (size_t at = span_find(upto, mark, 0); at != SPAN_NOT_FOUND; at = span_find(upto, mark, at + 1))
		last = at;
	return span_slice(line, 0, last);
}

static void see_commands(struct inspection *file)
{
	uint64_t last_line = UINT64_MAX;
	for (size_t i = 0; i < file->hit_count; i++) {
		size_t pattern = file->hits[i].pattern;
		uint64_t end = file->hits[i].end;
		if (end < 2)
			continue;
		struct span line = line_at(file, end - 2);
		uint64_t at = (uint64_t)(line.data - file->bytes.data);
		struct span before = before_mark(line, pattern, (size_t)(end - at));
		if (is_usage(line) || at == last_line || !is_confirmed(file, pattern, before))
			continue;
		last_line = at;
		struct remote_shell shell = {
			.kind = pattern == TUNNEL ? "control client" : waits(pattern, line) ? "bind shell" : "reverse shell",
			.method = method_of(pattern),
			.confidence = file->kind == KIND_ELF ? "medium" : "high",
			.peer = device_peer(file, line),
			.detail = line,
			.offset = at,
		};
		state(file, &shell);
	}
}

struct language {
	const char *words[3]; /* all of them stand in the script */
	const char *method;
};

/* What scripts of other languages need to hand out a shell: a socket, a way to put it in place, and a shell. */
static const struct language languages[] = {
	{ { "socket.socket", "os.dup2", "sh" }, "python" },
	{ { "socket.socket", "pty.spawn", "sh" }, "python" },
	{ { "socket.socket", "stdin=", "/sh\"" }, "python" },
	{ { "socket.socket", "stdin=", "/bash\"" }, "python" },
	{ { "use Socket", "open(STDIN,\">&", "sh" }, "perl" },
	{ { "IO::Socket::INET", "fdopen", "sh" }, "perl" },
	{ { "socket.tcp", "io.popen", ":receive" }, "lua" },
	{ { "fsockopen", "proc_open", "sh" }, "php" },
	{ { "fsockopen", "exec(", "<&3" }, "php" },
	{ { "net.Socket", "child_process", "/sh\"" }, "node" },
	{ { "TCPSocket", "exec", "<&%d" }, "ruby" },
};

static bool is_library(struct span path)
{
	return contains(path, "-packages/") || contains(path, "/lib/python") || contains(path, "/perl5/") ||
	       contains(path, "/share/perl");
}

static void see_languages(struct inspection *file)
{
	if (file->kind != KIND_SCRIPT || is_library(file->path))
		return;
	for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
		const struct language *language = &languages[i];
		size_t at = span_find_text(file->bytes, language->words[0], 0);
		if (at == SPAN_NOT_FOUND || !contains(file->bytes, language->words[1]) ||
		    !contains(file->bytes, language->words[2]))
			continue;
		bool waits = contains(file->bytes, "listen(") || contains(file->bytes, ".listen");
		struct remote_shell shell = { .kind = waits ? "bind shell" : "reverse shell",
					      .method = language->method,
					      .confidence = "medium",
					      .detail = line_at(file, at),
					      .offset = at };
		state(file, &shell);
		return;
	}
}

/* What init and its like read, and scripts; documents that speak of such commands do nothing. */
static bool may_run(const struct inspection *file)
{
	static const char *const folders[] = { "init.d", "rc.d", "cron.d", "crontabs", "systemd", "hotplug.d",
					       "rules.d", "init", NULL };
	static const char *const names[] = { "inittab", "rcS", "rc.local", "crontab", "profile", "inetd.conf", "mdev.conf", NULL };
	if (file->role.size > 0)
		return false;
	if (file->kind == KIND_ELF || file->kind == KIND_SCRIPT || span_ends_text(file->name, ".sh") ||
	    is_one_of(file->name, names))
		return true;
	for (size_t i = 0; kind_is_text(file->kind) && folders[i]; i++)
		if (path_has_folder(file->path, folders[i]))
			return true;
	return false;
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_SCRIPT;
}

static void inspect(struct inspection *file)
{
	if (!may_run(file))
		return;
	see_commands(file);
	see_languages(file);
}

const struct inspector inspector_remote_shells = {
	.name = "remote shells",
	.patterns = patterns,
	.pattern_count = PATTERNS,
	.wants = wants,
	.inspect = inspect,
};
