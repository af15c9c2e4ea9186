#include "inspect/kernel_texts.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "base/lookup.h"

enum { TEXT_LEAST = 5, TEXT_LONGEST = 40, COLONS = 4, FIELDS_BEFORE_TEXTS = 7, ANCHORS_NEEDED = 4 };

/* The texts of the table, each in the slot of its hash or one behind it. */
struct text_set {
	struct span *slots;
	size_t size; /* a power of two */
};

int64_t kernel_texts_table(void)
{
	return (int64_t)(span_hash(embedded("kernel/traces.tsv")) >> 1);
}

static struct span *slot_of(const struct text_set *set, struct span text)
{
	size_t at = (size_t)span_hash(text) & (set->size - 1);
	while (set->slots[at].size > 0 && !span_equal(set->slots[at], text))
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static size_t count_fields(struct span table)
{
	size_t fields = 0;
	for (size_t at = span_find_byte(table, '\t', 0); at != SPAN_NOT_FOUND; at = span_find_byte(table, '\t', at + 1))
		fields++;
	return fields;
}

static bool set_fill(struct text_set *set, struct arena *arena)
{
	struct span table = embedded("kernel/traces.tsv"), line, text;
	size_t fields = count_fields(table);
	for (set->size = 2; set->size < fields * 2; set->size *= 2)
		continue;
	set->slots = ARENA_NEW(arena, struct span, set->size);
	while (set->slots && lookup_next(&table, &line)) {
		for (int i = 0; i < FIELDS_BEFORE_TEXTS; i++)
			(void)lookup_field(&line);
		while ((text = lookup_field(&line)).size > 0)
			*slot_of(set, text) = text;
	}
	return set->slots != NULL;
}

static bool is_printed(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

static void take(const struct text_set *set, struct span text, struct name_list *out)
{
	text = span_slice(text, 0, span_find_byte(text, '%', 0));
	if (text.size < TEXT_LEAST || text.size > TEXT_LONGEST)
		return;
	struct span known = *slot_of(set, text);
	if (known.size > 0)
		name_list_add(out, known);
}

/* A run of characters, and what stands before it. */
static void take_run(const struct text_set *set, struct span run, uint8_t before, struct name_list *out)
{
	take(set, run, out);
	if (before == 1)
		take(set, span_from(run, 1), out);
	if (span_byte(run, 0) == '<' && span_byte(run, 2) == '>')
		take(set, span_from(run, 3), out);
	size_t colons = 0;
	for (size_t at = span_find_text(run, ": ", 0); at != SPAN_NOT_FOUND && colons++ < COLONS;
	     at = span_find_text(run, ": ", at + 2))
		take(set, span_from(run, at + 2), out);
}

/* What every kernel says that says anything. */
static bool holds_messages(struct span bytes)
{
	static const char *const anchors[] = { "Kernel panic - not syncing", "Attempted to kill init!", "scheduling while atomic",
					       "Unable to mount root fs", "Out of memory", "Cannot open root device",
					       "request_module: " };
	size_t seen = 0;
	for (size_t i = 0; i < sizeof anchors / sizeof *anchors; i++)
		seen += span_find_text(bytes, anchors[i], 0) != SPAN_NOT_FOUND;
	return seen >= ANCHORS_NEEDED;
}

bool kernel_texts_find(struct span bytes, struct name_list *out, uint64_t *offset)
{
	struct text_set set;
	if (!holds_messages(bytes) || !set_fill(&set, out->arena) || !effort_spend(bytes.size))
		return false;
	for (size_t start = 0; start < bytes.size; start++) {
		size_t end = start;
		while (end < bytes.size && is_printed(span_byte(bytes, end)) && effort_at(end))
			end++;
		size_t before = out->count;
		if (end - start >= TEXT_LEAST)
			take_run(&set, span_slice(bytes, start, end - start), start > 0 ? span_byte(bytes, start - 1) : 0, out);
		if (before == 0 && out->count > 0)
			*offset = start;
		start = end;
	}
	return name_list_sort(out) && !out->refused;
}
