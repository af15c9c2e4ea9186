/*
 * OSV records (https://ossf.github.io/osv-schema/) of distributions and of OSS-Fuzz.
 * A distribution states in which of its own packages a fault is fixed: that is the
 * product "alpine/libexif", and says nothing of upstream versions. OSS-Fuzz lists
 * the released versions that have the fault: "oss-fuzz/zstd".
 */
#include "base/yaml.h"
#include "vuln/feed.h"
#include "vuln/feed_json.h"
#include "vuln/identifier.h"

enum { PRODUCT_SIZE_MAX = 512, YAML_MEMORY = 16 * 1024 * 1024 };

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

/* "alpine" and "libexif" give "alpine/libexif". */
static enum outcome distribution_product(struct buffer *out, const char *family, struct span name)
{
	buffer_clear(out);
	TRY(buffer_append(out, span_of_text(family)));
	TRY(buffer_append(out, SPAN_LITERAL("/")));
	return buffer_append(out, name);
}

static enum outcome add_events(struct builder *builder, struct span product, const struct builder_scope *scope,
			       const struct json_value *events)
{
	struct range range = { .end_excluded = true };
	JSON_EACH(event, events) {
		struct span introduced = feed_json_text(event, "introduced"), fixed = feed_json_text(event, "fixed");
		if (introduced.size > 0)
			range.start = span_equal_text(introduced, "0") ? SPAN_NONE : introduced;
		if (fixed.size == 0)
			continue;
		range.end = fixed;
		TRY(builder_record_range(builder, product, &range, scope));
	}
	return DONE;
}

static enum outcome add_packages(struct builder *builder, const struct json_value *document, struct buffer *product)
{
	const struct json_value *affected = json_value_member(document, "affected");
	JSON_EACH(one, affected) {
		const struct json_value *package = json_value_member(one, "package");
		struct span release = feed_json_text(package, "ecosystem"), name = feed_json_text(package, "name");
		const char *family = take_family(&release);
		if (!family || name.size == 0)
			continue;
		TRY(distribution_product(product, family, name));
		const struct builder_scope scope = { .release = release };
		const struct json_value *ranges = json_value_member(one, "ranges");
		JSON_EACH(range, ranges)
			TRY(add_events(builder, buffer_span(product), &scope, json_value_member(range, "events")));
	}
	return DONE;
}

/* The record's own id where it is a CVE, else the first CVE among its aliases. */
static int64_t identifier_of(const struct json_value *document)
{
	int64_t id = identifier_parse(feed_json_text(document, "id"));
	const struct json_value *aliases = json_value_member(document, "aliases");
	JSON_EACH(alias, aliases)
		id = id != 0 ? id : identifier_parse(json_value_text(alias));
	return id;
}

/* The distribution that the record speaks of first; "osv" where it is none. */
static struct span feed_name(const struct json_value *document)
{
	const struct json_value *first = feed_json_at(json_value_member(document, "affected"), 0);
	struct span ecosystem = feed_json_text(json_value_member(first, "package"), "ecosystem");
	const char *family = take_family(&ecosystem);
	return family ? span_of_text(family) : SPAN_LITERAL("osv");
}

enum outcome feed_osv_json(struct builder *builder, const struct json_value *document)
{
	int64_t id = identifier_of(document);
	struct span modified = feed_json_text(document, "modified");
	if (id == 0)
		return DONE; /* an advisory of its own, about no CVE */
	if (feed_json_text(document, "withdrawn").size > 0)
		return DONE;
	TRY(builder_feed(builder, feed_name(document)));
	TRY(builder_date(builder, modified));
	TRY(builder_record_begin(builder, id, SOURCE_DISTRIBUTION, modified));
	struct buffer product;
	buffer_init(&product, PRODUCT_SIZE_MAX, NULL);
	enum outcome outcome = add_packages(builder, document, &product);
	buffer_done(&product);
	TRY(outcome);
	return builder_record_end(builder);
}

/* The version in a tag: "v1.2.3", "zstd-1.4", "curl-7_80_0"; empty where there is none with a point in it. */
static struct span tag_version(struct arena *arena, struct span tag)
{
	size_t start = 0;
	while (start < tag.size && (span_byte(tag, start) < '0' || span_byte(tag, start) > '9'))
		start++;
	struct span version = span_from(tag, start);
	struct span out = SPAN_NONE, part;
	if (span_find_byte(version, '.', 0) != SPAN_NOT_FOUND)
		return version;
	while (span_next_field(&version, '_', &part))
		out = arena_format(arena, "%.*s%s%.*s", SPAN_FORMAT(out), out.size ? "." : "", SPAN_FORMAT(part));
	return span_find_byte(out, '.', 0) == SPAN_NOT_FOUND ? SPAN_NONE : out;
}

static const char *severity_of(struct span word)
{
	static const struct {
		const char *said, *word;
	} words[] = { { "CRITICAL", "critical" }, { "HIGH", "high" }, { "MEDIUM", "medium" }, { "LOW", "low" } };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_equal_text(word, words[i].said))
			return words[i].word;
	return NULL;
}

static enum outcome add_fuzzed(struct builder *builder, const struct yaml *affected, struct arena *arena,
			       struct builder_facts *facts)
{
	for (const struct yaml *one = yaml_first(affected); one; one = one->next) {
		const struct yaml *package = yaml_member(one, "package");
		if (!span_equal_text(yaml_text(package, "ecosystem"), "OSS-Fuzz"))
			continue;
		struct span name = yaml_text(package, "name");
		struct span product = arena_format(arena, "oss-fuzz/%.*s", SPAN_FORMAT(name));
		for (const struct yaml *tag = yaml_first(yaml_member(one, "versions")); tag; tag = tag->next) {
			struct range range = { .single = true, .start = tag_version(arena, tag->text) };
			range.end = range.start;
			if (range.start.size > 0)
				TRY(builder_record_range(builder, product, &range, NULL));
		}
		const char *severity = severity_of(yaml_text(yaml_member(one, "ecosystem_specific"), "severity"));
		facts->severity = span_of_text(severity);
	}
	return DONE;
}

static enum outcome read_yaml(struct builder *builder, struct span document, struct arena *arena)
{
	const struct yaml *root;
	struct span error;
	TRY(yaml_read(document, arena, &root, &error));
	int64_t id = identifier_parse(yaml_text(root, "id"));
	if (id == 0 || yaml_text(root, "withdrawn").size > 0)
		return DONE;
	struct builder_facts facts = builder_facts_of(id);
	facts.published = yaml_text(root, "published");
	struct span modified = yaml_text(root, "modified");
	TRY(builder_feed(builder, SPAN_LITERAL("oss-fuzz")));
	TRY(builder_date(builder, modified));
	TRY(builder_record_begin(builder, id, SOURCE_FUZZING, modified));
	TRY(add_fuzzed(builder, yaml_member(root, "affected"), arena, &facts));
	TRY(builder_record_end(builder));
	return builder_vulnerability(builder, &facts);
}

enum outcome feed_osv_yaml(struct builder *builder, struct span document)
{
	struct arena arena;
	arena_init(&arena, YAML_MEMORY);
	enum outcome outcome = read_yaml(builder, document, &arena);
	arena_done(&arena);
	return outcome;
}
