/*
 * Sections of OpenWrt's configuration (uci) and which options they set: what init scripts ask before they start a service.
 * Values other than yes and no may be secrets, and are told elsewhere: here stands only that they are set.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { TYPES_MAX = 128 };

struct uci_type {
	struct span name;
	int count;
};

struct uci_reader {
	struct inspection *file;
	struct uci_type types[TYPES_MAX];
	size_t type_count;
	struct span section; /* "dropbear.@dropbear[0]"; empty before the first */
};

static void state(struct uci_reader *reader, int64_t line, const char *subject, struct span name, struct span value)
{
	struct facts *facts = reader->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_word(facts, fact, SETTING_SUBJECT, subject);
	fact_text(facts, fact, SETTING_NAME, name);
	fact_text(facts, fact, SETTING_VALUE, value);
}

/* "config TYPE [NAME]" */
static void begin_section(struct uci_reader *reader, int64_t line, struct span rest)
{
	struct span type, name = SPAN_LITERAL("");
	struct arena *arena = reader->file->scratch;
	size_t i = 0;
	reader->section = SPAN_NONE;
	if (!span_next_word(&rest, &type))
		return;
	type = unquoted(type);
	if (span_next_word(&rest, &name) && span_byte(name, 0) == '#')
		name = SPAN_LITERAL("");
	while (i < reader->type_count && !span_equal(reader->types[i].name, type))
		i++;
	if (i == TYPES_MAX) {
		facts_drop(reader->file->facts, EVIDENCE_SETTING);
		return;
	}
	if (i == reader->type_count)
		reader->types[reader->type_count++] = (struct uci_type){ type, 0 };
	reader->section = arena_format(arena, "%.*s.@%.*s[%d]", SPAN_FORMAT(reader->file->name), SPAN_FORMAT(type),
				       reader->types[i].count++);
	state(reader, line, "uci section", reader->section, unquoted(name));
}

static void read_option(struct uci_reader *reader, int64_t line, struct span rest)
{
	static const char *const plain[] = { "0", "1", "on", "off", "yes", "no", "true", "false", "enabled", "disabled", NULL };
	struct span name, value;
	if (reader->section.size == 0 || !span_next_word(&rest, &name))
		return;
	value = span_next_word(&rest, &value) ? unquoted(value) : SPAN_LITERAL("");
	if (value.size > 0 && !is_one_of(value, plain))
		value = SPAN_LITERAL("set");
	state(reader, line, "uci", arena_format(reader->file->scratch, "%.*s.%.*s", SPAN_FORMAT(reader->section),
						SPAN_FORMAT(unquoted(name))), value);
}

static bool wants(const struct inspection *file)
{
	struct span folder = span_slice(file->path, 0, file->path.size - file->name.size);
	return span_ends_text(folder, "/etc/config/") && inspection_is_live_text(file);
}

static void inspect(struct inspection *file)
{
	struct uci_reader *reader = ARENA_NEW(file->scratch, struct uci_reader, 1);
	struct lines lines = lines_over(file->bytes);
	struct span line, word;
	if (!reader || !wants(file))
		return;
	reader->file = file;
	while (lines_next_setting(&lines, &line)) {
		if (!span_next_word(&line, &word))
			continue;
		if (span_equal_text(word, "config"))
			begin_section(reader, lines.number, line);
		else if (span_equal_text(word, "option") || span_equal_text(word, "list"))
			read_option(reader, lines.number, line);
	}
}

const struct inspector inspector_uci = {
	.name = "uci",
	.wants = wants,
	.inspect = inspect,
};
