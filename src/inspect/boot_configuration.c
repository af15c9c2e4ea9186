/*
 * States facts about the configuration files of boot loaders: extlinux.conf and its
 * kin (APPEND lines), grub.cfg (linux and set lines), uEnv.txt (NAME=value), and
 * files that hold nothing but a kernel command line.
 */
#include "inspect/command_line.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum configuration { CONFIGURATION_NONE, CONFIGURATION_EXTLINUX, CONFIGURATION_GRUB, CONFIGURATION_VARIABLES,
		     CONFIGURATION_COMMAND_LINE };

static const struct {
	const char *name; /* of the file */
	const char *path; /* words in its path; NULL for any */
	enum configuration kind;
} configurations[] = {
	{ "extlinux.conf", NULL, CONFIGURATION_EXTLINUX },
	{ "syslinux.cfg", NULL, CONFIGURATION_EXTLINUX },
	{ "isolinux.cfg", NULL, CONFIGURATION_EXTLINUX },
	{ "grub.cfg", NULL, CONFIGURATION_GRUB },
	{ "menu.lst", "grub/", CONFIGURATION_GRUB },
	{ "uEnv.txt", NULL, CONFIGURATION_VARIABLES },
	{ "armbianEnv.txt", NULL, CONFIGURATION_VARIABLES },
	{ "uboot.env.txt", NULL, CONFIGURATION_VARIABLES },
	{ "cmdline.txt", NULL, CONFIGURATION_COMMAND_LINE },
	{ "cmdline", NULL, CONFIGURATION_COMMAND_LINE },
};

static enum configuration configuration_of(const struct inspection *file)
{
	bool part = file->kind == KIND_PART && span_equal_text(file->name, "cmdline");
	if (!part && (!inspection_is_live_text(file) || span_starts_text(file->path, "/proc/")))
		return CONFIGURATION_NONE;
	for (size_t i = 0; i < sizeof configurations / sizeof *configurations; i++)
		if (span_equal_text(file->name, configurations[i].name) &&
		    (!configurations[i].path || span_find_text(file->path, configurations[i].path, 0) != SPAN_NOT_FOUND))
			return configurations[i].kind;
	return CONFIGURATION_NONE;
}

static bool boot_configuration_wants(const struct inspection *file)
{
	return configuration_of(file) != CONFIGURATION_NONE;
}

static void state_variable(struct inspection *file, struct span name, struct span value)
{
	if (name.size == 0 || value.size == 0)
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_BOOT_VARIABLE);
	fact_word(file->facts, fact, BOOT_VARIABLE_SOURCE, "configuration");
	fact_text(file->facts, fact, BOOT_VARIABLE_NAME, name);
	fact_text(file->facts, fact, BOOT_VARIABLE_VALUE, value);
}

static void read_extlinux_line(struct inspection *file, struct span line)
{
	static const char *const settings[] = { "default", "timeout", "prompt", "kernel", "linux", "initrd", "fdt" };
	struct span word, rest = line;
	if (!span_next_word(&rest, &word))
		return;
	struct span value = span_trim(rest);
	if (equal_caseless(word, "append")) {
		state_variable(file, SPAN_LITERAL("append"), value);
		command_line_state(file, "boot configuration", value);
		return;
	}
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		if (equal_caseless(word, settings[i]))
			state_variable(file, span_of_text(settings[i]), value);
}

/* "linux /vmlinuz root=…", its kin of other GRUBs, "set timeout=5", "password …". */
static void read_grub_line(struct inspection *file, struct span line)
{
	static const char *const loads[] = { "linux", "linux16", "linuxefi", "kernel" };
	struct span word, rest = line, image;
	if (!span_next_word(&rest, &word))
		return;
	for (size_t i = 0; i < sizeof loads / sizeof *loads; i++)
		if (span_equal_text(word, loads[i]) && span_next_word(&rest, &image)) {
			state_variable(file, word, image);
			command_line_state(file, "boot configuration", rest);
			return;
		}
	struct span value = span_trim(rest);
	if (span_equal_text(word, "set")) {
		size_t equals = span_find_byte(value, '=', 0);
		if (equals != SPAN_NOT_FOUND)
			state_variable(file, span_slice(value, 0, equals), span_from(value, equals + 1));
	} else if (span_starts_text(word, "password")) {
		state_variable(file, word, value);
	}
}

static void read_variable_line(struct inspection *file, struct span line)
{
	size_t equals = span_find_byte(line, '=', 0);
	if (equals == SPAN_NOT_FOUND)
		return;
	struct span name = span_trim(span_slice(line, 0, equals)), value = span_trim(span_from(line, equals + 1));
	state_variable(file, name, value);
	if (span_equal_text(name, "bootargs") || span_equal_text(name, "extraargs") ||
	    span_equal_text(name, "cmdline") || span_equal_text(name, "optargs"))
		command_line_state(file, "boot configuration", value);
}

static void boot_configuration_inspect(struct inspection *file)
{
	enum configuration kind = configuration_of(file);
	struct span rest = file->kind == KIND_PART ? span_until_nul(file->bytes) : file->bytes, line;
	while (span_next_line(&rest, &line)) {
		line = span_trim(line);
		if (line.size == 0 || span_byte(line, 0) == '#')
			continue;
		switch (kind) {
		case CONFIGURATION_EXTLINUX:
			read_extlinux_line(file, line);
			break;
		case CONFIGURATION_GRUB:
			read_grub_line(file, line);
			break;
		case CONFIGURATION_VARIABLES:
			read_variable_line(file, line);
			break;
		case CONFIGURATION_COMMAND_LINE:
			command_line_state(file, "boot configuration", line);
			break;
		case CONFIGURATION_NONE:
			return;
		}
	}
}

const struct inspector inspector_boot_configuration = {
	.name = "boot_configuration",
	.wants = boot_configuration_wants,
	.inspect = boot_configuration_inspect,
};
