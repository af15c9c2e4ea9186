/*
 * File systems that boot scripts and fstab(5) mount from flash, of the formats that nobody can write to: what lies in
 * them left the factory with the device. One that was not given with the root file system was not read.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/shell.h"

#include "evidence/query.h"

static bool is_read_only_format(struct span type)
{
	static const char *const types[] = { "squashfs", "cramfs", "romfs", "erofs", NULL };
	return is_one_of(type, types);
}

/* Flash and soldered cards; what comes in a stick is another matter. */
static bool is_flash(struct span device)
{
	static const char *const places[] = { "/dev/mtd", "/dev/mmcblk0", "/dev/ubiblock", "/dev/nand", "/dev/block/by-name/",
					      "/dev/disk/by-partlabel/" };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (span_starts_text(device, places[i]))
			return true;
	return false;
}

/* A folder of the running system; "/" and "/rom" are the root file system itself. */
static bool is_mount_point(struct span folder)
{
	static const char *const roots[] = { "/", "/rom", "/root", "/mnt", "/sysroot", "/newroot", NULL };
	return span_byte(folder, 0) == '/' && !is_one_of(folder, roots) && span_find_byte(folder, '$', 0) == SPAN_NOT_FOUND;
}

static void state(struct inspection *file, int64_t line, struct span type, struct span device, struct span folder)
{
	if (!is_read_only_format(type) || !is_flash(device) || !is_mount_point(folder))
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, line);
	fact_word(file->facts, fact, SETTING_SUBJECT, "flash file system");
	fact_text(file->facts, fact, SETTING_NAME, folder);
	fact_text(file->facts, fact, SETTING_VALUE,
		  arena_format(file->scratch, "%.*s of %.*s", SPAN_FORMAT(type), SPAN_FORMAT(device)));
}

/* mount -t TYPE [-o OPTIONS] DEVICE FOLDER, options in any place: mount(8). */
static void read_mount(struct inspection *file, const struct shell_command *command)
{
	struct span type = SPAN_NONE, operands[2] = { SPAN_NONE, SPAN_NONE };
	size_t count = 0;
	for (size_t i = 1; i < command->count; i++) {
		struct span word = command->words[i];
		bool valued = span_equal_text(word, "-t") || span_equal_text(word, "-o");
		if (span_equal_text(word, "-t") && i + 1 < command->count)
			type = command->words[i + 1];
		if (valued)
			i++;
		else if (span_byte(word, 0) != '-' && count < 2)
			operands[count++] = word;
	}
	if (count == 2)
		state(file, command->line, type, operands[0], operands[1]);
}

static void read_script(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	if (!shell || !command)
		return;
	shell_init(shell, file->bytes, file->scratch, NULL);
	while (shell_next(shell, command))
		if (!command->unreached && span_equal_text(span_basename(command->words[0]), "mount"))
			read_mount(file, command);
}

/* DEVICE FOLDER TYPE OPTIONS … */
static void read_table(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line, device, folder, type;
	while (lines_next_setting(&lines, &line))
		if (span_next_word(&line, &device) && span_next_word(&line, &folder) && span_next_word(&line, &type))
			state(file, lines.number, type, device, folder);
}

static bool is_boot_script(struct span path)
{
	static const char *const places[] = { "/etc/init.d/", "/etc/rc", "/etc/preinit", "/lib/preinit/", "/etc/boot", "/init",
					      "/sbin/rc", "/etc_ro/rc", "/linuxrc", "/etc/profile" };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (span_starts_text(path, places[i]))
			return true;
	return false;
}

static bool wants(const struct inspection *file)
{
	bool table = span_ends_text(file->path, "/etc/fstab");
	bool script = is_boot_script(file->path) && (file->kind == KIND_SCRIPT || file->kind == KIND_TEXT);
	return (table || script) && inspection_is_live_text(file);
}

static void inspect(struct inspection *file)
{
	if (span_ends_text(file->path, "/fstab"))
		read_table(file);
	else
		read_script(file);
}

/* More folders than there are file systems of the format, beside roots: which of them is missing, no image says. */
static const char missing[] =
	"INSERT INTO incomplete (file, path, missing, cause, code, detail) SELECT min(t.file), min(f.path), 'content', 'unreadable',"
	" 'mounts.not-given', min(f.path) || ' mounts ' || group_concat(t.name, ', ') || ' from flash (' ||"
	" group_concat(t.value, ', ') || '), and not every such file system was given' FROM (SELECT DISTINCT file, name, value,"
	" substr(value, 1, instr(value, ' ') - 1) AS format FROM setting WHERE subject = 'flash file system' ORDER BY file, line) t"
	" JOIN file f ON f.id = t.file GROUP BY t.format HAVING count(DISTINCT t.name) > (SELECT count(*) FROM volume v WHERE"
	" v.format = t.format AND (SELECT count(*) FROM file r WHERE r.volume = v.id AND r.path IN"
	" ('/bin/sh', '/bin/busybox', '/sbin/init', '/etc/passwd', '/etc/inittab', '/etc/fstab')) < 2)";

static enum outcome conclude(struct evidence *evidence)
{
	return query_run(evidence_database(evidence), missing);
}

const struct inspector inspector_mounts = {
	.name = "mounts",
	.wants = wants,
	.inspect = inspect,
	.conclude = conclude,
};
