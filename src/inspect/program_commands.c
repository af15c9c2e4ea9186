/*
 * Commands that stand whole in programs, for system(3) and popen(3): downloads that leave certificates unchecked, scripts
 * of removable storage. Stated as settings; that the program calls a shell is told by its imports.
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { PATTERN_CURL, PATTERN_WGET, PATTERN_STORAGE };

/* A usage text has brackets around its options; a command has an address, or a place for one. */
static const struct pattern patterns[] = {
	[PATTERN_CURL] = { "curl (?:[!-Z^-~ ]{0,80} )?(?:-k|--insecure) [!-Z^-~ ]{2,200}", 0 },
	[PATTERN_WGET] = { "wget (?:[!-Z^-~ ]{0,80} )?--no-check-certificate [!-Z^-~ ]{2,200}", 0 },
	[PATTERN_STORAGE] = { "/(?:mnt|media|tmp|run)/(?:mnt/)?(?:sd|SD|mmc|usb|udisk|tf|card)[0-9A-Za-z_]{0,12}"
			      "/[0-9A-Za-z_./-]{1,60}\\.sh", 0 },
};

struct command_kind {
	const char *subject, *name;
};
static const struct command_kind kinds[] = {
	[PATTERN_CURL] = { "curl", "command in a program" },
	[PATTERN_WGET] = { "wget", "command in a program" },
	[PATTERN_STORAGE] = { "removable storage", "named in a program" },
};

static bool has_destination(struct span command)
{
	return span_find_text(command, "https://", 0) != SPAN_NOT_FOUND || span_find_text(command, "%s", 0) != SPAN_NOT_FOUND;
}

/* The text around a hit, up to the NULs or line ends beside it. */
static struct span text_around(struct span bytes, uint64_t at)
{
	enum { LIMIT = 300 };
	uint64_t start = at, end = at;
	while (start > 0 && at - start < LIMIT && span_byte(bytes, start - 1) >= ' ')
		start--;
	while (end < bytes.size && end - at < LIMIT && span_byte(bytes, end) >= ' ')
		end++;
	return span_slice(bytes, start, end - start);
}

static void inspect(struct inspection *file)
{
	uint64_t last = UINT64_MAX;
	for (size_t i = 0; file->kind == KIND_ELF && file->role.size == 0 && i < file->hit_count; i++) {
		struct pattern_match match;
		uint32_t pattern = file->hits[i].pattern;
		/* Growing matches report each end. */
		if (!inspection_capture(file, &file->hits[i], &match) || match.offset == last)
			continue;
		last = match.offset;
		struct span words = pattern == PATTERN_STORAGE ? match.groups[0] : text_around(file->bytes, match.offset);
		if (pattern != PATTERN_STORAGE && !has_destination(words))
			continue;
		struct fact *fact = fact_new(file->facts, EVIDENCE_SETTING);
		fact_word(file->facts, fact, SETTING_SUBJECT, kinds[pattern].subject);
		fact_word(file->facts, fact, SETTING_NAME, kinds[pattern].name);
		fact_text(file->facts, fact, SETTING_VALUE, words);
	}
}

const struct inspector inspector_program_commands = {
	.name = "program_commands",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.inspect = inspect,
};
