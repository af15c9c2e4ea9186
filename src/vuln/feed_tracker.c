/*
 * What distributions publish of all that they know, by package:
 *
 * - Alpine's secdb (https://secdb.alpinelinux.org), a document for each release and repository: {"distroversion": "v3.14",
 *   "packages": [{"pkg": {"name", "secfixes": {"1.2-r0": ["CVE-…"]}}}]}; what stands under "0" never was in the package.
 * - Debian's security tracker (https://security-tracker.debian.org/tracker/data/json): {package: {"CVE-…": {"releases":
 *   {"bookworm": {"status", "fixed_version", "urgency"}}}}}. "resolved" has the fixed version, or "0"; "open" is not fixed
 *   yet, whatever is planned; "undetermined" says nothing. What is open and "unimportant" has no effect on the package as it
 *   is built, or is not built: that it has the fault is not said.
 *
 * What one document says of a vulnerability stands beside what others say of it: none speaks of all releases and packages.
 */
#include <stdlib.h>

#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/release_name.h"
#include "vuln/version.h"

enum { NAME_SIZE_MAX = 512 };

struct reading {
	struct builder *builder;
	struct buffer product;
	size_t read, broken; /* packages; entries that name no version */
};

static enum outcome name_product(struct reading *r, const char *family, struct span package)
{
	buffer_clear(&r->product);
	TRY(buffer_append(&r->product, span_of_text(family)));
	return buffer_append(&r->product, package);
}

/* Before a version the fault is there; "0" says that it never was. */
static enum outcome add_fixed(struct reading *r, struct span release, struct span version)
{
	const struct range range = { .end = version, .end_excluded = true };
	const struct builder_scope scope = { .release = release };
	if (!span_equal_text(version, "0") && !version_plausible(version)) {
		r->broken++;
		return DONE;
	}
	return builder_record_range(r->builder, buffer_span(&r->product), &range, &scope);
}

/* A version under which a package lists a vulnerability. */
struct fix {
	int64_t id;
	size_t ordinal;
	struct span version;
};

static int compare_fixes(const void *left, const void *right)
{
	const struct fix *a = left, *b = right;
	int difference = (a->id > b->id) - (a->id < b->id);
	return difference != 0 ? difference : (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
}

/* "CVE-2018-12207 XSA-304" names one vulnerability, and an advisory that is none. */
static size_t gather_entry(struct span entry, struct span version, struct fix *out, size_t count)
{
	struct span word;
	while (span_next_word(&entry, &word)) {
		int64_t id = identifier_parse(word);
		if (id != 0 && out)
			out[count] = (struct fix){ .id = id, .ordinal = count, .version = version };
		count += id != 0;
	}
	return count;
}

/* Puts them behind each other, or with NULL counts them. */
static size_t gather_fixes(const struct json_value *fixes, struct fix *out)
{
	size_t count = 0;
	JSON_EACH(fix, fixes)
		JSON_EACH(entry, fix)
			count = gather_entry(json_value_text(entry), json_value_key(fix), out, count);
	return count;
}

/* All versions of one vulnerability in one record: a fix that did not suffice stands there with the next one. */
static enum outcome state_fixes(struct reading *r, struct span release, const struct fix *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || all[i].id != all[i - 1].id)
			TRY(builder_record_begin(r->builder, all[i].id, SOURCE_DISTRIBUTION, SPAN_NONE));
		TRY(add_fixed(r, release, all[i].version));
		if (i + 1 == count || all[i].id != all[i + 1].id)
			TRY(builder_record_add(r->builder));
	}
	return DONE;
}

static enum outcome read_fixes(struct reading *r, const struct json_value *fixes, struct span release)
{
	size_t count = gather_fixes(fixes, NULL);
	struct fix *all = count > 0 ? calloc(count, sizeof *all) : NULL;
	if (!all)
		return count == 0 ? DONE : NO_MEMORY;
	(void)gather_fixes(fixes, all);
	qsort(all, count, sizeof *all, compare_fixes);
	enum outcome outcome = state_fixes(r, release, all, count);
	free(all);
	return outcome;
}

