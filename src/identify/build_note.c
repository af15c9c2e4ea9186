/*
 * What packagers leave in every binary: the package note of the UAPI group
 * ("Package Metadata for Executable Files": JSON in .note.package), and the name of
 * the file of debug symbols in .gnu_debuglink, which on RPM systems is
 * NAME-VERSION-RELEASE.ARCHITECTURE.debug.
 */
#include "identify/package.h"
#include "identify/shape.h"
#include "identify/witness.h"

enum { PACKAGE_NOTE, DEBUG_LINK };

const struct pattern build_note_patterns[BUILD_NOTE_PATTERNS] = {
	[PACKAGE_NOTE] = { "\\{\"type\":\"(?:rpm|deb|apk)\",[^}\\n\\x00]{0,100}\"version\":\"[^\"\\n\\x00]{1,64}\"", 0 },
	[DEBUG_LINK] = { "-\\d[^-\\n\\x00 /]{0,40}-[^-\\n\\x00 /]{1,40}\\.debug", 0 },
};

/* The text of a member of flat JSON; empty where it is missing. */
static struct span member(struct span json, const char *quoted_name)
{
	size_t at = span_find_text(json, quoted_name, 0);
	if (at == SPAN_NOT_FOUND)
		return SPAN_NONE;
	struct span rest = span_from(json, at + span_of_text(quoted_name).size), value;
	if (!span_starts_text(rest, ":\""))
		return SPAN_NONE;
	rest = span_from(rest, 2);
	return span_next_field(&rest, '"', &value) ? value : SPAN_NONE;
}

static void inspect_package_note(struct inspection *file, const struct pattern_match *match)
{
	const struct witness_search *search = file->context;
	struct span json = match->groups[0], name = member(json, "\"name\"");
	struct span version = member(json, "\"version\"");
	const char *manager = span_equal_text(member(json, "\"type\""), "rpm")   ? "rpm"
			      : span_equal_text(member(json, "\"type\""), "apk") ? "apk"
										  : "dpkg";
	if (name.size == 0 || version.size == 0)
		return;
	const struct recogniser *recogniser = recogniser_for_source(search->recognisers, name);
	struct sighting sighting = {
		.component = recogniser ? recogniser->name : name,
		.version = package_upstream(file->scratch, manager, version),
		.method = "package",
		.detail = json,
		.offset = match->offset,
		.confidence = 95,
	};
	witness_state(file, &sighting);
}

static const struct recogniser *owner_of(const struct recognisers *recognisers, struct span name)
{
	for (size_t i = 0; i < recognisers->count; i++)
		for (size_t k = 0; k < recognisers->all[i].file_count; k++)
			if (shape_matches(recognisers->all[i].files[k], name, NULL))
				return &recognisers->all[i];
	return NULL;
}

/* A release that starts with 0 is a snapshot or candidate before the version: it would be claimed too early. */
static bool is_prerelease(struct span release)
{
	return span_starts_text(release, "0.");
}

static void inspect_debug_link(struct inspection *file, const struct pattern_hit *hit,
			       const struct pattern_match *match)
{
	const struct witness_search *search = file->context;
	struct span before = span_slice(file->bytes, 0, match->offset);
	struct span rest = span_from(match->groups[0], 1), version, release;
	if (!span_ends(before, file->name) || hit->end != match->offset + match->groups[0].size)
		return;
	if (!span_next_field(&rest, '-', &version) || !span_next_field(&rest, '-', &release) || is_prerelease(release))
		return;
	const struct recogniser *recogniser = owner_of(search->recognisers, file->name);
	if (!recogniser)
		return;
	struct sighting sighting = {
		.component = recogniser->name,
		.version = package_upstream(file->scratch, "rpm", version),
		.method = "package",
		.detail = span_slice(file->bytes, match->offset - file->name.size,
				     file->name.size + match->groups[0].size),
		.offset = match->offset - file->name.size,
		.confidence = 80,
	};
	witness_state(file, &sighting);
}

void build_note_inspect(struct inspection *file, const struct pattern_hit *hit, uint32_t index)
{
	struct pattern_match match;
	if (file->kind != KIND_ELF || !inspection_capture(file, hit, &match))
		return;
	if (index == PACKAGE_NOTE)
		inspect_package_note(file, &match);
	else
		inspect_debug_link(file, hit, &match);
}
