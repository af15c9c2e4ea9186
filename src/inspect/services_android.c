/*
 * Android's init language (system/core/init/README.md of AOSP): "service NAME PATH ARGUMENTS" with its options,
 * and the actions that start services by name. init reads /init.rc, the files of etc/init, and what they import.
 */
#include "inspect/console_program.h"
#include "inspect/lines.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

/* Whether a section's commands run at every boot. */
enum section { SECTION_OTHER, SECTION_SERVICE, SECTION_BOOT, SECTION_CONDITION };

/* Classes that init.rc of AOSP starts itself; others wait for a property or a mode. */
static bool is_usual_class(struct span name)
{
	static const char *const classes[] = { "default", "core", "main", "early_hal", "hal", "late_start", NULL };
	return is_one_of(name, classes);
}

static enum section section_of_trigger(struct span trigger)
{
	static const char *const triggers[] = { "early-init", "init", "late-init", "early-fs", "fs", "post-fs", "late-fs",
						"post-fs-data", "early-boot", "boot", NULL };
	return is_one_of(span_trim(trigger), triggers) ? SECTION_BOOT : SECTION_CONDITION;
}

/* What only other files give a meaning to; services_conclude() joins it. */
static void state_action(struct inspection *file, int64_t line, const char *name, struct span value)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_word(file->facts, fact, SETTING_SUBJECT, "android init");
	fact_word(file->facts, fact, SETTING_NAME, name);
	fact_text(file->facts, fact, SETTING_VALUE, value);
}

static void set_option(struct inspection *file, struct fact *service, struct span option, struct span rest)
{
	struct span value;
	bool named = span_next_word(&rest, &value);
	if (span_equal_text(option, "disabled") ||
	    (span_equal_text(option, "class") && named && !is_usual_class(value)))
		service->values[SERVICE_ENABLED] = (struct value){ .type = VALUE_NULL };
	if (span_equal_text(option, "user") && named)
		fact_text(file->facts, service, SERVICE_USER, value);
}

/* A file that nothing may import says nothing about what runs. */
static bool is_read_by_init(const struct inspection *file)
{
	return span_equal_text(file->name, "init.rc") || span_find_text(file->path, "/etc/init/", 0) != SPAN_NOT_FOUND;
}

static struct fact *state_service(struct inspection *file, int64_t line, struct span rest)
{
	struct service_start start;
	struct span name;
	if (!span_next_word(&rest, &name) || !service_start_of_text(span_trim(rest), file->scratch, &start) ||
	    console_program_of(start.program, start.arguments) != CONSOLE_NOTHING)
		return NULL;
	struct fact *service = service_state(file, line, &start, "android init", is_read_by_init(file) ? 1 : -1);
	fact_text(file->facts, service, SERVICE_NAME, name);
	return service;
}

/* exec [SECLABEL [USER [GROUP ...]]] -- COMMAND: init waits for it, or for exec_background does not. */
static void state_exec(struct inspection *file, int64_t line, struct span rest)
{
	size_t at = span_find_text(rest, "-- ", 0);
	struct span command = at == SPAN_NOT_FOUND ? rest : span_from(rest, at + 3), user = SPAN_NONE;
	struct service_start start;
	if (at != SPAN_NOT_FOUND && span_next_word(&rest, &user) && !span_next_word(&rest, &user))
		user = SPAN_NONE;
	if (!service_start_of_text(span_trim(command), file->scratch, &start) || start.known.role == ROLE_TOOL ||
	    console_program_of(start.program, start.arguments) != CONSOLE_NOTHING)
		return;
	start.user = span_starts_text(user, "--") ? SPAN_NONE : user;
	(void)service_state(file, line, &start, "android init", is_read_by_init(file) ? 1 : -1);
}

void services_android(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	int64_t number;
	struct span line, word, value;
	struct fact *service = NULL;
	enum section section = SECTION_OTHER;
	if (is_read_by_init(file))
		services_android_console(file);
	while (lines_next_joined(&lines, file->scratch, &line, &number)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		if (span_equal_text(word, "service")) {
			service = state_service(file, number, rest);
			section = SECTION_SERVICE;
		} else if (span_equal_text(word, "on")) {
			section = section_of_trigger(rest);
		} else if (span_equal_text(word, "import")) {
			state_action(file, number, "import", span_basename(span_trim(rest)));
			section = SECTION_OTHER;
		} else if (span_equal_text(word, "insmod") && span_next_word(&rest, &value)) {
			state_action(file, number, "insmod", value);
		} else if (section == SECTION_SERVICE && service) {
			set_option(file, service, word, rest);
		} else if (section == SECTION_BOOT && span_starts_text(word, "exec")) {
			state_exec(file, number, rest);
		} else if (section == SECTION_BOOT && (span_equal_text(word, "start") || span_equal_text(word, "enable")) &&
			   span_next_word(&rest, &value)) {
			state_action(file, number, "start", value);
		}
	}
}
