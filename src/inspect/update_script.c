#include "inspect/update_script.h"

#include "inspect/shell.h"

enum { DETAIL_MAX = 240 };

/* What a line holds when it does something: all of its words. */
struct line_rule {
	const char *words[2];
};
#define HOLDS(line, rules) holds_any((line), (rules), sizeof(rules) / sizeof *(rules))

static const struct line_rule flash_rules[] = {
	{ { "mtd ", " write " } }, { { "mtd write ", NULL } }, { { "mtd_write ", " write" } },
	{ { "flashcp ", NULL } }, { { "nandwrite ", NULL } }, { { "ubiupdatevol ", NULL } },
	{ { "dd ", "of=/dev/mtd" } }, { { "dd ", "of=/dev/mmcblk" } }, { { "sysupgrade ", "/tmp/" } },
};
static const struct line_rule signature_rules[] = {
	{ { "openssl dgst", "-verify" } }, { { "openssl dgst", "-prverify" } }, { { "openssl rsautl", "-verify" } },
	{ { "openssl pkeyutl", "-verify" } }, { { "openssl cms", "-verify" } }, { { "openssl smime", "-verify" } },
	{ { "usign -V", NULL } }, { { "usign ", " -V " } }, { { "signify -V", NULL } }, { { "ucert -V", NULL } },
	{ { "ucert ", " -V " } }, { { "gpg ", "--verify" } }, { { "gpg2 ", "--verify" } }, { { "gpgv ", NULL } },
	{ { "minisign -V", NULL } }, { { "minisign ", " -V" } }, { { "fit_check_sign ", NULL } },
	{ { "mkxqimage -v", NULL } }, { { "REQUIRE_IMAGE_SIGNATURE=1", NULL } },
};
static const struct line_rule unsigned_rules[] = {
	{ { "REQUIRE_IMAGE_SIGNATURE=0", NULL } },
};
static const struct line_rule download_rules[] = {
	{ { "wget ", NULL } }, { { "curl ", NULL } }, { { "uclient-fetch ", NULL } }, { { "ftpget ", NULL } },
	{ { "tftp ", " -g" } },
};
static const struct line_rule insecure_rules[] = {
	{ { "wget ", "--no-check-certificate" } }, { { "uclient-fetch ", "--no-check-certificate" } },
	{ { "curl ", " -k " } }, { { "curl ", " --insecure" } },
};
static const struct line_rule rollback_rules[] = {
	{ { "anti-rollback", NULL } }, { { "anti_rollback", NULL } }, { { "antirollback", NULL } },
	{ { "rollback_index", NULL } }, { { "rollback_protect", NULL } }, { { "rollback-protect", NULL } },
	{ { "no-downgrad", NULL } },
};

static bool contains(struct span text, const char *words)
{
	return span_find_text(text, words, 0) != SPAN_NOT_FOUND;
}

static bool holds_any(struct span line, const struct line_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (contains(line, rules[i].words[0]) && (!rules[i].words[1] || contains(line, rules[i].words[1])))
			return true;
	return false;
}

/* A checksum that is taken, not a tool that is only named: of a variable, a path, or what comes in. */
static bool takes_checksum(struct span line)
{
	static const char *const tools[] = { "md5sum", "sha1sum", "sha256sum", "sha512sum", "cksum", "crc32" };
	static const char *const inputs[] = { " $", " \"$", " -", " /" };
	for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
		size_t at = span_find_text(line, tools[i], 0);
		if (at == SPAN_NOT_FOUND)
			continue;
		struct span after = span_from(line, at + strlen(tools[i]));
		struct span before = span_trim(span_slice(line, 0, at));
		for (size_t k = 0; k < sizeof inputs / sizeof *inputs; k++)
			if (span_starts_text(after, inputs[k]) || span_ends_text(before, "|"))
				return true;
	}
	return false;
}

/* The scheme of an address in the line; patterns such as http:// followed by a star name none. */
const char *update_scheme(struct span line)
{
	static const char *const schemes[] = { "https", "http" };
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
		size_t at = span_find_text(line, schemes[i], 0);
		struct span after = span_from(line, at == SPAN_NOT_FOUND ? line.size : at + strlen(schemes[i]));
		uint8_t c = span_byte(after, 3);
		if (span_starts_text(after, "://") && c > ' ' && c != '*' && c != '"' && c != '\'' && c != ')')
			return schemes[i];
	}
	return NULL;
}

void update_state(struct inspection *file, const char *name, const char *aspect, int64_t line, struct span words)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_UPDATE_MECHANISM);
	if (line > 0)
		fact_integer(fact, UPDATE_MECHANISM_LINE, line);
	fact_word(file->facts, fact, UPDATE_MECHANISM_NAME, name);
	fact_word(file->facts, fact, UPDATE_MECHANISM_ASPECT, aspect);
	fact_text(file->facts, fact, UPDATE_MECHANISM_DETAIL, span_slice(span_trim(words), 0, DETAIL_MAX));
}

