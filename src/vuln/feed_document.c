/* feed_document(): tells the feeds apart. */
#include "vuln/build.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"

enum { HEAD_SIZE = 1024 };

static enum outcome feed_object(struct builder *builder, struct span name, struct span bytes)
{
	const struct json_value *object;
	TRY(json_scan_read(builder_json(builder), bytes, &object));
	if (json_value_member(object, "containers"))
		return feed_cve5(builder, object);
	if (json_value_member(object, "cve"))
		return feed_nvd_override(builder, object, name);
	if (json_value_member(object, "schema_version") || json_value_member(object, "affected"))
		return feed_osv_json(builder, object);
	return NOT_THIS;
}

/* Facts in lines are told apart by what the first of them has. */
static enum outcome feed_json_lines(struct builder *builder, struct span bytes)
{
	switch (feed_lines_kind(builder, bytes)) {
	case LINES_COMPONENTS:
		return feed_components(builder, bytes);
	case LINES_UBUNTU:
		return feed_ubuntu(builder, bytes);
	case LINES_KERNEL:
		return feed_kernel(builder, bytes);
	default:
		return NOT_THIS;
	}
}

static enum outcome read_document(struct builder *builder, struct span name, struct span bytes)
{
	struct span head = span_slice(bytes, 0, HEAD_SIZE), start = span_trim(head);
	if (span_starts_text(head, "#model_version") || span_starts_text(head, "cve,epss"))
		return feed_epss(builder, bytes);
	if (span_starts_text(head, "cve\tsource_package\trelease\tfixed_version\tadvisory\tdate"))
		return feed_debian(builder, bytes);
	if (span_starts_text(head, "cve\tpatch_level\tbulletin\t"))
		return feed_android(builder, bytes);
	if (span_find_text(name, ".jsonl", 0) != SPAN_NOT_FOUND)
		return feed_json_lines(builder, bytes);
	if (span_ends_text(name, ".yaml") || span_ends_text(name, ".yml"))
		return feed_osv_yaml(builder, bytes);
	if (span_byte(start, 0) != '{')
		return NOT_THIS;
	if (span_find_text(head, "\"NVD_CVE\"", 0) != SPAN_NOT_FOUND)
		return feed_nvd_page(builder, bytes);
	if (span_find_text(head, "\"catalogVersion\"", 0) != SPAN_NOT_FOUND)
		return feed_kev(builder, bytes);
	return feed_object(builder, name, bytes);
}

enum outcome feed_document(struct builder *builder, struct span name, struct span bytes)
{
	size_t mark = builder_mark(builder);
	enum outcome outcome = read_document(builder, name, bytes);
	if (outcome != DONE)
		builder_undo(builder, mark);
	return outcome;
}
