#include "vuln/device_feed.h"

#include "vuln/device_version.h"
#include "vuln/feed_json.h"

enum { MEMORY_MAX = 1024 * 1024 };

#define FIRMWARE "_firmware"

void device_feed_init(struct device_feed *feed, struct builder *builder)
{
	*feed = (struct device_feed){ .builder = builder };
	arena_init(&feed->arena, MEMORY_MAX);
	arena_init(&feed->list, MEMORY_MAX);
}

void device_feed_done(struct device_feed *feed)
{
	(void)!builder_note_count(feed->builder, "feed.hardware", feed->left_out,
				  "names of hardware were passed over: there was no memory for them");
	arena_done(&feed->arena);
	arena_done(&feed->list);
}

static bool is_firmware(const struct cpe *cpe)
{
	return cpe->part == 'o' && span_ends_text(cpe->product, FIRMWARE);
}

static void add_hardware(struct device_feed *feed, const struct cpe *cpe)
{
	struct cpe *grown = arena_grow(&feed->list, feed->hardware, feed->count, &feed->capacity, sizeof *grown);
	if (!grown) {
		feed->left_out++;
		return;
	}
	feed->hardware = grown;
	feed->hardware[feed->count++] = *cpe;
}

void device_feed_configuration(struct device_feed *feed, const struct json_value *configuration)
{
	const struct json_value *nodes = json_value_member(configuration, "nodes");
	arena_reset(&feed->list);
	feed->hardware = NULL;
	feed->count = feed->capacity = 0;
	feed->firmware = false;
	JSON_EACH(node, nodes)
		JSON_EACH(match, json_value_member(node, "cpeMatch")) {
			struct cpe cpe;
			if (!cpe_parse(feed_json_text(match, "criteria"), &cpe))
				continue;
			feed->firmware = feed->firmware || is_firmware(&cpe);
			if (cpe.part == 'h')
				add_hardware(feed, &cpe);
		}
}

/* A bound in the spelling of the store; *whole is false where it cannot be written, which leaves the range open. */
static struct span bound_of(struct span text, struct arena *arena, bool *whole)
{
	struct span bound = text.size > 0 ? device_version(text, arena) : SPAN_NONE;
	*whole = *whole && (text.size == 0 || bound.size > 0);
	return bound;
}

static enum outcome state(struct device_feed *feed, struct span maker, const struct device_name *name, struct span revision,
			  const struct range *range, int64_t entry)
{
	bool whole = true;
	struct range written = *range;
	written.start = bound_of(range->start, &feed->arena, &whole);
	written.end = bound_of(range->end, &feed->arena, &whole);
	if (!whole)
		written = (struct range){ .unaffected = range->unaffected };
	if (written.unaffected && written.start.size == 0 && written.end.size == 0)
		return DONE;
	const struct builder_scope scope = { .release = revision, .entry = entry };
	struct span product = device_product(device_maker(maker, &feed->arena), name->model, &feed->arena);
	return builder_record_range(feed->builder, product, &written, &scope);
}

static bool is_same(struct span a, struct span b)
{
	return a.size > 0 && span_equal(a, b);
}

/* Firmware runs on those revisions of its own model that stand beside it; on all where none has one. */
static enum outcome state_firmware(struct device_feed *feed, const struct cpe *cpe, const struct device_name *name,
				   const struct range *range)
{
	bool any = name->revision.size > 0;
	for (size_t i = 0; i < feed->count && name->revision.size == 0; i++) {
		const struct cpe *hardware = &feed->hardware[i];
		struct device_name own;
		bool same = device_name_of(hardware->product, &feed->arena, &own) && is_same(own.model, name->model);
		struct span revision = cpe_is_open(hardware->version) ? own.revision
								      : device_revision(hardware->version, &feed->arena);
		if (!same || revision.size == 0)
			continue;
		any = true;
		TRY(state(feed, cpe->vendor, name, revision, range, 0));
	}
	return any && name->revision.size == 0 ? DONE : state(feed, cpe->vendor, name, name->revision, range, 0);
}

/* Of hardware itself, what stands as its version is a revision; else it is a version of its firmware. */
static enum outcome state_hardware(struct device_feed *feed, const struct cpe *cpe, struct device_name *name,
				   struct range range)
{
	struct span revision = device_revision(cpe->version, &feed->arena);
	if (range.single && revision.size > 0) {
		name->revision = revision;
		range = (struct range){ 0 };
	}
	return state(feed, cpe->vendor, name, name->revision, &range, 0);
}

enum outcome device_feed_match(struct device_feed *feed, const struct cpe *cpe, const struct range *range)
{
	struct device_name name;
	bool hardware = cpe->part == 'h' && !feed->firmware;
	if (!hardware && !is_firmware(cpe))
		return DONE;
	enum outcome outcome = DONE;
	if (device_name_of(cpe->product, &feed->arena, &name))
		outcome = hardware ? state_hardware(feed, cpe, &name, *range) : state_firmware(feed, cpe, &name, range);
	arena_reset(&feed->arena);
	return outcome;
}

enum outcome device_feed_words(struct device_feed *feed, struct span maker, struct span words, const struct range *range,
			       int64_t entry)
{
	struct device_name name;
	struct span previous = SPAN_NONE;
	enum outcome outcome = DONE;
	bool known = words.data == feed->none.data && words.size == feed->none.size;
	bool named = !known && maker.size > 0 && !span_equal_text(maker, "n/a"), any = false;
	struct span all = words;
	while (named && outcome == DONE && device_name_next(&words, &previous, &feed->arena, &name)) {
		outcome = state(feed, maker, &name, name.revision, range, entry);
		any = true;
	}
	if (named && !any)
		feed->none = all; /* asked for every version of a product */
	arena_reset(&feed->arena);
	return outcome;
}
