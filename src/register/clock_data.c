#include "register/clock_data.h"

#include "base/embedded.h"
#include "base/yaml.h"
#include "register/moment.h"

/* A document that is being read. */
struct reader {
	const char *name;
	struct arena *arena;
	struct clocks *out;
	const struct yaml *root;
	struct span *error;
};

static const char *const basis_names[] = { [CLOCK_LAW] = "law", [CLOCK_PROMISE] = "promise", [CLOCK_AGREEMENT] = "agreement" };
static const char *const periods_names[] = { [CLOCK_ELAPSED] = "elapsed", [CLOCK_REGULATION_1182_71] = "Regulation 1182/71",
					     [CLOCK_NATIONAL_LAW] = "national law" };
static const char *const again_names[] = { [CLOCK_FIRST] = "first", [CLOCK_LAST] = "last", [CLOCK_EACH] = "each" };
#define COUNT(names) (sizeof(names) / sizeof *(names))

const char *clock_basis_name(enum clock_basis basis)
{
	return basis_names[basis];
}

static enum outcome fail(const struct reader *reader, const struct yaml *node, const char *what, struct span which)
{
	*reader->error = arena_format(reader->arena, "data/%s, line %u: %s%s%.*s", reader->name, node ? node->line : 0, what,
				      which.size > 0 ? ": " : "", SPAN_FORMAT(which));
	return MALFORMED;
}

const struct clock *clocks_find(const struct clocks *clocks, struct span id)
{
	for (size_t i = 0; i < clocks->count; i++)
		if (span_equal(clocks->all[i].id, id))
			return &clocks->all[i];
	return NULL;
}

const struct clock_event *clocks_event(const struct clocks *clocks, struct span kind)
{
	for (size_t i = 0; i < clocks->event_count; i++)
		if (span_equal(clocks->events[i].kind, kind))
			return &clocks->events[i];
	return NULL;
}

/* A member that is misspelt would be a clock that runs otherwise than its author meant. */
static enum outcome check_members(const struct reader *reader, const struct yaml *node, const char *const *known, size_t count)
{
	if (!node || node->kind != YAML_MAPPING)
		return fail(reader, node, "this must be a mapping", SPAN_NONE);
	for (const struct yaml *member = yaml_first(node); member; member = member->next) {
		size_t i = 0;
		while (i < count && !span_equal_text(member->key, known[i]))
			i++;
		if (i == count)
			return fail(reader, member, "no such member", member->key);
	}
	return DONE;
}

/* Index of a word among names; `otherwise` where there is no text, -1 where it is none of them. */
static int word_of(struct span text, const char *const *names, size_t count, int otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_text(text, names[i]))
			return (int)i;
	return text.size == 0 ? otherwise : -1;
}

/* "14 days": a number of whole units. */
static bool read_length(struct span text, enum clock_unit *unit, int64_t *length)
{
	static const struct { const char *word; enum clock_unit unit; } units[] = {
		{ "hours", CLOCK_HOURS }, { "days", CLOCK_DAYS }, { "month", CLOCK_MONTHS }, { "months", CLOCK_MONTHS } };
	struct span rest = text, number, word;
	uint64_t value;
	*length = 0;
	*unit = span_equal_text(text, "as named") ? CLOCK_NAMED : CLOCK_AT_ONCE;
	if (*unit == CLOCK_NAMED || span_equal_text(text, "without undue delay") || span_equal_text(text, "in a timely manner"))
		return true;
	if (!span_next_word(&rest, &number) || !span_next_word(&rest, &word) || span_trim(rest).size > 0 ||
	    !span_to_number(number, 9999, &value) || value == 0)
		return false;
	for (size_t i = 0; i < COUNT(units); i++) {
		if (span_equal_text(word, units[i].word)) {
			*unit = units[i].unit;
			*length = (int64_t)value;
			return true;
		}
	}
	return false;
}

