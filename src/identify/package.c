/* Rows of `package`, and upstream versions out of packagers' versions. */
#include "identify/package.h"

#include "base/clock.h"

void package_state(struct inspection *file, const struct package_record *record)
{
	if (record->name.size == 0 || record->version.size == 0)
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_PACKAGE);
	const struct {
		int column;
		struct span text;
	} texts[] = {
		{ PACKAGE_NAME, record->name },
		{ PACKAGE_VERSION, record->version },
		{ PACKAGE_ARCHITECTURE, record->architecture },
		{ PACKAGE_SOURCE, record->source },
		{ PACKAGE_LICENCE, record->licence },
		{ PACKAGE_DISTRIBUTION, record->distribution },
		{ PACKAGE_CPE, record->cpe },
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].text.size > 0)
			fact_text(file->facts, fact, texts[i].column, texts[i].text);
	fact_word(file->facts, fact, PACKAGE_MANAGER, record->manager);
	if (record->line > 0)
		fact_integer(fact, PACKAGE_LINE, record->line);
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* "1:" in front. */
static struct span without_epoch(struct span version)
{
	size_t colon = span_find_byte(version, ':', 0);
	if (colon == 0 || colon == SPAN_NOT_FOUND)
		return version;
	for (size_t i = 0; i < colon; i++)
		if (!is_digit(span_byte(version, i)))
			return version;
	return span_from(version, colon + 1);
}

/* Index of the hyphen before the packager's revision; the size where there is none. */
static size_t revision_at(struct span version, bool first)
{
	size_t found = version.size;
	for (size_t at = span_find_byte(version, '-', 0); at != SPAN_NOT_FOUND;
	     at = span_find_byte(version, '-', at + 1)) {
		size_t digit = at + 1 + (span_byte(version, at + 1) == 'r');
		if (first && !is_digit(span_byte(version, digit)))
			continue;
		found = at;
		if (first)
			break;
	}
	return found;
}

/* Cuts at the first of the marks that distributions add to an upstream version. */
static struct span without_marks(struct span version)
{
	static const char *const marks[] = {
		"+dfsg", "~dfsg", ".dfsg", "-dfsg", "+ds", "~ds", ".ds", "+git", "~git", "+svn", "+deb", "+nmu",
		"_git", "-stable", "+debian", "+repack", "+ubuntu",
	};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = span_find_text(version, marks[i], 0);
		if (at != SPAN_NOT_FOUND && at > 0)
			version = span_slice(version, 0, at);
	}
	size_t really = span_find_text(version, "+really", 0);
	return really == SPAN_NOT_FOUND ? version : span_from(version, really + 7);
}

/* "2023.04~rc2" is upstream's "2023.04-rc2", Alpine's "9.1_p1" is "9.1p1", OpenWrt's "1.0~abc123" is a commit of 1.0. */
static struct span respell(struct arena *arena, struct span version)
{
	size_t tilde = span_find_byte(version, '~', 0), bar = span_find_byte(version, '_', 0);
	struct span copy = SPAN_NONE;
	if (tilde != SPAN_NOT_FOUND) {
		struct span head = span_slice(version, 0, tilde), tail = span_from(version, tilde + 1);
		bool candidate = span_starts_text(tail, "rc") || span_starts_text(tail, "beta") ||
				 span_starts_text(tail, "alpha") || span_starts_text(tail, "pre");
		if (!candidate)
			return head;
		copy = arena_format(arena, "%.*s-%.*s", SPAN_FORMAT(head), SPAN_FORMAT(tail));
	} else if (bar != SPAN_NOT_FOUND && bar > 0) {
		struct span head = span_slice(version, 0, bar), tail = span_from(version, bar + 1);
		copy = arena_format(arena, "%.*s%.*s", SPAN_FORMAT(head), SPAN_FORMAT(tail));
	}
	return copy.data ? copy : version;
}

struct span package_upstream(struct arena *arena, const char *manager, struct span version)
{
	bool opkg = strcmp(manager, "opkg") == 0, apk = strcmp(manager, "apk") == 0;
	struct span out = without_epoch(span_trim(version));
	if (opkg && span_starts_text(out, "git-")) {
		out = span_from(out, 4);
		out = span_slice(out, 0, span_find_byte(out, '-', 0));
	}
	if (clock_is_day(span_slice(out, 0, 10)))
		return arena_copy(arena, span_slice(out, 0, 10));
	out = span_slice(out, 0, revision_at(out, opkg || apk));
	out = respell(arena, without_marks(out));
	struct span copy = arena_copy(arena, out);
	return copy.data ? copy : version;
}

const struct inspector *const package_inspectors[] = {
	&inspector_package_files,
	&inspector_packages_apk,
	&inspector_packages_control,
	&inspector_packages_rpm,
	NULL,
};
