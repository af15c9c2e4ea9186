/*
 * Facts of Ubuntu's tracker of vulnerabilities, one JSON object a line: "packages" by source package, each with a
 * status and its detail by release (code names) and for "upstream"; "hints", what its notes say of where a fault
 * begins; "cvss", a vector. Statuses are those of ubuntu-cve-tracker: "released" and the fixed version, "needed",
 * "not-affected" and why, "ignored", "deferred", "pending".
 */
#include "vuln/begin.h"
#include "vuln/distribution.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"
#include "vuln/identifier.h"
#include "vuln/release_name.h"
#include "vuln/version.h"

enum { NAME_SIZE_MAX = 512 };

/* "9.16.48,9.18.24": versions with the fix, of one branch each. */
static enum outcome add_upstream(struct builder *builder, struct span product, struct span status, struct span detail)
{
	const struct builder_scope scope = { .release = SPAN_LITERAL(RELEASE_UPSTREAM) };
	struct span version;
	if (!span_equal_text(status, "released"))
		return DONE;
	while (span_next_field(&detail, ',', &version)) {
		struct range range = { .end = span_trim(version), .end_excluded = true };
		if (version_plausible(range.end))
			TRY(builder_record_range(builder, product, &range, &scope));
	}
	return DONE;
}

/*
 * What a release's own status says: fixed from a version on, never affected ("0"), or not fixed yet. A version behind
 * "not-affected" is that of the package which was looked at: older ones may have been mended with it.
 */
static enum outcome add_release(struct builder *builder, struct span product, struct span release, struct span status,
				struct span detail)
{
	const struct builder_scope scope = { .release = release };
	struct range range = { .end_excluded = true };
	bool fixed = span_equal_text(status, "released") && version_plausible(detail);
	bool never = span_equal_text(status, "not-affected");
	if (!fixed && !never && !span_equal_text(status, "needed"))
		return DONE;
	if (fixed)
		range.end = detail;
	if (never && version_plausible(detail))
		range = (struct range){ .unaffected = true, .start = detail };
	else if (never)
		range.end = SPAN_LITERAL("0");
	range.end_excluded = range.end.size > 0;
	return builder_record_range(builder, product, &range, &scope);
}

/* The beginning belongs to the one package whose fix upstream is known to come after it. */
static enum outcome add_begin(struct builder *builder, struct span product, const struct json_value *hints, struct span fixed)
{
	JSON_EACH(hint, hints) {
		struct span said = json_value_text(feed_json_at(hint, 0)), version = json_value_text(feed_json_at(hint, 1));
		bool clear = (span_equal_text(said, "introduced in") || span_equal_text(said, "introduced with")) &&
			     begin_is_clear(version, fixed);
		if (clear)
			return begin_state(builder, product, version);
	}
	return DONE;
}

static enum outcome add_package(struct builder *builder, struct span product, const struct json_value *package,
				const struct json_value *hints, bool alone)
{
	JSON_EACH(value, package) {
		struct span release = json_value_key(value);
		struct span status = json_value_text(feed_json_at(value, 0));
		struct span detail = span_trim(json_value_text(feed_json_at(value, 1)));
		if (span_equal_text(release, "upstream")) {
			TRY(add_upstream(builder, product, status, detail));
			if (alone && version_plausible(detail))
				TRY(add_begin(builder, product, hints, detail));
			continue;
		}
		struct span number = release_number("ubuntu", release);
		if (number.size > 0)
			TRY(add_release(builder, product, number, status, detail));
	}
	return DONE;
}

static bool is_fixed_upstream(const struct json_value *package)
{
	const struct json_value *upstream = json_value_member(package, "upstream");
	return span_equal_text(json_value_text(feed_json_at(upstream, 0)), "released");
}

static enum outcome add_packages(struct builder *builder, const struct json_value *line, struct buffer *product)
{
	const struct json_value *packages = json_value_member(line, "packages"), *hints = json_value_member(line, "hints");
	size_t fixed = 0;
	JSON_EACH(package, packages)
		fixed += is_fixed_upstream(package);
	JSON_EACH(package, packages) {
		buffer_clear(product);
		TRY(buffer_append(product, SPAN_LITERAL("ubuntu/")));
		TRY(buffer_append(product, json_value_key(package)));
		if (json_value_is(package, JSON_OBJECT))
			TRY(add_package(builder, buffer_span(product), package, hints, fixed == 1));
	}
	return DONE;
}

static enum outcome read_line(struct builder *builder, const struct json_value *line, void *context)
{
	int64_t id = identifier_parse(feed_json_text(line, "id"));
	if (id == 0 || !json_value_is(json_value_member(line, "packages"), JSON_OBJECT))
		return MALFORMED;
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(line, "date");
	TRY(builder_vulnerability(builder, &facts));
	TRY(builder_record_begin(builder, id, SOURCE_DISTRIBUTION, facts.published));
	TRY(add_packages(builder, line, context));
	return builder_record_end(builder);
}

enum outcome feed_ubuntu(struct builder *builder, struct span document)
{
	struct buffer product;
	TRY(builder_feed(builder, SPAN_LITERAL("ubuntu")));
	buffer_init(&product, NAME_SIZE_MAX, NULL);
	enum outcome outcome = feed_lines(builder, document, LINES_UBUNTU, read_line, &product);
	buffer_done(&product);
	return outcome;
}
