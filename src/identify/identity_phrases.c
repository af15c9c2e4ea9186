/* Reads data/identity/texts.yaml: texts by which devices name themselves. */
#include "identify/identity_phrases.h"

#include "base/embedded.h"

static const char document[] = "identity/texts.yaml";
static const char *const subjects[] = { "model", "hardware", "version" };

static enum outcome fail(struct arena *arena, const struct yaml *node, const char *what, struct span *error)
{
	*error = arena_format(arena, "%s: line %u: %s", document, node->line, what);
	return MALFORMED;
}

static enum outcome read_groups(struct arena *arena, const struct yaml *node, struct identity_phrase *out, struct span *error)
{
	const char **groups = ARENA_NEW(arena, const char *, yaml_count(node) + 1);
	if (!groups)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(node); child; child = child->next) {
		for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
			if (span_equal_text(child->text, subjects[i]))
				groups[out->group_count] = subjects[i];
		if (!groups[out->group_count++] || out->group_count == PATTERN_GROUPS_MAX)
			return fail(arena, child, "no such group, or too many", error);
	}
	out->groups = groups;
	return DONE;
}

static enum outcome read_phrase(struct arena *arena, const struct yaml *node, struct identity_phrase *out,
				struct pattern *pattern, struct span *error)
{
	uint64_t confidence;
	struct span in = yaml_text(node, "in");
	*out = (struct identity_phrase){ .vendor = yaml_text(node, "vendor"), .mark = yaml_text(node, "mark"),
					 .tests = yaml_member(node, "tests") };
	if (yaml_text(node, "text").size == 0 || !span_to_number(yaml_text(node, "confidence"), 100, &confidence))
		return fail(arena, node, "it needs a text, and a confidence up to 100", error);
	TRY(read_groups(arena, yaml_member(node, "groups"), out, error));
	bool mark = out->mark.size > 0, named = out->vendor.size > 0 && out->group_count > 0;
	if (mark == named)
		return fail(arena, node, "it needs a vendor and groups, or a mark", error);
	out->in_raw = span_equal_text(in, "raw");
	if (in.size > 0 && !out->in_raw && !span_equal_text(in, "program") && !span_equal_text(in, "page"))
		return fail(arena, node, "it is in a program, a page or raw", error);
	out->confidence = (int64_t)confidence;
	out->in_programs = !out->in_raw && !span_equal_text(in, "page");
	out->in_pages = !out->in_raw && !span_equal_text(in, "program");
	*pattern = (struct pattern){ .expression = arena_text(arena, yaml_text(node, "text")) };
	return pattern->expression ? DONE : NO_MEMORY;
}

enum outcome identity_phrases_load(struct arena *arena, struct identity_data *out, struct span *error)
{
	const struct yaml *root;
	struct span why = SPAN_NONE;
	enum outcome outcome = yaml_read(embedded(document), arena, &root, &why);
	if (outcome == MALFORMED)
		*error = arena_format(arena, "%s: %.*s", document, SPAN_FORMAT(why));
	TRY(outcome);
	struct identity_phrase *phrases = ARENA_NEW(arena, struct identity_phrase, yaml_count(root) + 1);
	struct pattern *patterns = ARENA_NEW(arena, struct pattern, yaml_count(root) + 1);
	if (!phrases || !patterns)
		return NO_MEMORY;
	for (const struct yaml *node = yaml_first(root); node; node = node->next, out->phrase_count++)
		TRY(read_phrase(arena, node, &phrases[out->phrase_count], &patterns[out->phrase_count], error));
	out->phrases = phrases;
	out->patterns = patterns;
	return DONE;
}
