#include "register/version_list.h"

#include "base/clock.h"
#include "base/text.h"
#include "register/csv.h"
#include "register/named.h"

enum { LIST_CEILING = 256 << 20 };

enum column {
	PRODUCT, VERSION, SHIPPED, SUPPORTED_UNTIL, STATE, MARKETS, UNITS, ORGANISATION, MODEL, CATEGORY, CRA_CLASS, CONTACT, COLUMNS,
};

static bool is_any(struct span text)
{
	return text.size > 0;
}

static bool is_state(struct span text)
{
	return span_equal_text(text, "draft") || span_equal_text(text, "shipped") || span_equal_text(text, "withdrawn");
}

static bool is_number(struct span text)
{
	uint64_t number;
	return span_to_number(text, INT64_MAX, &number);
}

/* Two capital letters each. */
static bool is_countries(struct span text)
{
	struct span word;
	while (span_next_word(&text, &word)) {
		uint8_t first = span_byte(word, 0), second = span_byte(word, 1);
		if (word.size != 2 || first < 'A' || first > 'Z' || second < 'A' || second > 'Z')
			return false;
	}
	return true;
}

static bool is_class(struct span text)
{
	static const char *const classes[] = { "default", "important I", "important II", "critical" };
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (span_equal_text(text, classes[i]))
			return true;
	return false;
}

static const struct {
	const char *name;
	bool (*holds)(struct span text);
	const char *wants;
} columns[COLUMNS] = {
	[PRODUCT] = { "product", is_any, "a name" },
	[VERSION] = { "version", is_any, "a name" },
	[SHIPPED] = { "shipped", clock_is_day, "a day as 2026-11-28" },
	[SUPPORTED_UNTIL] = { "supported_until", clock_is_day, "a day as 2026-11-28" },
	[STATE] = { "state", is_state, "draft, shipped or withdrawn" },
	[MARKETS] = { "markets", is_countries, "countries as 'DE FR' (ISO 3166-1)" },
	[UNITS] = { "units", is_number, "a whole number" },
	[ORGANISATION] = { "organisation", is_any, "a name" },
	[MODEL] = { "model", is_any, "a name" },
	[CATEGORY] = { "category", is_any, "a name" },
	[CRA_CLASS] = { "cra_class", is_class, "default, important I, important II or critical" },
	[CONTACT] = { "contact", is_any, "an address" },
};

struct list {
	struct registry *registry;
	struct arena arena;
	int place[COLUMNS]; /* of each column in a row; -1 where the table has it not */
	size_t width;
	struct version_list_counts *counts;
	bool added, changed; /* by the row that is being taken */
};

static enum outcome wrong(struct list *list, const struct csv_row *row, const char *what, struct span words)
{
	return registry_fail(list->registry, MALFORMED, "line %u: %s '%.*s'", row->line, what, SPAN_FORMAT(words));
}

static enum outcome read_head(struct list *list, const struct csv_row *row)
{
	list->width = row->count;
	for (int i = 0; i < COLUMNS; i++)
		list->place[i] = -1;
	for (size_t at = 0; at < row->count; at++) {
		int column = 0;
		while (column < COLUMNS && !span_equal_text(row->fields[at], columns[column].name))
			column++;
		if (column == COLUMNS)
			return wrong(list, row, "there is no column", row->fields[at]);
		if (list->place[column] >= 0)
			return wrong(list, row, "twice there is the column", row->fields[at]);
		list->place[column] = (int)at;
	}
	if (list->place[PRODUCT] < 0 || list->place[VERSION] < 0)
		return registry_fail(list->registry, MALFORMED, "line %u: it names the columns product and version", row->line);
	return DONE;
}

static struct span field(struct list *list, const struct csv_row *row, enum column column)
{
	return list->place[column] < 0 ? SPAN_NONE : text_printable(&list->arena, span_trim(row->fields[list->place[column]]));
}

static enum outcome check_row(struct list *list, const struct csv_row *row)
{
	if (row->count != list->width)
		return registry_fail(list->registry, MALFORMED, "line %u has %zu fields, and the first line %zu", row->line, row->count,
				     list->width);
	for (enum column i = 0; i < COLUMNS; i++) {
		struct span text = field(list, row, i);
		bool needed = i == PRODUCT || i == VERSION;
		if ((needed || text.size > 0) && !columns[i].holds(text))
			return registry_fail(list->registry, MALFORMED, "line %u: %s is %s, not '%.*s'", row->line, columns[i].name,
					     columns[i].wants, SPAN_FORMAT(text));
	}
	return DONE;
}

