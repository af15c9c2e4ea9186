/* The program behind wrappers, and the row that says what is started. */
#include "inspect/service_start.h"

#include "inspect/lines.h"

/* A walk over the words of a command. */
struct words {
	const struct shell_command *command;
	size_t at;
};

static struct span word(const struct words *words, size_t ahead)
{
	size_t at = words->at + ahead;
	return at < words->command->count ? words->command->words[at] : SPAN_NONE;
}

static struct span rest_of(const struct words *words, struct arena *arena)
{
	struct span text = SPAN_NONE;
	for (size_t i = words->at; i < words->command->count; i++) {
		struct span next = words->command->words[i];
		text = text.size ? arena_format(arena, "%.*s %.*s", SPAN_FORMAT(text), SPAN_FORMAT(next)) :
				   arena_copy(arena, next);
	}
	return text;
}

/* "-n 5" and such before the program of nice, timeout, env, chroot. */
static void skip_options(struct words *words)
{
	while (words->at < words->command->count) {
		struct span option = word(words, 0);
		uint64_t number;
		bool assigns = span_find_byte(option, '=', 0) != SPAN_NOT_FOUND;
		if (span_byte(option, 0) != '-' && !assigns && !span_to_number(option, UINT32_MAX, &number))
			return;
		words->at++;
	}
}

/* True for "-x", "--exec" and clusters that end with the letter: "-Sx". */
static bool is_option(struct span s, uint8_t letter, const char *name)
{
	if (span_starts_text(s, "--"))
		return span_equal_text(span_from(s, 2), name);
	return s.size >= 2 && span_byte(s, 0) == '-' && span_find_byte(s, letter, 1) != SPAN_NOT_FOUND;
}

/* start-stop-daemon -S -x PROGRAM [-c USER] -- ARGUMENTS, as in dpkg's and BusyBox's manuals. */
static bool start_stop_daemon(struct words *words, struct arena *arena, struct service_start *out)
{
	bool starts = false;
	size_t count = words->command->count;
	while (words->at < count && !span_equal_text(word(words, 0), "--")) {
		struct span option = word(words, 0);
		if (is_option(option, 'K', "stop"))
			return false;
		starts |= is_option(option, 'S', "start");
		if (is_option(option, 'x', "exec") || is_option(option, 'a', "startas"))
			out->program = word(words, 1);
		if (is_option(option, 'c', "chuid"))
			out->user = word(words, 1);
		words->at++;
	}
	words->at++;
	out->arguments = rest_of(words, arena);
	out->starter = true;
	return starts && out->program.size > 0;
}

static bool is_wrapper(struct span name)
{
	static const char *const wrappers[] = { "nohup", "exec", "setsid", "nice", "ionice", "env", "sudo", "command",
						"busybox", "timeout", "chrt", "taskset", "eval", "stdbuf", "strace", NULL };
	return is_one_of(name, wrappers);
}

/* "sh /etc/x.sh" starts the script. */
static bool is_script_shell(const struct words *words, struct span name)
{
	static const char *const shells[] = { "sh", "ash", "bash", ".", "source", NULL };
	struct span script = word(words, 1);
	return is_one_of(name, shells) && span_byte(script, 0) != '-' && script.size > 0;
}

static bool start_of(const struct shell_command *command, struct arena *arena, struct service_start *out, bool nested);

/* Of the commands that a shell is given, what stays stands for all; else the first. */
static bool start_within(struct span text, struct arena *arena, struct service_start *out)
{
	struct shell own, *shell = &own; /* not in the arena: a script of many lines would fill it */
	struct shell_command own_command, *command = &own_command;
	struct service_start one;
	bool found = false;
	shell_init(shell, text, arena, NULL);
	while (shell_next(shell, command)) {
		bool starts = start_of(command, arena, &one, true);
		bool stays = starts && service_program_stays(&one.known);
		if (stays || (starts && !found))
			*out = one;
		found |= starts;
		if (stays)
			break;
	}
	arena->refused |= shell->left_out > 0; /* more may follow that is not read */
	return found;
}

