#include "base/pattern.h"

#include <hs/hs.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/effort.h"

struct pattern_set {
	hs_database_t *database; /* NULL for the set of no patterns */
	const struct pattern *patterns; /* borrowed */
	size_t count;
};

struct pattern_scanner {
	const struct pattern_set *set;
	hs_scratch_t *scratch;
	struct pattern_hit *hits;
	size_t hit_count, hit_capacity;
	uint32_t *per_pattern; /* hits of each pattern in the running scan */
	uint32_t *beyond;      /* hits of each that were not kept, in the last scan */
	uint64_t *beyond_end;  /* end of the newest of those */
	size_t *last_hit;      /* index of each pattern's newest hit, plus 1 */
	uint64_t base;         /* offset of the chunk that is being scanned */
	bool no_memory;
	pcre2_code **codes; /* compiled when first needed */
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

/* A growing match (1.1, 1.19, 1.19.4) reports an end for each step; steps this close are one hit. */
enum { GROWTH_STEP = 2 };
/* Units of effort: of a byte that is searched for all patterns; of an attempt to match one, that may go back and forth. */
enum { UNITS_SEARCH = 3, UNITS_MATCH = 2000 };
/* Vectorscan counts in 32 bits: larger bytes are scanned in chunks that overlap by PATTERN_REACH. */
static const size_t CHUNK = (size_t)1 << 30;

static unsigned hs_flags(unsigned flags)
{
	unsigned out = 0;
	if (flags & PATTERN_CASELESS)
		out |= HS_FLAG_CASELESS;
	if (flags & PATTERN_MULTILINE)
		out |= HS_FLAG_MULTILINE;
	if (flags & PATTERN_ONCE)
		out |= HS_FLAG_SINGLEMATCH;
	return out;
}

static enum outcome new_set(const struct pattern *patterns, size_t count, struct pattern_set **out)
{
	struct pattern_set *set = calloc(1, sizeof *set);
	if (!set)
		return NO_MEMORY;
	set->patterns = patterns;
	set->count = count;
	*out = set;
	return DONE;
}

/* Compiled for the least machine of the architecture, since the build machine is not the user's. */
static enum outcome compile(struct pattern_set *set, struct arena *arena, struct span *error)
{
	size_t count = set->count;
	const char **expressions = ARENA_NEW(arena, const char *, count);
	unsigned *flags = ARENA_NEW(arena, unsigned, count);
	unsigned *ids = ARENA_NEW(arena, unsigned, count);
	if (!expressions || !flags || !ids)
		return NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		expressions[i] = set->patterns[i].expression;
		flags[i] = hs_flags(set->patterns[i].flags);
		ids[i] = (unsigned)i;
	}
	hs_platform_info_t platform = { .tune = HS_TUNE_FAMILY_GENERIC };
	hs_compile_error_t *problem = NULL;
	if (hs_compile_multi(expressions, flags, ids, (unsigned)count, HS_MODE_BLOCK, &platform, &set->database,
			     &problem) == HS_SUCCESS)
		return DONE;
	if (problem) {
		const char *which = problem->expression >= 0 ? expressions[problem->expression] : "the set";
		*error = arena_format(arena, "%s: %s", which, problem->message);
		hs_free_compile_error(problem);
	}
	return MALFORMED;
}

enum outcome pattern_set_compile(const struct pattern *patterns, size_t count, struct arena *arena,
				 struct pattern_set **out, struct span *error)
{
	struct pattern_set *set;
	TRY(new_set(patterns, count, &set));
	enum outcome outcome = count > 0 ? compile(set, arena, error) : DONE;
	if (outcome == DONE)
		*out = set;
	else
		pattern_set_free(set);
	return outcome;
}

enum outcome pattern_set_save(const struct pattern_set *set, void **out, size_t *size)
{
	char *bytes = NULL;
	if (!set->database || hs_serialize_database(set->database, &bytes, size) != HS_SUCCESS)
		return NO_MEMORY;
	*out = bytes;
	return DONE;
}

