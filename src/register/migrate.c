#include "register/migrate.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/embedded.h"

enum { NAME_SIZE = 40 };

static struct span script_of(int64_t number)
{
	char name[NAME_SIZE];
	(void)snprintf(name, sizeof name, "register/%03lld.sql", (long long)number);
	return embedded(name);
}

int64_t migrate_newest(void)
{
	int64_t number = 0;
	while (script_of(number + 1).size > 0)
		number++;
	return number;
}

/* Tables of the register's name; a database that has others and not these is not ours to write into. */
static int64_t count_tables(struct registry *registry, bool ours)
{
	bool sqlite = strcmp(database_engine(registry->database), "sqlite") == 0;
	if (sqlite)
		return database_number(registry->database,
				       ours ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'migration'"
					    : "SELECT count(*) FROM sqlite_master", -1);
	return database_number(registry->database,
			       ours ? "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()"
				      " AND table_name = 'migration'"
				    : "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()", -1);
}

static enum outcome run_one(struct registry *registry, int64_t number)
{
	char at[21];
	clock_format_utc(clock_report_time(), at);
	const struct value values[] = { value_integer(number), value_word(at) };
	TRY(database_script(registry->database, script_of(number)));
	return database_run(registry->database, "INSERT INTO migration (number, at) VALUES (?1, ?2)", values, 2);
}

/* Under the lock of a writer, since another program may have done it meanwhile. */
static enum outcome run_missing(struct registry *registry)
{
	int64_t has = count_tables(registry, true) > 0
			      ? database_number(registry->database, "SELECT coalesce(max(number), 0) FROM migration", -1)
			      : 0;
	if (has < 0)
		return registry_fail(registry, MALFORMED, "the register cannot be read: %s", database_error(registry->database));
	while (script_of(++has).size > 0)
		TRY(registry_done(registry, run_one(registry, has), "making the register's tables"));
	return DONE;
}

enum outcome migrate(struct registry *registry)
{
	int64_t tables = count_tables(registry, false), ours = count_tables(registry, true);
	if (tables < 0 || ours < 0)
		return registry_fail(registry, MALFORMED, "it is no register: %s", database_error(registry->database));
	if (tables > 0 && ours == 0)
		return registry_fail(registry, MALFORMED, "it is the database of something else, not a register");
	int64_t has = ours > 0 ? database_number(registry->database, "SELECT coalesce(max(number), 0) FROM migration", -1) : 0;
	if (has > migrate_newest())
		return registry_fail(registry, UNSUPPORTED, "its schema is %lld, and this assay knows %lld; use a newer assay",
				     (long long)has, (long long)migrate_newest());
	if (has == migrate_newest())
		return DONE;
	TRY(registry_done(registry, database_begin(registry->database), "making the register's tables"));
	return registry_finish(registry, run_missing(registry), "making the register's tables");
}
