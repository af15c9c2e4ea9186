#include "judge/guard.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "evidence/query.h"
#include "judge/regexp.h"
#include "judge/support.h"

/* Functions whose answer differs from run to run, or that reach outside. */
static const char *const refused[] = {
	"random",
	"randomblob",
	"load_extension",
	"date",
	"time",
	"datetime",
	"julianday",
	"unixepoch",
	"strftime",
	"timediff",
	"current_date",
	"current_time",
	"current_timestamp",
	"last_insert_rowid",
	"changes",
	"total_changes",
	"sqlite_version",
	"sqlite_source_id",
};

static int allow_function(const char *name)
{
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (sqlite3_stricmp(name, refused[i]) == 0)
			return SQLITE_DENY;
	return SQLITE_OK;
}

static int authorise(void *context, int action, const char *first, const char *second, const char *database,
		     const char *view)
{
	(void)context;
	(void)first;
	(void)database;
	(void)view;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return allow_function(second);
	default:
		return SQLITE_DENY;
	}
}

enum { UNITS_PER_ROUND = GUARD_ROUND * 30 };

static int spend(void *context)
{
	struct guard *guard = context;
	if (guard->rounds == 0 || !effort_spend(UNITS_PER_ROUND))
		return 1;
	guard->rounds--;
	return 0;
}

enum outcome guard_prepare(sqlite3 *database)
{
	(void)sqlite3_limit(database, SQLITE_LIMIT_LENGTH, GUARD_VALUE_MAX);
	TRY(regexp_register(database));
	TRY(support_prepare(database));
	return query_run(database, (const char *)embedded("rules/tables.sql").data);
}

void guard_enter(struct guard *guard, sqlite3 *database)
{
	*guard = (struct guard){ .database = database, .rounds = GUARD_ROUNDS };
	(void)sqlite3_set_authorizer(database, authorise, NULL);
	sqlite3_progress_handler(database, GUARD_ROUND, spend, guard);
}

void guard_leave(struct guard *guard)
{
	(void)sqlite3_set_authorizer(guard->database, NULL, NULL);
	query_meter(guard->database);
}
