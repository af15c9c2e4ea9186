#include "vuln/feed_lines.h"

#include "vuln/feed_json.h"

enum outcome feed_lines(struct builder *builder, struct span document, const char *code, feed_line read, void *context)
{
	struct span text;
	size_t broken = 0;
	while (span_next_line(&document, &text)) {
		if (text.size == 0)
			continue;
		struct json_object *line = feed_json_parse(text);
		enum outcome outcome = line ? read(builder, line, context) : MALFORMED;
		(void)json_object_put(line);
		bool bad = outcome == MALFORMED || outcome == OVER_BUDGET; /* a name beyond all measure */
		broken += bad;
		if (!bad)
			TRY(outcome);
	}
	if (broken > 0)
		notes_add(builder_notes(builder), NOTE_WARNING, code, NOTE_NO_OFFSET, "%zu lines could not be read", broken);
	return DONE;
}

bool feed_lines_have(struct span document, const char *member)
{
	struct span first;
	if (!span_next_line(&document, &first))
		return false;
	struct json_object *line = feed_json_parse(first);
	bool has = feed_json_member(line, member) != NULL;
	(void)json_object_put(line);
	return has;
}
