#include "inspect/lines.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

/* What the name of the service tells goes before what is known of its program. */
static void state(struct inspection *file, int64_t line, struct span name, struct service_start *start, struct span user,
		  const char *starter, int enabled)
{
	struct span protocol;
	start->user = user;
	struct fact *service = service_state(file, line, start, starter, enabled);
	uint32_t port = service_port_named(name, &protocol);
	service_state_port(file, service, port, protocol, "services table", "the super-server waits on its port for it");
}

/* service type protocol wait user program arguments: argument 0 is the program's name. Enabled where inetd itself runs. */
void services_inetd(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, name, skipped, user, program, first;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		bool whole = span_next_word(&rest, &name) && span_next_word(&rest, &skipped) &&
			     span_next_word(&rest, &skipped) && span_next_word(&rest, &skipped) &&
			     span_next_word(&rest, &user) && span_next_word(&rest, &program);
		if (!whole || span_equal_text(program, "internal"))
			continue;
		struct span multicall = SPAN_NONE;
		bool named = span_next_word(&rest, &first);
		if (named && span_byte(program, 0) == '/' && span_equal_text(span_basename(program), "busybox")) {
			multicall = program;
			program = first;
		} else if (named && span_equal_text(span_basename(program), "tcpd"))
			program = first; /* tcpd(8) looks who comes, and runs what is named */
		struct service_start start = { .program = program, .arguments = span_trim(rest), .multicall = multicall,
					       .known = service_program_find(program) };
		state(file, lines.number, name, &start, user, "inetd", -1);
	}
}

struct xinetd_service {
	struct span name, port, user;
	struct service_start start;
	int64_t line;
	bool open, disabled;
};

static void end_xinetd(struct inspection *file, struct xinetd_service *service)
{
	if (service->open && service->start.program.size > 0) {
		service->start.known = service_program_find(service->start.program);
		state(file, service->line, service->port.size > 0 ? service->port : service->name, &service->start,
		      service->user, "xinetd", service->disabled ? 0 : -1);
	}
	*service = (struct xinetd_service){ 0 };
}

/* xinetd.conf(5): blanks around the sign may be left out. */
static void take_attribute(struct xinetd_service *service, struct span line)
{
	size_t equals = span_find_byte(line, '=', 0);
	if (equals == SPAN_NOT_FOUND)
		return;
	struct span value = span_trim(span_from(line, equals + 1)), left = span_slice(line, 0, equals), word = SPAN_NONE;
	(void)span_next_word(&left, &word);
	if (span_equal_text(word, "disable"))
		service->disabled = span_equal_text(value, "yes");
	else if (span_equal_text(word, "port"))
		service->port = value;
	else if (span_equal_text(word, "user"))
		service->user = value;
	else if (span_equal_text(word, "server"))
		service->start.program = value;
	else if (span_equal_text(word, "server_args"))
		service->start.arguments = value;
}

void services_xinetd(struct inspection *file)
{
	struct xinetd_service service = { 0 };
	struct lines lines = lines_over(file->bytes);
	struct span line, word;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		if (span_equal_text(word, "service")) {
			end_xinetd(file, &service);
			service.open = span_next_word(&rest, &service.name);
			service.line = lines.number;
			continue;
		}
		if (span_equal_text(word, "}"))
			end_xinetd(file, &service);
		else
			take_attribute(&service, line);
	}
	end_xinetd(file, &service);
}
