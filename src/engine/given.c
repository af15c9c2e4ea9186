#include "engine/given.h"

#include <stdio.h>
#include <stdlib.h>

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

const struct seal_verdict *given_seal(const struct assay_seal *seal, struct seal_verdict *room)
{
	*room = (struct seal_verdict){ .state = SEAL_STATES };
	if (!seal || seal->size < sizeof *seal)
		return NULL;
	for (int state = 0; state < SEAL_STATES; state++)
		if (strcmp(seal->state, seal_state_word((enum seal_state)state)) == 0)
			room->state = (enum seal_state)state;
	(void)snprintf(room->signer, sizeof room->signer, "%s", seal->signer);
	(void)snprintf(room->digest, sizeof room->digest, "%s", seal->sha256);
	return room->state == SEAL_STATES ? NULL : room;
}

char *given_out(struct span text, size_t *length)
{
	char *copy = malloc(text.size + 1);
	if (!copy)
		return NULL;
	if (text.size > 0)
		memcpy(copy, text.data, text.size);
	memset(copy + text.size, 0, 1);
	*length = text.size;
	return copy;
}
