#include "inspect/service_program.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "inspect/lines.h"

enum { PORT_MAX = 65535 };

static enum service_role role_of(struct span name)
{
	static const char *const names[] = { [ROLE_SERVER] = "server", [ROLE_CONDITIONAL] = "conditional",
					     [ROLE_SUPER] = "super",   [ROLE_CLIENT] = "client",
					     [ROLE_TUNNEL] = "tunnel", [ROLE_LOCAL] = "local",
					     [ROLE_TOOL] = "tool" };
	for (size_t i = ROLE_SERVER; i < sizeof names / sizeof *names; i++)
		if (span_equal_text(name, names[i]))
			return (enum service_role)i;
	return ROLE_UNKNOWN;
}

struct service_program service_program_find(struct span name)
{
	struct service_program program = { 0 };
	struct span rest;
	if (!lookup_line(embedded("services/programs.tsv"), span_basename(name), &rest))
		return program;
	program.protocol = lookup_field(&rest);
	program.role = role_of(lookup_field(&rest));
	program.port_option = lookup_field(&rest);
	program.condition = lookup_field(&rest);
	return program;
}

bool service_program_stays(const struct service_program *program)
{
	return program->role != ROLE_UNKNOWN && program->role != ROLE_TOOL;
}

/* "-l" stands alone or in a cluster: "-ll", "-nlvp". */
static bool is_flag(struct span argument, struct span flag)
{
	bool cluster = flag.size == 2 && span_byte(argument, 0) == '-' && span_byte(argument, 1) != '-';
	return span_equal(argument, flag) ||
	       (cluster && span_find_byte(argument, span_byte(flag, 1), 1) != SPAN_NOT_FOUND);
}

bool service_program_listens(const struct service_program *program, struct span arguments)
{
	bool word = span_byte(program->condition, 0) != '-';
	struct span argument;
	if (program->role != ROLE_CONDITIONAL)
		return false;
	if (word)
		return span_find(arguments, program->condition, 0) != SPAN_NOT_FOUND;
	while (span_next_word(&arguments, &argument))
		if (is_flag(argument, program->condition))
			return true;
	return false;
}

uint32_t service_port_of(struct span address)
{
	uint64_t port = 0;
	size_t start = address.size;
	while (start > 0 && is_digit(span_byte(address, start - 1)))
		start--;
	bool stands = start == 0 || span_byte(address, start - 1) == ':' || span_byte(address, start - 1) == '=';
	return stands && span_to_number(span_from(address, start), PORT_MAX, &port) ? (uint32_t)port : 0;
}

/* tcpsvd [options] ADDRESS PORT PROGRAM */
static uint32_t port_of_super_server(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument)) {
		uint64_t number;
		if (span_to_number(argument, PORT_MAX, &number))
			return (uint32_t)number;
	}
	return 0;
}

/* gdbserver HOST:PORT PROGRAM */
static uint32_t port_of_address(struct span arguments)
{
	struct span argument;
	while (span_next_word(&arguments, &argument))
		if (span_find_byte(argument, ':', 0) != SPAN_NOT_FOUND && service_port_of(argument) > 0)
			return service_port_of(argument);
	return 0;
}

/* "-p" stands alone or ends a cluster: "-lp 4444". */
static bool is_port_option(struct span argument, struct span option)
{
	bool cluster = option.size == 2 && argument.size > 2 && span_byte(argument, 0) == '-' &&
		       is_letter(span_byte(argument, 1)) &&
		       span_byte(argument, argument.size - 1) == span_byte(option, 1);
	return span_equal(argument, option) || cluster;
}

/* socat TCP-LISTEN:4444,reuseaddr */
static uint32_t port_of_listener(struct span arguments)
{
	size_t at = span_find_text(arguments, "LISTEN:", 0);
	if (at == SPAN_NOT_FOUND)
		return 0;
	struct span number = span_from(arguments, at + 7);
	size_t end = 0;
	while (is_digit(span_byte(number, end)))
		end++;
	return service_port_of(span_slice(number, 0, end));
}

uint32_t service_port_in(struct span name, const struct service_program *program, struct span arguments)
{
	struct span rest = arguments, argument, option = program->port_option;
	if (span_equal_text(name, "tcpsvd") || span_equal_text(name, "udpsvd"))
		return port_of_super_server(arguments);
	if (span_equal_text(program->protocol, "debug"))
		return port_of_address(arguments);
	if (span_equal_text(program->condition, "LISTEN"))
		return port_of_listener(arguments);
	while (option.size > 0 && span_next_word(&rest, &argument)) {
		struct span value = SPAN_NONE;
		if (is_port_option(argument, option))
			(void)span_next_word(&rest, &value);
		else if (span_starts(argument, option))
			value = span_from(argument, option.size);
		if (service_port_of(value) > 0)
			return service_port_of(value);
	}
	return 0;
}

uint32_t service_usual_port(struct span protocol)
{
	struct span rest;
	if (!lookup_line(embedded("services/protocols.tsv"), protocol, &rest))
		return 0;
	return service_port_of(lookup_field(&rest));
}

uint32_t service_port_named(struct span name, struct span *protocol)
{
	struct span rest;
	uint64_t number = 0;
	*protocol = SPAN_NONE;
	if (lookup_line(embedded("services/ports.tsv"), name, &rest)) {
		uint32_t port = service_port_of(lookup_field(&rest));
		*protocol = lookup_field(&rest);
		return port;
	}
	return span_to_number(name, PORT_MAX, &number) ? (uint32_t)number : 0;
}