enum outcome pattern_set_load(struct span saved, const struct pattern *patterns, size_t count,
			      struct pattern_set **out)
{
	struct pattern_set *set;
	TRY(new_set(patterns, count, &set));
	if (count == 0) {
		*out = set;
		return DONE;
	}
	hs_error_t error = hs_deserialize_database((const char *)saved.data, saved.size, &set->database);
	if (error == HS_SUCCESS) {
		*out = set;
		return DONE;
	}
	pattern_set_free(set);
	return error == HS_NOMEM ? NO_MEMORY : UNSUPPORTED;
}

void pattern_set_free(struct pattern_set *set)
{
	if (!set)
		return;
	if (set->database)
		(void)hs_free_database(set->database);
	free(set);
}

enum outcome pattern_scanner_new(const struct pattern_set *set, struct pattern_scanner **out)
{
	struct pattern_scanner *scanner = calloc(1, sizeof *scanner);
	if (!scanner)
		return NO_MEMORY;
	scanner->set = set;
	scanner->per_pattern = calloc(set->count + 1, sizeof *scanner->per_pattern);
	scanner->beyond = calloc(set->count + 1, sizeof *scanner->beyond);
	scanner->beyond_end = calloc(set->count + 1, sizeof *scanner->beyond_end);
	scanner->last_hit = calloc(set->count + 1, sizeof *scanner->last_hit);
	scanner->codes = calloc(set->count + 1, sizeof *scanner->codes);
	scanner->match = pcre2_match_data_create(PATTERN_GROUPS_MAX, NULL);
	scanner->limits = pcre2_match_context_create(NULL);
	bool scratch = !set->database || hs_alloc_scratch(set->database, &scanner->scratch) == HS_SUCCESS;
	bool counters = scanner->per_pattern && scanner->beyond && scanner->beyond_end && scanner->last_hit;
	if (!counters || !scanner->codes || !scanner->match || !scanner->limits || !scratch) {
		pattern_scanner_free(scanner);
		return NO_MEMORY;
	}
	(void)pcre2_set_match_limit(scanner->limits, 100000);
	(void)pcre2_set_depth_limit(scanner->limits, 10000);
	*out = scanner;
	return DONE;
}

void pattern_scanner_free(struct pattern_scanner *scanner)
{
	if (!scanner)
		return;
	if (scanner->codes)
		for (size_t i = 0; i < scanner->set->count; i++)
			pcre2_code_free(scanner->codes[i]);
	pcre2_match_data_free(scanner->match);
	pcre2_match_context_free(scanner->limits);
	(void)hs_free_scratch(scanner->scratch);
	free(scanner->codes);
	free(scanner->per_pattern);
	free(scanner->beyond);
	free(scanner->beyond_end);
	free(scanner->last_hit);
	free(scanner->hits);
	free(scanner);
}

static bool make_room(struct pattern_scanner *scanner)
{
	if (scanner->hit_count < scanner->hit_capacity)
		return true;
	size_t capacity = scanner->hit_capacity ? scanner->hit_capacity * 2 : 256;
	struct pattern_hit *hits = realloc(scanner->hits, capacity * sizeof *hits);
	if (!hits)
		return false;
	scanner->hits = hits;
	scanner->hit_capacity = capacity;
	return true;
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct pattern_scanner *scanner = context;
	(void)from;
	(void)flags;
	uint64_t end = scanner->base + to;
	size_t last = scanner->last_hit[id];
	if (last > 0 && end >= scanner->hits[last - 1].end && end - scanner->hits[last - 1].end <= GROWTH_STEP) {
		scanner->hits[last - 1].end = end;
		return 0;
	}
	/* Ends at or before the newest one were seen in the chunk before. */
	if (last > 0 && end <= scanner->hits[last - 1].end)
		return 0;
	if (scanner->per_pattern[id] >= PATTERN_HITS_MAX) {
		bool grows = scanner->beyond[id] > 0 && end <= scanner->beyond_end[id] + GROWTH_STEP;
		scanner->beyond[id] += !grows && scanner->beyond[id] < UINT32_MAX;
		if (end > scanner->beyond_end[id])
			scanner->beyond_end[id] = end;
		return 0;
	}
	if (!make_room(scanner)) {
		scanner->no_memory = true;
		return 1;
	}
	scanner->per_pattern[id]++;
	scanner->hits[scanner->hit_count++] = (struct pattern_hit){ .pattern = id, .end = end };
	scanner->last_hit[id] = scanner->hit_count;
	return 0;
}

