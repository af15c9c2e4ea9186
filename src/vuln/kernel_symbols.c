#include "vuln/kernel_symbols.h"

#include <stdlib.h>

#include "base/embedded.h"
#include "base/lookup.h"

static void read_line(struct kernel_symbols_table *table, size_t room, struct span line, struct span *folder)
{
	static const char trees[] = "# Trees: ";
	struct span versions = span_from(line, sizeof trees - 1);
	if (span_starts_text(line, trees))
		(void)span_next_word(&versions, &table->oldest);
	if (line.size == 0 || span_byte(line, 0) == '#' || table->count == room)
		return;
	if (span_ends_text(line, "/")) {
		*folder = line;
		return;
	}
	struct kernel_symbols *one = &table->all[table->count++];
	one->folder = *folder;
	one->file = lookup_field(&line);
	one->first = lookup_field(&line);
	one->last = lookup_field(&line);
	one->proofs = lookup_field(&line);
	one->others = lookup_field(&line);
	one->prefix = lookup_field(&line);
	one->modules = lookup_field(&line);
}

struct kernel_symbols_table kernel_symbols_load(struct arena *arena)
{
	struct kernel_symbols_table table = { 0 };
	struct span text = embedded("kernel/symbols.tsv"), rest = text, line, folder = SPAN_NONE;
	size_t lines = 0;
	for (size_t at = span_find_byte(text, '\n', 0); at != SPAN_NOT_FOUND; at = span_find_byte(text, '\n', at + 1))
		lines++;
	table.all = ARENA_NEW(arena, struct kernel_symbols, lines + 1);
	while (table.all && span_next_line(&rest, &line))
		read_line(&table, lines + 1, line, &folder);
	return table;
}

static int by_path(const void *a, const void *b)
{
	const struct kernel_symbols *one = a, *other = b;
	int order = span_compare(one->folder, other->folder);
	return order != 0 ? order : span_compare(one->file, other->file);
}

const struct kernel_symbols *kernel_symbols_find(const struct kernel_symbols_table *table, struct span path)
{
	struct span file = span_basename(path);
	struct kernel_symbols wanted = { .folder = span_slice(path, 0, path.size - file.size), .file = file };
	if (table->count == 0)
		return NULL;
	return bsearch(&wanted, table->all, table->count, sizeof *table->all, by_path);
}
