#include "judge/scope.h"

#include "evidence/query.h"

static const char *const names[] = { "file", "root", "kernel", "boot", "update", "whole-device" };
enum { SCOPES = sizeof names / sizeof *names };

static unsigned scope_of(struct span name)
{
	for (unsigned i = 0; i < SCOPES; i++)
		if (span_equal_text(name, names[i]))
			return 1U << i;
	return 0;
}

enum outcome scope_read(const struct yaml *node, unsigned *needs, uint32_t *line)
{
	const struct yaml *list = yaml_member(node, "needs");
	*needs = 0;
	*line = list ? list->line : 0;
	if (list && list->kind != YAML_SEQUENCE)
		return MALFORMED;
	for (const struct yaml *child = yaml_first(list); child; child = child->next) {
		unsigned scope = scope_of(child->text);
		*line = child->line;
		if (scope == 0)
			return MALFORMED;
		*needs |= scope;
	}
	return DONE;
}

enum outcome kinds_read(const struct yaml *node, struct arena *arena, struct kind_list *out)
{
	const struct yaml *list = yaml_member(node, "kinds");
	size_t count = 0;
	*out = (struct kind_list){ 0 };
	for (const struct yaml *child = yaml_first(list); child; child = child->next)
		count++;
	if (count == 0)
		return DONE;
	struct span *all = ARENA_NEW(arena, struct span, count);
	if (!all)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(list); child; child = child->next)
		all[out->count++] = child->text;
	out->all = all;
	return DONE;
}

bool kinds_include(const struct kind_list *kinds, struct span kind)
{
	if (kinds->count == 0)
		return span_equal_text(kind, "linux-device");
	for (size_t i = 0; i < kinds->count; i++)
		if (span_equal(kinds->all[i], kind) || span_equal_text(kinds->all[i], "any"))
			return true;
	return false;
}

static enum outcome load_device(sqlite3 *database, struct arena *arena, struct scopes *out)
{
	struct query query = query_start(database, "SELECT kind, words, (SELECT group_concat(words, '; ') FROM"
					 " (SELECT words FROM unread ORDER BY ordinal)) FROM device_kind");
	if (query_next(&query)) {
		out->kind = arena_copy(arena, query_text(&query, 0));
		out->words = arena_copy(arena, query_text(&query, 1));
		out->unread = arena_copy(arena, query_text(&query, 2));
	}
	TRY(query_end(&query));
	return out->kind.data && out->words.data ? DONE : NO_MEMORY;
}

enum outcome scopes_load(sqlite3 *database, struct arena *arena, struct scopes *out)
{
	*out = (struct scopes){ .complete = SCOPE_FILE };
	struct query query = query_start(database, "SELECT name, why FROM scope");
	while (query_next(&query)) {
		unsigned scope = scope_of(query_text(&query, 0));
		if (query_is_null(&query, 1))
			out->complete |= scope;
		for (unsigned i = 0; i < SCOPES; i++)
			if (scope == 1U << i)
				out->why[i] = arena_copy(arena, query_text(&query, 1));
	}
	TRY(query_end(&query));
	return load_device(database, arena, out);
}

struct span scopes_why_not(const struct scopes *scopes, unsigned needs)
{
	if (needs == 0)
		return SPAN_LITERAL("its rule does not say what must have been read (needs)");
	for (unsigned i = 0; i < SCOPES; i++)
		if (needs & ~scopes->complete & 1U << i)
			return scopes->why[i].size > 0 ? scopes->why[i] : SPAN_LITERAL("not all of it was read");
	return SPAN_NONE;
}

bool scope_file_is_whole(sqlite3 *database, struct span path)
{
	struct query query = query_start(database, "SELECT 1 FROM file f WHERE f.path = ?1 AND (f.state <> 'read' OR EXISTS"
					 " (SELECT 1 FROM incomplete i WHERE i.file = f.id AND i.missing <> 'facts'))");
	query_bind_text(&query, 1, path);
	bool broken = query_next(&query);
	return query_end(&query) == DONE && !broken;
}
