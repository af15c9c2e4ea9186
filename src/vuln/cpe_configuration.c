#include "vuln/cpe_configuration.h"

#include "vuln/cpe.h"
#include "vuln/feed_json.h"
#include "vuln/platform.h"

enum { TEXT_MAX = 64 * 1024, NODE_DEPTH_MAX = 8, PLATFORM_TEXT_MAX = 60 };

void cpe_reader_init(struct cpe_reader *r, struct builder *builder)
{
	*r = (struct cpe_reader){ .builder = builder };
	device_feed_init(&r->devices, builder);
	buffer_init(&r->product, TEXT_MAX, NULL);
	buffer_init(&r->version, TEXT_MAX, NULL);
	buffer_init(&r->platform, TEXT_MAX, NULL);
}

void cpe_reader_done(struct cpe_reader *r)
{
	buffer_done(&r->product);
	buffer_done(&r->version);
	buffer_done(&r->platform);
	device_feed_done(&r->devices);
}

/* The range, or the single version, that a match states; without bounds where it speaks of every version, or of none. */
static enum outcome read_range(struct cpe_reader *r, const struct json_value *match, const struct cpe *cpe, struct range *out)
{
	struct range range = { .start = feed_json_text(match, "versionStartIncluding"),
			       .end = feed_json_text(match, "versionEndIncluding") };
	struct span start_excluding = feed_json_text(match, "versionStartExcluding");
	struct span end_excluding = feed_json_text(match, "versionEndExcluding");
	if (start_excluding.size > 0) {
		range.start = start_excluding;
		range.start_excluded = true;
	}
	if (end_excluding.size > 0) {
		range.end = end_excluding;
		range.end_excluded = true;
	}
	if (range.start.size == 0 && range.end.size == 0 && !cpe_is_open(cpe->version)) {
		TRY(cpe_version(&r->version, cpe));
		range.single = true;
		range.start = range.end = buffer_span(&r->version);
	}
	*out = range;
	return DONE;
}

/* One CPE match that is vulnerable; every version, or none, is no claim about any one, but for a device. */
static enum outcome add_match(struct cpe_reader *r, const struct json_value *match, const struct cpe *cpe)
{
	struct range range;
	TRY(read_range(r, match, cpe, &range));
	TRY(device_feed_match(&r->devices, cpe, &range));
	bool open = range.start.size == 0 && range.end.size == 0;
	bool fits = platform_target_fits(cpe->target_software) || span_equal(cpe->target_software, cpe->product);
	r->foreign = r->foreign || !fits;
	if (open || cpe->part == 'h' || !fits)
		return DONE;
	TRY(cpe_product(&r->product, cpe));
	if (builder_record_has(r->builder, buffer_span(&r->product), r->scope.entry))
		return DONE;
	bool kernel = span_equal_text(buffer_span(&r->product), "linux:linux_kernel");
	struct builder_scope scope = r->scope;
	scope.platform = buffer_span(&r->platform);
	scope.files = kernel ? scope.files : SPAN_NONE; /* those that are named are Linux's */
	return builder_record_range(r->builder, buffer_span(&r->product), &range, &scope);
}

static enum outcome add_node(struct cpe_reader *r, const struct json_value *node, int depth)
{
	const struct json_value *matches = json_value_member(node, "cpeMatch");
	if (feed_json_true(node, "negate") || depth > NODE_DEPTH_MAX)
		return DONE;
	JSON_EACH(match, matches) {
		struct cpe cpe;
		if (feed_json_true(match, "vulnerable") && cpe_parse(feed_json_text(match, "criteria"), &cpe))
			TRY(add_match(r, match, &cpe));
	}
	const struct json_value *children = json_value_member(node, "children");
	JSON_EACH(child, children)
		TRY(add_node(r, child, depth + 1));
	return DONE;
}

/* What a node of platforms comes to. */
struct platforms {
	size_t count, foreign, vulnerable;
	bool linux; /* Linux itself is one of them: that asks for nothing here */
};

static enum outcome name_platform(struct cpe_reader *r, const struct cpe *cpe, struct platforms *seen)
{
	seen->count++;
	seen->foreign += platform_is_foreign(cpe->product);
	TRY(cpe_product(&r->product, cpe));
	struct span product = buffer_span(&r->product);
	seen->linux = seen->linux || span_equal_text(product, "linux:linux_kernel");
	bool repeated = span_find(buffer_span(&r->platform), product, 0) != SPAN_NOT_FOUND;
	if (repeated || r->platform.size > PLATFORM_TEXT_MAX)
		return DONE;
	if (r->platform.size > 0)
		TRY(buffer_append(&r->platform, SPAN_LITERAL(", ")));
	return buffer_append(&r->platform, product);
}

static enum outcome read_platform_node(struct cpe_reader *r, const struct json_value *node, struct platforms *seen)
{
	const struct json_value *matches = json_value_member(node, "cpeMatch");
	*seen = (struct platforms){ 0 };
	JSON_EACH(match, matches) {
		struct cpe cpe;
		if (!cpe_parse(feed_json_text(match, "criteria"), &cpe))
			continue;
		seen->vulnerable += feed_json_true(match, "vulnerable");
		if (!feed_json_true(match, "vulnerable"))
			TRY(name_platform(r, &cpe, seen));
	}
	return DONE;
}

/*
 * A configuration that asks for software AND a platform: the software counts, with
 * the platform named in the row; it does not where the platform is a foreign system.
 */
static enum outcome add_configuration(struct cpe_reader *r, const struct json_value *configuration)
{
	const struct json_value *nodes = json_value_member(configuration, "nodes");
	bool together = span_equal_text(feed_json_text(configuration, "operator"), "AND");
	buffer_clear(&r->platform);
	if (feed_json_true(configuration, "negate"))
		return DONE;
	device_feed_configuration(&r->devices, configuration);
	JSON_EACH(node, together ? nodes : NULL) {
		struct platforms seen;
		size_t before = r->platform.size;
		TRY(read_platform_node(r, node, &seen));
		bool platform = seen.vulnerable == 0 && seen.count > 0;
		if (platform && seen.foreign == seen.count) {
			r->foreign = true;
			return DONE;
		}
		if (!platform || seen.linux)
			r->platform.size = before;
	}
	JSON_EACH(node, nodes)
		TRY(add_node(r, node, 0));
	return DONE;
}

enum outcome cpe_reader_take(struct cpe_reader *r, const struct json_value *configurations, const struct builder_scope *scope)
{
	r->scope = *scope;
	r->foreign = false;
	JSON_EACH(configuration, configurations)
		TRY(add_configuration(r, configuration));
	return DONE;
}
