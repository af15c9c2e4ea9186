#include "register/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/file.h"
#include "register/moment.h"

enum { ZONE_FILE_MAX = 1 << 20, ZONE_NAME_MAX = 64, OFFSET_MAX = 26 * MOMENT_HOUR };

/* The counts of a header (RFC 9636, 3.1). */
struct counts {
	uint8_t version;
	uint32_t ut, standard, leap, changes, types, letters;
};

static bool read_header(struct cursor *c, struct counts *out)
{
	if (!span_equal_text(cursor_take(c, 4), "TZif"))
		return false;
	out->version = cursor_u8(c);
	cursor_skip(c, 15);
	out->ut = cursor_u32be(c);
	out->standard = cursor_u32be(c);
	out->leap = cursor_u32be(c);
	out->changes = cursor_u32be(c);
	out->types = cursor_u32be(c);
	out->letters = cursor_u32be(c);
	return cursor_ok(c);
}

/* Bytes of the data behind a header, whose times have that size. */
static uint64_t data_size(const struct counts *counts, uint64_t time_size)
{
	return counts->changes * (time_size + 1) + counts->types * UINT64_C(6) + counts->letters +
	       counts->leap * (time_size + 4) + counts->standard + counts->ut;
}

static enum outcome read_changes(struct cursor *c, const struct counts *counts, bool wide, struct arena *arena, struct zone *out)
{
	int64_t *changes = ARENA_NEW(arena, int64_t, counts->changes + UINT64_C(1));
	uint8_t *types = ARENA_NEW(arena, uint8_t, counts->changes + UINT64_C(1));
	if (!changes || !types)
		return NO_MEMORY;
	for (uint32_t i = 0; i < counts->changes; i++) {
		changes[i] = wide ? (int64_t)cursor_u64be(c) : (int32_t)cursor_u32be(c);
		if (i > 0 && changes[i] <= changes[i - 1])
			return MALFORMED;
	}
	for (uint32_t i = 0; i < counts->changes; i++) {
		types[i] = cursor_u8(c);
		if (types[i] >= counts->types)
			return MALFORMED;
	}
	out->changes = changes;
	out->change_types = types;
	out->change_count = counts->changes;
	return DONE;
}

static enum outcome read_types(struct cursor *c, const struct counts *counts, struct arena *arena, struct zone *out)
{
	struct zone_type *types = ARENA_NEW(arena, struct zone_type, counts->types + UINT64_C(1));
	struct cursor names = *c;
	if (!types)
		return NO_MEMORY;
	cursor_skip(&names, counts->types * UINT64_C(6));
	struct span letters = cursor_take(&names, counts->letters);
	for (uint32_t i = 0; i < counts->types; i++) {
		types[i].offset = (int32_t)cursor_u32be(c);
		cursor_skip(c, 1);
		struct span name = span_until_nul(span_from(letters, cursor_u8(c)));
		types[i].name = arena_copy(arena, name);
		if (types[i].offset > OFFSET_MAX || types[i].offset < -OFFSET_MAX || name.size == 0)
			return MALFORMED;
		if (!types[i].name.data)
			return NO_MEMORY;
	}
	out->types = types;
	out->type_count = counts->types;
	return DONE;
}

/* The text between two line ends behind the data. */
static enum outcome read_footer(struct cursor *c, struct arena *arena, struct zone *out)
{
	struct span rest = cursor_take(c, cursor_left(c));
	size_t end = span_find_byte(rest, '\n', 1);
	if (span_byte(rest, 0) != '\n' || end == SPAN_NOT_FOUND)
		return MALFORMED;
	struct span text = arena_copy(arena, span_slice(rest, 1, end - 1));
	if (!text.data)
		return NO_MEMORY;
	out->ruled = text.size > 0;
	return !out->ruled || zone_rule_read(text, &out->rule) ? DONE : MALFORMED;
}

enum outcome zone_read(struct span bytes, struct arena *arena, struct zone *out)
{
	struct cursor c = cursor_over(bytes);
	struct counts counts = { 0 };
	*out = (struct zone){ 0 };
	if (!read_header(&c, &counts))
		return MALFORMED;
	bool wide = counts.version >= '2';
	if (wide) {
		cursor_skip(&c, data_size(&counts, 4));
		if (!read_header(&c, &counts))
			return MALFORMED;
	}
	if (counts.types == 0 || counts.types > 256 || data_size(&counts, wide ? 8 : 4) > cursor_left(&c))
		return MALFORMED;
	TRY(read_changes(&c, &counts, wide, arena, out));
	TRY(read_types(&c, &counts, arena, out));
	cursor_skip(&c, counts.letters + counts.leap * (wide ? UINT64_C(12) : UINT64_C(8)) + counts.standard + counts.ut);
	if (!cursor_ok(&c))
		return MALFORMED;
	return wide ? read_footer(&c, arena, out) : DONE;
}

