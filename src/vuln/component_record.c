#include "vuln/component_record.h"

#include "vuln/cve5_version.h"
#include "vuln/product_names.h"
#include "vuln/feed_json.h"
#include "vuln/version.h"

#define OLDEST SPAN_LITERAL("0")

/* What a line says of products that surely are some of ours. */
struct reading {
	struct builder *builder;
	struct cve5_entry entry;
	int64_t entries, versions;
};

/* Turns to a product; false where it is none of ours. */
static bool turn_to(struct reading *r, struct span name)
{
	struct span product = product_names_of(builder_names(r->builder), name);
	if (product.size == 0)
		return false;
	r->entry = (struct cve5_entry){ .builder = r->builder, .product = product,
					.scope.entry = ++r->entries };
	return true;
}

static enum outcome add_badge(struct reading *r, struct span text)
{
	const struct cve5_version version = cve5_version_badge(text);
	r->versions++;
	return cve5_version_add(&r->entry, &version, false);
}

/* "V3.1.5" is no version, but what is left of a score. */
static bool is_listed_version(struct span text)
{
	return span_find_byte(text, '.', 0) != SPAN_NOT_FOUND && span_byte(text, 0) != 'V';
}

/*
 * Versions that are listed without a badge begin ranges or stand alone: in both cases they have the fault themselves. One
 * alone that the description does not name begins a range, whose end the list leaves out.
 */
static enum outcome add_listed(struct reading *r, const struct json_value *said, struct span description)
{
	struct span alone = SPAN_NONE;
	size_t count = 0;
	JSON_EACH(one, said) {
		struct span text = json_value_text(one);
		count += is_listed_version(text);
		alone = is_listed_version(text) ? text : alone;
	}
	if (count == 1 && version_plausible(alone) && span_find(description, alone, 0) == SPAN_NOT_FOUND) {
		r->versions++;
		return builder_record_range(r->builder, r->entry.product, &(struct range){ .start = alone }, &r->entry.scope);
	}
	JSON_EACH(one, said)
		if (is_listed_version(json_value_text(one)))
			TRY(add_badge(r, json_value_text(one)));
	return DONE;
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

static bool is_mended(const struct json_value *line)
{
	if (json_value_member(line, "alpine_fixed"))
		return true;
	JSON_EACH(said, json_value_member(line, "ubuntu_upstream"))
		if (span_equal_text(json_value_text(feed_json_at(said, 0)), "released") &&
		    json_value_text(feed_json_at(said, 1)).size > 0)
			return true;
	return false;
}

/* Of several branches that the description names, and of which only one has a badge, it knows more. */
static bool lacks_badges(const struct json_value *trickest, struct span description, bool mended)
{
	size_t bounded = 0, listed = 0;
	JSON_EACH(badge, feed_json_at(trickest, 1))
		bounded += is_bounded(badge_text(json_value_text(badge)), mended);
	JSON_EACH(one, feed_json_at(trickest, 2)) {
		struct span version = json_value_text(one);
		listed += is_listed_version(version) && span_find(description, version, 0) != SPAN_NOT_FOUND;
	}
	return bounded > 0 && listed > bounded;
}

static enum outcome add_badges(struct reading *r, const struct json_value *line)
{
	const struct json_value *trickest = json_value_member(line, "trickest");
	bool mended = is_mended(line);
	const struct json_value *products = feed_json_at(trickest, 0), *badges = feed_json_at(trickest, 1);
	struct span description = feed_json_text(line, "desc");
	if (feed_json_count(products) != 1 || lacks_badges(trickest, description, mended) ||
	    !turn_to(r, json_value_text(feed_json_at(products, 0))))
		return DONE;
	JSON_EACH(badge, badges) {
		struct span text = badge_text(json_value_text(badge));
		if (is_bounded(text, mended))
			TRY(add_badge(r, text));
	}
	return r->versions == 0 && !mended ? add_listed(r, feed_json_at(trickest, 2), description) : DONE;
}

/* The versions of a record, for every entry of a product that is known. */
static enum outcome add_entries(struct reading *r, const struct json_value *entries)
{
	JSON_EACH(one, entries) {
		if (!turn_to(r, feed_json_text(one, "p")))
			continue;
		JSON_EACH(said, json_value_member(one, "v")) {
			const struct cve5_version version = cve5_version_of(said);
			TRY(cve5_version_add(&r->entry, &version, false));
		}
	}
	return DONE;
}

static bool has_entries(const struct product_names *names, const struct json_value *entries)
{
	JSON_EACH(one, entries)
		if (product_names_of(names, feed_json_text(one, "p")).size > 0)
			return true;
	return false;
}

enum outcome component_record(struct builder *builder, int64_t id, const struct json_value *line, bool stated, bool *found)
{
	const struct json_value *entries = json_value_member(line, "cve5");
	struct reading reading = { .builder = builder };
	bool recorded = has_entries(builder_names(builder), entries);
	*found = false;
	if (!recorded && stated)
		return DONE;
	TRY(builder_feed(builder, SPAN_LITERAL("cve")));
	TRY(builder_record_begin(builder, id, recorded ? SOURCE_CNA : SOURCE_DESCRIPTION, OLDEST));
	TRY(recorded ? add_entries(&reading, entries) : add_badges(&reading, line));
	*found = recorded || reading.versions > 0;
	return *found ? builder_record_end(builder) : DONE;
}
