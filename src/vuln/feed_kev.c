/* CISA's known exploited vulnerabilities catalogue (JSON; https://www.cisa.gov/known-exploited-vulnerabilities-catalog). */
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

enum outcome feed_kev(struct builder *builder, struct span document)
{
	struct json_object *catalog = feed_json_parse(document);
	if (!catalog)
		return MALFORMED;
	struct json_object *list = feed_json_member(catalog, "vulnerabilities");
	enum outcome outcome = builder_feed(builder, SPAN_LITERAL("kev"));
	if (outcome == DONE)
		outcome = builder_date(builder, feed_json_text(catalog, "dateReleased"));
	for (size_t i = 0; outcome == DONE && i < feed_json_count(list); i++) {
		struct json_object *item = feed_json_at(list, i);
		int64_t id = identifier_parse(feed_json_text(item, "cveID"));
		if (id != 0)
			outcome = builder_exploited(builder, id, feed_json_text(item, "dateAdded"));
	}
	(void)json_object_put(catalog);
	return outcome;
}
