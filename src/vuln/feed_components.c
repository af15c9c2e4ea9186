/*
 * Facts about embedded components, merged from several publishers, one JSON object a
 * line: "id"; "cvss" [version, score, vector] or {"nvd": "VECTOR [SCORE WORD]"}; "cwe";
 * "kev"; ranges "nvd" and "anchore" as [vendor:product, version, startIncl, startExcl,
 * endIncl, endExcl]; "vendor_curl" {first, last}; "vendor_openssl" as the versions of a
 * CVE record; "alpine_fixed" {package: {"v3.14" or "Debian:11": fixed package}}; "ubuntu_upstream"
 * {package: [status, fixed version]}; "notes" of its packagers {name: text}, which may say where the fault began; "cve5"
 * and "trickest" (component_record.h). Where no range is stated,
 * the description ("desc") may name one. What the publishers' own feeds state goes before.
 */
#include "vuln/begin.h"
#include "vuln/component_record.h"
#include "vuln/cve5_version.h"
#include "vuln/description.h"
#include "vuln/distribution.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"
#include "vuln/identifier.h"

enum { NAME_SIZE_MAX = 512 };
#define OLDEST SPAN_LITERAL("0")

static enum outcome add_ranges(struct builder *builder, int64_t id, enum store_source source,
			       const struct json_value *list)
{
	if (feed_json_count(list) == 0)
		return DONE;
	TRY(builder_feed(builder, source == SOURCE_NVD ? SPAN_LITERAL("nvd") : SPAN_LITERAL("nvd-overrides")));
	TRY(builder_record_begin(builder, id, source, OLDEST));
	JSON_EACH(row, list) {
		struct span field[6];
		for (size_t k = 0; k < sizeof field / sizeof *field; k++)
			field[k] = json_value_text(feed_json_at(row, k));
		struct range range = { .start = field[2].size ? field[2] : field[3],
				       .end = field[4].size ? field[4] : field[5],
				       .start_excluded = field[2].size == 0 && field[3].size > 0,
				       .end_excluded = field[4].size == 0 && field[5].size > 0 };
		if (range.start.size == 0 && range.end.size == 0) {
			range.single = true;
			struct span version = span_starts_text(field[1], "v.") ? span_from(field[1], 2) : field[1];
			range.start = range.end = version;
			if (version.size == 0)
				continue;
		}
		TRY(builder_record_range(builder, field[0], &range, NULL));
	}
	return builder_record_end(builder);
}

static enum outcome add_curl(struct builder *builder, int64_t id, const struct json_value *vendor)
{
	struct range range = { .start = feed_json_text(vendor, "first"), .end = feed_json_text(vendor, "last") };
	if (range.start.size == 0 || range.end.size == 0)
		return DONE;
	TRY(builder_feed(builder, SPAN_LITERAL("curl")));
	TRY(builder_record_begin(builder, id, SOURCE_VENDOR, OLDEST));
	TRY(builder_record_range(builder, SPAN_LITERAL("haxx:curl"), &range, NULL));
	return builder_record_end(builder);
}

static enum outcome add_openssl(struct builder *builder, int64_t id, const struct json_value *versions)
{
	struct cve5_entry entry = { .builder = builder, .product = SPAN_LITERAL("openssl:openssl"), .scope.entry = 1 };
	if (feed_json_count(versions) == 0)
		return DONE;
	TRY(builder_feed(builder, SPAN_LITERAL("cve")));
	TRY(builder_record_begin(builder, id, SOURCE_CNA, OLDEST));
	JSON_EACH(one, versions) {
		const struct cve5_version version = cve5_version_of(one);
		TRY(cve5_version_add(&entry, &version, false));
	}
	return builder_record_end(builder);
}

/* "v3.14" of Alpine, "Debian:11" of Debian: the product, and the release as it names it. */
static enum outcome distribution_product(struct buffer *product, struct span package, struct span *release)
{
	struct span debian = SPAN_LITERAL("Debian:");
	bool is_debian = span_starts(*release, debian);
	if (is_debian)
		*release = span_from(*release, debian.size);
	buffer_clear(product);
	TRY(buffer_append(product, is_debian ? SPAN_LITERAL("debian/") : SPAN_LITERAL("alpine/")));
	return buffer_append(product, package);
}

static enum outcome add_fixed(struct builder *builder, const struct json_value *releases, struct span package,
			      struct buffer *product)
{
	if (!json_value_is(releases, JSON_OBJECT))
		return DONE;
	JSON_EACH(fixed, releases) {
		struct span release = json_value_key(fixed);
		TRY(distribution_product(product, package, &release));
		const struct range range = { .end = json_value_text(fixed), .end_excluded = true };
		const struct builder_scope scope = { .release = release };
		if (range.end.size > 0)
			TRY(builder_record_range(builder, buffer_span(product), &range, &scope));
	}
	return DONE;
}

static enum outcome add_fixed_upstream(struct builder *builder, const struct json_value *said, struct span package,
				       struct buffer *product)
{
	const struct builder_scope scope = { .release = SPAN_LITERAL(RELEASE_UPSTREAM) };
	const struct range range = { .end = json_value_text(feed_json_at(said, 1)), .end_excluded = true };
	if (!span_equal_text(json_value_text(feed_json_at(said, 0)), "released") || range.end.size == 0)
		return DONE;
	buffer_clear(product);
	TRY(buffer_append(product, SPAN_LITERAL("ubuntu/")));
	TRY(buffer_append(product, package));
	return builder_record_range(builder, buffer_span(product), &range, &scope);
}

typedef enum outcome (*add_said)(struct builder *builder, const struct json_value *said, struct span package,
				 struct buffer *product);

