#include "base/arena.h"

#include "base/effort.h"
#include "base/shortage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Small arenas stay small: there is one for each container. */
enum { ALIGNMENT = 16, PAGE_FIRST = 4 * 1024, PAGE_SIZE = 64 * 1024, UNITS_GIVEN = 8 };

struct arena_page {
	struct arena_page *next;
	size_t size; /* of bytes */
	size_t used;
	_Alignas(ALIGNMENT) uint8_t bytes[];
};

void arena_init(struct arena *arena, size_t ceiling)
{
	*arena = (struct arena){ .ceiling = ceiling, .memory = memory_current };
}

static void free_pages(const struct arena *arena, struct arena_page *page)
{
	while (page) {
		struct arena_page *next = page->next;
		memory_give(arena->memory, sizeof *page + page->size);
		free(page);
		page = next;
	}
}

void arena_done(struct arena *arena)
{
	free_pages(arena, arena->pages);
	arena->pages = NULL;
	arena->used = 0;
}

void arena_reset(struct arena *arena)
{
	struct arena_page *kept = arena->pages;
	arena->used = 0;
	arena->refused = false;
	if (!kept)
		return;
	free_pages(arena, kept->next);
	kept->next = NULL;
	if (kept->size > PAGE_SIZE) {
		free_pages(arena, kept);
		arena->pages = NULL;
		return;
	}
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
}

/* Zeroed memory that counts; NULL where the account or the system refuses it. */
static struct arena_page *new_page(const struct arena *arena, size_t size)
{
	size_t bytes = sizeof(struct arena_page) + size;
	if (size > SIZE_MAX - sizeof(struct arena_page) || !memory_take(arena->memory, bytes))
		return NULL;
	struct arena_page *page = calloc(1, bytes);
	if (page)
		page->size = size;
	else
		memory_give(arena->memory, bytes);
	return page;
}

/* Pages grow with the arena. */
static size_t page_size(const struct arena *arena)
{
	size_t size = PAGE_FIRST;
	while (size < PAGE_SIZE && size <= arena->used)
		size *= 2;
	return size;
}

static struct arena_page *add_page(struct arena *arena, size_t need)
{
	size_t usual = page_size(arena);
	bool large = need > usual / 4;
	struct arena_page *page = new_page(arena, large ? need : usual);
	if (!page)
		return NULL;
	if (large && arena->pages) {
		/* A large request gets a page behind the current one, which stays open for small ones. */
		page->next = arena->pages->next;
		arena->pages->next = page;
	} else {
		page->next = arena->pages;
		arena->pages = page;
	}
	return page;
}

static void *allocate(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > (SIZE_MAX - ALIGNMENT) / size)
		return NULL;
	size_t need = (count * size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (need == 0)
		need = ALIGNMENT;
	if (need > arena->ceiling - arena->used)
		return NULL;
	(void)effort_spend(UNITS_GIVEN + need / 16); /* what follows sees that there is no more */
	struct arena_page *page = arena->pages;
	if (!page || need > page->size - page->used)
		page = add_page(arena, need);
	if (!page)
		return NULL;
	void *given = page->bytes + page->used;
	page->used += need;
	arena->used += need;
	return given;
}

void *arena_allocate(struct arena *arena, size_t count, size_t size)
{
	void *given = allocate(arena, count, size);
	if (!given) {
		arena->refused = true;
		shortage_set();
	}
	return given;
}

void *arena_grow(struct arena *arena, void *things, size_t count, size_t *capacity, size_t size)
{
	enum { FIRST = 64 };
	if (count < *capacity)
		return things;
	size_t wanted = *capacity ? *capacity * 2 : FIRST;
	void *more = wanted > *capacity ? arena_allocate(arena, wanted, size) : NULL;
	if (!more)
		return NULL;
	if (count > 0)
		memcpy(more, things, count * size);
	*capacity = wanted;
	return more;
}

struct span arena_copy(struct arena *arena, struct span bytes)
{
	if (bytes.size == SIZE_MAX)
		return SPAN_NONE;
	uint8_t *copy = arena_allocate(arena, bytes.size + 1, 1);
	if (!copy)
		return SPAN_NONE;
	if (bytes.size > 0)
		memcpy(copy, bytes.data, bytes.size);
	return span_of(copy, bytes.size);
}

char *arena_text(struct arena *arena, struct span bytes)
{
	bytes = span_until_nul(bytes);
	char *text = arena_allocate(arena, bytes.size + 1, 1);
	if (text && bytes.size > 0)
		memcpy(text, bytes.data, bytes.size);
	return text;
}

struct span arena_small_letters(struct arena *arena, struct span bytes)
{
	char *text = arena_text(arena, bytes);
	for (char *at = text; at && *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return text ? span_of_text(text) : SPAN_NONE;
}

struct span arena_format(struct arena *arena, const char *format, ...)
{
	va_list measure, print;
	va_start(measure, format);
	va_copy(print, measure);
	int length = vsnprintf(NULL, 0, format, measure);
	va_end(measure);
	char *text = length < 0 ? NULL : arena_allocate(arena, (size_t)length + 1, 1);
	if (text)
		(void)vsnprintf(text, (size_t)length + 1, format, print);
	va_end(print);
	return text ? span_of(text, (size_t)length) : SPAN_NONE;
}
