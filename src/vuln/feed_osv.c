/*
 * OSV records in JSON (https://ossf.github.io/osv-schema/). A distribution states in which of its own packages a fault is
 * fixed: that is the product "alpine/libexif", and says nothing of upstream's versions. OSS-Fuzz lists the released versions
 * that have the fault: "oss-fuzz/zstd". All others (GitHub's advisories among them) speak of packages and repositories,
 * which are products where that is surely known (vuln/package_product.h).
 */
#include "vuln/advisory.h"
#include "vuln/description.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"
#include "vuln/package_product.h"
#include "vuln/tag_version.h"

enum { PRODUCT_SIZE_MAX = 512, RECORD_MEMORY = 16 * 1024 * 1024 };

struct reading {
	struct builder *builder;
	struct buffer product;
	struct arena arena;
	const char *family; /* of the distribution that speaks; NULL for none */
	bool fuzzing;
};

/* "alpine" for "Alpine:v3.10", and takes it off; NULL for ecosystems that are no distribution's. */
static const char *take_family(struct span *ecosystem)
{
	static const struct {
		const char *ecosystem, *family;
	} known[] = { { "Alpine", "alpine" }, { "Debian", "debian" }, { "OpenWrt", "openwrt" }, { "Ubuntu", "ubuntu" } };
	struct span family;
	if (!span_next_field(ecosystem, ':', &family))
		return NULL;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (span_equal_text(family, known[i].ecosystem))
			return known[i].family;
	return NULL;
}

/* "22.04:LTS" of Ubuntu is 22.04; what only its subscribers get ("Pro:18.04:LTS") speaks of no other package: empty. */
static struct span release_of(const char *family, struct span release)
{
	struct span number;
	if (!span_equal_text(span_of_text(family), "ubuntu"))
		return release;
	return span_next_field(&release, ':', &number) && span_byte(number, 0) <= '9' ? number : SPAN_NONE;
}

/* Events in their order: a fault begins, and ends before a version, or with it. */
static enum outcome add_events(struct reading *r, const struct builder_scope *scope, const struct json_value *events)
{
	struct range range = { .end_excluded = true };
	JSON_EACH(event, events) {
		struct span introduced = feed_json_text(event, "introduced"), fixed = feed_json_text(event, "fixed");
		struct span last = feed_json_text(event, "last_affected");
		if (introduced.size > 0)
			range.start = span_equal_text(introduced, "0") ? SPAN_NONE : introduced;
		range.end = fixed.size > 0 ? fixed : last;
		range.end_excluded = fixed.size > 0;
		if (range.end.size > 0)
			TRY(builder_record_range(r->builder, buffer_span(&r->product), &range, scope));
	}
	return DONE;
}

static enum outcome add_distribution(struct reading *r, const struct json_value *affected)
{
	const struct json_value *package = json_value_member(affected, "package");
	struct span release = feed_json_text(package, "ecosystem"), name = feed_json_text(package, "name");
	const char *family = take_family(&release);
	const struct builder_scope scope = { .release = family ? release_of(family, release) : SPAN_NONE };
	bool subscribers = family && release.size > 0 && scope.release.size == 0;
	if (!family || name.size == 0 || subscribers)
		return DONE;
	buffer_clear(&r->product);
	TRY(buffer_append(&r->product, span_of_text(family)));
	TRY(buffer_append(&r->product, SPAN_LITERAL("/")));
	TRY(buffer_append(&r->product, name));
	JSON_EACH(range, json_value_member(affected, "ranges"))
		TRY(add_events(r, &scope, json_value_member(range, "events")));
	return DONE;
}

/* Versions one by one, as tags of a repository. */
static enum outcome add_tags(struct reading *r, const struct json_value *tags)
{
	JSON_EACH(tag, tags) {
		struct range range = { .single = true, .start = tag_version(&r->arena, json_value_text(tag)) };
		range.end = range.start;
		if (range.start.size > 0)
			TRY(builder_record_range(r->builder, buffer_span(&r->product), &range, NULL));
	}
	return DONE;
}

static enum outcome add_fuzzed(struct reading *r, const struct json_value *affected)
{
	const struct json_value *package = json_value_member(affected, "package");
	buffer_clear(&r->product);
	TRY(buffer_append(&r->product, SPAN_LITERAL("oss-fuzz/")));
	TRY(buffer_append(&r->product, feed_json_text(package, "name")));
	return add_tags(r, json_value_member(affected, "versions"));
}