bool update_script_is_named_so(const struct inspection *file)
{
	static const char *const words[] = { "sysupgrade", "fota", "upgrade", "firmware_update", "fw_update",
					     "fwupdate", "ota_", "_ota", "ota.sh", "firmwareupdate", "flash.sh",
					     "swupdate", "update_firmware" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (contains(file->name, words[i]))
			return true;
	return contains(file->path, "/lib/upgrade/") || contains(file->path, "/ota/");
}

/* Which mechanism a script belongs to. */
static const char *mechanism_of(const struct inspection *file)
{
	static const struct {
		const char *in_path, *name;
	} known[] = {
		{ "opkg", "opkg" }, { "sysupgrade", "sysupgrade" }, { "/lib/upgrade/", "sysupgrade" },
		{ "swupdate", "swupdate" }, { "rauc", "rauc" }, { "mender", "mender" }, { "fota", "fota" },
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (contains(file->path, known[i].in_path))
			return known[i].name;
	return "vendor";
}

/* Comments and messages only speak of what a script does. */
static bool only_speaks(struct span line)
{
	static const char *const starts[] = { "#", "--", "//", "echo ", "logger ", "print", "log ", "translate(" };
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (span_starts_text(line, starts[i]))
			return true;
	return line.size == 0;
}

struct script_signs {
	bool flashes, downloads, checks;
	bool updates; /* what it flashes is an update, by its name or because it downloads */
	struct span flash_words;
	int64_t flash_line;
};

static struct script_signs read_signs(struct span text)
{
	static const char *const checks[] = { "md5", "sha1", "sha2", "sha512", "crc", "cksum", "check", "verif", "sign" };
	struct script_signs signs = { 0 };
	struct span line;
	for (int64_t number = 1; span_next_line(&text, &line); number++) {
		line = span_trim(line);
		if (only_speaks(line))
			continue;
		if (!signs.flashes && HOLDS(line, flash_rules)) {
			signs.flashes = true;
			signs.flash_words = line;
			signs.flash_line = number;
		}
		signs.downloads = signs.downloads || HOLDS(line, download_rules);
		for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
			signs.checks = signs.checks || contains(line, checks[i]);
	}
	return signs;
}

static void state_line(struct inspection *file, const char *mechanism, const struct script_signs *signs,
		       int64_t number, struct span line)
{
	if (HOLDS(line, signature_rules))
		update_state(file, mechanism, "signature", number, line);
	else if (signs->flashes && signs->updates && takes_checksum(line))
		update_state(file, mechanism, "checksum", number, line);
	if (HOLDS(line, unsigned_rules))
		update_state(file, mechanism, "no signature required", number, line);
	if (HOLDS(line, rollback_rules))
		update_state(file, mechanism, "rollback", number, line);
	if (!HOLDS(line, download_rules))
		return;
	if (update_scheme(line))
		update_state(file, mechanism, update_scheme(line), number, line);
	if (HOLDS(line, insecure_rules))
		update_state(file, mechanism, "no check", number, line);
}

/* A function that nothing calls, or a line after an exit, installs nothing. Other languages than shell are not followed. */
static bool is_reached(struct inspection *file, int64_t line)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	struct span function = SPAN_NONE;
	bool unreached = false, called = false;
	if (file->kind != KIND_SCRIPT || !shell || !command)
		return true;
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (shell_next(shell, command))
		if (command->line == line) {
			function = command->function;
			unreached = command->unreached;
		}
	shell_init(shell, file->bytes, file->scratch, file->notes);
	while (function.size > 0 && !called && shell_next(shell, command))
		for (size_t i = 0; i < command->count; i++)
			called = called || (span_equal(command->words[i], function) && !span_equal(command->function, function));
	return !unreached && (function.size == 0 || called);
}

void update_script_state(struct inspection *file)
{
	struct script_signs signs = read_signs(file->bytes);
	const char *mechanism = mechanism_of(file);
	bool named = strcmp(mechanism, "vendor") != 0 || update_script_is_named_so(file);
	bool page = contains(file->path, "/cgi-bin/") || span_ends_text(file->name, ".cgi");
	if (!signs.flashes && !named)
		return;
	signs.updates = named || signs.downloads;
	struct span text = file->bytes, line;
	for (int64_t number = 1; span_next_line(&text, &line); number++) {
		line = span_trim(line);
		if (!only_speaks(line))
			state_line(file, mechanism, &signs, number, line);
	}
	/* Takes what comes and flashes it, without a word about any check in between; sysupgrade is judged by its own scripts. */
	bool hands_on = contains(signs.flash_words, "sysupgrade ");
	if (signs.flashes && (signs.downloads || page) && !signs.checks && !hands_on)
		update_state(file, mechanism, "no check", signs.flash_line, signs.flash_words);
	if (signs.flashes && page && is_reached(file, signs.flash_line))
		update_state(file, mechanism, "installs", signs.flash_line, signs.flash_words);
}
