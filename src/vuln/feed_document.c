/* feed_document(): tells the feeds apart. */
#include "vuln/build.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/feed_lines.h"

/* The first entry of Debian's tracker has its whole description before what marks it. */
enum { HEAD_SIZE = 1024, TRACKER_HEAD_SIZE = 64 * 1024 };

/* A document that is one record, or an element of a list of them. */
static enum outcome feed_record(struct builder *builder, struct span name, const struct json_value *record)
{
	if (json_value_member(record, "containers"))
		return feed_cve5(builder, record);
	if (json_value_member(record, "cve"))
		return feed_nvd_override(builder, record, name);
	if (json_value_member(record, "ghsa_id") && json_value_member(record, "vulnerabilities"))
		return feed_ghsa(builder, record);
	if (json_value_member(record, "enisaIdProduct") && json_value_member(record, "aliases"))
		return feed_euvd(builder, record);
	if (json_value_member(record, "distroversion") && json_value_member(record, "packages"))
		return feed_secdb(builder, record);
	if (json_value_member(record, "schema_version") || json_value_member(record, "affected"))
		return feed_osv_json(builder, record);
	return NOT_THIS;
}

static enum outcome feed_object(struct builder *builder, struct span name, struct span bytes)
{
	const struct json_value *object;
	TRY(json_scan_read(builder_json(builder), bytes, &object));
	return feed_record(builder, name, object);
}

/* A list of records, which counts whole or not at all. */
struct list {
	struct builder *builder;
	struct span name;
	const char *key; /* of the list, in a document of more members; NULL for a list alone */
	size_t read;
};

static enum outcome read_item(void *context, struct span key, const struct json_value *value)
{
	struct list *list = context;
	if (list->key && !span_equal_text(key, list->key))
		return DONE;
	enum outcome outcome = feed_record(list->builder, list->name, value);
	list->read += outcome == DONE;
	return outcome == NOT_THIS && list->read > 0 ? MALFORMED : outcome; /* it begins as a feed, and goes on as none */
}

static enum outcome feed_list(struct builder *builder, struct span name, struct span bytes, const char *key)
{
	struct list list = { .builder = builder, .name = name, .key = key };
	TRY(json_scan_list(builder_json(builder), bytes, key, read_item, &list));
	return list.read > 0 ? DONE : NOT_THIS;
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

/* Debian's tracker is an object of packages, which has no member that marks it. */
static bool is_tracker(struct span bytes)
{
	static const char *const marks[] = { "\"releases\"", "\"status\"", "\"repositories\"" };
	struct span head = span_slice(bytes, 0, TRACKER_HEAD_SIZE);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (span_find_text(head, marks[i], 0) == SPAN_NOT_FOUND)
			return false;
	return span_find_text(head, "\"CVE-", 0) != SPAN_NOT_FOUND || span_find_text(head, "\"TEMP-", 0) != SPAN_NOT_FOUND;
}

/* What looks like Debian's tracker, and is it. */
static enum outcome feed_tracker(struct builder *builder, struct span name, struct span bytes)
{
	size_t mark = builder_mark(builder);
	enum outcome outcome = is_tracker(bytes) ? feed_debian_tracker(builder, bytes) : NOT_THIS;
	if (outcome != NOT_THIS)
		return outcome;
	builder_undo(builder, mark);
	return feed_object(builder, name, bytes);
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
	if (span_byte(start, 0) == '[')
		return feed_list(builder, name, bytes, NULL);
	if (span_byte(start, 0) != '{')
		return NOT_THIS;
	if (span_find_text(head, "\"NVD_CVE\"", 0) != SPAN_NOT_FOUND)
		return feed_nvd_page(builder, bytes);
	if (span_find_text(head, "\"catalogVersion\"", 0) != SPAN_NOT_FOUND)
		return feed_kev(builder, bytes);
	bool items = span_find_text(head, "\"items\"", 0) != SPAN_NOT_FOUND;
	if (items && span_find_text(bytes, "\"enisaIdProduct\"", 0) != SPAN_NOT_FOUND)
		return feed_list(builder, name, bytes, "items");
	return feed_tracker(builder, name, bytes);
}

/* Some programs put a byte order mark before a text. */
static struct span without_mark(struct span bytes)
{
	return span_from(bytes, span_starts_text(bytes, "\xef\xbb\xbf") ? 3 : 0);
}

enum outcome feed_document(struct builder *builder, struct span name, struct span bytes)
{
	size_t mark = builder_mark(builder);
	enum outcome outcome = read_document(builder, name, without_mark(bytes));
	if (outcome != DONE)
		builder_undo(builder, mark);
	return outcome;
}