/* Where the fault began, as notes say it: of the one package whose fix upstream is known. */
static enum outcome add_begin(struct builder *builder, const struct json_value *packages, const struct json_value *notes,
			      struct buffer *product)
{
	const struct json_value *only = NULL;
	size_t fixed = 0;
	JSON_EACH(said, packages)
		if (span_equal_text(json_value_text(feed_json_at(said, 0)), "released") && fixed++ == 0)
			only = said;
	JSON_EACH(note, fixed == 1 ? notes : NULL) {
		struct span version = begin_in_note(json_value_text(note));
		if (!begin_is_clear(version, json_value_text(feed_json_at(only, 1))))
			continue;
		buffer_clear(product);
		TRY(buffer_append(product, SPAN_LITERAL("ubuntu/")));
		TRY(buffer_append(product, json_value_key(only)));
		return begin_state(builder, buffer_span(product), version);
	}
	return DONE;
}

/* What a distribution says of each package; notes may be NULL. */
static enum outcome add_packages(struct builder *builder, int64_t id, const char *feed, const struct json_value *packages,
				 add_said add, const struct json_value *notes)
{
	if (!json_value_is(packages, JSON_OBJECT))
		return DONE;
	TRY(builder_feed(builder, span_of_text(feed)));
	TRY(builder_record_begin(builder, id, SOURCE_DISTRIBUTION, OLDEST));
	struct buffer product;
	buffer_init(&product, NAME_SIZE_MAX, NULL);
	enum outcome outcome = DONE;
	JSON_EACH(said, packages)
		if (outcome == DONE)
			outcome = add(builder, said, json_value_key(said), &product);
	if (outcome == DONE)
		outcome = add_begin(builder, packages, notes, &product);
	buffer_done(&product);
	return outcome == DONE ? builder_record_end(builder) : outcome;
}

static bool is_stated(const struct json_value *line)
{
	static const char *const stated[] = { "nvd", "anchore", "vendor_curl", "vendor_openssl" };
	for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
		const struct json_value *member = json_value_member(line, stated[i]);
		if (feed_json_count(member) > 0 || json_value_is(member, JSON_OBJECT))
			return true;
	}
	return false;
}

/* What the record says, and else the description's ranges, where nobody states any as data. */
static enum outcome add_record(struct builder *builder, int64_t id, const struct json_value *line)
{
	bool stated = is_stated(line), recorded;
	TRY(component_record(builder, id, line, stated, &recorded));
	if (stated || recorded)
		return DONE;
	TRY(builder_feed(builder, SPAN_LITERAL("cve")));
	return description_record(builder, id, OLDEST, feed_json_text(line, "desc"));
}

/* " CVSS:3.0/AV:N/… [9.8 CRITICAL]" */
static void read_score_text(struct span text, struct builder_facts *facts)
{
	struct span vector, digits;
	text = span_trim(text);
	size_t bracket = span_find_byte(text, '[', 0);
	if (bracket == SPAN_NOT_FOUND || !span_next_word(&text, &vector))
		return;
	text = span_from(span_trim(text), 1);
	double score;
	if (!span_next_word(&text, &digits) || !span_to_decimal(span_slice(digits, 0, span_find_byte(digits, ']', 0)), &score))
		return;
	builder_offer_vector(facts, SCORE_OTHER, score, vector);
}

static void read_score(const struct json_value *score, struct builder_facts *facts)
{
	static const struct {
		const char *said, *version;
	} versions[] = { { "V2", "2.0" }, { "V30", "3.0" }, { "V31", "3.1" }, { "V40", "4.0" } };
	struct span said = json_value_text(feed_json_at(score, 0));
	read_score_text(feed_json_text(score, "nvd"), facts);
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		if (span_equal_text(said, versions[i].said))
			builder_offer_score(facts, SCORE_OTHER, span_of_text(versions[i].version),
					    json_value_number(feed_json_at(score, 1)),
					    json_value_text(feed_json_at(score, 2)));
}

static enum outcome read_line(struct builder *builder, const struct json_value *line, void *context)
{
	(void)context;
	int64_t id = identifier_parse(feed_json_text(line, "id"));
	if (id == 0)
		return MALFORMED;
	struct builder_facts facts = builder_facts_of(id);
	read_score(json_value_member(line, "cvss"), &facts);
	struct span weakness = json_value_text(feed_json_at(json_value_member(line, "cwe"), 0));
	if (span_starts_text(weakness, "CWE-"))
		facts.weakness = weakness;
	struct span description = feed_json_text(line, "desc");
	if (span_starts_text(description, "Rejected reason:") || span_starts_text(description, "** REJECT **"))
		return builder_reject(builder, id);
	TRY(builder_vulnerability(builder, &facts));
	if (description_disputed(description))
		TRY(builder_disputed(builder, id));
	struct span exploited = feed_json_text(line, "kev");
	if (exploited.size > 0)
		TRY(builder_exploited(builder, id, exploited));
	TRY(add_ranges(builder, id, SOURCE_NVD, json_value_member(line, "nvd")));
	TRY(add_ranges(builder, id, SOURCE_NVD_OVERRIDE, json_value_member(line, "anchore")));
	TRY(add_curl(builder, id, json_value_member(line, "vendor_curl")));
	TRY(add_openssl(builder, id, json_value_member(line, "vendor_openssl")));
	TRY(add_packages(builder, id, "alpine", json_value_member(line, "alpine_fixed"), add_fixed, NULL));
	TRY(add_packages(builder, id, "ubuntu", json_value_member(line, "ubuntu_upstream"), add_fixed_upstream,
			 json_value_member(line, "notes")));
	return add_record(builder, id, line);
}

enum outcome feed_components(struct builder *builder, struct span document)
{
	return feed_lines(builder, document, LINES_COMPONENTS, read_line, NULL);
}
