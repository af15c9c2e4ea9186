#include "register/replay.h"

#include "base/json_tree.h"
#include "register/event.h"

enum { BODY_CEILING = 1 << 30 };

const char *const replay_tables[] = {
	"organisation", "person", "person_role", "product", "version", "artifact", "component_set", "result", "component",
	"vulnerability", "component_match", "store", "store_change", "declaration", "document", "case_file", "case_party",
	"case_start", "case_submission", "case_clock_decision", "case_answer", NULL,
};

/* The program's own name of a table; NULL where it has none of that name. */
static const char *table_named(struct span name)
{
	for (size_t i = 0; replay_tables[i]; i++)
		if (span_equal_text(name, replay_tables[i]))
			return replay_tables[i];
	return NULL;
}

static bool is_column(struct span name)
{
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = span_byte(name, i);
		if (c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9'))
			return false;
	}
	return name.size > 0 && name.size < 64;
}

static bool read_value(const struct json_tree *node, struct value *out)
{
	uint64_t number;
	bool negative = span_byte(node->text, 0) == '-';
	switch (node->kind) {
	case JSON_NULL:
		*out = VALUE_NONE;
		return true;
	case JSON_STRING:
		*out = value_text(node->text);
		return true;
	case JSON_NUMBER:
		if (span_to_number(span_from(node->text, negative), INT64_MAX, &number)) {
			*out = value_integer(negative ? -(int64_t)number : (int64_t)number);
			return true;
		}
		*out = value_real(0);
		return span_to_decimal(node->text, &out->real);
	default:
		return false;
	}
}

static enum outcome replay_row(struct database *database, struct arena *arena, const struct json_tree *change)
{
	struct field fields[ROWS_PARAMETERS_MAX];
	size_t count = 0;
	struct span insert = json_tree_text(change, "insert"), update = json_tree_text(change, "update");
	const char *table = table_named(insert.size > 0 ? insert : update);
	if (!table)
		return MALFORMED;
	for (const struct json_tree *node = json_tree_first(json_tree_member(change, "row")); node; node = node->next) {
		if (count == ROWS_PARAMETERS_MAX || !is_column(node->key) || !read_value(node, &fields[count].value))
			return MALFORMED;
		fields[count].column = arena_text(arena, node->key);
		if (!fields[count++].column)
			return NO_MEMORY;
	}
	return count > 0 ? event_do_row(database, insert.size > 0, table, fields, count) : MALFORMED;
}

enum outcome replay_event(struct database *database, struct span body)
{
	struct arena arena;
	const struct json_tree *changes = NULL;
	struct span error;
	arena_init(&arena, BODY_CEILING);
	enum outcome outcome = json_tree_read(body, &arena, &changes, &error);
	if (outcome == DONE && changes->kind != JSON_ARRAY)
		outcome = MALFORMED;
	const struct json_tree *change = outcome == DONE ? changes->first : NULL;
	for (; change && outcome == DONE; change = change->next)
		outcome = replay_row(database, &arena, change);
	arena_done(&arena);
	return outcome;
}
