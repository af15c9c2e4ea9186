#include "register/touched.h"

static enum outcome mark(struct rows *rows, bool *all, int64_t end)
{
	while (rows_next(rows)) {
		int64_t number = rows_integer(rows, 0);
		if (number > 0 && number < end)
			all[number] = true;
	}
	return rows_end(rows);
}

enum outcome touched_start(struct touched *touched, struct registry *registry, struct arena *arena)
{
	struct database *database = registry->database;
	*touched = (struct touched){
		.registry = registry,
		.component_end = database_number(database, "SELECT coalesce(max(id), 0) + 1 FROM component", 1),
		.result_end = database_number(database, "SELECT coalesce(max(id), 0) + 1 FROM result", 1),
	};
	touched->components = ARENA_NEW(arena, bool, (size_t)touched->component_end);
	touched->results = ARENA_NEW(arena, bool, (size_t)touched->result_end);
	if (!touched->components || !touched->results)
		return NO_MEMORY;
	struct rows rows = rows_start(database, "SELECT component FROM component_match WHERE followed = 0");
	TRY(mark(&rows, touched->components, touched->component_end));
	rows = rows_start(database, "SELECT id FROM result WHERE current = 1 AND followed = 0");
	return mark(&rows, touched->results, touched->result_end);
}

enum outcome touched_by(void *context, struct span product)
{
	struct touched *touched = context;
	struct database *database = touched->registry->database;
	struct rows rows = rows_start(database, "SELECT component FROM component_question WHERE product = ?1");
	rows_bind(&rows, 1, value_text(product));
	TRY(mark(&rows, touched->components, touched->component_end));
	rows = rows_start(database, "SELECT result.id FROM sighting JOIN result ON result.id = sighting.result"
				    " AND result.current = 1 WHERE sighting.kind = 'product' AND sighting.value = ?1");
	rows_bind(&rows, 1, value_text(product));
	return mark(&rows, touched->results, touched->result_end);
}

bool touched_component(const struct touched *touched, int64_t component)
{
	return component > 0 && component < touched->component_end && touched->components[component];
}

size_t touched_count(const struct touched *touched)
{
	size_t count = 0;
	for (int64_t i = 0; i < touched->component_end; i++)
		count += touched->components[i];
	for (int64_t i = 0; i < touched->result_end; i++)
		count += touched->results[i];
	return count;
}
