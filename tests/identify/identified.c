#include "identify/identified.h"

#include <stdio.h>

enum { IDENTIFIED_CEILING = 256 << 20 };

bool identified_open(struct identified *identified)
{
	struct span error = SPAN_NONE;
	const struct inspector *const *list;
	*identified = (struct identified){ 0 };
	arena_init(&identified->arena, IDENTIFIED_CEILING);
	arena_init(&identified->scratch, IDENTIFIED_CEILING);
	enum outcome outcome = recognisers_load(&identified->arena, &identified->recognisers, &error);
	if (outcome == DONE)
		outcome = identify_inspectors_make(&identified->arena, &identified->recognisers, &list);
	for (size_t i = 0; outcome == DONE && list[i]; i++)
		if (span_equal_text(span_of_text(list[i]->name), "witnesses"))
			identified->search = list[i];
	if (outcome == DONE)
		outcome = pattern_set_compile(identified->search->patterns, identified->search->pattern_count,
					      &identified->arena, &identified->set, &error);
	if (outcome == DONE)
		outcome = pattern_scanner_new(identified->set, &identified->scanner);
	if (outcome != DONE)
		printf("# %s: %.*s\n", outcome_name(outcome), SPAN_FORMAT(error));
	return outcome == DONE;
}

void identified_close(struct identified *identified)
{
	if (identified->scanner)
		pattern_scanner_free(identified->scanner);
	if (identified->set)
		pattern_set_free(identified->set);
	arena_done(&identified->scratch);
	arena_done(&identified->arena);
}

void identified_run(struct identified *identified, const char *path, struct span bytes)
{
	arena_reset(&identified->scratch);
	facts_init(&identified->facts, &identified->scratch);
	notes_init(&identified->notes, &identified->scratch);
	struct entry entry = { .path = span_of_text(path), .type = ENTRY_FILE, .size = bytes.size };
	struct inspection file = {
		.path = entry.path,
		.name = span_basename(entry.path),
		.entry = &entry,
		.kind = kind_of(span_basename(entry.path), bytes),
		.bytes = bytes,
		.volume_format = "squashfs",
		.facts = &identified->facts,
		.notes = &identified->notes,
		.scratch = &identified->scratch,
		.context = identified->search->context,
		.scanner = identified->scanner,
	};
	if (pattern_scan(identified->scanner, bytes, &file.hits, &file.hit_count) != DONE)
		printf("# %s could not be scanned\n", path);
	else if (file.hit_count > 0 || identified->search->wants(&file))
		identified->search->inspect(&file);
}

struct span identified_version(const struct identified *identified, struct span component, bool *seen)
{
	struct span best = SPAN_NONE;
	int64_t confidence = -1;
	for (const struct fact *fact = identified->facts.first; fact; fact = fact->next) {
		if (fact->table != EVIDENCE_WITNESS ||
		    !span_equal(fact->values[WITNESS_COMPONENT].text, component) ||
		    fact->values[WITNESS_CONFIDENCE].integer <= confidence)
			continue;
		confidence = fact->values[WITNESS_CONFIDENCE].integer;
		best = fact->values[WITNESS_VERSION].type == VALUE_TEXT ? fact->values[WITNESS_VERSION].text : SPAN_NONE;
	}
	if (seen)
		*seen = confidence >= 0;
	return best;
}