static enum outcome read_secdb(struct reading *r, const struct json_value *document)
{
	struct span release = feed_json_text(document, "distroversion");
	if (span_byte(release, 0) != 'v' || !version_plausible(span_from(release, 1)))
		return builder_note_count(r->builder, "feed.left-out", 1, "document of no release by number was left out");
	JSON_EACH(one, json_value_member(document, "packages")) {
		const struct json_value *package = json_value_member(one, "pkg"), *fixes = json_value_member(package, "secfixes");
		struct span name = feed_json_text(package, "name");
		if (name.size == 0 || name.size > NAME_SIZE_MAX / 2)
			return MALFORMED;
		TRY(name_product(r, "alpine/", name));
		if (json_value_is(fixes, JSON_OBJECT))
			TRY(read_fixes(r, fixes, release));
	}
	return DONE;
}

/* What a release says of one vulnerability of a package. */
static enum outcome add_release(struct reading *r, const struct json_value *said)
{
	struct span release = release_number("debian", json_value_key(said)), status = feed_json_text(said, "status");
	bool unimportant = span_equal_text(feed_json_text(said, "urgency"), "unimportant");
	if (release.size == 0)
		return DONE;
	if (span_equal_text(status, "resolved"))
		return add_fixed(r, release, feed_json_text(said, "fixed_version"));
	const struct range open = { 0 };
	const struct builder_scope scope = { .release = release };
	if (!span_equal_text(status, "open") || unimportant)
		return DONE;
	return builder_record_range(r->builder, buffer_span(&r->product), &open, &scope);
}

/* A package of Debian's tracker, with all that is known of it; what has no CVE yet ("TEMP-…") is passed over. */
static enum outcome read_package(void *context, struct span package, const struct json_value *list)
{
	struct reading *r = context;
	if (!json_value_is(list, JSON_OBJECT) || package.size == 0 || package.size > NAME_SIZE_MAX / 2)
		return r->read > 0 ? MALFORMED : NOT_THIS;
	TRY(name_product(r, "debian/", package));
	JSON_EACH(one, list) {
		const struct json_value *releases = json_value_member(one, "releases");
		int64_t id = identifier_parse(json_value_key(one));
		if (!json_value_is(releases, JSON_OBJECT))
			return r->read > 0 ? MALFORMED : NOT_THIS;
		r->read++;
		if (id == 0)
			continue;
		TRY(builder_record_begin(r->builder, id, SOURCE_DISTRIBUTION, SPAN_NONE));
		JSON_EACH(said, releases)
			TRY(add_release(r, said));
		TRY(builder_record_add(r->builder));
	}
	return DONE;
}

static enum outcome finish(struct reading *r, enum outcome outcome)
{
	buffer_done(&r->product);
	return outcome != DONE ? outcome : builder_note_count(r->builder, "feed.left-out", r->broken,
							      "entries name no version and were left out");
}

enum outcome feed_secdb(struct builder *builder, const struct json_value *document)
{
	struct reading reading = { .builder = builder };
	TRY(builder_feed(builder, SPAN_LITERAL("alpine")));
	buffer_init(&reading.product, NAME_SIZE_MAX, NULL);
	return finish(&reading, read_secdb(&reading, document));
}

enum outcome feed_debian_tracker(struct builder *builder, struct span document)
{
	struct reading reading = { .builder = builder };
	TRY(builder_feed(builder, SPAN_LITERAL("debian")));
	buffer_init(&reading.product, NAME_SIZE_MAX, NULL);
	enum outcome outcome = json_scan_list(builder_json(builder), document, "", read_package, &reading);
	return finish(&reading, outcome == DONE && reading.read == 0 ? NOT_THIS : outcome);
}
