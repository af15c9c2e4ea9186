/*
 * States facts about how a device updates itself: the configuration of package
 * managers and updaters (opkg, apt, apk, SWUpdate, RAUC, Mender), and update scripts.
 */
#include "evidence/query.h"
#include "inspect/registry.h"
#include "inspect/update_script.h"

/* Words that only update scripts and updaters' configurations hold. */
static const struct pattern update_patterns[] = {
	{ "mtd (?:-[a-z]+ [^\\n]{0,80})?write ", PATTERN_ONCE },
	{ "flashcp |nandwrite |ubiupdatevol |mkxqimage -v", PATTERN_ONCE },
	{ "of=/dev/(?:mtd|mmcblk)", PATTERN_ONCE },
	{ "openssl (?:dgst|rsautl|pkeyutl|cms|smime) ", PATTERN_ONCE },
	{ "usign |ucert |gpgv |gpg --verify|minisign |signify ", PATTERN_ONCE },
	{ "REQUIRE_IMAGE_SIGNATURE=", PATTERN_ONCE },
};

/* A line that settles something: all words must be in it. */
struct setting_rule {
	const char *name;
	const char *path;     /* words in the path */
	const char *words[2]; /* in the line; the second may be NULL */
	const char *aspect;   /* NULL: 'http' or 'https' by the address in the line */
};
static const struct setting_rule setting_rules[] = {
	{ "opkg", "/opkg", { "src", "://" }, NULL },
	{ "opkg", "/opkg", { "option check_signature 0", NULL }, "no signature required" },
	{ "opkg", "/opkg", { "option check_signature", NULL }, "signature" },
	{ "apt", "/etc/apt/sources.list", { "deb", "trusted=yes" }, "no signature required" },
	{ "apt", "/etc/apt/sources.list", { "deb", "allow-insecure=yes" }, "no signature required" },
	{ "apt", "/etc/apt/sources.list", { "deb", "://" }, NULL },
	{ "apt", "/etc/apt/sources.list", { "Trusted: yes", NULL }, "no signature required" },
	{ "apt", "/etc/apt/sources.list", { "URIs:", "://" }, NULL },
	{ "apt", "/etc/apt/apt.conf", { "AllowUnauthenticated", "true" }, "no signature required" },
	{ "apk", "/etc/apk/repositories", { "://", NULL }, NULL },
	{ "swupdate", "swupdate", { "public-key-file", "=" }, "signature" },
	{ "swupdate", "swupdate", { "no-downgrading", "=" }, "rollback" },
	{ "swupdate", "swupdate", { "url", "://" }, NULL },
	{ "swupdate", "swupdate", { "SWUPDATE_ARGS", " -k " }, "signature" },
	{ "mender", "/mender", { "\"ServerURL\"", "://" }, NULL },
	{ "mender", "/mender", { "\"ArtifactVerifyKey\"", ":" }, "signature" },
	{ "mender", "/mender", { "\"SkipVerify\"", "true" }, "no check" },
};

/* Configuration files, by the end of their path; a folder where it ends in '/'. */
static const char *const configurations[] = {
	"/etc/opkg.conf", "/etc/opkg/", "/etc/apt/sources.list", "/etc/apt/sources.list.d/", "/etc/apt/apt.conf",
	"/etc/apt/apt.conf.d/", "/etc/apk/repositories", "/swupdate.cfg", "/etc/swupdate/", "/etc/default/swupdate",
	"/etc/rauc/system.conf", "/etc/mender/", "/mender.conf",
};

static bool is_configuration(const struct inspection *file)
{
	for (size_t i = 0; i < sizeof configurations / sizeof *configurations; i++) {
		struct span place = span_of_text(configurations[i]);
		if (span_ends_text(place, "/") ? span_find(file->path, place, 0) != SPAN_NOT_FOUND
					       : span_ends(file->path, place))
			return true;
	}
	return false;
}

