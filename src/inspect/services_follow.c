#include "evidence/query.h"
#include "inspect/services_sql.h"

enum { CHAIN_LIMIT = 64 };

enum outcome services_follow(sqlite3 *database, const char *const *follow, const char *reached, const char *too_long)
{
	int64_t before = -1;
	for (int i = 0; i < CHAIN_LIMIT; i++) {
		TRY(query_run_all(database, follow));
		int64_t now = query_number(database, reached);
		if (now == before)
			return DONE;
		before = now;
	}
	return query_run(database, too_long);
}
