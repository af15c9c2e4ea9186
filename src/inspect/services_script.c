#include "inspect/console_program.h"

#include "base/effort.h"
#include "inspect/lines.h"
#include "inspect/service_condition.h"
#include "inspect/service_options.h"
#include "inspect/service_start.h"
#include "inspect/services.h"
#include "inspect/shell.h"
#include "inspect/shell_settled.h"

enum { FUNCTIONS_MAX = 512, PASSES_MAX = 32 };

/* Whether a function of the script is called when it starts. */
enum liveness { NEVER_CALLED, MAYBE_CALLED, SURELY_CALLED };

struct script_function {
	struct span name;
	enum liveness liveness;
	uint64_t called_at; /* place of the one call that is followed, from 1; 0 where none was seen */
	struct way *way;    /* that leads to that call */
};

struct script {
	struct inspection *file;
	struct shell *shell; /* that reads it */
	const char *starter;
	struct script_function functions[FUNCTIONS_MAX];
	size_t function_count;
	struct span guarded; /* function in which something may have left before this line; data is NULL for none */
	bool all_guarded;    /* the script itself may have been left */
	struct way left;     /* where the guarded function, or the script, may have been left */
	bool changed;        /* a function was found to be called */
	struct service_options options;
	const struct shell *whole; /* the script read to its end */
	int64_t conditions;        /* stated so far */
	bool tests_file;     /* the command before looked whether a file is there */
};

bool services_is_boot_script(const struct inspection *file)
{
	static const char *const folders[] = { "init.d", "rc.d", "rcS.d", "rc2.d", "rc3.d", "rc4.d", "rc5.d", NULL };
	static const char *const names[] = { "rcS", "rc", "rc.local", "rc.sysinit", "rc.boot", "rc.S", "rc.M", NULL };
	if (is_one_of(file->name, names))
		return true;
	for (size_t i = 0; folders[i]; i++)
		if (path_has_folder(file->path, folders[i]))
			return true;
	/* What a script reads in needs no first line of its own. */
	if (file->kind == KIND_TEXT && (span_starts_text(file->path, "/etc") || span_ends_text(file->name, ".sh")))
		return true;
	/* Boot scripts call others by any name; services_conclude() tells which ones run. */
	return file->kind == KIND_SCRIPT && span_find_text(span_slice(file->bytes, 0, 64), "sh", 0) != SPAN_NOT_FOUND;
}

/* Functions that rc.common of OpenWrt and its like call to start. */
bool services_is_start_function(struct span name)
{
	static const char *const names[] = { "start", "boot", "start_service", "service_start", "do_start", NULL };
	return is_one_of(name, names);
}

static struct script_function *function_of(struct script *script, struct span name)
{
	for (size_t i = 0; i < script->function_count; i++)
		if (span_equal(script->functions[i].name, name))
			return &script->functions[i];
	return NULL;
}

static void add_function(struct script *script, struct span name)
{
	if (name.size == 0 || function_of(script, name))
		return;
	if (script->function_count == FUNCTIONS_MAX) {
		facts_drop(script->file->facts, EVIDENCE_SERVICE);
		return;
	}
	enum liveness liveness = services_is_start_function(name) ? SURELY_CALLED : NEVER_CALLED;
	script->functions[script->function_count++] = (struct script_function){ .name = name, .liveness = liveness };
}

/* A branch of "case $1 in": does it run at boot? */
bool services_is_start_branch(struct span branch)
{
	struct span pattern;
	while (span_next_field(&branch, '|', &pattern)) {
		pattern = unquoted(span_trim(pattern));
		if (span_equal_text(pattern, "start") || span_equal_text(pattern, "boot") || pattern.size == 0)
			return true;
	}
	return false;
}

