#include "engine/given.h"

struct judge_source given_text(const struct assay_text *text, const char *unnamed)
{
	return (struct judge_source){ .name = span_of_text(text->name ? text->name : unnamed),
				      .text = span_of(text->text, text->text ? text->length : 0) };
}

const struct judge_source *given_texts(struct arena *arena, const struct assay_text *texts, size_t count)
{
	struct judge_source *sources = ARENA_NEW(arena, struct judge_source, count);
	for (size_t i = 0; sources && i < count; i++)
		sources[i] = given_text(&texts[i], "");
	return sources;
}
