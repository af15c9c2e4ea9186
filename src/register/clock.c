#include "register/clock.h"

#include <stdlib.h>

#include "register/moment.h"

const char *due_state_name(enum due_state state)
{
	static const char *const names[] = { [DUE_AT] = "due", [DUE_AT_ONCE] = "at once", [DUE_WAITING] = "waiting" };
	return names[state];
}

/* By the calendar, of a clock that shows that many seconds since 1970. */
static int64_t add_calendar(const struct clock *clock, int64_t shown)
{
	return clock->unit == CLOCK_DAYS ? shown + clock->length * MOMENT_DAY : civil_add_months(shown, clock->length);
}

int64_t clock_due(const struct clock *clock, int64_t from, const struct zone *zone)
{
	if (clock->unit == CLOCK_HOURS)
		return from + clock->length * MOMENT_HOUR;
	if (clock->unit != CLOCK_DAYS && clock->unit != CLOCK_MONTHS)
		return 0;
	int64_t due = add_calendar(clock, from);
	if (zone) {
		int64_t there = zone_moment(zone, add_calendar(clock, from + zone_at(zone, from).offset));
		due = there < due ? there : due;
	}
	return due;
}

/*
 * Article 3: the hour or day in which it begins does not count (1); hours end with the last one (2)(a), days and months with
 * the last hour of the last day (2)(b) and (c), and on the next working day where that is a Saturday or Sunday (4).
 */
int64_t clock_period_end(const struct clock *clock, int64_t from, const struct zone *zone)
{
	if (clock->periods != CLOCK_REGULATION_1182_71 || clock->unit == CLOCK_AT_ONCE || clock->unit == CLOCK_NAMED)
		return 0;
	int64_t shown = from + zone_at(zone, from).offset;
	if (clock->unit == CLOCK_HOURS)
		return from + MOMENT_HOUR - shown % MOMENT_HOUR + clock->length * MOMENT_HOUR;
	int64_t last = add_calendar(clock, shown - shown % MOMENT_DAY);
	while (civil_weekday(last) == 0 || civil_weekday(last) == 6)
		last += MOMENT_DAY;
	return zone_moment(zone, last + MOMENT_DAY);
}

/* Whether a start takes the place of the one that counted so far. */
static bool counts_more(enum clock_again again, const struct clock_start *start, const struct clock_start *other)
{
	if (!other)
		return true;
	if (again == CLOCK_LAST) /* the later agreement, whenever it was made for */
		return start->at != other->at ? start->at > other->at : start->sequence > other->sequence;
	return start->at != other->at ? start->at < other->at : start->sequence < other->sequence;
}

static const struct clock_start *find_start(const struct clock_event *event, const struct clock *clock,
					    const struct clock_start *starts, size_t count)
{
	const struct clock_start *found = NULL;
	for (size_t i = 0; i < count; i++)
		if (span_equal(starts[i].event, event->kind) && counts_more(clock->again, &starts[i], found))
			found = &starts[i];
	return found;
}

/* The day from which a law applies is one: clocks_read() saw to that. */
static bool is_before_law(const struct clock *clock, int64_t at)
{
	char text[MOMENT_ROOM];
	moment_write(at, 0, text);
	return clock->applies_from.size > 0 && span_compare(span_of(text, clock->applies_from.size), clock->applies_from) < 0;
}

static void add(struct dues *out, const struct clock *clock, const struct clock_start *start,
		const struct clock_start *required, const struct zone *zone)
{
	struct due due = { .clock = clock, .start = start, .state = DUE_AT, .counted_from = start->at };
	if (required && required->at > start->at)
		due.counted_from = required->at;
	due.before_law = is_before_law(clock, due.counted_from);
	due.at = clock->unit == CLOCK_NAMED ? start->named : clock_due(clock, due.counted_from, zone);
	if (clock->unit == CLOCK_NAMED && start->named == 0)
		due.state = DUE_WAITING;
	if (clock->unit == CLOCK_AT_ONCE) {
		due.state = DUE_AT_ONCE;
		due.at = due.counted_from + clock->reminder * MOMENT_HOUR;
	}
	if (zone && due.state == DUE_AT)
		due.period_end = clock_period_end(clock, due.counted_from, zone);
	out->all[out->count++] = due;
}

static void add_clock(struct dues *out, const struct clock *clock, const struct clock_start *starts, size_t count,
		      const struct zone *zone)
{
	const struct clock_start *required = clock->requires ? find_start(clock->requires, clock, starts, count) : NULL;
	const struct clock_start *start = find_start(clock->starts, clock, starts, count);
	if (clock->requires && !required)
		return;
	if (!start) {
		if (required)
			out->all[out->count++] = (struct due){ .clock = clock, .start = required, .state = DUE_WAITING };
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (span_equal(starts[i].event, clock->starts->kind) && (clock->again == CLOCK_EACH || &starts[i] == start) &&
		    (clock->severity.size == 0 || span_equal(clock->severity, starts[i].severity)))
			add(out, clock, &starts[i], required, zone);
}

static int by_time(const void *left, const void *right)
{
	const struct due *a = left, *b = right;
	if ((a->state == DUE_WAITING) != (b->state == DUE_WAITING))
		return a->state == DUE_WAITING ? 1 : -1;
	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	int order = span_compare(a->clock->id, b->clock->id);
	return order != 0 ? order : (a->start > b->start) - (a->start < b->start);
}

enum outcome clocks_due(const struct clocks *clocks, const struct clock_start *starts, size_t count, const struct zone *zone,
			struct arena *arena, struct dues *out)
{
	*out = (struct dues){ 0 };
	for (size_t i = 0; i < count; i++) {
		if (starts[i].at < 0 || starts[i].at > MOMENT_LAST || starts[i].named < 0 || starts[i].named > MOMENT_LAST)
			return MALFORMED;
		if (!clocks_event(clocks, starts[i].event))
			return NOT_THIS;
	}
	out->all = ARENA_NEW(arena, struct due, clocks->count * (count + UINT64_C(1)) + 1);
	if (!out->all)
		return NO_MEMORY;
	for (size_t i = 0; i < clocks->count; i++)
		add_clock(out, &clocks->all[i], starts, count, zone);
	qsort(out->all, out->count, sizeof *out->all, by_time);
	return DONE;
}