static enum liveness liveness_of(struct script *script, const struct shell_command *command)
{
	if (command->unreached || (command->branch.size > 0 && !services_is_start_branch(command->branch)))
		return NEVER_CALLED;
	bool guarded = script->all_guarded || (script->guarded.data && span_equal(script->guarded, command->function));
	enum liveness liveness = command->conditional || guarded ? MAYBE_CALLED : SURELY_CALLED;
	if (command->function.size > 0) {
		const struct script_function *function = function_of(script, command->function);
		enum liveness called = function ? function->liveness : MAYBE_CALLED;
		liveness = called < liveness ? called : liveness;
	}
	return liveness;
}

/* What leads to a command: the calls of its function, where that may have been left, and what its own line tests. */
static void way_to(struct script *script, const struct shell_command *command, struct way *out)
{
	const struct script_function *function = function_of(script, command->function);
	*out = (struct way){ .lost = command->function.size > 0 && !function };
	bool surely = function && function->liveness == SURELY_CALLED;
	if (function && !surely && function->way)
		way_append(out, function->way);
	else if (function && !surely)
		out->lost = true; /* called from elsewhere */
	if (span_equal(script->guarded, command->function))
		way_append(out, &script->left);
	else
		out->lost |= script->all_guarded;
	way_add_command(out, command);
}

/* Of several calls one is enough: what leads to each is then not told. */
static void note_way(struct script *script, const struct shell_command *command, struct script_function *function, bool each)
{
	if (function->called_at == 0 && (function->way = ARENA_NEW(script->file->scratch, struct way, 1)))
		function->called_at = command->offset + 1;
	if (!function->way)
		return;
	if (function->called_at != command->offset + 1) {
		function->way->lost = true;
		return;
	}
	bool lost = function->way->lost;
	way_to(script, command, function->way);
	if (each)
		way_add_each(function->way, script->options.loaded, command->count > 2 ? command->words[2] : SPAN_NONE);
	function->way->lost |= lost;
}

/* "config_foreach start_instance dropbear": once for each section, of which there may be none. */
static void note_call(struct script *script, const struct shell_command *command)
{
	service_options_see(&script->options, command);
	bool each = span_equal_text(command->words[0], "config_foreach") && command->count > 1;
	struct script_function *function = function_of(script, command->words[each ? 1 : 0]);
	enum liveness liveness = liveness_of(script, command);
	if (each && liveness == SURELY_CALLED)
		liveness = MAYBE_CALLED;
	if (function && liveness == MAYBE_CALLED && !services_is_start_function(function->name))
		note_way(script, command, function, each);
	if (function && liveness > function->liveness) {
		function->liveness = liveness;
		script->changed = true;
	}
}

/*
 * "[ $enabled = 1 ] || exit" makes what follows conditional; "[ -x program ] || exit"
 * does not, since service.program_present tells that.
 */
static void note_guard(struct script *script, const struct shell_command *command)
{
	static const char *const leaves[] = { "exit", "return", NULL };
	bool left = is_one_of(command->words[0], leaves) && command->conditional && !script->tests_file;
	if (left && liveness_of(script, command) != NEVER_CALLED) {
		if (!span_equal(script->guarded, command->function) || !script->guarded.data)
			script->left = (struct way){ 0 };
		way_add_leave(&script->left, command);
		script->guarded = command->function;
		script->all_guarded |= command->function.size == 0;
	}
	script->tests_file = false;
	for (size_t i = 1; i < command->count; i++) {
		static const char *const tests[] = { "-x", "-f", "-e", "-s", NULL };
		script->tests_file |= is_one_of(command->words[i], tests);
	}
}

