/* Reads data/identity/texts.yaml: texts by which devices name themselves. */
#include "identify/identity_phrases.h"

static const char *const subjects[] = { "model", "hardware", "version" };

static enum outcome read_groups(const struct data_reader *reader, const struct yaml *node, struct identity_phrase *out)
{
	const char **groups = ARENA_NEW(reader->arena, const char *, yaml_count(node) + 1);
	if (!groups)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(node); child; child = child->next) {
		for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
			if (span_equal_text(child->text, subjects[i]))
				groups[out->group_count] = subjects[i];
		if (!groups[out->group_count++] || out->group_count == PATTERN_GROUPS_MAX)
			return data_fail(reader, child, "no such group, or too many");
	}
	out->groups = groups;
	return DONE;
}

static enum outcome read_phrase(const struct data_reader *reader, const struct yaml *node, struct identity_phrase *out,
				struct pattern *pattern)
{
	uint64_t confidence;
	struct span in = yaml_text(node, "in");
	*out = (struct identity_phrase){ .vendor = yaml_text(node, "vendor"), .mark = yaml_text(node, "mark"),
					 .tests = yaml_member(node, "tests") };
	if (yaml_text(node, "text").size == 0 || !span_to_number(yaml_text(node, "confidence"), 100, &confidence))
		return data_fail(reader, node, "it needs a text, and a confidence up to 100");
	TRY(read_groups(reader, yaml_member(node, "groups"), out));
	bool mark = out->mark.size > 0, named = out->vendor.size > 0 && out->group_count > 0;
	if (mark == named)
		return data_fail(reader, node, "it needs a vendor and groups, or a mark");
	out->in_raw = span_equal_text(in, "raw");
	if (in.size > 0 && !out->in_raw && !span_equal_text(in, "program") && !span_equal_text(in, "page"))
		return data_fail(reader, node, "it is in a program, a page or raw");
	out->confidence = (int64_t)confidence;
	out->in_programs = !out->in_raw && !span_equal_text(in, "page");
	out->in_pages = !out->in_raw && !span_equal_text(in, "program");
	*pattern = (struct pattern){ .expression = arena_text(reader->arena, yaml_text(node, "text")) };
	return pattern->expression ? DONE : NO_MEMORY;
}

enum outcome identity_phrases_load(struct data_reader *reader, struct identity_data *out)
{
	const struct yaml *root;
	TRY(data_document_read(reader, "identity/texts.yaml", &root));
	struct identity_phrase *phrases = ARENA_NEW(reader->arena, struct identity_phrase, yaml_count(root) + 1);
	struct pattern *patterns = ARENA_NEW(reader->arena, struct pattern, yaml_count(root) + 1);
	if (!phrases || !patterns)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(root); node; node = node->next, out->phrase_count++)
		TRY(read_phrase(reader, node, &phrases[out->phrase_count], &patterns[out->phrase_count]));
	out->phrases = phrases;
	out->patterns = patterns;
	return DONE;
}
