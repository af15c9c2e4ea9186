#include "vuln/device_facts.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/device_feed.h"
#include "vuln/identifier.h"

struct span device_facts_text(void)
{
	return embedded("vulnerabilities/device-facts.tsv");
}

bool device_facts_next(struct span *rest, struct device_fact *out)
{
	struct span line;
	if (!lookup_next(rest, &line))
		return false;
	out->id = identifier_parse(lookup_field(&line));
	out->maker = lookup_field(&line);
	out->models = lookup_field(&line);
	out->ranges = lookup_field(&line);
	out->why = lookup_field(&line);
	return true;
}

static enum outcome state(struct device_feed *devices, const struct device_fact *fact)
{
	struct span rest = fact->ranges;
	struct range range = { 0 };
	if (rest.size == 0)
		return device_feed_words(devices, fact->maker, fact->models, &range, 0);
	while (range_next(&rest, &range))
		TRY(device_feed_words(devices, fact->maker, fact->models, &range, 0));
	return DONE;
}

static enum outcome state_all(struct builder *builder, struct device_feed *devices)
{
	struct span rest = device_facts_text();
	struct device_fact fact;
	int64_t id = 0;
	while (device_facts_next(&rest, &fact)) {
		if (fact.id != id) {
			TRY(id != 0 ? builder_record_end(builder) : DONE);
			TRY(builder_record_begin(builder, fact.id, SOURCE_REVIEW, SPAN_NONE));
		}
		id = fact.id;
		TRY(state(devices, &fact));
	}
	return id != 0 ? builder_record_end(builder) : DONE;
}

enum outcome device_facts_state(struct builder *builder)
{
	struct device_feed devices;
	device_feed_init(&devices, builder);
	enum outcome outcome = state_all(builder, &devices);
	device_feed_done(&devices);
	return outcome;
}