static void walk(struct script *script, void (*visit)(struct script *, const struct shell_command *))
{
	struct shell *shell = ARENA_NEW(script->file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(script->file->scratch, struct shell_command, 1);
	if (!shell || !command)
		return;
	shell_init(shell, script->file->bytes, script->file->scratch, script->file->notes);
	script->shell = shell;
	script->guarded = SPAN_NONE;
	script->all_guarded = false;
	script->left = (struct way){ 0 };
	while (shell_next(shell, command)) {
		visit(script, command);
		note_guard(script, command);
	}
}

static void visit_definition(struct script *script, const struct shell_command *command)
{
	add_function(script, command->function);
	service_options_see(&script->options, command);
	if (span_equal_text(command->words[0], "procd_set_param") || span_equal_text(command->words[0], "procd_open_instance"))
		script->starter = "procd";
}

static bool is_own_function(struct script *script, struct span name)
{
	return function_of(script, name) != NULL;
}

/* A script that this one calls or reads in: the chain is followed by services_conclude(). */
static bool is_script_call(const struct service_start *start)
{
	return start->sourced || service_is_script(start->program);
}

/* "/etc/init.d/telnet stop" starts nothing, and neither does "enabled". */
static bool is_stop_call(const struct service_start *start)
{
	static const char *const starts[] = { "start", "boot", "restart", "reload", NULL };
	static const char *const stops[] = { "stop", "disable", "shutdown", "kill", "-k", "--help", "--version", NULL };
	struct span argument, arguments = start->arguments;
	if (start->sourced || !span_next_word(&arguments, &argument))
		return false;
	bool init = path_has_folder(start->program, "init.d") && service_is_script(start->program);
	return is_one_of(argument, stops) || (init && !is_one_of(argument, starts));
}

/* Only the program's name or path: not a variable that the script computes. */
static bool is_program(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++) {
		uint8_t c = span_byte(s, i);
		if (!is_alnum(c) && c != '/' && c != '.' && c != '_' && c != '-' && c != '+')
			return false;
	}
	return s.size > 0;
}

/* A path, or in a script of init's own a bare name: services_conclude() drops those that name no file. */
static bool is_plain_start(const struct inspection *file, const struct service_start *start, bool background)
{
	bool boot = span_equal_text(file->name, "rcS") || span_equal_text(file->path, "/etc/profile") ||
		    span_starts_text(file->name, "rc.") || path_has_folder(file->path, "init.d") || path_has_folder(file->path, "rc.d");
	return start->known.role == ROLE_UNKNOWN && start->program.size > 1 &&
	       (span_byte(start->program, 0) == '/' || background || boot);
}

static struct span value_of(const struct shell *shell, struct span name)
{
	const struct shell_variable *variable = shell_find(shell, name);
	return variable ? variable->value : SPAN_NONE;
}

/*
 * export LINE="/usr/sbin/httpd -c /etc/httpd.conf": handed to the program that the script calls next, which runs it. A value
 * without arguments may be anything: a folder, an editor.
 */
static void visit_export(struct script *script, const struct shell_command *command)
{
	struct span rest = command->text, word;
	while (span_next_word(&rest, &word)) {
		struct service_start start;
		struct span value = value_of(script->shell, span_slice(word, 0, span_find_byte(word, '=', 0)));
		if (span_find_byte(word, '=', 0) == SPAN_NOT_FOUND ||
		    !service_start_of_text(value, script->file->scratch, &start) || span_byte(start.program, 0) != '/' ||
		    !is_program(start.program) || is_stop_call(&start))
			continue;
		bool server = start.known.role == ROLE_SERVER;
		if ((start.arguments.size > 0 || server) && liveness_of(script, command) != NEVER_CALLED)
			service_state(script->file, command->line, &start, script->starter, -1);
	}
}

/* A function in a script that init does not run by its name: one that reads it in may call it. */
static bool may_be_called_elsewhere(const struct script *script, const struct shell_command *command)
{
	static const char *const names[] = { "rcS", "rc", "rc.local", NULL };
	bool library = !path_has_folder(script->file->path, "init.d") && !path_has_folder(script->file->path, "rc.d") &&
		       !is_one_of(script->file->name, names);
	return library && command->function.size > 0 && !command->unreached &&
	       (command->branch.size == 0 || services_is_start_branch(command->branch));
}