static enum outcome read_event(struct reader *reader, const struct yaml *node)
{
	static const char *const members[] = { "event", "words" };
	TRY(check_members(reader, node, members, COUNT(members)));
	struct clock_event event = { .kind = yaml_text(node, "event"), .words = yaml_text(node, "words") };
	if (event.kind.size == 0 || event.words.size == 0)
		return fail(reader, node, "an event needs its kind and words", event.kind);
	if (clocks_event(reader->out, event.kind))
		return fail(reader, node, "this event is there already", event.kind);
	reader->out->events[reader->out->event_count++] = event;
	return DONE;
}

/* What the document says for all of its clocks, one may say for itself. */
static struct span own_or_shared(const struct reader *reader, const struct yaml *node, const char *key)
{
	struct span own = yaml_text(node, key);
	return own.size > 0 ? own : yaml_text(reader->root, key);
}

/* In words: the law's own trigger beside every due time, since so many guides name a wrong one. */
static struct span rule_of(const struct reader *reader, const struct clock *clock, struct span length)
{
	if (clock->unit == CLOCK_AT_ONCE)
		return arena_format(reader->arena, "%.*s after %.*s (the text gives no number)", SPAN_FORMAT(length),
				    SPAN_FORMAT(clock->starts->words));
	if (clock->unit == CLOCK_NAMED)
		return arena_format(reader->arena, "at the time that was named when %.*s", SPAN_FORMAT(clock->starts->words));
	return arena_format(reader->arena, "%.*s after %.*s", SPAN_FORMAT(length), SPAN_FORMAT(clock->starts->words));
}

static enum outcome read_choices(const struct reader *reader, const struct yaml *node, struct clock *clock)
{
	enum clock_unit unit = CLOCK_AT_ONCE;
	int basis = word_of(own_or_shared(reader, node, "basis"), basis_names, COUNT(basis_names), -1);
	int periods = word_of(own_or_shared(reader, node, "periods"), periods_names, COUNT(periods_names), -1);
	int again = word_of(yaml_text(node, "again"), again_names, COUNT(again_names), CLOCK_FIRST);
	struct span length = yaml_text(node, "length"), reminder = yaml_text(node, "reminder");
	if (basis < 0 || periods < 0 || again < 0)
		return fail(reader, node, "basis, periods or again is no word of those that can be", clock->id);
	clock->basis = (enum clock_basis)basis;
	clock->periods = (enum clock_periods)periods;
	clock->again = (enum clock_again)again;
	if (!read_length(length, &clock->unit, &clock->length))
		return fail(reader, node, "length is a number of hours, days or months, or words that give none", clock->id);
	if (reminder.size > 0 && (!read_length(reminder, &unit, &clock->reminder) || unit != CLOCK_HOURS))
		return fail(reader, node, "reminder is a number of hours", clock->id);
	if ((clock->reminder > 0) != (clock->unit == CLOCK_AT_ONCE))
		return fail(reader, node, "a clock without a number has a reminder, and no other has", clock->id);
	clock->starts = clocks_event(reader->out, yaml_text(node, "starts"));
	if (!clock->starts)
		return fail(reader, node, "no event of this document starts it", yaml_text(node, "starts"));
	clock->requires = clocks_event(reader->out, yaml_text(node, "requires"));
	if (!clock->requires && yaml_member(node, "requires"))
		return fail(reader, node, "no event of this document is the one that it requires", yaml_text(node, "requires"));
	clock->rule = rule_of(reader, clock, length);
	return clock->rule.data ? DONE : NO_MEMORY;
}

static bool is_day(const struct reader *reader, struct span text)
{
	struct moment at;
	return moment_read(arena_format(reader->arena, "%.*sT00:00Z", SPAN_FORMAT(text)), &at);
}

