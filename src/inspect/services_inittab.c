#include "inspect/console_program.h"
#include "inspect/lines.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

/* The process of an entry, without the '-' that asks for a login shell and the '+' that leaves out accounting. */
static struct span process_of(struct span text)
{
	text = span_trim(text);
	while (text.size > 0 && (span_byte(text, 0) == '-' || span_byte(text, 0) == '+'))
		text = span_from(text, 1);
	return text;
}

static bool runs_at_boot(struct span action)
{
	static const char *const actions[] = { "sysinit", "respawn",  "wait",  "once",       "boot", "bootwait",
					       "askfirst", "initdefault", "respawnlate", "askfirstlate", NULL };
	return is_one_of(action, actions);
}

/* What only prepares the system is no service: it is told by staying, or by its name. */
static bool stays(struct span action)
{
	return span_starts_text(action, "respawn") || span_equal_text(action, "once");
}

/* Run levels 0, 1 and 6 are not those of a running device. */
static bool in_use(struct span levels)
{
	for (size_t i = 0; i < levels.size; i++)
		if (span_byte(levels, i) >= '2' && span_byte(levels, i) <= '5')
			return true;
	/* BusyBox leaves the field empty or ignores it; sysinit entries have none. */
	return levels.size == 0 || span_find_byte(levels, 'S', 0) != SPAN_NOT_FOUND;
}

/* "-/bin/sh", "/bin/ash --login": such a shell reads /etc/profile first, and runs what stands in it. */
static bool is_login_shell(struct span process, const struct service_start *start)
{
	static const char *const shells[] = { "sh", "ash", "bash", "dash", "hush", "ksh", NULL };
	struct span arguments = start->arguments, argument;
	bool login = span_byte(span_trim(process), 0) == '-';
	while (span_next_word(&arguments, &argument))
		login = login || span_equal_text(argument, "-l") || span_equal_text(argument, "--login");
	return login && is_one_of(span_basename(start->program), shells);
}

/* Where it waits for a key, someone has to press it. */
static void state_profile(struct inspection *file, int64_t line, struct span action, bool used)
{
	struct service_start profile;
	bool waits = span_starts_text(action, "askfirst");
	if (!service_start_of_text(SPAN_LITERAL(". /etc/profile"), file->scratch, &profile))
		return;
	profile.sourced = false;
	struct fact *fact = service_state(file, line, &profile, "inittab", !used ? 0 : waits ? -1 : 1);
	fact_word(file->facts, fact, SERVICE_WHY, "a login shell reads it first");
}

void services_inittab(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, id, levels, action;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_field(&rest, ':', &id) || !span_next_field(&rest, ':', &levels) ||
		    !span_next_field(&rest, ':', &action) || !runs_at_boot(action))
			continue;
		if (span_find_byte(id, ' ', 0) != SPAN_NOT_FOUND)
			continue;
		struct service_start start;
		if (!service_start_of_text(process_of(rest), file->scratch, &start))
			continue;
		if (is_login_shell(rest, &start))
			state_profile(file, lines.number, action, in_use(levels));
		if (console_program_of(start.program, start.arguments) != CONSOLE_NOTHING)
			continue;
		if (service_program_stays(&start.known) || stays(action) || service_is_script(start.program))
			service_state(file, lines.number, &start, "inittab", in_use(levels));
	}
}
