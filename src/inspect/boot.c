/*
 * States facts about boot loaders, by the banners that they compose at build time:
 * U-Boot (include/version.h), CFE, RedBoot, barebox, Trusted Firmware-A, OP-TEE, GRUB.
 */
#include "evidence/query.h"
#include "inspect/boot_environment.h"
#include "inspect/code.h"
#include "inspect/registry.h"

/* A banner: the group with the version, the group with the build date (0: none), words that must stand with it. */
struct boot_banner {
	const char *name;
	int version, built;
	const char *companion;
};

enum {
	PATTERN_UBOOT, PATTERN_CFE, PATTERN_REDBOOT, PATTERN_BAREBOX, PATTERN_TFA, PATTERN_OPTEE, PATTERN_GRUB,
	BANNERS, PATTERN_VARIABLE = BANNERS,
};
enum { SENTENCE = 80, MARKS = 32 };
enum { ENVIRONMENTS_MAX = 64 }; /* places that are looked at; a loader holds a few */
#define DATE "[A-Z][a-z]{2} {1,2}\\d{1,2} \\d{4}"
static const struct pattern boot_patterns[] = {
	[PATTERN_UBOOT] = { "U-Boot (?:[ST]PL )?(\\d[0-9A-Za-z.+~_-]{2,60}) {1,2}\\((" DATE
			    " - [0-9:]{8}[^)\\x0a\\x00]{0,10})\\)", 0 },
	[PATTERN_CFE] = { "CFE version (\\d[0-9A-Za-z._-]{2,40})[ \\x00\\x0a\\x0d]", 0 },
	[PATTERN_REDBOOT] = { "elease, version ([0-9A-Za-z._-]{2,40}) - built ([0-9:]{8}, " DATE ")", 0 },
	[PATTERN_BAREBOX] = { "barebox (20\\d\\d\\.\\d\\d\\.\\d[0-9A-Za-z._-]{0,40})", 0 },
	[PATTERN_TFA] = { "v(\\d\\.\\d{1,2}(?:\\.\\d{1,2})?)\\((?:release|debug)\\):", 0 },
	[PATTERN_OPTEE] = { "\\x00(\\d\\.\\d{1,2}\\.\\d{1,2})[0-9A-Za-z._-]{0,40} \\(gcc version [^\\x00]{3,80} #\\d", 0 },
	[PATTERN_GRUB] = { "GRUB  ?version (\\d\\.\\d{1,2}[0-9A-Za-z.~_-]{0,20})", 0 },
	[PATTERN_VARIABLE] = { "boot(?:cmd|args|delay)=", 0 },
};
static const struct boot_banner banners[BANNERS] = {
	[PATTERN_UBOOT] = { "U-Boot", 1, 2, NULL },
	[PATTERN_CFE] = { "CFE", 1, 0, NULL },
	[PATTERN_REDBOOT] = { "RedBoot", 1, 2, "RedBoot" },
	[PATTERN_BAREBOX] = { "Barebox", 1, 0, NULL },
	[PATTERN_TFA] = { "TF-A", 1, 0, "BL" },
	[PATTERN_OPTEE] = { "OP-TEE", 1, 0, "OP-TEE version" },
	[PATTERN_GRUB] = { "GRUB", 1, 0, NULL },
};

static bool contains(struct span bytes, const char *words)
{
	return span_find_text(bytes, words, 0) != SPAN_NOT_FOUND;
}

/* The string around a byte tells of the mark of a partition table or a boot sector, which is called a signature too. */
static bool is_mark_of_disk(struct span bytes, size_t at)
{
	static const char *const words[] = { "MBR", "GPT", "GUID Partition", "DOS partition", "boot sector", "FAT ", NULL };
	size_t start = at;
	while (start > 0 && at - start < SENTENCE && span_byte(bytes, start - 1) != 0)
		start--;
	struct span sentence = span_slice(bytes, start, at - start + SENTENCE);
	size_t end = span_find_byte(sentence, 0, at - start);
	for (size_t i = 0; words[i]; i++)
		if (contains(end == SPAN_NOT_FOUND ? sentence : span_slice(sentence, 0, end), words[i]))
			return true;
	return false;
}

/* So many marks of disks are no loader's: they may well be about keys. */
static bool hints_at(struct span bytes, const char *word)
{
	size_t at = span_find_text(bytes, word, 0);
	for (int marks = 0; at != SPAN_NOT_FOUND; marks++, at = span_find_text(bytes, word, at + 1))
		if (marks == MARKS || !is_mark_of_disk(bytes, at))
			return true;
	return false;
}

