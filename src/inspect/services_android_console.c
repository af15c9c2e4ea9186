/* Shells that Android's init gives to the console: "service console /system/bin/sh" with the option "console". */
#include "inspect/console_program.h"
#include "inspect/lines.h"
#include "inspect/name_list.h"
#include "inspect/service_start.h"
#include "inspect/services.h"

/* "on property:ro.debuggable=1" with "start NAME" below it: the names. */
static void gather_debuggable(struct span text, struct name_list *out)
{
	struct lines lines = lines_over(text);
	struct span line, word, value;
	bool debuggable = false;
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		if (span_equal_text(word, "on") || span_equal_text(word, "service") || span_equal_text(word, "import"))
			debuggable = span_equal_text(word, "on") && span_equal_text(span_trim(rest), "property:ro.debuggable=1");
		else if (debuggable && span_equal_text(word, "start") && span_next_word(&rest, &value))
			name_list_add(out, value);
	}
	(void)name_list_sort(out);
}

/* The service that is being read. */
struct console {
	struct span name, program;
	int64_t line;
	bool console, disabled;
};

static void state(struct inspection *file, const struct name_list *debuggable, const struct console *console)
{
	if (!console->console || (console->disabled && !name_list_has(debuggable, console->name)))
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, console->line);
	fact_word(file->facts, fact, SETTING_SUBJECT, "android init");
	fact_word(file->facts, fact, SETTING_NAME, console->disabled ? "console shell where debuggable" : "console shell");
	fact_text(file->facts, fact, SETTING_VALUE, console->program);
}

static struct console begin(struct inspection *file, int64_t line, struct span rest)
{
	struct console none = { 0 };
	struct service_start start;
	struct span name;
	if (!span_next_word(&rest, &name) || !service_start_of_text(span_trim(rest), file->scratch, &start) ||
	    console_program_of(start.program, start.arguments) != CONSOLE_SHELL)
		return none;
	return (struct console){ .name = name, .program = start.program, .line = line };
}

void services_android_console(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct name_list debuggable = { .arena = file->scratch };
	struct console console = { 0 };
	struct span line, word;
	gather_debuggable(file->bytes, &debuggable);
	if (debuggable.refused)
		facts_drop(file->facts, EVIDENCE_SETTING);
	while (lines_next_setting(&lines, &line)) {
		struct span rest = line;
		if (!span_next_word(&rest, &word))
			continue;
		bool service = span_equal_text(word, "service");
		if (service || span_equal_text(word, "on") || span_equal_text(word, "import")) {
			state(file, &debuggable, &console);
			console = service ? begin(file, lines.number, rest) : (struct console){ 0 };
		} else if (console.line > 0) {
			console.console = console.console || span_equal_text(word, "console");
			console.disabled = console.disabled || span_equal_text(word, "disabled");
		}
	}
	state(file, &debuggable, &console);
}
