#include "inspect/console_program.h"
#include "inspect/lines.h"
#include "inspect/service_program.h"
#include "inspect/services.h"

/* Prefixes of ExecStart that change how it runs, not what. */
static struct span without_prefixes(struct span text)
{
	while (text.size > 0 && strchr("-@:+!|", span_byte(text, 0)) && span_byte(text, 0) != 0)
		text = span_from(text, 1);
	return text;
}

/* What of a socket unit says: "22", "0.0.0.0:23", "[::]:80"; the last number is the port. */
static const char *port_protocol(struct span address)
{
	static const struct {
		const char *port, *protocol;
	} ports[] = { { "21", "ftp" }, { "22", "ssh" }, { "23", "telnet" }, { "69", "tftp" }, { "80", "http" },
		      { "443", "https" }, { "445", "smb" }, { "514", "rsh" }, { "5555", "adb" }, { "1883", "mqtt" } };
	size_t start = address.size;
	while (start > 0 && is_digit(span_byte(address, start - 1)))
		start--;
	struct span port = span_from(address, start);
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
		if (span_equal_text(port, ports[i].port))
			return ports[i].protocol;
	return NULL;
}

static struct span unit_name(struct inspection *file)
{
	size_t dot = span_find_text(file->name, ".s", 0);
	for (size_t next = dot; next != SPAN_NOT_FOUND; next = span_find_text(file->name, ".s", next + 1))
		dot = next;
	return span_slice(file->name, 0, dot);
}

/*
 * enabled stays NULL here, since links of other folders decide it; without an
 * [Install] section no link is foreseen, and only other units can pull it in.
 */
void services_unit(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, key, value, user = SPAN_NONE;
	struct service_start start;
	struct fact *service = NULL;
	while (lines_next_setting(&lines, &line)) {
		size_t equals = span_find_byte(line, '=', 0);
		if (equals == SPAN_NOT_FOUND)
			continue;
		key = span_trim(span_slice(line, 0, equals));
		value = span_trim(span_from(line, equals + 1));
		if (span_equal_text(key, "User"))
			user = value;
		if (span_equal_text(key, "ExecStart") && !service &&
		    service_start_of_text(without_prefixes(value), file->scratch, &start) &&
		    console_program_of(start.program, start.arguments) == CONSOLE_NOTHING)
			service = service_state(file, lines.number, &start, "systemd", -1);
		if (span_equal_text(key, "ListenStream") && port_protocol(value) && !service) {
			start = (struct service_start){ .program = unit_name(file), .arguments = value };
			service = service_state(file, lines.number, &start, "systemd", -1);
			fact_word(file->facts, service, SERVICE_PROTOCOL, port_protocol(value));
			service->values[SERVICE_PROGRAM] = (struct value){ .type = VALUE_NULL };
		}
	}
	if (service && user.size > 0)
		fact_text(file->facts, service, SERVICE_USER, user);
}

static void set_option(struct inspection *file, struct fact *service, struct span option, struct span rest)
{
	struct span value;
	if (span_equal_text(option, "disabled"))
		service->values[SERVICE_ENABLED] = (struct value){ .type = VALUE_NULL };
	if (span_equal_text(option, "user") && span_next_word(&rest, &value))
		fact_text(file->facts, service, SERVICE_USER, value);
}

/* "service NAME PATH ARGUMENTS", then options; "disabled" ones wait for a property or a command. */
void services_android(struct inspection *file)
{
	static const char *const sections[] = { "on", "service", "import", NULL };
	struct lines lines = lines_over(file->bytes);
	struct span line, word, name;
	struct fact *service = NULL;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		if (service && !is_one_of(word, sections))
			set_option(file, service, word, rest);
		if (is_one_of(word, sections))
			service = NULL;
		struct service_start start;
		if (span_equal_text(word, "service") && span_next_word(&rest, &name) &&
		    service_start_of_text(span_trim(rest), file->scratch, &start) &&
		    console_program_of(start.program, start.arguments) == CONSOLE_NOTHING) {
			service = service_state(file, lines.number, &start, "android init", 1);
			fact_text(file->facts, service, SERVICE_NAME, name);
		}
	}
}
