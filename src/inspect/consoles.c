/*
 * Consoles and what is bound to them: inittab(5), systemd's getty units, and the
 * login.sh by which OpenWrt gives a shell unless system.@system[0].ttylogin is 1.
 */
#include "evidence/query.h"
#include "inspect/console_program.h"
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/service_start.h"

static void state(struct inspection *file, int64_t line, struct span device, struct span program,
		  const struct service_start *start, enum console_program kind)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_CONSOLE);
	fact_integer(fact, CONSOLE_LINE, line);
	fact_text(file->facts, fact, CONSOLE_DEVICE, device);
	fact_text(file->facts, fact, CONSOLE_PROGRAM, program);
	struct span applet = arena_format(file->scratch, "%.*s %.*s", SPAN_FORMAT(start->multicall), SPAN_FORMAT(start->program));
	fact_text(file->facts, fact, CONSOLE_RUNS, start->multicall.size > 0 ? applet : start->program);
	fact_integer(fact, CONSOLE_AUTHENTICATED, kind == CONSOLE_LOGIN);
}

/* A terminal's name among a getty's arguments: ttyS0, console, /dev/ttyAMA0. */
static struct span device_argument(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument)) {
		struct span base = span_starts_text(argument, "/dev/") ? span_from(argument, 5) : argument;
		if (span_starts_text(base, "tty") || span_equal_text(base, "console") || span_starts_text(base, "hvc"))
			return argument;
	}
	return SPAN_NONE;
}

/* tts/0 and vc/1 are what devfs called ttyS0 and tty1. */
static bool is_terminal(struct span id)
{
	return span_starts_text(id, "tty") || span_starts_text(id, "/dev/") || span_equal_text(id, "console") ||
	       span_starts_text(id, "hvc") || span_starts_text(id, "vc/") || span_starts_text(id, "tts/");
}

static void read_inittab(struct inspection *file)
{
	static const char *const actions[] = { "respawn", "askfirst", "askconsole", "respawnlate", "askfirstlate", "once",
					       "wait", "sysinit", "ondemand", NULL };
	struct lines lines = lines_over(file->bytes);
	struct span line, id, levels, action;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_field(&rest, ':', &id) || !span_next_field(&rest, ':', &levels) ||
		    !span_next_field(&rest, ':', &action) || !is_one_of(action, actions) ||
		    span_find_byte(id, ' ', 0) != SPAN_NOT_FOUND)
			continue;
		size_t remark = span_find_text(rest, " #", 0);
		struct span process = span_trim(span_slice(rest, 0, remark));
		while (span_byte(process, 0) == '-' || span_byte(process, 0) == '+')
			process = span_from(process, 1);
		struct service_start start;
		if (!service_start_of_text(process, file->scratch, &start))
			continue;
		enum console_program kind = console_program_of(start.program, start.arguments);
		struct span device = device_argument(start.arguments);
		if (device.size == 0)
			device = is_terminal(id) ? id : SPAN_LITERAL("console");
		if (kind != CONSOLE_NOTHING)
			state(file, lines.number, device, process, &start, kind);
	}
}

/* serial-getty@.service is bound by links: the instance's name is the device. Other units name it in ExecStart. */
static void read_unit(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line)) {
		if (!span_starts_text(line, "ExecStart="))
			continue;
		struct span command = span_from(line, sizeof "ExecStart=" - 1);
		while (span_byte(command, 0) == '-')
			command = span_from(command, 1);
		struct service_start start;
		if (!service_start_of_text(command, file->scratch, &start))
			continue;
		enum console_program kind = console_program_of(start.program, start.arguments);
		struct span device = device_argument(start.arguments);
		size_t at = span_find_byte(file->name, '@', 0);
		struct span instance = at == SPAN_NOT_FOUND ? SPAN_NONE : span_from(file->name, at + 1);
		if (device.size == 0 && span_starts_text(instance, "tty"))
			device = span_slice(instance, 0, span_find_byte(instance, '.', 0));
		if (kind != CONSOLE_NOTHING && device.size > 0)
			state(file, lines.number, device, command, &start, kind);
	}
}

/* A shell in login.sh, which procd's askconsole and telnetd run in place of login. */
static void read_login_script(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	if (!shell || !command)
		return;
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		struct service_start start;
		if (service_start_of(command, file->scratch, &start) && !command->unreached &&
		    console_program_of(start.program, start.arguments) == CONSOLE_SHELL) {
			state(file, command->line, SPAN_LITERAL("console"), command->text, &start, CONSOLE_SHELL);
			return;
		}
	}
}

static bool is_login_script(const struct inspection *file)
{
	return span_ends_text(file->path, "/usr/libexec/login.sh");
}

static bool is_unit(const struct inspection *file)
{
	return path_has_folder(file->path, "systemd") && span_ends_text(file->name, ".service");
}

static bool wants(const struct inspection *file)
{
	if (!inspection_is_live_lines(file))
		return false;
	return span_starts_text(file->name, "inittab") || is_unit(file) || is_login_script(file);
}

static void inspect(struct inspection *file)
{
	if (is_login_script(file))
		read_login_script(file);
	else if (is_unit(file))
		read_unit(file);
	else
		read_inittab(file);
}

/* login.sh asks for a login only where the system's configuration says so. */
static const char *const statements[] = {
	"UPDATE console SET authenticated = 1 WHERE file IN (SELECT id FROM file WHERE path GLOB '*/usr/libexec/login.sh')"
	" AND EXISTS (SELECT 1 FROM setting WHERE subject = 'system' AND name = 'ttylogin' AND value = '1')",
	"UPDATE console SET authenticated = 0 WHERE program GLOB '*/usr/libexec/login.sh*' AND EXISTS"
	" (SELECT 1 FROM console c JOIN file f ON f.id = c.file WHERE f.path GLOB '*/usr/libexec/login.sh'"
	" AND c.authenticated = 0)",
	NULL,
};

static enum outcome conclude(struct evidence *evidence)
{
	for (const char *const *statement = statements; *statement; statement++)
		TRY(query_run(evidence_database(evidence), *statement));
	return DONE;
}

const struct inspector inspector_consoles = {
	.name = "consoles",
	.wants = wants,
	.inspect = inspect,
	.conclude = conclude,
};
