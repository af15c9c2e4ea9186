#include "inspect/lines.h"
#include "inspect/service_program.h"
#include "inspect/services.h"

/* Service names of /etc/services, where the program itself does not tell. */
static const char *protocol_of_name(struct span name)
{
	static const struct {
		const char *name, *protocol;
	} names[] = { { "telnet", "telnet" }, { "23", "telnet" }, { "ftp", "ftp" },   { "21", "ftp" },
		      { "tftp", "tftp" },     { "69", "tftp" },   { "ssh", "ssh" },   { "22", "ssh" },
		      { "shell", "rsh" },     { "login", "rlogin" }, { "exec", "rexec" }, { "http", "http" },
		      { "www", "http" },      { "80", "http" },   { "swat", "http" }, { "rsync", "rsync" } };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_equal_text(name, names[i].name))
			return names[i].protocol;
	return NULL;
}

static void state(struct inspection *file, int64_t line, struct span name, struct service_start *start, struct span user,
		  const char *starter, int enabled)
{
	start->user = user;
	struct fact *service = service_state(file, line, start, starter, enabled);
	const char *protocol = protocol_of_name(name);
	if (protocol)
		fact_word(file->facts, service, SERVICE_PROTOCOL, protocol);
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
		if (span_next_word(&rest, &first) && span_byte(program, 0) == '/' &&
		    span_equal_text(span_basename(program), "busybox"))
			program = first;
		struct service_start start = { .program = program, .arguments = span_trim(rest),
					       .known = service_program_find(program) };
		state(file, lines.number, name, &start, user, "inetd", -1);
	}
}

struct xinetd_service {
	struct span name, user;
	struct service_start start;
	int64_t line;
	bool open, disabled;
};

static void end_xinetd(struct inspection *file, struct xinetd_service *service)
{
	if (service->open && service->start.program.size > 0) {
		service->start.known = service_program_find(service->start.program);
		state(file, service->line, service->name, &service->start, service->user, "xinetd",
		      service->disabled ? 0 : -1);
	}
	*service = (struct xinetd_service){ 0 };
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
		size_t equals = span_find_byte(line, '=', 0);
		struct span value = equals == SPAN_NOT_FOUND ? SPAN_NONE : span_trim(span_from(line, equals + 1));
		if (span_equal_text(word, "}"))
			end_xinetd(file, &service);
		else if (span_starts_text(word, "disable"))
			service.disabled = span_equal_text(value, "yes");
		else if (span_equal_text(word, "user"))
			service.user = value;
		else if (span_equal_text(word, "server"))
			service.start.program = value;
		else if (span_equal_text(word, "server_args"))
			service.start.arguments = value;
	}
	end_xinetd(file, &service);
}
