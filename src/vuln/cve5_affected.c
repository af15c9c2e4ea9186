/*
 * CVE record format 5.x, `affected[]`: a default status, and versions with their own:
 * one by one, as ranges (`version` to `lessThan` or `lessThanOrEqual`) with `changes`
 * inside, or, as GitHub and others write, as text (">= 1.0, < 2.0"). Ranges of
 * commits say nothing about versions and are passed over.
 */
#include "vuln/cve5_affected.h"

#include "inspect/lines.h"
#include "vuln/cpe.h"
#include "vuln/device_feed.h"
#include "vuln/description.h"
#include "vuln/feed_json.h"
#include "vuln/platform.h"
#include "vuln/product.h"
#include "vuln/version.h"
#include "vuln/version_words.h"

enum { NAME_SIZE_MAX = 4096, CPES_MAX = 64, FILES_SIZE_MAX = 2048, LEADING_WORDS_MAX = 3 };

/* One product of the list. */
struct entry {
	struct builder *builder;
	struct span product;
	struct builder_scope scope;
	struct device_feed *devices; /* NULL for what is no device */
	struct span maker;           /* of a device; the product then holds its models */
	bool stated;
};

static enum outcome add(struct entry *entry, struct range range, struct span status)
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
static enum outcome add_words(struct entry *entry, struct span text, struct span status)
{
	struct version_words words;
	struct span rest = text;
	struct plain_word word;
	version_words_read(text, &words);
	for (int i = 0; i < LEADING_WORDS_MAX && words.count == 0 && plain_word_next(&rest, &word); i++) {
		bool plain = equal_caseless(word.text, "all") || description_product(word.text) != NULL;
		if (!plain || word.stop || word.comma)
			return DONE;
		version_words_read(rest, &words);
	}
	for (size_t i = 0; words.understood && i < words.count; i++) {
		bool endless = !words.all[i].single && words.all[i].end.size == 0;
		if (!endless)
			TRY(add(entry, words.all[i], status));
	}
	return DONE;
}

/* "Fixed in OpenSSL 1.1.1d (Affected 1.1.1-1.1.1c)": the versions in the brackets. */
static enum outcome add_bracket(struct entry *entry, struct span text, struct span status)
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
	return add(entry, range, status);
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
static enum outcome add_text(struct entry *entry, struct span text, struct span status)
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
	return add(entry, range, status);
}

/* A range whose status changes at versions inside it. */
static enum outcome add_changes(struct entry *entry, struct range range, struct json_object *changes,
				struct span status)
{
	struct range part = range;
	for (size_t i = 0; i < feed_json_count(changes); i++) {
		struct json_object *change = feed_json_at(changes, i);
		part.end = feed_json_text(change, "at");
		part.end_excluded = true;
		if (part.end.size == 0)
			return DONE;
		TRY(add(entry, part, status));
		part.start = part.end;
		part.start_excluded = false;
		status = feed_json_text(change, "status");
	}
	part.end = range.end;
	part.end_excluded = range.end_excluded;
	return add(entry, part, status);
}

/* A bound that can only be a commit: hexadecimal digits, no point. */
static bool is_commit_text(struct span text)
{
	return text.size >= 7 && span_find_byte(text, '.', 0) == SPAN_NOT_FOUND;
}

/* Records of the kind "git" hold commits, or, from some makers, tags and versions. */
static bool is_commit(struct json_object *version)
{
	static const char *const bounds[] = { "version", "lessThan", "lessThanOrEqual" };
	bool git = span_equal_text(feed_json_text(version, "versionType"), "git"), point = false;
	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
		struct span text = feed_json_text(version, bounds[i]);
		point = point || span_find_byte(text, '.', 0) != SPAN_NOT_FOUND;
		if (text.size == 40 || (git && is_commit_text(text)))
			return true;
	}
	return git && !point;
}

static enum outcome add_version(struct entry *entry, struct json_object *version, bool others_affected)
{
	struct span status = feed_json_text(version, "status"), start = feed_json_text(version, "version");
	struct span below = feed_json_text(version, "lessThan"), up_to = feed_json_text(version, "lessThanOrEqual");
	if (is_commit(version))
		return DONE;
	if (below.size == 0 && up_to.size == 0) {
		bool said = others_affected && span_equal_text(status, "affected");
		return said ? DONE : add_text(entry, start, status);
	}
	struct range range = { .start = bound(start), .end = bound(below.size ? below : up_to),
			       .end_excluded = below.size > 0 };
	bool endless = range.end.size == 0;
	range.end_excluded = range.end_excluded && !endless;
	if (endless && range.start.size == 0 && span_equal_text(status, "affected"))
		return DONE; /* every version: no claim about any one */
	return add_changes(entry, range, feed_json_member(version, "changes"), status);
}

/* What is not listed is affected: that counts only where ranges say what is not. */
static bool default_affected(struct json_object *affected, struct json_object *versions)
{
	if (!span_equal_text(feed_json_text(affected, "defaultStatus"), "affected"))
		return false;
	for (size_t i = 0; i < feed_json_count(versions); i++) {
		struct json_object *version = feed_json_at(versions, i);
		bool range = feed_json_text(version, "lessThan").size > 0 ||
			     feed_json_text(version, "lessThanOrEqual").size > 0;
		if (range && !is_commit(version) && span_equal_text(feed_json_text(version, "status"), "unaffected"))
			return true;
	}
	return false;
}

