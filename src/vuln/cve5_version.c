/*
 * Versions of CVE record format 5.x: one by one, as ranges (`version` to `lessThan` or `lessThanOrEqual`) with `changes`
 * inside, or, as GitHub and others write, as text (">= 1.0, < 2.0"). Ranges of commits say nothing about versions and
 * are passed over.
 */
#include "vuln/cve5_version.h"

#include "inspect/lines.h"
#include "vuln/product_names.h"
#include "vuln/feed_json.h"
#include "vuln/tag_version.h"
#include "vuln/version.h"
#include "vuln/version_words.h"

enum { LEADING_WORDS_MAX = 3 };

enum outcome cve5_range(struct cve5_entry *entry, struct range range, struct span status)
{
	if (span_equal_text(status, "unaffected"))
		range.unaffected = true;
	else if (!span_equal_text(status, "affected"))
		return DONE;
	if (!entry->devices)
		return builder_record_range(entry->builder, entry->product, &range, &entry->scope);
	entry->stated = true;
	return device_feed_words(entry->devices, entry->maker, entry->product, &range, entry->scope.entry);
}

/* A bound that says "from the beginning" or "without end". */
static struct span bound(struct span text)
{
	static const char *const open[] = { "0", "*", "unspecified", "n/a", "N/A", "-", "0.0", "all" };
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (span_equal_text(text, open[i]))
			return SPAN_NONE;
	return span_trim(text);
}

/* Takes ">=", "<=", ">", "<" or "=" off the text; the first byte of what it was, and whether '=' was in it. */
static uint8_t take_operator(struct span *text, bool *equal)
{
	uint8_t first = span_byte(*text, 0);
	*equal = false;
	if (first != '<' && first != '>' && first != '=')
		return 0;
	size_t size = 1;
	if (span_byte(*text, 1) == '=') {
		*equal = true;
		size = 2;
	}
	*text = span_trim(span_from(*text, size));
	return first;
}

/* "before 2.25.0, and before 2.16.9 LTS", "4.1 and earlier", "samba 4.11.15, samba 4.12.9". */
static enum outcome add_words(struct cve5_entry *entry, struct span text, struct span status)
{
	struct version_words words;
	struct span rest = text;
	struct plain_word word;
	version_words_read(text, &words);
	for (int i = 0; i < LEADING_WORDS_MAX && words.count == 0 && plain_word_next(&rest, &word); i++) {
		bool plain = equal_caseless(word.text, "all") ||
			     product_names_of(builder_names(entry->builder), word.text).size > 0;
		if (!plain || word.stop || word.comma)
			return DONE;
		version_words_read(rest, &words);
	}
	for (size_t i = 0; words.understood && i < words.count; i++) {
		bool endless = !words.all[i].single && words.all[i].end.size == 0;
		if (!endless)
			TRY(cve5_range(entry, words.all[i], status));
	}
	return DONE;
}

/* "Fixed in OpenSSL 1.1.1d (Affected 1.1.1-1.1.1c)": the versions in the brackets. */
static enum outcome add_bracket(struct cve5_entry *entry, struct span text, struct span status)
{
	struct span mark = SPAN_LITERAL("(Affected "), start;
	size_t at = span_find(text, mark, 0);
	struct span versions = at == SPAN_NOT_FOUND ? SPAN_NONE : span_from(text, at + mark.size);
	size_t close = span_find_byte(versions, ')', 0);
	if (close == SPAN_NOT_FOUND)
		return DONE;
	versions = span_slice(versions, 0, close);
	if (!span_next_field(&versions, '-', &start) || !version_plausible(start))
		return DONE;
	struct range range = { .start = start, .end = versions.size > 0 ? versions : start, .single = versions.size == 0 };
	return cve5_range(entry, range, status);
}

static bool has_words(struct span text)
{
	struct span first;
	size_t letters = 0;
	(void)span_next_word(&text, &first);
	for (size_t i = 0; i < first.size; i++) {
		uint8_t c = span_byte(first, i) | 0x20;
		letters += c >= 'a' && c <= 'z';
	}
	return text.size > 0 && span_byte(first, 0) != '<' && span_byte(first, 0) != '>' && span_byte(first, 0) != '=' &&
	       (letters == first.size || version_plausible(first));
}

/* "< 1.2.3", ">= 1.0, < 2.0", "1.2.3", or words. */
static enum outcome add_text(struct cve5_entry *entry, struct span text, struct span status)
{
	struct range range = { 0 };
	struct span part;
	bool bounded = false;
	if (has_words(text)) {
		TRY(add_bracket(entry, text, status));
		return add_words(entry, text, status);
	}
	while (span_next_field(&text, ',', &part)) {
		part = span_trim(part);
		bool equal;
		uint8_t operator = take_operator(&part, &equal);
		if (operator == '<') {
			range.end = part;
			range.end_excluded = !equal;
		} else if (operator == '>') {
			range.start = part;
			range.start_excluded = !equal;
		} else if (!bounded && part.size > 0 && text.size == 0) {
			range.single = true;
			range.start = range.end = part;
		} else {
			return DONE;
		}
		bounded = true;
	}
	if (!range.single && range.end.size == 0)
		return DONE; /* "all", "≥ 1": without an end it claims the future */
	return cve5_range(entry, range, status);
}

/* A range whose status changes at versions inside it. */
static enum outcome add_changes(struct cve5_entry *entry, struct range range, const struct json_value *changes,
				struct span status)
{
	struct range part = range;
	JSON_EACH(change, changes) {
		part.end = feed_json_text(change, "at");
		part.end_excluded = true;
		if (part.end.size == 0)
			return DONE;
		TRY(cve5_range(entry, part, status));
		part.start = part.end;
		part.start_excluded = false;
		status = feed_json_text(change, "status");
	}
	part.end = range.end;
	part.end_excluded = range.end_excluded;
	return cve5_range(entry, part, status);
}

