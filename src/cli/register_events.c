/* assay register events: what happened, and what newer stores changed. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "cli/register.h"
#include "register/journal.h"

enum { EVENT_CEILING = 256 << 20, LINES_MAX = 20 };

struct printing {
	struct registry *registry;
	int64_t left; /* lines that a person is shown of one store */
	uint64_t more;
	struct json json;
	struct buffer text;
	enum outcome outcome;
	bool first;
};

static bool print_change(void *context, const struct journal_change *change)
{
	struct printing *printing = context;
	if (printing->left-- <= 0) {
		printing->more++;
		return true;
	}
	(void)printf("  %-16.*s %-16.*s %.*s", SPAN_FORMAT(change->change), SPAN_FORMAT(change->vulnerability),
		     SPAN_FORMAT(change->was));
	if (change->status.size > 0 && !span_equal(change->was, change->status))
		(void)printf("%s%.*s", change->was.size > 0 ? " -> " : "", SPAN_FORMAT(change->status));
	(void)printf(" in %" PRId64 " version%s, by %.*s", change->versions, change->versions == 1 ? "" : "s",
		     SPAN_FORMAT(change->component));
	if (change->components > 1)
		(void)printf(" (%" PRId64 " components)", change->components);
	if (change->exploited.size > 0)
		(void)printf(", exploited since %.*s", SPAN_FORMAT(change->exploited));
	(void)printf("\n");
	return true;
}

void register_events_print(struct registry *registry, int64_t store, int64_t lines)
{
	struct printing printing = { .registry = registry, .left = lines };
	if (journal_changes(registry, store, print_change, &printing) != DONE)
		(void)unusable("%s", registry->error);
	if (printing.more > 0)
		(void)printf("  and %" PRIu64 " more; 'assay register events --format json' has all\n", printing.more);
}

static bool print_event(void *context, const struct journal_event *event)
{
	struct printing *printing = context;
	(void)printf("%6" PRId64 "  %.*s  %-18.*s %.*s", event->sequence, SPAN_FORMAT(event->at), SPAN_FORMAT(event->kind),
		     SPAN_FORMAT(event->subject));
	if (event->person.size > 0)
		(void)printf("  by %.*s", SPAN_FORMAT(event->person));
	(void)printf("\n");
	if (event->store > 0)
		register_events_print(printing->registry, event->store, LINES_MAX);
	return true;
}

static bool write_change(void *context, const struct journal_change *change)
{
	struct printing *printing = context;
	struct json *json = &printing->json;
	json_object_open(json);
	json_member_string(json, "change", change->change);
	json_member_string(json, "vulnerability", change->vulnerability);
	json_member_string(json, "component", change->component);
	value_write_member(json, "was", value_text_if(change->was));
	value_write_member(json, "status", value_text_if(change->status));
	json_member_integer(json, "components", change->components);
	json_member_integer(json, "versions", change->versions);
	value_write_member(json, "exploited", value_text_if(change->exploited));
	json_object_close(json);
	return true;
}

/* One object a line. */
static bool write_event(void *context, const struct journal_event *event)
{
	struct printing *printing = context;
	struct json *json = &printing->json;
	buffer_clear(&printing->text);
	json_init(json, &printing->text, true);
	json_object_open(json);
	json_member_integer(json, "sequence", event->sequence);
	json_member_string(json, "at", event->at);
	value_write_member(json, "by", value_text_if(event->person));
	json_member_string(json, "kind", event->kind);
	json_member_string(json, "subject", event->subject);
	json_key(json, "changes");
	json_array_open(json);
	enum outcome outcome = event->store > 0 ? journal_changes(printing->registry, event->store, write_change, printing) : DONE;
	json_array_close(json);
	json_object_close(json);
	printing->outcome = outcome != DONE ? outcome : json_done(json);
	struct span line = span_trim(buffer_span(&printing->text));
	if (printing->outcome == DONE)
		(void)printf("%s%.*s", printing->first ? "[" : ",\n ", SPAN_FORMAT(line));
	printing->first = false;
	return printing->outcome == DONE;
}

int register_events(const struct options *options)
{
	struct registry registry;
	struct printing printing = { .registry = &registry, .first = true };
	bool json = options->format == TABLE_JSON;
	if (options->operand_count != 1)
		return unusable("usage: assay register events [--since N] [--format json]");
	if (!register_open(options, false, &registry))
		return EXIT_UNUSABLE;
	buffer_init(&printing.text, EVENT_CEILING, NULL);
	enum outcome outcome = journal_events(&registry, options->since, json ? write_event : print_event, &printing);
	if (outcome == DONE)
		outcome = printing.outcome;
	if (json && outcome == DONE)
		(void)printf("%s]\n", printing.first ? "[" : "");
	buffer_done(&printing.text);
	int status = outcome == DONE ? EXIT_DONE : unusable("%s", registry.error);
	registry_close(&registry);
	return status;
}
