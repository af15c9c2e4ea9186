/*
 * File systems that boot scripts and fstab(5) mount from flash. What lies in one of a format that nobody can write to left
 * the factory with the device, and so did a program that the boot runs from one that can be written: such a file system
 * that was not given with the root file system was not read. Whatever is mounted where programs lie by custom may hold more
 * of them than the image shows (evidence_unlisted_programs()).
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

static bool is_writable_format(struct span type)
{
	static const char *const types[] = { "jffs2", "ubifs", "yaffs", "yaffs2", "ext2", "ext3", "ext4", "f2fs", NULL };
	return is_one_of(type, types);
}

/* "ro,noatime": the option stands among them. */
static bool has_option(struct span options, const char *option)
{
	struct span one;
	while (span_next_field(&options, ',', &one))
		if (span_equal_text(one, option))
			return true;
	return span_equal_text(options, option);
}

/* Flash and soldered cards; what comes in a stick is another matter. */
static bool is_flash(struct span device)
{
	static const char *const places[] = { "/dev/mtd", "mtd:", "ubi", "/dev/ubi", "/dev/mmcblk0", "/dev/nand",
					      "/dev/block/by-name/", "/dev/disk/by-partlabel/" };
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

struct mount {
	int64_t line;
	struct span type, device, folder, options;
};

/* A partition of whatever the device is built with; in a script it may be named by a variable. */
static bool is_partition(struct span device)
{
	static const char *const places[] = { "/dev/disk/", "/dev/block/", "/dev/mmcblk", "/dev/nvme", "/dev/sd", "/dev/vd",
					      "/dev/dm-", "/dev/mapper/", "/dev/loop", "LABEL=", "UUID=", "PARTLABEL=", "PARTUUID=" };
	bool found = is_flash(device) || span_find_byte(device, '$', 0) != SPAN_NOT_FOUND;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		found = found || span_starts_text(device, places[i]);
	return found;
}

/* Folders in which programs lie by custom: "/usr/local", "/opt", "/mnt/app". */
static bool holds_programs(struct span folder)
{
	static const char *const firsts[] = { "usr", "opt", "system", "vendor", "product", "odm", "oem", "system_ext", NULL };
	static const char *const any[] = { "app", "apps", "bin", "sbin", "lib", "lib64", "program", "programs", NULL };
	struct span rest = folder, name, first = SPAN_NONE;
	bool found = false;
	while (span_next_field(&rest, '/', &name)) {
		first = first.size == 0 ? name : first;
		found = found || is_one_of(name, any);
	}
	return found || is_one_of(first, firsts);
}

static void state_as(struct inspection *file, const struct mount *mount, const char *subject)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
	fact_integer(fact, SETTING_LINE, mount->line);
	fact_word(file->facts, fact, SETTING_SUBJECT, subject);
	fact_text(file->facts, fact, SETTING_NAME, mount->folder);
	fact_text(file->facts, fact, SETTING_VALUE,
		  arena_format(file->scratch, "%.*s of %.*s", SPAN_FORMAT(mount->type), SPAN_FORMAT(mount->device)));
}

static void state(struct inspection *file, const struct mount *mount)
{
	bool fixed = is_read_only_format(mount->type), later = has_option(mount->options, "noauto");
	bool writable = is_writable_format(mount->type) && !has_option(mount->options, "ro") && !later;
	if (!is_mount_point(mount->folder))
		return;
	if ((fixed || writable) && is_flash(mount->device))
		state_as(file, mount, fixed ? "flash file system" : "writable flash file system");
	if (!later && is_partition(mount->device) && holds_programs(mount->folder))
		state_as(file, mount, "file system of programs");
}