/* su [-s SHELL] [-] [USER] -c COMMAND [USER] (su(1)). */
static bool start_as_user(const struct words *words, struct arena *arena, struct service_start *out)
{
	struct span user = SPAN_NONE, text = SPAN_NONE;
	for (size_t i = 1; word(words, i).size > 0; i++) {
		struct span option = word(words, i);
		if (span_equal_text(option, "-c") || span_equal_text(option, "--command"))
			text = word(words, ++i);
		else if (span_equal_text(option, "-s") || span_equal_text(option, "-g") || span_equal_text(option, "--shell"))
			i++;
		else if (span_byte(option, 0) != '-' && user.size == 0)
			user = option;
	}
	if (text.size == 0 || !start_within(text, arena, out))
		return false;
	out->user = user.size > 0 ? user : SPAN_LITERAL("root");
	return true;
}

static bool start_of(const struct shell_command *command, struct arena *arena, struct service_start *out, bool nested)
{
	static const char *const starters[] = { "service_start", "daemon", "start_daemon", NULL };
	struct words words = { command, 0 };
	*out = (struct service_start){ 0 };
	while (words.at < command->count) {
		struct span name = span_basename(word(&words, 0));
		if (is_wrapper(name) || is_script_shell(&words, name)) {
			out->multicall = span_equal_text(name, "busybox") ? word(&words, 0) : out->multicall;
			out->sourced |= span_equal_text(name, ".") || span_equal_text(name, "source");
			words.at++;
			skip_options(&words);
			continue;
		}
		if (is_one_of(name, starters)) {
			words.at++;
			out->starter = true;
			skip_options(&words);
			continue;
		}
		if (span_equal_text(name, "procd_set_param") && span_equal_text(word(&words, 1), "command")) {
			words.at += 2;
			out->starter = true;
			continue;
		}
		break;
	}
	struct span name = span_basename(word(&words, 0));
	if (words.at >= command->count || name.size == 0)
		return false;
	bool done = false;
	if (span_equal_text(name, "start-stop-daemon"))
		done = start_stop_daemon(&words, arena, out);
	else if (!nested && span_equal_text(word(&words, 1), "-c") && word(&words, 2).size > 0 &&
		 (span_equal_text(name, "sh") || span_equal_text(name, "ash") || span_equal_text(name, "bash"))) {
		return start_within(word(&words, 2), arena, out);
	} else if (!nested && (span_equal_text(name, "su") || span_equal_text(name, "runuser"))) {
		return start_as_user(&words, arena, out);
	} else {
		out->program = word(&words, 0);
		words.at++;
		out->arguments = rest_of(&words, arena);
		done = true;
	}
	/* /etc/init.d/dropbear is not the server but the script that may start it; ". /etc/default/xl2tpd" starts none. */
	if (!path_has_folder(out->program, "init.d") && !out->sourced)
		out->known = service_program_find(out->program);
	return done;
}

bool service_start_asks(const struct service_start *start)
{
	static const char *const questions[] = { "-V", "-v", "--version", "-h", "--help", "-t", "-T", NULL };
	return is_one_of(span_trim(start->arguments), questions) || span_ends_text(start->arguments, " -t");
}

bool service_start_of(const struct shell_command *command, struct arena *arena, struct service_start *out)
{
	return start_of(command, arena, out, false);
}

bool service_start_of_text(struct span text, struct arena *arena, struct service_start *out)
{
	struct shell_command *command = ARENA_NEW(arena, struct shell_command, 1);
	if (!command)
		return false;
	shell_split(text, arena, command);
	return start_of(command, arena, out, false);
}

