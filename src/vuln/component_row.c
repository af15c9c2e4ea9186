#include "vuln/component_row.h"

#include "evidence/query.h"

enum outcome component_row_add(sqlite3 *evidence, const struct component_row *row, int64_t *id)
{
	struct query insert = query_start(evidence,
		"INSERT INTO component (id, name, version, type, confidence, path)"
		" VALUES ((SELECT coalesce(max(id), 0) + 1 FROM component), ?1, ?2, ?3, ?4, ?5)");
	query_bind_text(&insert, 1, row->name);
	if (row->version.size > 0)
		query_bind_text(&insert, 2, row->version);
	query_bind_text(&insert, 3, span_of_text(row->type));
	query_bind_integer(&insert, 4, row->confidence);
	if (row->path.size > 0)
		query_bind_text(&insert, 5, row->path);
	(void)query_next(&insert);
	*id = sqlite3_last_insert_rowid(evidence);
	return query_end(&insert);
}
