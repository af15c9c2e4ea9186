#include "identify/linked.h"

#include "evidence/query.h"
#include "identify/shape.h"

static bool installs(const struct recogniser *recogniser, struct span name)
{
	for (size_t i = 0; i < recogniser->file_count; i++)
		if (shape_matches(recogniser->files[i], name, NULL))
			return true;
	return false;
}

enum outcome linked_versions(sqlite3 *database, const struct recognisers *recognisers)
{
	struct query query = query_start(database,
		"SELECT DISTINCT w.rowid, w.component, f.path, l.name FROM witness w JOIN file f ON f.id = w.file"
		" JOIN elf_library l ON l.file = w.file"
		" WHERE w.method IN ('banner', 'symbol') AND w.version IS NOT NULL ORDER BY w.rowid");
	struct query forget = query_start(database, "UPDATE witness SET version = NULL WHERE rowid = ?1");
	while (query_next(&query)) {
		const struct recogniser *recogniser = recogniser_find(recognisers, query_text(&query, 1));
		bool built_with = recogniser && !installs(recogniser, span_basename(query_text(&query, 2))) &&
				  installs(recogniser, query_text(&query, 3));
		if (!built_with)
			continue;
		query_bind_integer(&forget, 1, query_integer(&query, 0));
		(void)query_next(&forget);
		query_rewind(&forget);
	}
	enum outcome ended = query_end(&forget), outcome = query_end(&query);
	return outcome == DONE ? ended : outcome;
}