bool service_is_script(struct span program)
{
	if (span_byte(program, 0) != '/')
		return false;
	return span_ends_text(program, ".sh") || path_has_folder(program, "init.d") || path_has_folder(program, "rc.d") ||
	       span_starts_text(span_basename(program), "rc");
}

/* What waits for others, as far as the name and the arguments tell it. */
static void state_listening(struct inspection *file, struct fact *fact, const struct service_start *start)
{
	const struct service_program *known = &start->known;
	bool server = known->role == ROLE_SERVER || service_program_listens(known, start->arguments);
	struct span speaks = known->protocol.size > 0 ? known->protocol : SPAN_LITERAL("connections");
	if (span_equal_text(speaks, "vendor"))
		speaks = SPAN_LITERAL("its maker's own protocol");
	if (server) {
		fact_integer(fact, SERVICE_LISTENS, 1);
		fact_text(file->facts, fact, SERVICE_WHY,
			  arena_format(file->scratch, "known by its name as a server of %.*s", SPAN_FORMAT(speaks)));
	} else if (known->role == ROLE_CLIENT) {
		fact_integer(fact, SERVICE_LISTENS, 0);
		fact_word(file->facts, fact, SERVICE_WHY, "known by its name as a client");
	} else if (start->sourced) {
		fact_word(file->facts, fact, SERVICE_WHY, "read in by the script");
	} else if (known->role == ROLE_LOCAL) {
		fact_word(file->facts, fact, SERVICE_WHY, "known by its name to serve the device itself");
	} else if (known->role == ROLE_TUNNEL) {
		fact_word(file->facts, fact, SERVICE_WHY, "known by its name as a way in that it keeps open from inside");
	} else if (known->role == ROLE_SUPER) {
		fact_word(file->facts, fact, SERVICE_WHY, "known by its name to start servers for others");
	}
	uint32_t port = server || known->role == ROLE_SUPER ?
				service_port_in(span_basename(start->program), known, start->arguments) : 0;
	const char *source = "arguments";
	if (port == 0 && server) {
		port = service_usual_port(known->protocol);
		source = "default";
	}
	if (port > 0) {
		fact_integer(fact, SERVICE_PORT, port);
		fact_word(file->facts, fact, SERVICE_PORT_SOURCE, source);
	}
}

struct fact *service_state(struct inspection *file, int64_t line, const struct service_start *start,
			   const char *starter, int enabled)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_SERVICE);
	struct span program = start->program;
	if (start->multicall.size > 0)
		program = arena_format(file->scratch, "%.*s %.*s", SPAN_FORMAT(start->multicall), SPAN_FORMAT(program));
	if (line > 0)
		fact_integer(fact, SERVICE_LINE, line);
	fact_text(file->facts, fact, SERVICE_NAME, span_basename(start->program));
	fact_text(file->facts, fact, SERVICE_PROGRAM, program);
	if (start->arguments.size > 0)
		fact_text(file->facts, fact, SERVICE_ARGUMENTS, start->arguments);
	if (start->known.protocol.size > 0)
		fact_text(file->facts, fact, SERVICE_PROTOCOL, start->known.protocol);
	fact_word(file->facts, fact, SERVICE_STARTER, starter);
	if (enabled >= 0)
		fact_integer(fact, SERVICE_ENABLED, enabled);
	if (start->user.size > 0)
		fact_text(file->facts, fact, SERVICE_USER, start->user);
	state_listening(file, fact, start);
	return fact;
}

void service_state_port(struct inspection *file, struct fact *service, uint32_t port, struct span protocol,
			const char *source, const char *why)
{
	fact_integer(service, SERVICE_LISTENS, 1);
	fact_word(file->facts, service, SERVICE_WHY, why);
	if (protocol.size > 0)
		fact_text(file->facts, service, SERVICE_PROTOCOL, protocol);
	if (port > 0) {
		fact_integer(service, SERVICE_PORT, port);
		fact_word(file->facts, service, SERVICE_PORT_SOURCE, source);
	}
}
