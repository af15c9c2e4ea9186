/* CISA's known exploited vulnerabilities catalogue (JSON; https://www.cisa.gov/known-exploited-vulnerabilities-catalog). */
#include "vuln/device_feed.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

/* Android, and the chips of its devices. */
static enum outcome add_android(struct builder *builder, const struct json_value *item)
{
	static const char *const makers[][2] = { { "Qualcomm", "android/qualcomm" }, { "MediaTek", "android/mediatek" },
						 { "Android", "android/platform" } };
	const struct range open = { 0 };
	struct span maker = feed_json_text(item, "vendorProject"), product = feed_json_text(item, "product");
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		if (!span_equal_text(maker, makers[i][0]))
			continue;
		struct span name = span_of_text(makers[i][1]);
		if (span_find_text(product, "Kernel", 0) != SPAN_NOT_FOUND)
			name = SPAN_LITERAL("android/kernel");
		return builder_record_range(builder, span_equal_text(product, "Pixel") ? SPAN_LITERAL("pixel/platform") : name, &open,
					    NULL);
	}
	return DONE;
}

/* A device that it names stays known as exploited, whether or not any source names its versions. */
static enum outcome read_item(struct builder *builder, struct device_feed *devices, const struct json_value *item)
{
	const struct range open = { 0 };
	int64_t id = identifier_parse(feed_json_text(item, "cveID"));
	if (id == 0)
		return DONE;
	TRY(builder_exploited(builder, id, feed_json_text(item, "dateAdded")));
	TRY(builder_record_begin(builder, id, SOURCE_LISTED, SPAN_NONE));
	TRY(add_android(builder, item));
	TRY(device_feed_words(devices, feed_json_text(item, "vendorProject"), feed_json_text(item, "product"), &open, 0));
	return builder_record_end(builder);
}

enum outcome feed_kev(struct builder *builder, struct span document)
{
	const struct json_value *catalog;
	TRY(json_scan_read(builder_json(builder), document, &catalog));
	const struct json_value *list = json_value_member(catalog, "vulnerabilities");
	if (feed_json_count(list) == 0)
		return MALFORMED;
	struct device_feed devices;
	device_feed_init(&devices, builder);
	enum outcome outcome = builder_feed(builder, SPAN_LITERAL("kev"));
	if (outcome == DONE)
		outcome = builder_date(builder, feed_json_text(catalog, "dateReleased"));
	JSON_EACH(item, list)
		if (outcome == DONE)
			outcome = read_item(builder, &devices, item);
	int64_t said = feed_json_count_of(catalog, "count"), there = (int64_t)feed_json_count(list);
	if (outcome == DONE && said >= 0)
		outcome = builder_listed(builder, said, there, 0);
	device_feed_done(&devices);
	return outcome;
}
