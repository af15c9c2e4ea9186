/*
 * Facts of Ubuntu's tracker of vulnerabilities, one JSON object a line: "packages" by source package, each with a
 * status and its detail by release (code names) and for "upstream"; "hints", what its notes say of where a fault
 * begins; "cvss", a vector. Statuses are those of ubuntu-cve-tracker: "released" and the fixed version, "needed",
 * "not-affected" and why, "ignored", "deferred", "pending".
 */
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

/* What a release's own status says: fixed from a version on, never affected ("0"), or not fixed yet. */
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
	if (never)
		range.end = SPAN_LITERAL("0");
	range.end_excluded = range.end.size > 0;
	return builder_record_range(builder, product, &range, &scope);
}

/* The beginning belongs to the one package whose fix upstream is known to come after it. */
static enum outcome add_begin(struct builder *builder, struct span product, struct json_object *hints, struct span fixed)
{
	const struct builder_scope scope = { .release = SPAN_LITERAL(RELEASE_BEGINS) };
	for (size_t i = 0; i < feed_json_count(hints); i++) {
		struct json_object *hint = feed_json_at(hints, i);
		struct range range = { .start = feed_json_string(feed_json_at(hint, 1)) };
		bool clear = span_equal_text(feed_json_string(feed_json_at(hint, 0)), "introduced in") &&
			     version_plausible(range.start) && span_find_byte(range.start, '-', 0) == SPAN_NOT_FOUND &&
			     span_find_byte(range.start, '.', 0) != SPAN_NOT_FOUND &&
			     version_compare(ORDER_GENERIC, range.start, distribution_upstream(fixed)) < 0;
		if (clear)
			return builder_record_range(builder, product, &range, &scope);
	}
	return DONE;
}

static enum outcome add_package(struct builder *builder, struct span product, struct json_object *package,
				struct json_object *hints, bool alone)
{
	struct json_object_iterator at = json_object_iter_begin(package), end = json_object_iter_end(package);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct span release = span_of_text(json_object_iter_peek_name(&at));
		struct json_object *value = json_object_iter_peek_value(&at);
		struct span status = feed_json_string(feed_json_at(value, 0));
		struct span detail = span_trim(feed_json_string(feed_json_at(value, 1)));
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

static bool is_fixed_upstream(struct json_object *package)
{
	struct json_object *upstream = feed_json_member(package, "upstream");
	return span_equal_text(feed_json_string(feed_json_at(upstream, 0)), "released");
}

static enum outcome add_packages(struct builder *builder, struct json_object *line, struct buffer *product)
{
	struct json_object *packages = feed_json_member(line, "packages"), *hints = feed_json_member(line, "hints");
	struct json_object_iterator end = json_object_iter_end(packages);
	size_t fixed = 0;
	for (struct json_object_iterator at = json_object_iter_begin(packages); !json_object_iter_equal(&at, &end);
	     json_object_iter_next(&at))
		fixed += is_fixed_upstream(json_object_iter_peek_value(&at));
	for (struct json_object_iterator at = json_object_iter_begin(packages); !json_object_iter_equal(&at, &end);
	     json_object_iter_next(&at)) {
		struct json_object *package = json_object_iter_peek_value(&at);
		buffer_clear(product);
		TRY(buffer_append(product, SPAN_LITERAL("ubuntu/")));
		TRY(buffer_append(product, span_of_text(json_object_iter_peek_name(&at))));
		if (json_object_is_type(package, json_type_object))
			TRY(add_package(builder, buffer_span(product), package, hints, fixed == 1));
	}
	return DONE;
}

static enum outcome read_line(struct builder *builder, struct json_object *line, void *context)
{
	int64_t id = identifier_parse(feed_json_text(line, "id"));
	if (id == 0 || !json_object_is_type(feed_json_member(line, "packages"), json_type_object))
		return MALFORMED;
	struct builder_facts facts = builder_facts_of(id);
	facts.published = feed_json_text(line, "date");
	TRY(builder_vulnerability(builder, &facts));
	enum outcome outcome = builder_record_begin(builder, id, SOURCE_DISTRIBUTION, facts.published);
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
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
