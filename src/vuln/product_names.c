#include "vuln/product_names.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "inspect/lines.h"

/* FNV-1a, without regard to case. */
static uint32_t bucket_of(struct span word)
{
	uint32_t hash = 2166136261u;
	for (size_t i = 0; i < word.size; i++) {
		uint8_t c = span_byte(word, i);
		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) * 16777619u;
	}
	return hash % PRODUCT_NAME_BUCKETS;
}

static bool has_capital(struct span name)
{
	for (size_t i = 0; i < name.size; i++)
		if (span_byte(name, i) >= 'A' && span_byte(name, i) <= 'Z')
			return true;
	return false;
}

void product_names_read(struct product_names *out)
{
	struct span table = embedded("vulnerabilities/names.tsv"), line, first;
	memset(out, 0, sizeof *out);
	while (out->count + 1 < PRODUCT_NAMES_MAX && lookup_next(&table, &line)) {
		struct product_name_entry *entry = &out->all[++out->count];
		entry->name = lookup_field(&line);
		entry->product = lookup_field(&line);
		entry->exact = has_capital(entry->name);
		struct span rest = entry->name;
		(void)span_next_field(&rest, ' ', &first);
		uint16_t *bucket = &out->bucket[bucket_of(first)];
		entry->next = *bucket;
		*bucket = (uint16_t)out->count;
	}
}

static bool same_word(const struct product_name_entry *entry, struct span word, struct span part)
{
	return entry->exact ? span_equal(word, part) : equal_span_caseless(word, part);
}

/* Takes the words of a name off the text. */
static bool take_name(const struct product_name_entry *entry, struct span *rest, struct plain_word *last)
{
	struct span from = *rest, want = entry->name, part;
	*last = (struct plain_word){ 0 };
	while (span_next_field(&want, ' ', &part))
		if (last->comma || last->stop || !plain_word_next(&from, last) || !same_word(entry, last->text, part))
			return false;
	*rest = from;
	return true;
}

struct span product_names_take(const struct product_names *names, struct span *rest, struct plain_word *last)
{
	const struct product_name_entry *best = NULL;
	struct span from = *rest;
	struct plain_word first;
	if (!plain_word_next(&from, &first))
		return SPAN_NONE;
	for (uint16_t i = names->bucket[bucket_of(first.text)]; i != 0; i = names->all[i].next) {
		const struct product_name_entry *entry = &names->all[i];
		struct plain_word word;
		from = *rest;
		if ((!best || entry->name.size > best->name.size) && take_name(entry, &from, &word))
			best = entry;
	}
	if (!best || !take_name(best, rest, last))
		return SPAN_NONE;
	return best->product;
}

struct span product_names_of(const struct product_names *names, struct span name)
{
	struct plain_word last = { 0 };
	struct span rest = span_trim(name), product = product_names_take(names, &rest, &last);
	return span_trim(rest).size == 0 && !last.stop && !last.comma ? product : SPAN_NONE;
}
