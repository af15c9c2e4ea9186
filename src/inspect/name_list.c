#include "inspect/name_list.h"

#include <stdlib.h>

#include "base/effort.h"

bool name_is_graphic(struct span name)
{
	for (size_t i = 0; i < name.size; i++)
		if (span_byte(name, i) <= ' ' || span_byte(name, i) > '~')
			return false;
	return true;
}

void name_list_add(struct name_list *list, struct span name)
{
	struct span *grown = arena_grow(list->arena, list->names, list->count, &list->capacity, sizeof *grown);
	if (!grown) {
		list->refused = true;
		return;
	}
	list->names = grown;
	list->names[list->count++] = name;
}

static int by_name(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

bool name_list_sort(struct name_list *list)
{
	enum { EFFORT_PER_NAME = 256 };
	size_t kept = 0;
	if (!effort_spend((uint64_t)list->count * EFFORT_PER_NAME))
		list->count = 0;
	if (list->count > 0)
		qsort(list->names, list->count, sizeof *list->names, by_name);
	for (size_t i = 0; i < list->count; i++)
		if (kept == 0 || !span_equal(list->names[kept - 1], list->names[i]))
			list->names[kept++] = list->names[i];
	list->count = kept;
	return !effort_over();
}

bool name_list_has(const struct name_list *list, struct span name)
{
	return list->count > 0 && bsearch(&name, list->names, list->count, sizeof name, by_name) != NULL;
}

static struct span joined(const struct name_list *list, struct arena *arena)
{
	size_t size = 0, at = 0;
	for (size_t i = 0; i < list->count; i++)
		size += list->names[i].size + 1;
	char *text = arena_allocate(arena, 1, size);
	for (size_t i = 0; text && i < list->count; i++) {
		if (i > 0)
			text[at++] = '\n';
		memcpy(text + at, list->names[i].data, list->names[i].size);
		at += list->names[i].size;
	}
	return span_of(text, at);
}

void name_list_state(struct inspection *file, const struct name_source *source, const struct name_list *list)
{
	struct span text = list->count > 0 ? joined(list, file->facts->arena) : SPAN_NONE;
	if (list->refused || (list->count > 0 && !text.data))
		facts_drop(file->facts, EVIDENCE_KERNEL_NAMES);
	if (list->refused || !text.data)
		return;
	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_NAMES);
	fact_word(file->facts, fact, KERNEL_NAMES_SOURCE, source->source);
	fact_integer(fact, KERNEL_NAMES_WHOLE, source->whole);
	if (source->sought != 0)
		fact_integer(fact, KERNEL_NAMES_SOUGHT, source->sought);
	fact_integer(fact, KERNEL_NAMES_OFFSET, (int64_t)source->offset);
	fact_integer(fact, KERNEL_NAMES_COUNT, (int64_t)list->count);
	fact_whole_text(fact, KERNEL_NAMES_NAMES, text);
}
