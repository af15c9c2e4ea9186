#include "vuln/component_record.h"

#include "vuln/cve5_affected.h"
#include "vuln/description.h"
#include "vuln/feed_json.h"
#include "vuln/version.h"

#define OLDEST SPAN_LITERAL("0")

/* {"vendor", "product", "versions"} of a product that surely is one of ours; false where it is none. */
static bool add_entry(struct json_object *list, struct span name, struct json_object *versions)
{
	const char *product = description_product(name);
	if (!product)
		return false;
	struct span rest = span_of_text(product), vendor;
	(void)span_next_field(&rest, ':', &vendor);
	struct json_object *one = json_object_new_object();
	(void)json_object_object_add(one, "vendor", json_object_new_string_len((const char *)vendor.data, (int)vendor.size));
	(void)json_object_object_add(one, "product", json_object_new_string_len((const char *)rest.data, (int)rest.size));
	(void)json_object_object_add(one, "versions", json_object_get(versions));
	(void)json_object_array_add(list, one);
	return true;
}

static void put_text(struct json_object *object, const char *key, struct span text)
{
	(void)json_object_object_add(object, key, json_object_new_string_len((const char *)text.data, (int)text.size));
}

/* "2.15< 2.40", "*<= 3.3", "< 1.34.0", "= 2.5", "> 4.2.0, < 4.2.4". */
static void add_badge(struct json_object *versions, struct span text)
{
	size_t sign = span_find_byte(text, '<', 0);
	struct span start = sign == SPAN_NOT_FOUND ? SPAN_NONE : span_trim(span_slice(text, 0, sign));
	bool bounded = start.size > 0 && span_byte(start, 0) != '>' && (version_plausible(start) || span_equal_text(start, "*"));
	struct json_object *one = json_object_new_object();
	put_text(one, "status", SPAN_LITERAL("affected"));
	if (bounded) {
		bool equal = span_byte(text, sign + 1) == '=';
		put_text(one, "version", start);
		put_text(one, equal ? "lessThanOrEqual" : "lessThan", span_trim(span_from(text, sign + (equal ? 2 : 1))));
	} else {
		put_text(one, "version", text);
	}
	(void)json_object_array_add(versions, one);
}

/* Versions that are listed without a badge begin ranges or stand alone: in both cases they have the fault themselves. */
static void add_listed(struct json_object *versions, struct json_object *said)
{
	for (size_t i = 0; i < feed_json_count(said); i++) {
		struct span text = feed_json_string(feed_json_at(said, i));
		if (span_find_byte(text, '.', 0) != SPAN_NOT_FOUND)
			add_badge(versions, text);
	}
}

/* "= < 3.49.1" is the text of a record behind the badge's own sign. */
static struct span badge_text(struct span text)
{
	bool sign = span_starts_text(text, "= ");
	return sign ? span_trim(span_from(text, 2)) : text;
}

/*
 * Badges with an end, or with a single version; a start alone is better told by the listed versions. An end alone
 * adds nothing where distributions say with which version it was mended.
 */
static bool is_bounded(struct span text, bool mended)
{
	bool end = span_find_byte(text, '<', 0) != SPAN_NOT_FOUND;
	bool open = span_byte(text, 0) == '<' || span_byte(text, 0) == '*';
	return span_find_byte(text, '.', 0) != SPAN_NOT_FOUND && (end || span_byte(text, 0) != '>') && !(open && mended);
}

static bool is_mended(struct json_object *line)
{
	struct json_object *packages = feed_json_member(line, "ubuntu_upstream");
	if (feed_json_member(line, "alpine_fixed"))
		return true;
	if (!json_object_is_type(packages, json_type_object))
		return false;
	struct json_object_iterator at = json_object_iter_begin(packages), end = json_object_iter_end(packages);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		struct json_object *said = json_object_iter_peek_value(&at);
		if (span_equal_text(feed_json_string(feed_json_at(said, 0)), "released") &&
		    feed_json_string(feed_json_at(said, 1)).size > 0)
			return true;
	}
	return false;
}

static void add_badges(struct json_object *list, struct json_object *trickest, bool mended)
{
	struct json_object *products = feed_json_at(trickest, 0), *badges = feed_json_at(trickest, 1);
	struct json_object *versions = json_object_new_array();
	for (size_t i = 0; i < feed_json_count(badges); i++) {
		struct span text = badge_text(feed_json_string(feed_json_at(badges, i)));
		if (is_bounded(text, mended))
			add_badge(versions, text);
	}
	if (feed_json_count(versions) == 0 && !mended)
		add_listed(versions, feed_json_at(trickest, 2));
	if (feed_json_count(products) == 1 && feed_json_count(versions) > 0)
		(void)add_entry(list, feed_json_string(feed_json_at(products, 0)), versions);
	(void)json_object_put(versions);
}

enum outcome component_record(struct builder *builder, int64_t id, struct json_object *line, bool stated, bool *found)
{
	struct json_object *list = json_object_new_array(), *entries = feed_json_member(line, "cve5");
	if (!list)
		return NO_MEMORY;
	for (size_t i = 0; i < feed_json_count(entries); i++) {
		struct json_object *entry = feed_json_at(entries, i);
		(void)add_entry(list, feed_json_text(entry, "p"), feed_json_member(entry, "v"));
	}
	enum store_source source = feed_json_count(list) > 0 ? SOURCE_CNA : SOURCE_DESCRIPTION;
	if (source == SOURCE_DESCRIPTION && !stated)
		add_badges(list, feed_json_member(line, "trickest"), is_mended(line));
	*found = feed_json_count(list) > 0;
	enum outcome outcome = DONE;
	if (*found)
		outcome = builder_feed(builder, SPAN_LITERAL("cve"));
	if (*found && outcome == DONE)
		outcome = cve5_affected(builder, id, source, OLDEST, list);
	(void)json_object_put(list);
	return outcome;
}