/* What a row says of a column, where that is not what the register has; false where it is, or the row says nothing. */
static bool differs(struct list *list, const char *table, int64_t id, const char *column, struct value value)
{
	struct span sql = arena_format(&list->arena, "SELECT %s FROM %s WHERE id = ?1", column, table);
	struct rows rows = rows_start(list->registry->database, sql.data ? (const char *)sql.data : "");
	rows_bind(&rows, 1, value_integer(id));
	bool found = rows_next(&rows);
	struct value is = rows_value(&rows, 0);
	bool same = found && is.type == value.type && is.integer == value.integer && span_equal(is.text, value.text);
	return rows_end(&rows) != DONE || !same;
}

/* Changes the columns from first to last, of those that the row has. */
static void change(struct list *list, struct event *event, const struct csv_row *row, const char *table, int64_t id,
		   enum column first, enum column last)
{
	struct field fields[COLUMNS] = { { "id", value_integer(id) } };
	size_t count = 1;
	for (enum column i = first; i <= last; i++) {
		struct span text = field(list, row, i);
		uint64_t number = 0;
		bool counted = i == UNITS && span_to_number(text, INT64_MAX, &number);
		struct value value = counted ? value_integer((int64_t)number) : value_text(text);
		if (text.size > 0 && i != ORGANISATION && differs(list, table, id, columns[i].name, value))
			fields[count++] = (struct field){ columns[i].name, value };
	}
	if (count > 1) {
		event_update(event, table, fields, count);
		list->changed = true;
	}
}

static int64_t product_of(struct list *list, struct event *event, const struct csv_row *row)
{
	struct span name = field(list, row, PRODUCT), organisation = field(list, row, ORGANISATION);
	int64_t id = named_product(event, name, &list->changed);
	if (organisation.size > 0) {
		struct value maker = value_integer(named_organisation(event, organisation, SPAN_LITERAL("maker")));
		if (differs(list, "product", id, "organisation", maker)) {
			event_update(event, "product", (const struct field[]){
				{ "id", value_integer(id) }, { "organisation", maker } }, 2);
			list->changed = true;
		}
	}
	return id;
}

/* One event for each row that adds or changes something. */
static enum outcome take_row(struct list *list, const struct csv_row *row)
{
	struct event event;
	struct span subject = arena_format(&list->arena, "%.*s %.*s", SPAN_FORMAT(field(list, row, PRODUCT)),
					   SPAN_FORMAT(field(list, row, VERSION)));
	list->added = list->changed = false;
	event_begin(&event, list->registry, "version.listed", subject);
	int64_t product = product_of(list, &event, row);
	int64_t version = named_version(&event, product, field(list, row, VERSION), &list->added);
	change(list, &event, row, "product", product, MODEL, CONTACT);
	change(list, &event, row, "version", version, SHIPPED, UNITS);
	list->counts->added += list->added;
	list->counts->changed += !list->added && list->changed;
	list->counts->same += !list->added && !list->changed;
	if (list->added || list->changed)
		return event_end(&event);
	return event_cancel(&event);
}

static enum outcome take_rows(struct list *list, struct span rest)
{
	uint32_t line = 1;
	struct csv_row row;
	enum outcome outcome = csv_next(&rest, &line, &list->arena, &row);
	if (outcome == DONE)
		outcome = read_head(list, &row);
	while (outcome == DONE) {
		outcome = csv_next(&rest, &line, &list->arena, &row);
		if (outcome == MALFORMED)
			return registry_fail(list->registry, outcome, "line %u is no row of a table (CSV, RFC 4180)", row.line);
		if (outcome == DONE)
			outcome = check_row(list, &row);
		if (outcome == DONE)
			outcome = take_row(list, &row);
	}
	return outcome == NOT_THIS ? DONE : outcome;
}

enum outcome version_list_take(struct registry *registry, struct span text, struct version_list_counts *out)
{
	struct list list = { .registry = registry, .counts = out };
	*out = (struct version_list_counts){ 0 };
	TRY(registry_done(registry, database_begin(registry->database), "taking the list"));
	arena_init(&list.arena, LIST_CEILING);
	enum outcome outcome = take_rows(&list, text);
	arena_done(&list.arena);
	return registry_finish(registry, outcome, "taking the list");
}
