/* Reads one requirement of a catalogue. */
#include "judge/catalog.h"

enum { REFERENCES_MAX = 100 };

struct place {
	struct span file;
	struct arena *arena;
	struct span *error;
};

static enum outcome fail(const struct place *place, uint32_t line, const char *what, struct span subject)
{
	*place->error = arena_format(place->arena, "%.*s line %u: %s%s%.*s", SPAN_FORMAT(place->file), line,
				     what, subject.size ? ": " : "", SPAN_FORMAT(subject));
	return MALFORMED;
}

static enum outcome read_rules(const struct place *place, const struct yaml *node, const char *key,
			       const struct rules *rules, struct rule_list *out)
{
	const struct yaml *list = yaml_member(node, key);
	*out = (struct rule_list){ 0 };
	if (!list)
		return DONE;
	size_t count = yaml_count(list);
	if (list->kind != YAML_SEQUENCE || count > REFERENCES_MAX)
		return fail(place, list->line, "must be a list of rules", span_of_text(key));
	size_t *all = ARENA_NEW(place->arena, size_t, count + 1);
	if (!all)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(list); child; child = child->next) {
		size_t index = rules_find(rules, child->text);
		if (index == SIZE_MAX)
			return fail(place, child->line, "there is no rule of this id", child->text);
		all[out->count++] = index;
	}
	out->all = all;
	return DONE;
}

static enum outcome read_mappings(const struct place *place, const struct yaml *node,
				  const struct mapping **out)
{
	const struct yaml *maps = yaml_member(node, "maps");
	const struct mapping **end = out;
	*out = NULL;
	for (const struct yaml *publication = yaml_first(maps); publication; publication = publication->next)
		for (const struct yaml *reference = yaml_first(publication); reference;
		     reference = reference->next) {
			struct mapping *mapping = ARENA_NEW(place->arena, struct mapping, 1);
			if (!mapping)
				return NO_MEMORY;
			*mapping = (struct mapping){ publication->key, reference->text, NULL };
			*end = mapping;
			end = &mapping->next;
		}
	return DONE;
}

static bool is_one_of(struct span word, const char *const *words)
{
	for (; *words; words++)
		if (span_equal_text(word, *words))
			return true;
	return false;
}

enum outcome requirement_read(const struct yaml *node, struct span file, const struct rules *rules,
			      struct arena *arena, struct requirement *out, struct span *error)
{
	static const char *const levels[] = { "low", "medium", "high", "none", "", NULL };
	static const char *const decidables[] = { "yes", "partly", "no", "", NULL };
	const struct place place = { file, arena, error };
	*out = (struct requirement){
		.id = yaml_text(node, "id"),
		.title = yaml_text(node, "title"),
		.meaning = span_trim(yaml_text(node, "meaning")),
		.condition = yaml_text(node, "condition"),
		.level = yaml_text(node, "level"),
		.decidable = yaml_text(node, "decidable"),
		.declaration = yaml_text(node, "declaration"),
		.step = span_trim(yaml_text(node, "step")),
	};
	if (out->id.size == 0 || out->title.size == 0)
		return fail(&place, node->line, "a requirement needs id and title", out->id);
	if (!is_one_of(out->level, levels))
		return fail(&place, node->line, "level must be low, medium, high or none", out->level);
	if (!is_one_of(out->decidable, decidables))
		return fail(&place, node->line, "decidable must be yes, partly or no", out->decidable);
	if (span_equal_text(out->level, "none"))
		out->level = SPAN_NONE;
	if (out->decidable.size == 0)
		out->decidable = SPAN_LITERAL("partly");
	TRY(read_rules(&place, node, "step_by", rules, &out->step_by));
	TRY(read_rules(&place, node, "excluded_by", rules, &out->excluded_by));
	TRY(read_rules(&place, node, "failed_by", rules, &out->failed_by));
	TRY(read_rules(&place, node, "shown_by", rules, &out->shown_by));
	return read_mappings(&place, node, &out->mappings);
}
