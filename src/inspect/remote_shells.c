/*
 * Shells that a script or a command in a program hands to another machine: nc -e (netcat's manuals), the /dev/tcp of
 * bash(1), a fifo between nc and a shell, EXEC of socat(1), telnetd -l, ssh -R, and scripts of other languages that put a
 * socket in place of their input and output. Only what runs is looked at: scripts, tables of init, programs.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

#define SHELL "[\"']?(?:/(?:usr/|system/)?s?bin/)?(?:busybox )?(?:ba|a|da|k|z)?sh"
#define REST "[^\\n;|&\\x00]"
#define END "(?:[ \"',;&)\\n\\x00]|$)"

enum { NETCAT, DEVICE, DESCRIPTOR, FIFO_OUT, FIFO_IN, SOCAT, TELNETD, TUNNEL, PATTERNS };

/* The first group is the whole command. */
static const struct pattern patterns[PATTERNS] = {
	[NETCAT] = { "\\b(?:nc|ncat|netcat|nc\\.traditional|nc6)(?: " REST
		     "{1,120})? -{1,2}(?:[a-z]{0,4}[ec]|exec|sh-exec) *" SHELL END, 0 },
	[DEVICE] = { "\\b(?:ba|z|k)?sh\\b" REST "{0,20}[<>]&? ?/dev/(?:tcp|udp)/[^ \\n\\x00]{3,80}", 0 },
	[DESCRIPTOR] = { "\\b(?:exec )?[0-9]{1,3}<>? ?/dev/(?:tcp|udp)/[^ ;\\n\\x00]{3,80}", 0 },
	[FIFO_OUT] = { SHELL "(?: -i)?(?: 2>&1)? ?\\| ?(?:/[a-z/]{0,12})?(?:busybox )?"
			     "(?:nc|ncat|netcat|telnet|openssl s_client)\\b" REST "{0,100}", 0 },
	[FIFO_IN] = { "\\b(?:nc|ncat|netcat|openssl s_client|telnet) " REST "{2,100}\\| ?" SHELL "(?: -i)?(?: [>2]|" END ")", 0 },
	[SOCAT] = { "\\bsocat\\b[^\\n\\x00]{1,160}(?:EXEC|SYSTEM|exec|system):[\"'\\\\]{0,2}(?:/(?:usr/)?s?bin/)?"
		    "(?:ba|a|da)?sh\\b", 0 },
	[TELNETD] = { "\\bu?telnetd\\b" REST "{0,80} -l *" SHELL END, 0 },
	[TUNNEL] = { "\\b(?:autossh|ssh|dbclient)\\b" REST "{0,160} -[a-zA-Z]{0,5}R *[^ \\n\\x00]{0,40}[0-9]{2,5}:"
		     "[^ \\n\\x00]{1,60}:[0-9]{1,5}\\b" REST "{0,80}", 0 },
};

/* The line, or the string of a program, that holds an offset. */
static struct span line_at(const struct inspection *file, uint64_t offset)
{
	size_t start = (size_t)offset, end = (size_t)offset;
	while (start > 0 && span_byte(file->bytes, start - 1) != '\n' && span_byte(file->bytes, start - 1) != 0)
		start--;
	while (end < file->bytes.size && span_byte(file->bytes, end) != '\n' && span_byte(file->bytes, end) != 0)
		end++;
	return span_trim(span_slice(file->bytes, start, end - start));
}

static bool contains(struct span text, const char *words)
{
	return span_find_text(text, words, 0) != SPAN_NOT_FOUND;
}

/* Words that stand for what the user puts there: a manual's or a usage text's. */
static bool is_usage(struct span line)
{
	return contains(line, "sage:") || contains(line, "xample") || contains(line, "e.g.") || span_byte(line, 0) == '#';
}

/* Who waits, and who connects out. */
static bool waits(size_t pattern, struct span command)
{
	static const char *const listening[] = { " -l", " -L", " -nl", " -vl", " -nvl", "--listen", NULL };
	if (pattern == TELNETD)
		return true;
	if (pattern == SOCAT)
		return contains(command, "LISTEN") || contains(command, "listen");
	for (size_t i = 0; pattern != DEVICE && pattern != DESCRIPTOR && listening[i]; i++)
		if (contains(command, listening[i]))
			return true;
	return false;
}

static const char *method_of(size_t pattern)
{
	static const char *const methods[PATTERNS] = { "nc", "/dev/tcp", "/dev/tcp", "fifo", "fifo", "socat", "telnetd", "ssh -R" };
	return methods[pattern];
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
		fact_integer(fact, REMOTE_SHELL_LINE, inspection_line(file->bytes, shell->offset));
	fact_integer(fact, REMOTE_SHELL_OFFSET, (int64_t)shell->offset);
	fact_word(file->facts, fact, REMOTE_SHELL_KIND, shell->kind);
	fact_word(file->facts, fact, REMOTE_SHELL_METHOD, shell->method);
	if (shell->peer.size > 0)
		fact_text(file->facts, fact, REMOTE_SHELL_PEER, shell->peer);
	fact_text(file->facts, fact, REMOTE_SHELL_DETAIL, span_slice(shell->detail, 0, 200));
	fact_word(file->facts, fact, REMOTE_SHELL_CONFIDENCE, shell->confidence);
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

static void see_commands(struct inspection *file)
{
	uint64_t last_line = UINT64_MAX;
	for (size_t i = 0; i < file->hit_count; i++) {
		struct pattern_match match;
		size_t pattern = file->hits[i].pattern;
		if (pattern >= PATTERNS || !inspection_capture(file, &file->hits[i], &match))
			continue;
		struct span line = line_at(file, match.offset);
		uint64_t at = (uint64_t)(line.data - file->bytes.data);
		if (is_usage(line) || at == last_line || (pattern == DESCRIPTOR && !feeds_shell(file)))
			continue;
		last_line = at;
		struct remote_shell shell = {
			.kind = pattern == TUNNEL ? "control client" : waits(pattern, line) ? "bind shell" : "reverse shell",
			.method = method_of(pattern),
			.confidence = file->kind == KIND_ELF ? "medium" : "high",
			.peer = device_peer(file, line),
			.detail = line,
			.offset = match.offset,
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
	static const char *const folders[] = { "init.d", "rc.d", "cron.d", "crontabs", "systemd", "hotplug.d", "init", NULL };
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
