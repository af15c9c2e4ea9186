#include "vuln/feed_lines.h"

#include "vuln/feed_json.h"

/* Facts of linux_kernel_cves have no member in common but the identifier: all that they have is known. */
static bool is_kernel_line(struct json_object *line)
{
	static const char *const members[] = { "id", "affected_versions", "stream_fixed", "fixes", "breaks", "subject", "cwe",
					       "cvss2", "cvss3", "vendor_specific", "rejected" };
	int known = 0;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		known += feed_json_member(line, members[i]) != NULL;
	return known == json_object_object_length(line) && feed_json_text(line, "id").size > 0;
}

static enum line_kind kind_of(struct json_object *line)
{
	if (!json_object_is_type(line, json_type_object))
		return LINES_OTHER;
	if (feed_json_member(line, "comp"))
		return LINES_COMPONENTS;
	if (json_object_is_type(feed_json_member(line, "packages"), json_type_object))
		return LINES_UBUNTU;
	return is_kernel_line(line) ? LINES_KERNEL : LINES_OTHER;
}

enum outcome feed_lines(struct builder *builder, struct span document, enum line_kind kind, feed_line read,
			void *context)
{
	struct span text;
	size_t broken = 0;
	while (span_next_line(&document, &text)) {
		if (text.size == 0)
			continue;
		struct json_object *line = feed_json_parse(text);
		if (kind_of(line) != kind) {
			(void)json_object_put(line);
			return MALFORMED;
		}
		enum outcome outcome = read(builder, line, context);
		(void)json_object_put(line);
		bool bad = outcome == MALFORMED || outcome == OVER_BUDGET; /* a name beyond all measure */
		broken += bad;
		if (!bad)
			TRY(outcome);
	}
	if (broken > 0)
		notes_add(builder_notes(builder), NOTE_WARNING, "feed.left-out", NOTE_NO_OFFSET,
			  "%zu lines are about no CVE and were left out", broken);
	return DONE;
}

enum line_kind feed_lines_kind(struct span document)
{
	struct span first;
	if (!span_next_line(&document, &first))
		return LINES_OTHER;
	struct json_object *line = feed_json_parse(first);
	enum line_kind kind = kind_of(line);
	(void)json_object_put(line);
	return kind;
}