/* mount -t TYPE [-o OPTIONS] [-r] DEVICE FOLDER, options in any place: mount(8). */
static void read_mount(struct inspection *file, const struct shell_command *command)
{
	struct mount mount = { .line = command->line };
	struct span operands[2] = { SPAN_NONE, SPAN_NONE };
	size_t count = 0;
	for (size_t i = 1; i < command->count; i++) {
		struct span word = command->words[i];
		bool valued = span_equal_text(word, "-t") || span_equal_text(word, "-o");
		if (valued && i + 1 < command->count)
			*(span_equal_text(word, "-t") ? &mount.type : &mount.options) = command->words[i + 1];
		if (span_equal_text(word, "-r"))
			mount.options = SPAN_LITERAL("ro");
		if (valued)
			i++;
		else if (span_byte(word, 0) != '-' && count < 2)
			operands[count++] = word;
	}
	mount.device = operands[0];
	mount.folder = operands[1];
	if (count == 2)
		state(file, &mount);
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

/* What=DEVICE, Where=FOLDER: systemd.mount(5). */
static void read_unit(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct mount mount = { 0 };
	struct span line, key;
	while (lines_next_setting(&lines, &line)) {
		struct span value = line;
		if (!span_next_field(&value, '=', &key))
			continue;
		key = span_trim(key);
		value = span_trim(value);
		if (span_equal_text(key, "Where"))
			mount.line = lines.number;
		*(span_equal_text(key, "What") ? &mount.device : span_equal_text(key, "Where") ? &mount.folder :
		  span_equal_text(key, "Type") ? &mount.type : span_equal_text(key, "Options") ? &mount.options : &key) = value;
	}
	state(file, &mount);
}

/* DEVICE FOLDER TYPE OPTIONS … */
static void read_table(struct inspection *file)
{
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line)) {
		struct mount mount = { .line = lines.number };
		if (!span_next_word(&line, &mount.device) || !span_next_word(&line, &mount.folder) || !span_next_word(&line, &mount.type))
			continue;
		(void)span_next_word(&line, &mount.options);
		state(file, &mount);
	}
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

/* fstab(5), and Android's, which has the same first four fields: "/vendor/etc/fstab.qcom". */
static bool is_table(struct span path)
{
	return span_ends_text(path, "/etc/fstab") || span_starts_text(span_basename(path), "fstab.");
}

static bool is_unit(struct span path)
{
	return span_ends_text(path, ".mount") && span_find_text(path, "/systemd/system/", 0) != SPAN_NOT_FOUND;
}

static bool wants(const struct inspection *file)
{
	bool table = is_table(file->path) || is_unit(file->path);
	bool script = is_boot_script(file->path) && (file->kind == KIND_SCRIPT || file->kind == KIND_TEXT);
	return (table || script) && inspection_is_live_text(file);
}

static void inspect(struct inspection *file)
{
	if (is_table(file->path))
		read_table(file);
	else if (is_unit(file->path))
		read_unit(file);
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

/* A program that the boot runs from such a folder, where no other file system of that format was given. */
static const char missing_programs[] =
	"INSERT INTO incomplete (file, path, missing, cause, code, detail) SELECT min(s.file), min(f.path), 'content', 'unreadable',"
	" 'mounts.not-given', min(f.path) || ' runs ' || min(s.program) || ', which lies on flash (' || t.value || '), and that file"
	" system was not given' FROM service s JOIN file f ON f.id = s.file JOIN setting t"
	" ON t.subject = 'writable flash file system' AND substr(s.program, 1, length(t.name) + 1) = t.name || '/'"
	" WHERE s.enabled IS NOT 0 AND ifnull(s.why, '') NOT GLOB 'read in*' AND NOT EXISTS (SELECT 1 FROM file g WHERE"
	" g.path = s.program) AND NOT EXISTS (SELECT 1 FROM volume v WHERE v.id <> f.volume AND t.value GLOB v.format || ' of *')"
	" GROUP BY t.name, t.value";

static enum outcome conclude(struct evidence *evidence)
{
	TRY(query_run(evidence_database(evidence), missing));
	return query_run(evidence_database(evidence), missing_programs);
}

const struct inspector inspector_mounts = {
	.name = "mounts",
	.wants = wants,
	.inspect = inspect,
	.conclude = conclude,
};
