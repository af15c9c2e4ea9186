#include "vuln/statement.h"

#include <stdlib.h>

enum { LIST_SIZE_MAX = 1024 * 1024 };

struct item {
	struct span product, text;
	struct builder_scope scope;
	size_t ordinal;
};

struct item_page {
	struct item_page *next;
	size_t count;
	struct item items[256];
};

void statement_init(struct statement *statement, struct arena *arena)
{
	*statement = (struct statement){ .arena = arena };
	buffer_init(&statement->list, LIST_SIZE_MAX, NULL);
}

void statement_done(struct statement *statement)
{
	buffer_done(&statement->list);
}

void statement_clear(struct statement *statement)
{
	arena_reset(statement->arena);
	statement->pages = NULL;
	statement->count = 0;
}

static struct item *new_item(struct statement *statement)
{
	size_t room = sizeof statement->pages->items / sizeof *statement->pages->items;
	if (!statement->pages || statement->pages->count == room) {
		struct item_page *page = ARENA_NEW(statement->arena, struct item_page, 1);
		if (!page)
			return NULL;
		page->next = statement->pages;
		statement->pages = page;
	}
	struct item *item = &statement->pages->items[statement->pages->count++];
	item->ordinal = statement->count++;
	return item;
}

static bool copy_scope(struct arena *arena, const struct builder_scope *from, struct builder_scope *to)
{
	*to = *from;
	to->release = arena_copy(arena, from->release);
	to->platform = arena_copy(arena, from->platform);
	to->part = arena_copy(arena, from->part);
	to->files = arena_copy(arena, from->files);
	return to->release.data && to->platform.data && to->part.data && to->files.data;
}

enum outcome statement_add(struct statement *statement, struct span product, const struct range *range,
			const struct builder_scope *scope)
{
	buffer_clear(&statement->list);
	enum outcome outcome = range_append(&statement->list, range);
	if (outcome == NOT_THIS || product.size == 0)
		return DONE;
	TRY(outcome);
	struct item *item = new_item(statement);
	if (!item)
		return OVER_BUDGET;
	item->product = arena_copy(statement->arena, product);
	item->text = arena_copy(statement->arena, buffer_span(&statement->list));
	if (scope && !copy_scope(statement->arena, scope, &item->scope))
		return OVER_BUDGET;
	return item->product.data && item->text.data ? DONE : OVER_BUDGET;
}

bool statement_has(const struct statement *statement, struct span product, int64_t before)
{
	for (const struct item_page *page = statement->pages; page; page = page->next)
		for (size_t i = 0; i < page->count; i++)
			if (page->items[i].scope.entry < before && span_equal(page->items[i].product, product))
				return true;
	return false;
}

/* By what makes a row of its own: product, release, entry. */
static int compare_rows(const struct item *a, const struct item *b)
{
	int difference = span_compare(a->product, b->product);
	if (difference == 0)
		difference = span_compare(a->scope.release, b->scope.release);
	if (difference == 0)
		difference = (a->scope.entry > b->scope.entry) - (a->scope.entry < b->scope.entry);
	return difference;
}

static int compare_items(const void *left, const void *right)
{
	const struct item *const *a = left, *const *b = right;
	int difference = compare_rows(*a, *b);
	if (difference != 0)
		return difference;
	return ((*a)->ordinal > (*b)->ordinal) - ((*a)->ordinal < (*b)->ordinal);
}

/* One row: all items of a product, release and entry. A platform, part or files count only where all its items have them. */
static enum outcome write_row(struct statement *statement, struct item *const *items, size_t count, statement_row row,
			      void *context)
{
	buffer_clear(&statement->list);
	struct builder_scope scope = items[0]->scope;
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && span_equal(items[i]->text, items[i - 1]->text))
			continue;
		if (i > 0)
			TRY(buffer_append(&statement->list, SPAN_LITERAL(" ")));
		TRY(buffer_append(&statement->list, items[i]->text));
		if (items[i]->scope.platform.size == 0)
			scope.platform = SPAN_NONE;
		if (!span_equal(items[i]->scope.part, scope.part))
			scope.part = SPAN_NONE;
		if (items[i]->scope.files.size == 0)
			scope.files = SPAN_NONE;
	}
	return row(context, items[0]->product, buffer_span(&statement->list), &scope);
}

enum outcome statement_write(struct statement *statement, statement_row row, void *context)
{
	struct item **items = ARENA_NEW(statement->arena, struct item *, statement->count);
	if (!items)
		return OVER_BUDGET;
	size_t count = 0;
	for (struct item_page *page = statement->pages; page; page = page->next)
		for (size_t i = 0; i < page->count; i++)
			items[count++] = &page->items[i];
	qsort(items, count, sizeof *items, compare_items);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && compare_rows(items[to], items[from]) == 0; to++)
			;
		TRY(write_row(statement, items + from, to - from, row, context));
	}
	return DONE;
}
