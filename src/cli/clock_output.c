#include "cli/clock_output.h"

#include <stdio.h>

#include "cli/table.h"
#include "register/moment.h"

enum { OUTPUT_SIZE = 16 << 20, ZONED_SIZE = 96 };

/* "2026-11-29T10:10:00+01:00 Sunday CET": what clocks there show. */
static void write_zoned(int64_t at, const struct zone *zone, char out[static ZONED_SIZE])
{
	struct zone_type type = zone_at(zone, at);
	char moment[MOMENT_ROOM];
	moment_write(at, type.offset, moment);
	(void)snprintf(out, ZONED_SIZE, "%s %s %.*s", moment, civil_weekday_name(at + type.offset),
		       SPAN_FORMAT(type.name));
}

static void json_members(struct json *json, const struct clock *clock)
{
	json_member_string(json, "clock", clock->id);
	json_member_string(json, "law", clock->law);
	json_member_string(json, "article", clock->article);
	json_member_text(json, "basis", clock_basis_name(clock->basis));
	json_member_string(json, "binds", clock->binds);
	json_member_string(json, "rule", clock->rule);
	json_member_string(json, "starts", clock->starts->kind);
	if (clock->requires)
		json_member_string(json, "requires", clock->requires->kind);
	if (clock->severity.size > 0)
		json_member_string(json, "severity", clock->severity);
	if (clock->unless.size > 0)
		json_member_string(json, "unless", clock->unless);
	json_member_string(json, "what", clock->due);
	json_member_string(json, "to", clock->to);
	json_member_string(json, "source", clock->source);
	if (clock->applies_from.size > 0)
		json_member_string(json, "applies_from", clock->applies_from);
	if (clock->note.size > 0)
		json_member_string(json, "note", clock->note);
}

static void json_moment(struct json *json, const char *key, int64_t at)
{
	char text[MOMENT_ROOM];
	moment_write(at, 0, text);
	json_member_text(json, key, text);
}

static void json_due(struct json *json, const struct due *due, const struct zone *zone)
{
	char text[MOMENT_ROOM];
	json_object_open(json);
	json_member_text(json, "state", due_state_name(due->state));
	json_moment(json, "started_at", due->start->at);
	json_member_string(json, "started_by", due->start->event);
	if (due->start->sequence > 0)
		json_member_integer(json, "started_by_event", due->start->sequence);
	if (due->state != DUE_WAITING) {
		json_moment(json, "counted_from", due->counted_from);
		json_moment(json, due->state == DUE_AT ? "due" : "reminder", due->at);
		if (zone) {
			moment_write(due->at, zone_at(zone, due->at).offset, text);
			json_member_text(json, due->state == DUE_AT ? "due_local" : "reminder_local", text);
			json_member_string(json, "zone", zone->name);
		}
		if (due->period_end > 0)
			json_moment(json, "period_end", due->period_end);
		json_member_boolean(json, "before_law", due->before_law);
	}
	json_members(json, due->clock);
	json_object_close(json);
}

static bool print_json(struct json *json)
{
	return table_put_json(json) == DONE || !unusable("not enough memory to write JSON");
}

static bool list_json(const struct clocks *clocks)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_SIZE, NULL);
	json_init(&json, &buffer, false);
	json_array_open(&json);
	for (size_t i = 0; i < clocks->count; i++) {
		json_object_open(&json);
		json_members(&json, &clocks->all[i]);
		json_object_close(&json);
	}
	json_array_close(&json);
	return print_json(&json);
}

static bool dues_json(const struct dues *dues, const struct zone *zone)
{
	struct buffer buffer;
	struct json json;
	buffer_init(&buffer, OUTPUT_SIZE, NULL);
	json_init(&json, &buffer, false);
	json_array_open(&json);
	for (size_t i = 0; i < dues->count; i++)
		json_due(&json, &dues->all[i], zone);
	json_array_close(&json);
	return print_json(&json);
}

