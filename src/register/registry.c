#include "register/registry.h"

#include <stdarg.h>
#include <stdio.h>

#include "register/migrate.h"

enum { OPENING_CEILING = 1 << 20, SQL_SIZE = 128 };

static enum outcome begin(struct registry *registry, enum outcome opened, struct span why)
{
	if (opened != DONE)
		return registry_fail(registry, opened, "%.*s", SPAN_FORMAT(why));
	return migrate(registry);
}

enum outcome registry_open(struct registry *registry, const char *where, bool create)
{
	struct arena arena;
	struct span why = SPAN_LITERAL("out of memory");
	*registry = (struct registry){ 0 };
	arena_init(&arena, OPENING_CEILING);
	enum outcome outcome = begin(registry, database_open(where, create, &arena, &registry->database, &why), why);
	arena_done(&arena);
	return outcome;
}

enum outcome registry_open_memory(struct registry *registry)
{
	*registry = (struct registry){ 0 };
	return begin(registry, database_open_memory(&registry->database), SPAN_LITERAL("out of memory"));
}

void registry_close(struct registry *registry)
{
	database_close(registry->database);
	registry->database = NULL;
}

enum outcome registry_fail(struct registry *registry, enum outcome outcome, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(registry->error, sizeof registry->error, format, arguments);
	va_end(arguments);
	return outcome;
}

enum outcome registry_done(struct registry *registry, enum outcome outcome, const char *doing)
{
	if (outcome == DONE)
		return DONE;
	if (outcome == NO_MEMORY)
		return registry_fail(registry, outcome, "%s: out of memory", doing);
	if (outcome == OVER_BUDGET)
		return registry_fail(registry, outcome, "%s: another program has been writing for a minute; try again", doing);
	struct span words = span_of_text(database_error(registry->database)), line = SPAN_NONE;
	(void)span_next_line(&words, &line);
	return registry_fail(registry, outcome, "%s: %.*s", doing, SPAN_FORMAT(line));
}

enum outcome registry_finish(struct registry *registry, enum outcome outcome, const char *doing)
{
	if (outcome == DONE)
		return registry_done(registry, database_commit(registry->database), doing);
	database_roll_back(registry->database);
	return outcome;
}

int64_t registry_number(struct registry *registry, const char *sql, const struct value *values, int count)
{
	struct rows rows = rows_start(registry->database, sql);
	for (int i = 0; i < count; i++)
		rows_bind(&rows, i + 1, values[i]);
	int64_t number = rows_next(&rows) ? rows_integer(&rows, 0) : 0;
	return rows_end(&rows) == DONE ? number : 0;
}

int64_t registry_find(struct registry *registry, const char *sql, struct span text)
{
	const struct value value = value_text(text);
	return registry_number(registry, sql, &value, 1);
}

int64_t registry_next(struct registry *registry, const char *table)
{
	char sql[SQL_SIZE];
	(void)snprintf(sql, sizeof sql, "SELECT coalesce(max(id), 0) + 1 FROM %s", table);
	return database_number(registry->database, sql, 0);
}