/* A range of commits, whose versions stand beside it where they are known. */
static enum outcome add_repository(struct reading *r, const struct json_value *range, const struct json_value *affected)
{
	const struct json_value *known = json_value_member(json_value_member(range, "database_specific"), "versions");
	enum outcome outcome = package_repository(&r->product, feed_json_text(range, "repo"));
	if (outcome != DONE)
		return outcome == NOT_THIS ? DONE : outcome;
	return feed_json_count(known) > 0 ? add_events(r, NULL, known) : add_tags(r, json_value_member(affected, "versions"));
}

static enum outcome name_package(struct reading *r, const struct json_value *package)
{
	enum outcome outcome = package_product(&r->product, feed_json_text(package, "purl"));
	if (outcome != NOT_THIS)
		return outcome;
	return package_ecosystem(&r->product, feed_json_text(package, "ecosystem"), feed_json_text(package, "name"));
}

static enum outcome add_upstream(struct reading *r, const struct json_value *affected)
{
	JSON_EACH(range, json_value_member(affected, "ranges")) {
		if (span_equal_text(feed_json_text(range, "type"), "GIT")) {
			TRY(add_repository(r, range, affected));
			continue;
		}
		enum outcome outcome = name_package(r, json_value_member(affected, "package"));
		if (outcome == DONE)
			outcome = add_events(r, NULL, json_value_member(range, "events"));
		if (outcome != NOT_THIS)
			TRY(outcome);
	}
	return DONE;
}

static enum outcome add_affected(struct reading *r, const struct json_value *document)
{
	JSON_EACH(one, json_value_member(document, "affected")) {
		if (r->family)
			TRY(add_distribution(r, one));
		else
			TRY(r->fuzzing ? add_fuzzed(r, one) : add_upstream(r, one));
	}
	return DONE;
}

/* What an advisory says of one vulnerability; one about several, or about one among its names, stands beside others. */
static enum outcome state(struct reading *r, const struct json_value *document, int64_t id, bool alone)
{
	struct builder_facts facts = builder_facts_of(id);
	struct span modified = feed_json_text(document, "modified");
	if (!r->family) {
		advisory_facts(document, &facts);
		TRY(builder_vulnerability(r->builder, &facts));
	}
	enum store_source source = r->family ? SOURCE_DISTRIBUTION : r->fuzzing ? SOURCE_FUZZING : SOURCE_ADVISORY;
	TRY(builder_record_begin(r->builder, id, source, modified));
	arena_reset(&r->arena);
	TRY(add_affected(r, document));
	bool words = !r->family && !r->fuzzing && feed_json_count(json_value_member(document, "affected")) == 0;
	if (words)
		return description_record(r->builder, id, modified, feed_json_text(document, "details"));
	return alone ? builder_record_end(r->builder) : builder_record_add(r->builder);
}

/* Every vulnerability that the record is about: by its own name, or all that it says it is the same as, or mends. */
static enum outcome state_all(struct reading *r, const struct json_value *document)
{
	static const char *const lists[] = { "aliases", "upstream", "related" };
	int64_t own = advisory_identifier(feed_json_text(document, "id"));
	if (own != 0)
		return state(r, document, own, true);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		bool means_it = i < 2 || r->family; /* what is related to an advisory of a distribution is what it mends */
		JSON_EACH(name, means_it ? json_value_member(document, lists[i]) : NULL) {
			int64_t id = advisory_identifier(json_value_text(name));
			if (id != 0)
				TRY(state(r, document, id, false));
		}
	}
	return DONE;
}

/* The distribution that the record speaks of first; "osv" where it is none. */
static struct span find_family(struct reading *r, const struct json_value *document)
{
	const struct json_value *first = feed_json_at(json_value_member(document, "affected"), 0);
	struct span ecosystem = feed_json_text(json_value_member(first, "package"), "ecosystem");
	r->fuzzing = span_equal_text(ecosystem, "OSS-Fuzz");
	r->family = take_family(&ecosystem);
	if (r->fuzzing)
		return SPAN_LITERAL("oss-fuzz");
	if (r->family)
		return span_of_text(r->family);
	return span_starts_text(feed_json_text(document, "id"), "GHSA-") ? SPAN_LITERAL("ghsa") : SPAN_LITERAL("osv");
}

enum outcome feed_osv_json(struct builder *builder, const struct json_value *document)
{
	struct reading reading = { .builder = builder };
	if (feed_json_text(document, "withdrawn").size > 0)
		return DONE;
	TRY(builder_feed(builder, find_family(&reading, document)));
	TRY(builder_date(builder, feed_json_text(document, "modified")));
	buffer_init(&reading.product, PRODUCT_SIZE_MAX, NULL);
	arena_init(&reading.arena, RECORD_MEMORY);
	enum outcome outcome = state_all(&reading, document);
	buffer_done(&reading.product);
	arena_done(&reading.arena);
	return outcome;
}