/* A bound that can only be a commit: hexadecimal digits, no point. */
static bool is_commit_text(struct span text)
{
	return text.size >= 7 && span_find_byte(text, '.', 0) == SPAN_NOT_FOUND;
}

/* "6123a4e8e25b", which some write as a version: digits and letters of a hexadecimal number, longer than any year or day. */
static bool is_commit_surely(struct span text)
{
	size_t digits = 0, letters = 0;
	for (size_t i = 0; i < text.size; i++) {
		digits += is_digit(span_byte(text, i));
		letters += !is_digit(span_byte(text, i)) && hex_digit(span_byte(text, i)) >= 0;
	}
	return text.size >= 10 && digits + letters == text.size && digits > 0 && letters > 0;
}

/* Records of the kind "git" hold commits, or, from some makers, tags and versions. */
static bool is_commit(const struct cve5_version *version)
{
	const struct span bounds[] = { version->version, version->below, version->up_to };
	bool point = false;
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		point = point || span_find_byte(bounds[i], '.', 0) != SPAN_NOT_FOUND;
		if (bounds[i].size == 40 || is_commit_surely(bounds[i]) || (version->git && is_commit_text(bounds[i])))
			return true;
	}
	return version->git && !point;
}

struct cve5_version cve5_version_of(const struct json_value *version)
{
	return (struct cve5_version){ .status = feed_json_text(version, "status"),
				      .version = feed_json_text(version, "version"),
				      .below = feed_json_text(version, "lessThan"),
				      .up_to = feed_json_text(version, "lessThanOrEqual"),
				      .git = span_equal_text(feed_json_text(version, "versionType"), "git"),
				      .changes = json_value_member(version, "changes") };
}

/* Where "<" or "≤" stands; *size is its bytes, with those of a '=' behind it. */
static size_t find_sign(struct span text, size_t *size, bool *equal)
{
	size_t less = span_find_byte(text, '<', 0), most = span_find_text(text, "≤", 0);
	if (most != SPAN_NOT_FOUND && (less == SPAN_NOT_FOUND || most < less)) {
		*equal = true;
		*size = strlen("≤");
		return most;
	}
	*equal = less != SPAN_NOT_FOUND && span_byte(text, less + 1) == '=';
	*size = *equal ? 2 : 1;
	return less;
}

struct cve5_version cve5_version_badge(struct span text)
{
	struct cve5_version version = { .status = SPAN_LITERAL("affected"), .version = text };
	size_t size;
	bool equal;
	size_t sign = find_sign(text, &size, &equal);
	if (sign == SPAN_NOT_FOUND)
		return version;
	struct span start = span_trim(span_slice(text, 0, sign));
	bool one = span_byte(start, 0) != '>' && span_find_byte(text, ',', sign) == SPAN_NOT_FOUND;
	if (one && (version_plausible(start) || bound(start).size == 0)) {
		version.version = start;
		*(equal ? &version.up_to : &version.below) = span_trim(span_from(text, sign + size));
	}
	return version;
}

/* Tags of a repository as the versions that they name; commits stay what they are. */
static void read_tags(struct arena *arena, struct cve5_version *version)
{
	struct span *const bounds[] = { &version->version, &version->below, &version->up_to };
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		struct span known = tag_version(arena, *bounds[i]);
		if (known.size > 0)
			*bounds[i] = known;
	}
}

enum outcome cve5_version_add(struct cve5_entry *entry, const struct cve5_version *given, bool others_affected)
{
	struct cve5_version own = *given, *version = &own;
	if (version->git)
		read_tags(builder_record_arena(entry->builder), version);
	struct span status = version->status, below = version->below, up_to = version->up_to;
	if (is_commit(version))
		return DONE;
	if (below.size == 0 && up_to.size == 0) {
		bool said = others_affected && span_equal_text(status, "affected");
		return said ? DONE : add_text(entry, version->version, status);
	}
	struct range range = { .start = bound(version->version), .end = bound(below.size ? below : up_to),
			       .end_excluded = below.size > 0 };
	bool endless = range.end.size == 0;
	range.end_excluded = range.end_excluded && !endless;
	if (endless && range.start.size == 0 && span_equal_text(status, "affected"))
		return DONE; /* every version: no claim about any one */
	return add_changes(entry, range, version->changes, status);
}

/* What is not listed is affected: that counts only where ranges say what is not. */
static bool default_affected(const struct json_value *affected, const struct json_value *versions)
{
	if (!span_equal_text(feed_json_text(affected, "defaultStatus"), "affected"))
		return false;
	JSON_EACH(one, versions) {
		const struct cve5_version version = cve5_version_of(one);
		bool range = version.below.size > 0 || version.up_to.size > 0;
		if (range && !is_commit(&version) && span_equal_text(version.status, "unaffected"))
			return true;
	}
	return false;
}

enum outcome cve5_versions(struct cve5_entry *entry, const struct json_value *affected)
{
	const struct json_value *versions = json_value_member(affected, "versions");
	bool others_affected = default_affected(affected, versions);
	if (others_affected)
		TRY(cve5_range(entry, (struct range){ 0 }, SPAN_LITERAL("affected")));
	JSON_EACH(one, versions) {
		const struct cve5_version version = cve5_version_of(one);
		TRY(cve5_version_add(entry, &version, others_affected));
	}
	return DONE;
}
