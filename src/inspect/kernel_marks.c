#include "inspect/kernel_marks.h"

#include "base/effort.h"
#include "base/embedded.h"
#include "base/lookup.h"

enum { MARK_LEAST = 3, MARK_LONGEST = 64 };

#define ANCHORS "# Anchors: "

/* The names of the table, each in the slot of the hash of its bytes from the last to the first, or one behind it. */
struct mark_set {
	struct span *slots;
	size_t size; /* a power of two */
};

static uint64_t hash_add(uint64_t hash, uint8_t byte)
{
	return (hash ^ byte) * UINT64_C(0x100000001b3);
}

static const uint64_t hash_start = UINT64_C(0xcbf29ce484222325);

static uint64_t hash_back(struct span text)
{
	uint64_t hash = hash_start;
	for (size_t i = text.size; i > 0; i--)
		hash = hash_add(hash, span_byte(text, i - 1));
	return hash;
}

int64_t kernel_marks_table(void)
{
	return (int64_t)(hash_back(embedded("kernel/marks.tsv")) >> 1);
}

static struct span *slot_of(const struct mark_set *set, uint64_t hash, struct span text)
{
	size_t at = (size_t)hash & (set->size - 1);
	while (set->slots[at].size > 0 && !span_equal(set->slots[at], text))
		at = (at + 1) & (set->size - 1);
	return &set->slots[at];
}

static void add(struct mark_set *set, struct span mark)
{
	if (mark.size >= MARK_LEAST && mark.size <= MARK_LONGEST)
		*slot_of(set, hash_back(mark), mark) = mark;
}

static void add_words(struct mark_set *set, struct span words)
{
	struct span word;
	while (span_next_word(&words, &word))
		add(set, word);
}

static size_t count_names(struct span table)
{
	size_t names = 1;
	for (size_t i = 0; i < table.size; i++)
		names += span_byte(table, i) == '\t' || span_byte(table, i) == ' ';
	return names;
}

static bool set_fill(struct mark_set *set, struct arena *arena)
{
	struct span table = embedded("kernel/marks.tsv"), rest = table, line, name;
	size_t names = count_names(table);
	for (set->size = 2; set->size < names * 2; set->size *= 2)
		continue;
	set->slots = ARENA_NEW(arena, struct span, set->size);
	while (set->slots && span_next_line(&rest, &line))
		if (span_starts_text(line, ANCHORS))
			add_words(set, span_from(line, sizeof ANCHORS - 1));
	while (set->slots && lookup_next(&table, &line)) {
		for (int i = 0; i < 3; i++)
			(void)lookup_field(&line);
		add_words(set, lookup_field(&line));
		for (int i = 0; i < 2; i++)
			(void)lookup_field(&line);
		while ((name = lookup_field(&line)).size > 0)
			add(set, name);
	}
	return set->slots != NULL;
}

static bool is_printed(uint8_t byte)
{
	return byte >= ' ' && byte <= '~';
}

/* The names with which the string ends that a zero at this byte ends. */
static void take_ends(const struct mark_set *set, struct span bytes, size_t end, struct name_list *out)
{
	uint64_t hash = hash_start;
	for (size_t size = 1; size <= end && size <= MARK_LONGEST && is_printed(span_byte(bytes, end - size)); size++) {
		hash = hash_add(hash, span_byte(bytes, end - size));
		if (size < MARK_LEAST || set->slots[(size_t)hash & (set->size - 1)].size == 0)
			continue;
		struct span known = *slot_of(set, hash, span_slice(bytes, end - size, size));
		if (known.size > 0)
			name_list_add(out, known);
	}
}

bool kernel_marks_find(struct span bytes, struct name_list *out, uint64_t *offset)
{
	struct mark_set set;
	if (!set_fill(&set, out->arena) || !effort_spend(bytes.size))
		return false;
	for (size_t end = span_find_byte(bytes, 0, 0); end != SPAN_NOT_FOUND; end = span_find_byte(bytes, 0, end + 1)) {
		size_t before = out->count;
		take_ends(&set, bytes, end, out);
		if (before == 0 && out->count > 0)
			*offset = end - out->names[0].size;
	}
	return name_list_sort(out) && !out->refused;
}
