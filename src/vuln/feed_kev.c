/* CISA's known exploited vulnerabilities catalogue (JSON; https://www.cisa.gov/known-exploited-vulnerabilities-catalog). */
#include "vuln/device_feed.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

/* A device that it names stays known as exploited, whether or not any source names its versions. */
static enum outcome read_item(struct builder *builder, struct device_feed *devices, struct json_object *item)
{
	const struct range open = { 0 };
	int64_t id = identifier_parse(feed_json_text(item, "cveID"));
	if (id == 0)
		return DONE;
	TRY(builder_exploited(builder, id, feed_json_text(item, "dateAdded")));
	enum outcome outcome = builder_record_begin(builder, id, SOURCE_LISTED, SPAN_NONE);
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
	TRY(device_feed_words(devices, feed_json_text(item, "vendorProject"), feed_json_text(item, "product"), &open, 0));
	return builder_record_end(builder);
}

enum outcome feed_kev(struct builder *builder, struct span document)
{
	struct json_object *catalog = feed_json_parse(document);
	if (!catalog)
		return MALFORMED;
	struct json_object *list = feed_json_member(catalog, "vulnerabilities");
	struct device_feed devices;
	device_feed_init(&devices, builder);
	enum outcome outcome = builder_feed(builder, SPAN_LITERAL("kev"));
	if (outcome == DONE)
		outcome = builder_date(builder, feed_json_text(catalog, "dateReleased"));
	for (size_t i = 0; outcome == DONE && i < feed_json_count(list); i++)
		outcome = read_item(builder, &devices, feed_json_at(list, i));
	device_feed_done(&devices);
	(void)json_object_put(catalog);
	return outcome;
}
