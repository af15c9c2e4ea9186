/* systemd.service(5), systemd.socket(5), systemd.unit(5): also the drop-ins in folders that are named for a unit. */
#include "inspect/console_program.h"
#include "inspect/lines.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

/* Prefixes of ExecStart that change how it runs, not what. */
static struct span without_prefixes(struct span text)
{
	while (text.size > 0 && strchr("-@:+!|", span_byte(text, 0)) && span_byte(text, 0) != 0)
		text = span_from(text, 1);
	return text;
}

static struct span unit_name(struct inspection *file)
{
	size_t dot = span_find_text(file->name, ".s", 0);
	for (size_t next = dot; next != SPAN_NOT_FOUND; next = span_find_text(file->name, ".s", next + 1))
		dot = next;
	return span_slice(file->name, 0, dot);
}

struct unit {
	struct inspection *file;
	struct fact *service; /* NULL until something is started */
	struct span user;
	struct service_start shell; /* what would give a console, were its input not a socket */
	int64_t shell_line;
	bool on_socket;
};

/* What is started before or after it stands beside the service where it stays. */
static void take_other(struct unit *unit, int64_t line, struct span value)
{
	struct service_start start;
	if (service_start_of_text(without_prefixes(value), unit->file->scratch, &start) &&
	    service_program_stays(&start.known) && !service_start_asks(&start) &&
	    console_program_of(start.program, start.arguments) == CONSOLE_NOTHING)
		(void)service_state(unit->file, line, &start, "systemd", -1);
}

/* The first command stands for the service; an empty one of a drop-in takes back those before it. */
static void take_start(struct unit *unit, int64_t line, struct span value)
{
	struct service_start start;
	if (unit->service)
		take_other(unit, line, value);
	if (unit->service || !service_start_of_text(without_prefixes(value), unit->file->scratch, &start))
		return;
	if (console_program_of(start.program, start.arguments) == CONSOLE_NOTHING) {
		unit->service = service_state(unit->file, line, &start, "systemd", -1);
		return;
	}
	unit->shell = start;
	unit->shell_line = line;
}

/* systemd.exec(5), StandardInput=socket: who connects talks to the program. */
static void end_on_socket(struct unit *unit)
{
	if (unit->service || !unit->on_socket || unit->shell_line == 0)
		return;
	unit->service = service_state(unit->file, unit->shell_line, &unit->shell, "systemd", -1);
	service_state_port(unit->file, unit->service, 0, SPAN_NONE, "unit", "systemd gives it the connection");
}

/* A socket of the file system is no way in from a network. */
static void take_socket(struct unit *unit, int64_t line, struct span value)
{
	uint32_t port = span_byte(value, 0) == '/' || span_byte(value, 0) == '@' ? 0 : service_port_of(value);
	struct span protocol;
	if (port == 0 || unit->service)
		return;
	struct service_start start = { .program = unit_name(unit->file), .arguments = value };
	unit->service = service_state(unit->file, line, &start, "systemd", -1);
	(void)service_port_named(arena_format(unit->file->scratch, "%u", port), &protocol);
	service_state_port(unit->file, unit->service, port, protocol, "unit", "systemd waits on the socket for it");
	unit->service->values[SERVICE_PROGRAM] = (struct value){ .type = VALUE_NULL };
}

/* "Wants=a.service b.service": services_conclude() follows those of units that are reached. */
static void state_wanted(struct inspection *file, int64_t line, struct span names)
{
	struct span name;
	while (span_next_word(&names, &name)) {
		struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
		fact_integer(fact, SETTING_LINE, line);
		fact_word(file->facts, fact, SETTING_SUBJECT, "systemd");
		fact_word(file->facts, fact, SETTING_NAME, "wants");
		fact_text(file->facts, fact, SETTING_VALUE, name);
	}
}

/*
 * enabled stays NULL here, since links of other folders decide it; without an
 * [Install] section no link is foreseen, and only other units can pull it in.
 */
void services_unit(struct inspection *file)
{
	struct unit unit = { .file = file };
	struct lines lines = lines_over(file->bytes);
	int64_t number;
	struct span line;
	while (lines_next_joined(&lines, file->scratch, &line, &number)) {
		size_t equals = span_find_byte(line, '=', 0);
		if (equals == SPAN_NOT_FOUND)
			continue;
		struct span key = span_trim(span_slice(line, 0, equals)), value = span_trim(span_from(line, equals + 1));
		static const char *const wanting[] = { "Wants", "Requires", "BindsTo", "Upholds", NULL };
		if (is_one_of(key, wanting))
			state_wanted(file, number, value);
		if (span_equal_text(key, "User"))
			unit.user = value;
		if (span_equal_text(key, "StandardInput"))
			unit.on_socket = span_equal_text(value, "socket");
		if (span_equal_text(key, "ExecStart"))
			take_start(&unit, number, value);
		if (span_equal_text(key, "ExecStartPre") || span_equal_text(key, "ExecStartPost"))
			take_other(&unit, number, value);
		if (span_equal_text(key, "ListenStream") || span_equal_text(key, "ListenDatagram"))
			take_socket(&unit, number, value);
	}
	end_on_socket(&unit);
	if (unit.service && unit.user.size > 0)
		fact_text(file->facts, unit.service, SERVICE_USER, unit.user);
}

void services_preset(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, verb, pattern;
	while (lines_next_setting(&lines, &line)) {
		bool known = span_next_word(&line, &verb) &&
			     (span_equal_text(verb, "enable") || span_equal_text(verb, "disable"));
		if (!known || !span_next_word(&line, &pattern))
			continue;
		struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
		fact_integer(fact, SETTING_LINE, lines.number);
		fact_word(file->facts, fact, SETTING_SUBJECT, "systemd preset");
		fact_text(file->facts, fact, SETTING_NAME, verb);
		fact_text(file->facts, fact, SETTING_VALUE, pattern);
	}
}