static void state_conditions(struct script *script, const struct shell_command *command, struct span service)
{
	struct way *way = ARENA_NEW(script->file->scratch, struct way, 1);
	const struct condition_scope scope = { .variables = script->whole,
					       .open = script->options.open,
					       .options = script->options.options,
					       .option_count = script->options.count,
					       .package = script->options.several ? SPAN_NONE : script->options.loaded,
					       .arena = script->file->scratch };
	if (!way)
		return;
	way_to(script, command, way);
	way_state(script->file, &scope, way, command->line, service, &script->conditions);
}

static void visit_service(struct script *script, const struct shell_command *command)
{
	struct service_start start;
	if (span_equal_text(command->words[0], "export"))
		visit_export(script, command);
	if (is_own_function(script, command->words[0]) && !services_is_start_function(command->words[0]))
		return;
	if (!service_start_of(command, script->file->scratch, &start) || !is_program(start.program) ||
	    (start.sourced && span_byte(start.program, 0) != '/') ||
	    console_program_of(start.program, start.arguments) != CONSOLE_NOTHING)
		return;
	bool stays = (service_program_stays(&start.known) && !service_start_asks(&start)) || start.starter;
	if (is_stop_call(&start) || (!is_script_call(&start) && !stays &&
				     !is_plain_start(script->file, &start, command->background)))
		return;
	enum liveness liveness = liveness_of(script, command);
	/* What stands in a stop branch, or in a function that no one calls, is not started here; of a library others may call it. */
	if (liveness == NEVER_CALLED && may_be_called_elsewhere(script, command) && start.known.role == ROLE_SERVER)
		liveness = MAYBE_CALLED;
	if (liveness == NEVER_CALLED && !command->unreached)
		return;
	int enabled = command->unreached ? 0 : liveness == SURELY_CALLED ? 1 : -1;
	service_state(script->file, command->line, &start, script->starter, enabled);
	if (enabled < 0)
		state_conditions(script, command, span_basename(start.program));
}

/* Who runs the scripts of a folder. */
static const char *starter_of(const struct inspection *file)
{
	static const struct {
		const char *folder, *starter;
	} folders[] = {
		{ "hotplug.d", "hotplug" },	      { "udhcpc.d", "network script" },	   { "if-up.d", "network script" },
		{ "if-pre-up.d", "network script" },  { "udhcpc", "network script" },	   { "ppp", "network script" },
		{ "cron.hourly", "cron" },	      { "cron.daily", "cron" },		   { "cron.weekly", "cron" },
		{ "cron.monthly", "cron" },	      { "periodic", "cron" },		   { "mdev", "hotplug" },
	};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (path_has_folder(file->path, folders[i].folder))
			return folders[i].starter;
	bool init = path_has_folder(file->path, "init.d") && !span_equal_text(file->name, "rcS");
	return init ? "sysv link" : "rc script";
}

/* Functions call each other in any order: until nothing new is found. */
static void follow_calls(struct script *script)
{
	script->changed = script->function_count > 0;
	for (int pass = 0; script->changed && pass < PASSES_MAX; pass++) {
		script->changed = false;
		walk(script, note_call);
	}
	if (script->changed)
		notes_incomplete(script->file->notes, MISSING_SEARCH, CAUSE_LIMIT, "services.calls", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "functions of the script call each other through more steps than are followed (%d)", PASSES_MAX);
}

void services_script(struct inspection *file)
{
	struct script *script = ARENA_NEW(file->scratch, struct script, 1);
	if (!script)
		return;
	script->file = file;
	script->starter = starter_of(file);
	walk(script, visit_definition);
	if (!script->shell)
		return; /* memory was refused: said where the file is examined */
	shell_settle(script->shell);
	script->whole = script->shell;
	follow_calls(script);
	walk(script, visit_service);
	services_folders(file);
}