/*
 * U-Boot's signature code reads these properties of its keys. It shows none only
 * where its image code is in clear and no word hints at a vendor's own check.
 */
static void set_verifies(struct inspection *file, struct fact *fact)
{
	static const char *const hints[] = { "ignature", "IGNATURE", "ecure boot", "ecure Boot", "ecureboot",
					     "RSA", "rsa_", "rsa,", "ECDSA", "ecdsa", "ertificate" };
	if (contains(file->bytes, "rsa,n0-inverse") || contains(file->bytes, "ecdsa,curve")) {
		fact_integer(fact, BOOT_LOADER_VERIFIES, 1);
		return;
	}
	if (!contains(file->bytes, "Verifying Checksum"))
		return;
	for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
		if (hints_at(file->bytes, hints[i]))
			return;
	fact_integer(fact, BOOT_LOADER_VERIFIES, 0);
}

/* Already stated for this file: the same banner stands in a loader's stages and copies. */
static bool is_stated(const struct facts *facts, const char *name, struct span version)
{
	for (const struct fact *fact = facts->first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_BOOT_LOADER &&
		    span_equal_text(fact->values[BOOT_LOADER_NAME].text, name) &&
		    span_equal(fact->values[BOOT_LOADER_VERSION].text, version))
			return true;
	return false;
}

static void state_loader(struct inspection *file, const struct pattern_hit *hit)
{
	const struct boot_banner *banner = &banners[hit->pattern];
	struct pattern_match match;
	if ((banner->companion && !contains(file->bytes, banner->companion)) || !inspection_capture(file, hit, &match))
		return;
	struct span version = match.groups[banner->version];
	if (is_stated(file->facts, banner->name, version))
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_BOOT_LOADER);
	fact_integer(fact, BOOT_LOADER_OFFSET, (int64_t)match.offset);
	fact_word(file->facts, fact, BOOT_LOADER_NAME, banner->name);
	fact_text(file->facts, fact, BOOT_LOADER_VERSION, version);
	if (banner->built > 0)
		fact_text(file->facts, fact, BOOT_LOADER_BUILT, match.groups[banner->built]);
	if (hit->pattern == PATTERN_UBOOT)
		set_verifies(file, fact);
}

static bool boot_wants(const struct inspection *file)
{
	return boot_environment_is_stored(file);
}

static void boot_inspect(struct inspection *file)
{
	if (boot_environment_is_stored(file)) {
		boot_environment_state_stored(file);
		return;
	}
	if (kind_is_text(file->kind) || file->hit_count == 0)
		return;
	bool in_code = code_of(file) == CODE_RAW;
	uint64_t end = 0;
	size_t tries = 0;
	for (size_t i = 0; i < file->hit_count; i++) {
		const struct pattern_hit *hit = &file->hits[i];
		if (hit->pattern < BANNERS && in_code)
			state_loader(file, hit);
		else if (hit->pattern == PATTERN_VARIABLE && hit->end > end && tries++ < ENVIRONMENTS_MAX)
			end = boot_environment_state_found(file, hit->end - 1, in_code);
	}
	if (tries > ENVIRONMENTS_MAX)
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_LIMIT, "boot.environments", NOTE_NO_OFFSET,
				 NOTE_NO_AMOUNT, "more than %d words look like boot variables; around the rest no "
				 "environment was looked for", ENVIRONMENTS_MAX);
}

/* A uImage protects its payload with a CRC-32 and with nothing else. */
static enum outcome boot_conclude(struct evidence *evidence)
{
	return query_run(evidence_database(evidence),
			 "INSERT INTO boot_signature (file, subject, algorithm, signed)"
			 " SELECT MIN(file.id), CASE WHEN label LIKE '%linux%' THEN 'kernel' ELSE 'uImage' END, 'crc32', 0"
			 " FROM volume JOIN file ON file.volume = volume.id WHERE format = 'uimage'"
			 " GROUP BY volume.id ORDER BY volume.id");
}

const struct inspector inspector_boot = {
	.name = "boot",
	.patterns = boot_patterns,
	.pattern_count = sizeof boot_patterns / sizeof *boot_patterns,
	.wants = boot_wants,
	.inspect = boot_inspect,
	.conclude = boot_conclude,
};