static bool update_wants(const struct inspection *file)
{
	return inspection_is_live_text(file) &&
	       (is_configuration(file) || (file->kind == KIND_SCRIPT && update_script_is_named_so(file)));
}

static bool contains(struct span text, const char *words)
{
	return span_find_text(text, words, 0) != SPAN_NOT_FOUND;
}

static void read_setting(struct inspection *file, int64_t number, struct span line)
{
	for (size_t i = 0; i < sizeof setting_rules / sizeof *setting_rules; i++) {
		const struct setting_rule *rule = &setting_rules[i];
		if (!contains(file->path, rule->path) || !contains(line, rule->words[0]) ||
		    (rule->words[1] && !contains(line, rule->words[1])))
			continue;
		const char *aspect = rule->aspect ? rule->aspect : update_scheme(line);
		if (aspect)
			update_state(file, rule->name, aspect, number, line);
		if (rule->aspect)
			return;
	}
}

/* RAUC verifies every bundle against its keyring; there is no unsigned bundle. */
static bool is_rauc_keyring(const struct inspection *file, struct span section, struct span line)
{
	return contains(file->path, "/rauc/") && span_equal_text(section, "[keyring]") &&
	       (span_starts_text(line, "path=") || span_starts_text(line, "directory="));
}

static void read_configuration(struct inspection *file)
{
	struct span text = file->bytes, line, section = SPAN_NONE;
	for (int64_t number = 1; span_next_line(&text, &line); number++) {
		line = span_trim(line);
		if (line.size == 0 || span_byte(line, 0) == '#' || span_starts_text(line, "//"))
			continue;
		if (span_byte(line, 0) == '[')
			section = line;
		if (is_rauc_keyring(file, section, line))
			update_state(file, "rauc", "signature", number, line);
		else
			read_setting(file, number, line);
	}
}

/* Libraries of scripts have no first line that says so. */
static bool is_script(const struct inspection *file)
{
	return file->kind == KIND_SCRIPT || span_ends_text(file->name, ".sh") || span_ends_text(file->name, ".lua") ||
	       span_ends_text(file->name, ".py") || contains(file->path, "/lib/upgrade/");
}

static void update_inspect(struct inspection *file)
{
	if (!inspection_is_live_text(file))
		return;
	if (is_configuration(file))
		read_configuration(file);
	else if (is_script(file))
		update_script_state(file);
}

/* What no line says: packages are not checked by opkg, nor images by sysupgrade, unless something asks for it. */
static enum outcome update_conclude(struct evidence *evidence)
{
	sqlite3 *database = evidence_database(evidence);
	TRY(query_run(database,
		      "INSERT INTO update_mechanism (file, name, aspect, detail)"
		      " SELECT MIN(file), 'opkg', 'no signature required',"
		      " 'no opkg configuration sets option check_signature' FROM update_mechanism"
		      " WHERE name = 'opkg' AND aspect IN ('http', 'https') AND NOT EXISTS (SELECT 1 FROM"
		      " update_mechanism WHERE name = 'opkg' AND aspect IN ('signature', 'no signature required'))"
		      " HAVING COUNT(*) > 0"));
	return query_run(database,
			 "INSERT INTO update_mechanism (file, name, aspect, detail)"
			 " SELECT MIN(id), 'sysupgrade', 'no check',"
			 " 'neither sysupgrade nor /lib/upgrade verifies a signature' FROM file"
			 " WHERE path LIKE '%/sbin/sysupgrade' AND kind = 'script' AND role IS NULL AND NOT EXISTS (SELECT 1 FROM"
			 " update_mechanism WHERE name = 'sysupgrade' AND aspect = 'signature')"
			 " HAVING COUNT(*) > 0");
}

const struct inspector inspector_update = {
	.name = "update",
	.patterns = update_patterns,
	.pattern_count = sizeof update_patterns / sizeof *update_patterns,
	.wants = update_wants,
	.inspect = update_inspect,
	.conclude = update_conclude,
};