bool clock_output_list(const struct clocks *clocks, enum table_format format)
{
	if (format == TABLE_JSON)
		return list_json(clocks);
	if (format == TABLE_TSV)
		(void)printf("clock\tlaw\tarticle\tbinds\trule\twhat\tto\tsource\n");
	for (size_t i = 0; i < clocks->count; i++) {
		const struct clock *clock = &clocks->all[i];
		const struct clock *before = i > 0 ? &clocks->all[i - 1] : NULL;
		if (format == TABLE_TSV) {
			(void)printf("%.*s\t%.*s\t%.*s\t%.*s\t", SPAN_FORMAT(clock->id), SPAN_FORMAT(clock->law), SPAN_FORMAT(clock->article),
				     SPAN_FORMAT(clock->binds));
			(void)printf("%.*s\t%.*s\t%.*s\t%.*s\n", SPAN_FORMAT(clock->rule), SPAN_FORMAT(clock->due), SPAN_FORMAT(clock->to),
				     SPAN_FORMAT(clock->source));
			continue;
		}
		if (!before || !span_equal(before->law, clock->law))
			(void)printf("%s%.*s\n", before ? "\n" : "", SPAN_FORMAT(clock->law));
		(void)printf("  %-34.*s %.*s: %.*s\n", SPAN_FORMAT(clock->id), SPAN_FORMAT(clock->article), SPAN_FORMAT(clock->rule));
	}
	return true;
}

/* What stands below the first line of a due time: what it is, why then, and what has to be known of it. */
static void print_why(const struct due *due, const struct zone *zone)
{
	const struct clock *clock = due->clock;
	char from[MOMENT_ROOM], zoned[ZONED_SIZE];
	moment_write(due->state == DUE_WAITING ? due->start->at : due->counted_from, 0, from);
	(void)printf("    %.*s, %.*s: %.*s\n", SPAN_FORMAT(clock->article), SPAN_FORMAT(clock->law), SPAN_FORMAT(clock->rule));
	(void)printf("    %s %s (%.*s)\n", due->state == DUE_WAITING ? "waiting since" : "counted from", from,
		     SPAN_FORMAT(due->start->event));
	(void)printf("    %.*s\n    to %.*s\n", SPAN_FORMAT(clock->due), SPAN_FORMAT(clock->to));
	if (clock->unless.size > 0)
		(void)printf("    unless %.*s\n", SPAN_FORMAT(clock->unless));
	if (!zone && due->state == DUE_AT && (clock->unit == CLOCK_DAYS || clock->unit == CLOCK_MONTHS))
		(void)printf("    counted in UTC alone: by the calendar of the authority's zone (--zone) it may be due earlier\n");
	if (due->period_end > 0) {
		write_zoned(due->period_end, zone, zoned);
		(void)printf("    by Regulation 1182/71 the period ends at %s\n", zoned);
		(void)printf("    (public holidays are not known to assay); do not wait for it\n");
	}
	if (due->before_law)
		(void)printf("    it began before the law applied (%.*s)\n", SPAN_FORMAT(clock->applies_from));
	if (clock->note.size > 0)
		(void)printf("    %.*s\n", SPAN_FORMAT(clock->note));
}

static void print_due(const struct due *due, const struct zone *zone)
{
	char at[MOMENT_ROOM], zoned[ZONED_SIZE];
	(void)printf("%.*s\n", SPAN_FORMAT(due->clock->id));
	moment_write(due->at, 0, at);
	if (due->state == DUE_AT)
		(void)printf("    due %s\n", at);
	else if (due->state == DUE_AT_ONCE)
		(void)printf("    at once: the text gives no number; a reminder of ours stands at %s\n", at);
	else
		(void)printf("    no due time yet\n");
	if (zone && due->state != DUE_WAITING) {
		write_zoned(due->at, zone, zoned);
		(void)printf("    in %.*s: %s\n", SPAN_FORMAT(zone->name), zoned);
	}
	print_why(due, zone);
}

bool clock_output_dues(const struct dues *dues, const struct zone *zone, enum table_format format)
{
	char at[MOMENT_ROOM], from[MOMENT_ROOM];
	if (format == TABLE_JSON)
		return dues_json(dues, zone);
	if (format == TABLE_TSV)
		(void)printf("clock\tstate\tdue\tcounted_from\tarticle\trule\n");
	for (size_t i = 0; i < dues->count; i++) {
		const struct due *due = &dues->all[i];
		if (format == TABLE_TEXT) {
			print_due(due, zone);
			continue;
		}
		moment_write(due->at, 0, at);
		moment_write(due->counted_from, 0, from);
		(void)printf("%.*s\t%s\t%s\t%s\t", SPAN_FORMAT(due->clock->id), due_state_name(due->state),
			     due->state == DUE_AT ? at : "", due->state == DUE_WAITING ? "" : from);
		(void)printf("%.*s\t%.*s\n", SPAN_FORMAT(due->clock->article), SPAN_FORMAT(due->clock->rule));
	}
	return true;
}