/* A zone without changes. */
static enum outcome fixed(struct span name, int32_t offset, struct arena *arena, struct zone *out)
{
	struct zone_type *type = ARENA_NEW(arena, struct zone_type, 1);
	*out = (struct zone){ .name = arena_copy(arena, name), .types = type, .type_count = 1 };
	if (!type || !out->name.data)
		return NO_MEMORY;
	*type = (struct zone_type){ .offset = offset, .name = out->name };
	return DONE;
}

/* "+01:00": read as the end of a time. */
static bool is_offset(struct span name, int32_t *out)
{
	char text[MOMENT_ROOM];
	struct moment moment;
	if ((span_byte(name, 0) != '+' && span_byte(name, 0) != '-') || name.size > 6)
		return false;
	(void)snprintf(text, sizeof text, "2000-01-10T00:00%.*s", SPAN_FORMAT(name));
	if (!moment_read(span_of_text(text), &moment))
		return false;
	*out = (int32_t)(civil_seconds((struct civil){ 2000, 1, 10, 0 }) - moment.at);
	return true;
}

/* A name is a path below the folder, and leads nowhere else. */
static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.size; i++) {
		uint8_t byte = span_byte(name, i);
		bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
		if (!letter && (byte == 0 || !strchr("_+-/", byte)))
			return false;
	}
	return name.size > 0 && name.size <= ZONE_NAME_MAX && span_byte(name, 0) != '/';
}

enum outcome zone_open(struct span name, struct arena *arena, struct zone *out, struct span *error)
{
	const char *folder = getenv("TZDIR");
	int32_t offset = 0;
	struct file_view view;
	if (span_equal_text(name, "UTC") || span_equal_text(name, "Z") || is_offset(name, &offset))
		return fixed(name, offset, arena, out);
	if (!is_name(name)) {
		*error = arena_format(arena, "'%.*s' is neither a zone's name, as Europe/Berlin, nor an offset, as +01:00",
				      SPAN_FORMAT(name));
		return NOT_THIS;
	}
	struct span path = arena_format(arena, "%s/%.*s", folder && *folder ? folder : "/usr/share/zoneinfo", SPAN_FORMAT(name));
	if (!path.data)
		return NO_MEMORY;
	if (!file_view_open((const char *)path.data, ZONE_FILE_MAX, &view)) {
		*error = arena_format(arena, "there is no zone '%.*s': %.*s: %s", SPAN_FORMAT(name), SPAN_FORMAT(path),
				      strerror(errno));
		return NOT_THIS;
	}
	enum outcome outcome = zone_read(view.bytes, arena, out);
	file_view_close(&view);
	out->name = arena_copy(arena, name);
	if (outcome == MALFORMED)
		*error = arena_format(arena, "%.*s is no sound file of a time zone", SPAN_FORMAT(path));
	return outcome == DONE && !out->name.data ? NO_MEMORY : outcome;
}

struct zone_type zone_at(const struct zone *zone, int64_t at)
{
	size_t low = 0, high = zone->change_count;
	if (zone->ruled && (high == 0 || at >= zone->changes[high - 1])) {
		const struct zone_rule *rule = &zone->rule;
		bool summer = zone_rule_is_summer(rule, at);
		return summer ? (struct zone_type){ rule->summer_offset, rule->summer }
			      : (struct zone_type){ rule->standard_offset, rule->standard };
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (zone->changes[middle] <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return zone->types[low == 0 ? 0 : zone->change_types[low - 1]];
}

void zone_show(int64_t at, const struct zone *zone, char out[static ZONE_SHOWN_ROOM])
{
	char moment[MOMENT_ROOM];
	moment_write(at, 0, moment);
	int length = snprintf(out, ZONE_SHOWN_ROOM, "%.10s %.5s UTC", moment, moment + 11);
	if (!zone)
		return;
	struct zone_type type = zone_at(zone, at);
	moment_write(at, type.offset, moment);
	(void)snprintf(out + length, ZONE_SHOWN_ROOM - (size_t)length, " (%.10s %.5s %.*s)", moment, moment + 11,
		       SPAN_FORMAT(type.name));
}

int64_t zone_moment(const struct zone *zone, int64_t shown)
{
	int64_t best = INT64_MAX, earliest = INT64_MAX;
	for (int days = -1; days <= 1; days++) {
		int32_t offset = zone_at(zone, shown + days * (int64_t)MOMENT_DAY).offset;
		int64_t at = shown - offset;
		if (at < earliest)
			earliest = at;
		if (at < best && zone_at(zone, at).offset == offset)
			best = at;
	}
	return best != INT64_MAX ? best : earliest;
}
