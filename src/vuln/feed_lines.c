#include "vuln/feed_lines.h"

#include "vuln/feed_json.h"

/* Facts of linux_kernel_cves have no member in common but the identifier: all that they have is known. */
static bool is_kernel_line(const struct json_value *line)
{
	static const char *const members[] = { "id", "affected_versions", "stream_fixed", "fixes", "breaks", "subject", "cwe",
					       "cvss2", "cvss3", "vendor_specific", "rejected" };
	int known = 0;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		known += json_value_member(line, members[i]) != NULL;
	return (size_t)known == json_value_count(line) && feed_json_text(line, "id").size > 0;
}

static enum line_kind kind_of(const struct json_value *line)
{
	if (!json_value_is(line, JSON_OBJECT))
		return LINES_OTHER;
	if (json_value_member(line, "comp"))
		return LINES_COMPONENTS;
	if (json_value_is(json_value_member(line, "packages"), JSON_OBJECT))
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
		const struct json_value *line;
		TRY(json_scan_read(builder_json(builder), text, &line));
		if (kind_of(line) != kind)
			return MALFORMED;
		enum outcome outcome = read(builder, line, context);
		bool bad = outcome == MALFORMED || outcome == OVER_BUDGET; /* a name beyond all measure */
		broken += bad;
		if (!bad)
			TRY(outcome);
	}
	return builder_note_count(builder, "feed.left-out", broken, "lines are about no CVE and were left out");
}

enum line_kind feed_lines_kind(struct builder *builder, struct span document)
{
	struct span first;
	const struct json_value *line;
	bool read = span_next_line(&document, &first) && json_scan_read(builder_json(builder), first, &line) == DONE;
	return read ? kind_of(line) : LINES_OTHER;
}
