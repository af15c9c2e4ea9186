/*
 * Findings of OSS-Fuzz: OSV records (https://ossf.github.io/osv-schema/) in YAML, which list the released versions that
 * have the fault as tags. Their products are "oss-fuzz/zstd".
 */
#include "base/yaml.h"
#include "vuln/feed.h"
#include "vuln/identifier.h"
#include "vuln/tag_version.h"

enum { YAML_MEMORY = 16 * 1024 * 1024 };

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
