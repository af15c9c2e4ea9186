#include "register/intact.h"

static const char schema[] = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master ORDER BY 1";

static enum outcome differs(struct registry *registry, const struct rows *rows, const char *what)
{
	return registry_fail(registry, MALFORMED, "the %.*s %s", SPAN_FORMAT(rows_text(rows, 0)), what);
}

static enum outcome compare(struct registry *registry, struct rows *is, struct rows *was)
{
	bool has = rows_next(is), had = rows_next(was);
	while (has || had) {
		int order = !has ? 1 : !had ? -1 : span_compare(rows_text(is, 0), rows_text(was, 0));
		if (order != 0)
			return differs(registry, order > 0 ? was : is, order > 0 ? "was taken out" : "is not the register's");
		if (!span_equal(rows_text(is, 1), rows_text(was, 1)))
			return differs(registry, is, "is not defined as it was");
		has = rows_next(is);
		had = rows_next(was);
	}
	return DONE;
}

static enum outcome compare_schemas(struct registry *registry, struct registry *again)
{
	struct rows is = rows_start(registry->database, schema), was = rows_start(again->database, schema);
	enum outcome outcome = compare(registry, &is, &was), read = rows_end(&is), made = rows_end(&was);
	TRY(outcome);
	TRY(registry_done(registry, read, "reading the schema"));
	return registry_done(registry, made, "making the schema again");
}

/* Pages, tables and indexes against each other. */
static enum outcome check_pages(struct registry *registry)
{
	struct rows rows = rows_start(registry->database, "PRAGMA integrity_check(1)");
	enum outcome outcome = DONE;
	if (rows_next(&rows) && !span_equal_text(rows_text(&rows, 0), "ok"))
		outcome = registry_fail(registry, MALFORMED, "the file is damaged, or was altered: %.*s",
					SPAN_FORMAT(rows_text(&rows, 0)));
	enum outcome read = rows_end(&rows);
	TRY(outcome);
	return registry_done(registry, read, "reading the file");
}

enum outcome intact(struct registry *registry, struct registry *again)
{
	if (strcmp(database_engine(registry->database), "sqlite") != 0)
		return DONE;
	TRY(compare_schemas(registry, again));
	return check_pages(registry);
}