static enum outcome add_versions(struct entry *entry, struct json_object *affected)
{
	struct json_object *versions = feed_json_member(affected, "versions");
	bool others_affected = default_affected(affected, versions);
	if (others_affected)
		TRY(add(entry, (struct range){ 0 }, SPAN_LITERAL("affected")));
	for (size_t i = 0; i < feed_json_count(versions); i++)
		TRY(add_version(entry, feed_json_at(versions, i), others_affected));
	return DONE;
}

/* The program files of the entry, parted by blanks; none where a name of them holds a blank. */
static enum outcome write_files(struct buffer *out, struct json_object *files)
{
	buffer_clear(out);
	for (size_t i = 0; i < feed_json_count(files); i++) {
		struct span path = feed_json_string(feed_json_at(files, i));
		if (path.size == 0 || span_find_byte(path, ' ', 0) != SPAN_NOT_FOUND || out->size + path.size > FILES_SIZE_MAX) {
			buffer_clear(out);
			return DONE;
		}
		if (out->size > 0)
			TRY(buffer_append(out, SPAN_LITERAL(" ")));
		TRY(buffer_append(out, path));
	}
	return DONE;
}

/* As a device: what names no versions in a form that is read speaks of the device as a whole. */
static enum outcome add_device(const struct entry *entry, struct device_feed *devices, struct json_object *affected,
			       struct span maker, struct span models)
{
	struct entry device = *entry;
	device.devices = devices;
	device.maker = maker;
	device.product = models;
	TRY(add_versions(&device, affected));
	bool none = device.stated || span_equal_text(feed_json_text(affected, "defaultStatus"), "unaffected");
	return none ? DONE : add(&device, (struct range){ 0 }, SPAN_LITERAL("affected"));
}

/* Firmware and hardware that CPE names list; *any where there are some. */
static enum outcome add_cpe_devices(const struct entry *entry, struct device_feed *devices, struct json_object *affected,
				    bool *any)
{
	struct json_object *cpes = feed_json_member(affected, "cpes");
	for (size_t i = 0; i < feed_json_count(cpes) && i < CPES_MAX; i++) {
		struct cpe cpe;
		if (!cpe_parse(feed_json_string(feed_json_at(cpes, i)), &cpe))
			continue;
		bool device = cpe.part == 'h' || (cpe.part == 'o' && span_ends_text(cpe.product, "_firmware"));
		*any = *any || device;
		if (device)
			TRY(add_device(entry, devices, affected, cpe.vendor, cpe.product));
	}
	return DONE;
}

static enum outcome add_devices(const struct entry *entry, struct device_feed *devices, struct json_object *affected)
{
	bool any = false;
	struct span maker = feed_json_text(affected, "vendor"), models = feed_json_text(affected, "product");
	TRY(add_cpe_devices(entry, devices, affected, &any));
	return any ? DONE : add_device(entry, devices, affected, maker, models);
}

static enum outcome add_named(struct entry *entry, struct buffer *name, struct json_object *affected)
{
	struct json_object *cpes = feed_json_member(affected, "cpes");
	bool any = false;
	for (size_t i = 0; i < feed_json_count(cpes) && i < CPES_MAX; i++) {
		struct cpe cpe;
		if (!cpe_parse(feed_json_string(feed_json_at(cpes, i)), &cpe) || cpe.part == 'h')
			continue;
		any = true;
		if (!platform_target_fits(cpe.target_software))
			continue;
		TRY(cpe_product(name, &cpe));
		entry->product = buffer_span(name);
		TRY(add_versions(entry, affected));
	}
	if (any)
		return DONE;
	struct span vendor = feed_json_text(affected, "vendor"), product = feed_json_text(affected, "product");
	enum outcome outcome = product_name(name, vendor, product);
	if (outcome == NOT_THIS)
		return DONE;
	TRY(outcome);
	entry->product = buffer_span(name);
	return add_versions(entry, affected);
}

static enum outcome add_all(struct builder *builder, struct json_object *affected, struct buffer *name,
			    struct buffer *files, struct device_feed *devices)
{
	for (size_t i = 0; i < feed_json_count(affected); i++) {
		struct json_object *one = feed_json_at(affected, i);
		TRY(write_files(files, feed_json_member(one, "programFiles")));
		struct entry entry = {
			.builder = builder,
			.scope = { .files = buffer_span(files), .entry = (int64_t)i + 1,
				   .listed = span_equal_text(feed_json_text(one, "defaultStatus"), "unaffected") },
		};
		TRY(add_named(&entry, name, one));
		TRY(add_devices(&entry, devices, one));
	}
	return DONE;
}

enum outcome cve5_affected(struct builder *builder, int64_t id, enum store_source source, struct span stamp,
			   struct json_object *affected)
{
	enum outcome outcome = builder_record_begin(builder, id, source, stamp);
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
	struct buffer name, files;
	buffer_init(&name, NAME_SIZE_MAX, NULL);
	buffer_init(&files, NAME_SIZE_MAX, NULL);
	struct device_feed devices;
	device_feed_init(&devices, builder);
	outcome = add_all(builder, affected, &name, &files, &devices);
	device_feed_done(&devices);
	buffer_done(&name);
	buffer_done(&files);
	if (outcome == OVER_BUDGET)
		return MALFORMED; /* a product name or list beyond all measure */
	TRY(outcome);
	return builder_record_end(builder);
}