static int compare_hits(const void *left, const void *right)
{
	const struct pattern_hit *a = left, *b = right;
	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

enum outcome pattern_scan(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit **hits,
			  size_t *count)
{
	scanner->hit_count = 0;
	scanner->no_memory = false;
	memset(scanner->beyond, 0, scanner->set->count * sizeof *scanner->beyond);
	memset(scanner->beyond_end, 0, scanner->set->count * sizeof *scanner->beyond_end);
	*hits = NULL;
	*count = 0;
	if (!scanner->set->database || bytes.size == 0)
		return DONE;
	for (scanner->base = 0; scanner->base < bytes.size; scanner->base += CHUNK - PATTERN_REACH) {
		struct span chunk = span_slice(bytes, scanner->base, CHUNK);
		if (!effort_spend(chunk.size * UNITS_SEARCH))
			break;
		hs_error_t error = hs_scan(scanner->set->database, (const char *)chunk.data, (unsigned)chunk.size, 0,
					   scanner->scratch, on_match, scanner);
		if (scanner->no_memory || (error != HS_SUCCESS && error != HS_SCAN_TERMINATED))
			return NO_MEMORY;
		if (chunk.size < CHUNK)
			break;
	}
	if (scanner->hit_count > 1)
		qsort(scanner->hits, scanner->hit_count, sizeof *scanner->hits, compare_hits);
	for (size_t i = 0; i < scanner->hit_count; i++) {
		scanner->per_pattern[scanner->hits[i].pattern] = 0;
		scanner->last_hit[scanner->hits[i].pattern] = 0;
	}
	*hits = scanner->hits;
	*count = scanner->hit_count;
	return DONE;
}

uint64_t pattern_dropped(const struct pattern_scanner *scanner, uint32_t first, size_t count)
{
	uint64_t dropped = 0;
	for (size_t i = 0; i < count && first + i < scanner->set->count; i++)
		dropped += scanner->beyond[first + i];
	return dropped;
}

static pcre2_code *code_for(struct pattern_scanner *scanner, uint32_t index)
{
	if (scanner->codes[index])
		return scanner->codes[index];
	const struct pattern *pattern = &scanner->set->patterns[index];
	uint32_t options = 0;
	if (pattern->flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (pattern->flags & PATTERN_MULTILINE)
		options |= PCRE2_MULTILINE;
	int error;
	PCRE2_SIZE where;
	scanner->codes[index] = pcre2_compile((PCRE2_SPTR)pattern->expression, PCRE2_ZERO_TERMINATED, options,
					      &error, &where, NULL);
	return scanner->codes[index];
}

static void give_groups(const struct pattern_scanner *scanner, struct span window, int matched,
			struct pattern_match *out)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scanner->match);
	for (int i = 0; i < PATTERN_GROUPS_MAX; i++) {
		bool took_part = i < matched && ends[2 * i] != PCRE2_UNSET;
		out->groups[i] = took_part ? span_slice(window, ends[2 * i], ends[2 * i + 1] - ends[2 * i]) : SPAN_NONE;
	}
}

bool pattern_capture(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit *hit,
		     struct pattern_match *out)
{
	pcre2_code *code = code_for(scanner, hit->pattern);
	uint64_t start = hit->end > PATTERN_REACH ? hit->end - PATTERN_REACH : 0;
	struct span window = span_slice(bytes, start, hit->end - start + PATTERN_REACH);
	PCRE2_SIZE at = 0;
	/* The set's ^ and $ mean the ends of the file, which the window's ends need not be. */
	uint32_t options = (start > 0 ? PCRE2_NOTBOL : 0) | (start + window.size < bytes.size ? PCRE2_NOTEOL : 0);
	while (code && at < window.size && effort_spend(UNITS_MATCH)) {
		int matched = pcre2_match(code, window.data, window.size, at, options, scanner->match, scanner->limits);
		if (matched < 0)
			return false;
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scanner->match);
		if (start + ends[0] > hit->end)
			return false;
		if (start + ends[1] >= hit->end) {
			give_groups(scanner, window, matched == 0 ? PATTERN_GROUPS_MAX : matched, out);
			out->offset = start + ends[0];
			return true;
		}
		at = ends[1] > at ? ends[1] : at + 1;
	}
	return false;
}
