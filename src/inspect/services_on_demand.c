/*
 * What starts programs later than init does: crontab(5), mdev.conf of BusyBox (docs/mdev.txt), udev(7), hotplug2,
 * and interfaces(5). Whether the daemon behind the table runs, services_conclude() finds out.
 */
#include "inspect/console_program.h"

#include "base/effort.h"
#include "inspect/lines.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

enum { CRON_FIELDS = 5 };

/* Every program of a command line that is no step of a script. */
static void state_commands(struct inspection *file, int64_t line, struct span text, struct span user, const char *starter,
			   int enabled)
{
	bool bare = strcmp(starter, "cron") == 0; /* found along the path, or dropped by services_conclude() */
	struct shell own, *shell = &own; /* not in the arena: a table of many lines would fill it */
	struct shell_command own_command, *command = &own_command;
	shell_init(shell, text, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		struct service_start start;
		bool runs = service_start_of(command, file->scratch, &start) && !start.sourced &&
			    (service_program_stays(&start.known) ||
			     ((span_byte(start.program, 0) == '/' || bare) && start.known.role == ROLE_UNKNOWN)) &&
			    span_find_byte(start.program, '$', 0) == SPAN_NOT_FOUND &&
			    console_program_of(start.program, start.arguments) == CONSOLE_NOTHING;
		if (!runs)
			continue;
		start.user = user;
		(void)service_state(file, line, &start, starter, command->conditional ? -1 : enabled);
	}
}

static bool is_time_field(struct span field)
{
	for (size_t i = 0; i < field.size && effort_at(i); i++) {
		uint8_t c = span_byte(field, i);
		if (!is_alnum(c) && c != '*' && c != '/' && c != '-' && c != ',' && c != '?')
			return false;
	}
	return field.size > 0 && (is_digit(span_byte(field, 0)) || span_byte(field, 0) == '*');
}

/* The tables of the system name a user before the command; those of a user bear the user's name. */
void services_crontab(struct inspection *file)
{
	bool system = span_equal_text(file->name, "crontab") || path_has_folder(file->path, "cron.d");
	struct lines lines = lines_over(file->bytes);
	struct span line, field;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line, user = system ? SPAN_NONE : file->name;
		bool entry = span_next_word(&rest, &field);
		if (entry && span_byte(field, 0) != '@') {
			int fields = 1;
			for (entry = is_time_field(field); entry && fields < CRON_FIELDS; fields++)
				entry = span_next_word(&rest, &field) && (is_time_field(field) || fields >= 3);
		}
		if (!entry || (system && !span_next_word(&rest, &user)))
			continue;
		state_commands(file, lines.number, rest, user, "cron", -1);
	}
}

/* device user:group mode [=path] [@$*command] */
void services_mdev(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, word;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		while (span_next_word(&rest, &word)) {
			uint8_t mark = span_byte(word, 0);
			if (mark != '@' && mark != '$' && mark != '*')
				continue;
			size_t at = (size_t)(word.data - line.data) + 1;
			if (at > 1)
				state_commands(file, lines.number, span_from(line, at), SPAN_NONE, "hotplug", -1);
			break;
		}
	}
}

/* RUN+="command", RUN{program}="command", PROGRAM="command" of udev; "exec command" of hotplug2. */
void services_udev(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line)) {
		for (size_t at = span_find_text(line, "RUN", 0); at != SPAN_NOT_FOUND;
		     at = span_find_text(line, "RUN", at + 1)) {
			size_t open = span_find_byte(line, '"', at);
			size_t close = open == SPAN_NOT_FOUND ? SPAN_NOT_FOUND : span_find_byte(line, '"', open + 1);
			if (close == SPAN_NOT_FOUND || open - at > 16)
				continue;
			state_commands(file, lines.number, span_slice(line, open + 1, close - open - 1), SPAN_NONE, "hotplug",
				       -1);
		}
		if (span_starts_text(line, "exec "))
			state_commands(file, lines.number, span_from(line, 5), SPAN_NONE, "hotplug", -1);
	}
}

void services_interfaces(struct inspection *file)
{
	static const char *const hooks[] = { "up", "pre-up", "post-up", NULL };
	struct lines lines = lines_over(file->bytes);
	struct span line, word;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (span_next_word(&rest, &word) && is_one_of(word, hooks))
			state_commands(file, lines.number, span_trim(rest), SPAN_NONE, "network script", -1);
	}
}
