/* Brackets of what a builder states: every document names its feed anew, so that none is left over from what was undone. */
#include <stdio.h>

#include "evidence/query.h"
#include "vuln/builder.h"

static enum outcome bracket(struct builder *b, const char *format, int level)
{
	char sql[96];
	(void)snprintf(sql, sizeof sql, format, level, level);
	return query_run(builder_database(b), sql);
}

enum outcome builder_mark(struct builder *b, int level)
{
	return bracket(b, "SAVEPOINT mark%d", level);
}

enum outcome builder_keep(struct builder *b, int level)
{
	return bracket(b, "RELEASE mark%d", level);
}

enum outcome builder_undo(struct builder *b, int level)
{
	return bracket(b, "ROLLBACK TO mark%d; RELEASE mark%d", level);
}
