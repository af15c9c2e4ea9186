#include "vuln/kernel_names_index.h"

#include "evidence/query.h"

struct name_slot {
	struct span name; /* empty where the slot is */
	uint32_t table;
};

/* What kernel_names.source may be. */
static const char *const sources[] = { "kallsyms", "exports", "module symbols", "source paths", "built in", "modules", "texts",
				      "marks" };
enum { SOURCES = sizeof sources / sizeof *sources, FUNCTION_SOURCES = 3 };

static const char *source_of(struct span word, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_text(word, sources[i]))
			return sources[i];
	return NULL;
}

static bool holds_functions(const struct names_table *table)
{
	return source_of(span_of_text(table->source), FUNCTION_SOURCES) != NULL;
}

/* Without what a compiler appends to the names of its copies and pieces. */
static struct span plain_name(struct span name)
{
	for (size_t i = 1; i < name.size; i++)
		if (span_byte(name, i) == '.' || span_byte(name, i) == '$')
			return span_slice(name, 0, i);
	return name;
}

static struct name_slot *slot_of(const struct names_index *index, struct span name)
{
	size_t at = (size_t)span_hash(name) & (index->slot_count - 1);
	while (index->slots[at].name.size > 0 && !span_equal(index->slots[at].name, name))
		at = (at + 1) & (index->slot_count - 1);
	return &index->slots[at];
}

static void fill_slots(struct names_index *index)
{
	for (size_t i = 0; i < index->count; i++) {
		struct span rest = index->tables[i].names, line;
		while (holds_functions(&index->tables[i]) && span_next_line(&rest, &line)) {
			struct span name = plain_name(line);
			struct name_slot *slot = slot_of(index, name);
			if (slot->name.size == 0)
				*slot = (struct name_slot){ name, (uint32_t)i };
		}
	}
}

static bool add_table(struct names_index *index, const struct query *query, struct arena *arena)
{
	struct names_table *grown = arena_grow(arena, index->tables, index->count, &index->capacity, sizeof *grown);
	struct span names = arena_copy(arena, query_text(query, 4));
	const char *source = source_of(query_text(query, 1), SOURCES);
	if (!grown || !names.data || !source)
		return false;
	index->tables = grown;
	index->tables[index->count++] = (struct names_table){
		.source = source,
		.file = query_integer(query, 0),
		.whole = query_integer(query, 2) != 0,
		.offset = query_is_null(query, 3) ? -1 : query_integer(query, 3),
		.names = names,
	};
	return true;
}

static size_t count_lines(const struct names_index *index)
{
	size_t lines = 0;
	for (size_t i = 0; i < index->count; i++) {
		struct span rest = index->tables[i].names, line;
		while (holds_functions(&index->tables[i]) && span_next_line(&rest, &line))
			lines++;
	}
	return lines;
}

bool names_index_read(struct names_index *index, sqlite3 *evidence, struct arena *arena)
{
	*index = (struct names_index){ 0 };
	struct query query = query_start(evidence, "SELECT file, source, whole, offset, names FROM kernel_names"
						   " ORDER BY source = 'kallsyms' DESC, rowid");
	bool room = true;
	while (query_next(&query) && (room = add_table(index, &query, arena)))
		continue;
	room = query_end(&query) == DONE && room;
	size_t lines = room ? count_lines(index) : 0;
	for (index->slot_count = 1; index->slot_count < lines * 2; index->slot_count *= 2)
		continue;
	index->slots = ARENA_NEW(arena, struct name_slot, index->slot_count + 1);
	if (!room || !index->slots) {
		*index = (struct names_index){ 0 };
		return false;
	}
	fill_slots(index);
	return true;
}

const struct names_table *names_index_find(const struct names_index *index, struct span name)
{
	if (index->slot_count < 2)
		return NULL;
	const struct name_slot *slot = slot_of(index, name);
	return slot->name.size > 0 ? &index->tables[slot->table] : NULL;
}

/* Start of the line that holds a byte. */
static size_t line_start(struct span text, size_t at)
{
	while (at > 0 && span_byte(text, at - 1) != '\n')
		at--;
	return at;
}

/* The first line that is not before the words. */
static struct span lower_bound(struct span text, struct span words)
{
	size_t low = 0, high = text.size;
	while (low < high) {
		size_t start = line_start(text, low + (high - low) / 2);
		size_t end = span_find_byte(text, '\n', start);
		struct span line = span_slice(text, start, (end == SPAN_NOT_FOUND ? text.size : end) - start);
		if (span_compare(line, words) < 0)
			low = end == SPAN_NOT_FOUND ? text.size : end + 1;
		else
			high = start;
	}
	return span_slice(text, low, span_find_byte(span_from(text, low), '\n', 0));
}

const struct names_table *names_index_find_prefix(const struct names_index *index, struct span prefix)
{
	for (size_t i = 0; i < index->count; i++)
		if (holds_functions(&index->tables[i]) && span_starts(lower_bound(index->tables[i].names, prefix), prefix))
			return &index->tables[i];
	return NULL;
}

const struct names_table *names_index_find_line(const struct names_index *index, const char *source, struct span line)
{
	for (size_t i = 0; i < index->count; i++)
		if (span_equal_text(span_of_text(index->tables[i].source), source) &&
		    span_equal(lower_bound(index->tables[i].names, line), line))
			return &index->tables[i];
	return NULL;
}

const struct names_table *names_index_of(const struct names_index *index, const char *source)
{
	for (size_t i = 0; i < index->count; i++)
		if (span_equal_text(span_of_text(index->tables[i].source), source))
			return &index->tables[i];
	return NULL;
}
