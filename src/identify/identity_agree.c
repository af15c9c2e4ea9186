/* Which of the models that stand in programs and pages is the device's. */
#include "identify/identity.h"

#include "evidence/query.h"

/* How much oftener it must stand there than any other: lists of devices name many, and each of them as often. */
enum { OFTENER = 3, SURE = 50 };

/* "WRT54GL" of "WRT54G or WRT54GL". */
static bool is_alternative(struct span alternatives, struct span model)
{
	static const char either[] = " or ";
	for (bool more = alternatives.size > 0; more;) {
		size_t at = span_find_text(alternatives, either, 0);
		more = at != SPAN_NOT_FOUND;
		if (span_equal(span_slice(alternatives, 0, more ? at : alternatives.size), model))
			return true;
		alternatives = more ? span_from(alternatives, at + strlen(either)) : SPAN_NONE;
	}
	return false;
}

struct span identity_agreed_model(sqlite3 *database, struct span alternatives, struct arena *arena)
{
	struct query query = query_start(database,
		"SELECT value, count(DISTINCT file), count(DISTINCT source), max(confidence) FROM identity"
		" WHERE subject = 'model' AND source IN ('program', 'page') GROUP BY value ORDER BY 2 DESC, 1");
	struct span model = SPAN_NONE;
	int64_t files = 0;
	if (query_next(&query)) {
		struct span first = query_text(&query, 0);
		bool counts = query_integer(&query, 2) == 2 || query_integer(&query, 3) >= SURE ||
			      is_alternative(alternatives, first);
		files = query_integer(&query, 1);
		model = counts ? arena_copy(arena, first) : SPAN_NONE;
	}
	if (model.size > 0 && query_next(&query) && files < OFTENER * query_integer(&query, 1))
		model = SPAN_NONE;
	return query_end(&query) == DONE ? model : SPAN_NONE;
}