static enum outcome read_clock(struct reader *reader, const struct yaml *node)
{
	static const char *const members[] = { "id", "law", "article", "applies_from", "binds", "starts", "requires", "length",
					       "reminder", "again", "severity", "unless", "due", "to", "source", "note" };
	TRY(check_members(reader, node, members, COUNT(members)));
	struct clock clock = { .id = yaml_text(node, "id"), .law = own_or_shared(reader, node, "law"),
			       .article = yaml_text(node, "article"), .binds = yaml_text(node, "binds"),
			       .due = yaml_text(node, "due"), .to = yaml_text(node, "to"), .source = yaml_text(node, "source"),
			       .severity = yaml_text(node, "severity"), .unless = yaml_text(node, "unless"),
			       .note = yaml_text(node, "note"), .applies_from = own_or_shared(reader, node, "applies_from") };
	const struct span needed[] = { clock.id, clock.law, clock.article, clock.binds, clock.due, clock.to, clock.source };
	for (size_t i = 0; i < COUNT(needed); i++)
		if (needed[i].size == 0)
			return fail(reader, node, "a clock needs id, law, article, binds, due, to and source", clock.id);
	if (clocks_find(reader->out, clock.id))
		return fail(reader, node, "this clock is there already", clock.id);
	TRY(read_choices(reader, node, &clock));
	if ((clock.basis == CLOCK_LAW) != is_day(reader, clock.applies_from))
		return fail(reader, node, "a law has the day from which it applies, and nothing else has", clock.id);
	reader->out->all[reader->out->count++] = clock;
	return DONE;
}

/* What starts with a submission names the clock whose report was submitted. */
static enum outcome check_submissions(const struct reader *reader)
{
	static const char before[] = "submitted.";
	for (size_t i = 0; i < reader->out->event_count; i++) {
		struct span kind = reader->out->events[i].kind;
		if (span_starts_text(kind, before) && !clocks_find(reader->out, span_from(kind, sizeof before - 1)))
			return fail(reader, reader->root, "it names no clock", kind);
	}
	return DONE;
}

/* Copies of what is there, with room for what comes: the events must not move while a document's clocks point at them. */
static enum outcome make_room(struct reader *reader, const struct yaml *events, const struct yaml *clocks)
{
	struct clocks *out = reader->out;
	struct clock_event *more = ARENA_NEW(reader->arena, struct clock_event, out->event_count + yaml_count(events) + 1);
	struct clock *all = ARENA_NEW(reader->arena, struct clock, out->count + yaml_count(clocks) + 1);
	if (!more || !all)
		return NO_MEMORY;
	for (size_t i = 0; i < out->event_count; i++)
		more[i] = out->events[i];
	for (size_t i = 0; i < out->count; i++)
		all[i] = out->all[i];
	out->events = more;
	out->all = all;
	return DONE;
}

enum outcome clocks_read(const char *name, struct span text, struct arena *arena, struct clocks *out, struct span *error)
{
	static const char *const members[] = { "law", "basis", "periods", "applies_from", "events", "clocks" };
	struct reader reader = { .name = name, .arena = arena, .out = out, .error = error };
	struct span why = SPAN_NONE;
	enum outcome outcome = yaml_read(text, arena, &reader.root, &why);
	if (outcome == MALFORMED)
		return fail(&reader, NULL, "it cannot be read", why);
	TRY(outcome);
	TRY(check_members(&reader, reader.root, members, COUNT(members)));
	const struct yaml *events = yaml_member(reader.root, "events"), *clocks = yaml_member(reader.root, "clocks");
	TRY(make_room(&reader, events, clocks));
	for (const struct yaml *event = yaml_first(events); event; event = event->next)
		TRY(read_event(&reader, event));
	for (const struct yaml *clock = yaml_first(clocks); clock; clock = clock->next)
		TRY(read_clock(&reader, clock));
	return check_submissions(&reader);
}

enum outcome clocks_load(struct arena *arena, struct clocks *out, struct span *error)
{
	*out = (struct clocks){ 0 };
	for (const struct embedded_file *file = embedded_files; file->name; file++)
		if (span_starts_text(span_of_text(file->name), "clocks/"))
			TRY(clocks_read(file->name, span_of(file->data, file->size), arena, out, error));
	return DONE;
}
