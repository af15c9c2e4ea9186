/* Zones of firewalld.zone(5) that the administrator, or the maker, set: those of /usr are only offered. */
#include "inspect/firewall_rule.h"
#include "inspect/lines.h"
#include "inspect/service_program.h"

/* The value of name="…" in a tag; empty where it is not there. */
static struct span attribute(struct span tag, const char *name)
{
	struct span words = tag, word;
	while (span_next_word(&words, &word)) {
		size_t equals = span_find_byte(word, '=', 0);
		if (equals == SPAN_NOT_FOUND || !span_equal_text(span_slice(word, 0, equals), name))
			continue;
		uint8_t quote = span_byte(word, equals + 1);
		size_t close = span_find_byte(word, quote, equals + 2);
		return close == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(word, equals + 2, close - equals - 2);
	}
	return SPAN_NONE;
}

static void take_tag(struct inspection *file, struct span tag, struct span zone, int64_t line)
{
	struct filter_rule rule = { .tool = "firewalld", .kind = "rule", .source = zone, .detail = tag, .line = line };
	struct span name = attribute(tag, "name"), protocol;
	if (span_starts_text(tag, "zone") && span_equal_text(attribute(tag, "target"), "ACCEPT")) {
		rule.kind = "policy";
		firewall_state(file, &rule);
	} else if (span_starts_text(tag, "port ") && attribute(tag, "port").size > 0) {
		rule.port = attribute(tag, "port");
		rule.transport = attribute(tag, "protocol");
		firewall_state(file, &rule);
	} else if (span_starts_text(tag, "service ") && name.size > 0) {
		uint32_t port = service_port_named(name, &protocol);
		rule.port = port > 0 ? arena_format(file->scratch, "%u", port) : name;
		firewall_state(file, &rule);
	}
}

void firewall_zone(struct inspection *file)
{
	struct span zone = span_slice(file->name, 0, file->name.size - 4), bytes = file->bytes;
	bool rich = false; /* a rule of its own may name one sender */
	size_t at = span_find_byte(bytes, '<', 0);
	while (at != SPAN_NOT_FOUND) {
		bool comment = span_has_at(bytes, at, SPAN_LITERAL("<!--"));
		size_t end = comment ? span_find_text(bytes, "-->", at) : span_find_byte(bytes, '>', at);
		if (end == SPAN_NOT_FOUND)
			return;
		struct span tag = span_slice(bytes, at + 1, end - at - 1);
		if (span_starts_text(tag, "rule"))
			rich = true;
		if (span_starts_text(tag, "/rule"))
			rich = false;
		if (!comment && !rich)
			take_tag(file, tag, zone, inspection_line(file->lines, bytes, at));
		at = span_find_byte(bytes, '<', end);
	}
}

bool firewall_is_zone(const struct inspection *file)
{
	return span_starts_text(file->path, "/etc/firewalld/zones/") && span_ends_text(file->name, ".xml");
}
