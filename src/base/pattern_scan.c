/* Scans bytes for the words of a set of patterns, and for the patterns around them. */
#include <stdlib.h>
#include <string.h>

#include "base/effort.h"
#include "base/pattern_set.h"

/* One pattern in the running scan. */
struct progress {
	uint64_t from, to; /* all starts from `from` up to before `to` were tried */
	uint64_t start, end; /* of its newest hit */
	uint32_t hits;
	uint64_t dropped; /* hits that were not kept, and starts that were given up */
};

struct pattern_scanner {
	const struct pattern_set *set;
	hs_scratch_t *scratch;
	struct pattern_hit *hits;
	size_t hit_count, hit_capacity;
	struct progress *progress; /* of each pattern */
	struct span bytes;         /* that are being scanned */
	uint64_t base;             /* offset of the chunk that is being scanned */
	bool no_memory;
	pcre2_code **codes; /* compiled when first needed */
	pcre2_match_data *match;
	pcre2_match_context *limits;
};

/* Units of effort: of a byte that is searched for all words; of an attempt at an expression; of a byte of a match. */
enum { UNITS_SEARCH = 3, UNITS_TRY = 300, UNITS_BYTE = 4 };
/* How often an expression may go back at one start before it is given up, and the units of a start: what costs more pays more. */
static const struct {
	uint32_t steps;
	uint64_t units;
} attempts[] = { { 100, 60 }, { 5000, 20000 }, { 100000, 500000 } };
/* Larger bytes are scanned in chunks, so that the clock is looked at between them. They overlap by more than a word. */
enum { CHUNK = 4 << 20, OVERLAP = 64 };
/* Shorter bytes are copied and filled up: for them Vectorscan would use one of the engines that are not to be trusted. */
enum { SHORT = 256 };

enum outcome pattern_scanner_new(const struct pattern_set *set, struct pattern_scanner **out)
{
	struct pattern_scanner *scanner = calloc(1, sizeof *scanner);
	if (!scanner)
		return NO_MEMORY;
	scanner->set = set;
	scanner->progress = calloc(set->count + 1, sizeof *scanner->progress);
	scanner->codes = calloc(set->count + 1, sizeof *scanner->codes);
	scanner->match = pcre2_match_data_create(PATTERN_GROUPS_MAX, NULL);
	scanner->limits = pcre2_match_context_create(NULL);
	bool scratch = !set->database || hs_alloc_scratch(set->database, &scanner->scratch) == HS_SUCCESS;
	if (!scanner->progress || !scanner->codes || !scanner->match || !scanner->limits || !scratch) {
		pattern_scanner_free(scanner);
		return NO_MEMORY;
	}
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
	free(scanner->progress);
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

static pcre2_code *code_for(struct pattern_scanner *scanner, uint32_t index)
{
	if (!scanner->codes[index])
		scanner->codes[index] = pattern_code(&scanner->set->patterns[index]);
	return scanner->codes[index];
}

static void add_hit(struct pattern_scanner *scanner, uint32_t pattern, uint64_t start, uint64_t end)
{
	struct progress *progress = &scanner->progress[pattern];
	if (progress->hits > 0 && start >= progress->start && end <= progress->end)
		return;
	progress->start = start;
	progress->end = end;
	if (progress->hits >= PATTERN_HITS_MAX) {
		progress->dropped++;
		return;
	}
	if (!make_room(scanner)) {
		scanner->no_memory = true;
		return;
	}
	progress->hits++;
	scanner->hits[scanner->hit_count++] = (struct pattern_hit){ pattern, start, end };
}

/* The first match that starts from `at` up to before `to`; its groups are in scanner->match. Else an error of PCRE2. */
static int match_within(struct pattern_scanner *scanner, const pcre2_code *code, struct span bytes, uint64_t at,
			uint64_t to)
{
	int matched = PCRE2_ERROR_MATCHLIMIT;
	(void)pcre2_set_offset_limit(scanner->limits, to - 1);
	for (size_t i = 0; i < sizeof attempts / sizeof *attempts && matched == PCRE2_ERROR_MATCHLIMIT; i++) {
		(void)pcre2_set_match_limit(scanner->limits, attempts[i].steps);
		if (!effort_spend(UNITS_TRY + (to - at) * attempts[i].units))
			return PCRE2_ERROR_MATCHLIMIT;
		matched = pcre2_match(code, bytes.data, bytes.size, at, 0, scanner->match, scanner->limits);
	}
	return matched;
}

/* Tries all starts from `at` up to before `to`. */
static void try_starts(struct pattern_scanner *scanner, uint32_t pattern, uint64_t at, uint64_t to)
{
	pcre2_code *code = code_for(scanner, pattern);
	if (!code) {
		scanner->no_memory = true;
		return;
	}
	while (at < to && !scanner->no_memory) {
		int matched = match_within(scanner, code, scanner->bytes, at, to);
		if (matched == PCRE2_ERROR_NOMATCH)
			return;
		if (matched < 0) {
			scanner->no_memory = scanner->no_memory || matched == PCRE2_ERROR_NOMEMORY;
			scanner->progress[pattern].dropped++;
			return;
		}
		const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scanner->match);
		(void)effort_spend((ends[1] - ends[0]) * UNITS_BYTE);
		add_hit(scanner, pattern, ends[0], ends[1]);
		if (scanner->set->patterns[pattern].flags & PATTERN_ONCE)
			return;
		at = ends[0] + 1;
	}
}

/* A word of the pattern begins at the offset. Words come in the order of their ends, as far as that is known. */
static void see_word(struct pattern_scanner *scanner, const struct pattern_use *use, uint64_t offset)
{
	struct progress *progress = &scanner->progress[use->pattern];
	bool once = scanner->set->patterns[use->pattern].flags & PATTERN_ONCE;
	if (offset < use->before_least || (once && progress->hits > 0))
		return;
	uint64_t from = offset > use->before_most ? offset - use->before_most : 0;
	uint64_t to = offset - use->before_least + 1;
	bool joins = from >= progress->from && from <= progress->to;
	if (!joins || to > progress->to)
		try_starts(scanner, use->pattern, joins ? progress->to : from, to);
	if (!joins)
		progress->from = from;
	if (!joins || to > progress->to)
		progress->to = to;
}

static int on_word(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
	struct pattern_scanner *scanner = context;
	const struct pattern_set *set = scanner->set;
	uint64_t end = scanner->base + to;
	(void)from;
	(void)flags;
	bool seen = scanner->base > 0 && to <= OVERLAP; /* in the chunk before */
	for (uint32_t i = set->words[id]; !seen && end <= scanner->bytes.size && i < set->words[id + 1]; i++)
		see_word(scanner, &set->uses[i], end - set->uses[i].word.size);
	return scanner->no_memory || effort_over();
}

static enum outcome scan_chunk(struct pattern_scanner *scanner, struct span chunk)
{
	char filled[SHORT];
	if (chunk.size < SHORT) {
		memset(filled, 0, sizeof filled);
		memcpy(filled, chunk.data, chunk.size);
		chunk = span_of(filled, sizeof filled);
	}
	hs_error_t error = hs_scan(scanner->set->database, (const char *)chunk.data, (unsigned)chunk.size, 0,
				   scanner->scratch, on_word, scanner);
	bool failed = scanner->no_memory || (error != HS_SUCCESS && error != HS_SCAN_TERMINATED);
	return failed ? NO_MEMORY : DONE;
}

static int compare_hits(const void *left, const void *right)
{
	const struct pattern_hit *a = left, *b = right;
	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end < b->end) - (a->end > b->end);
}

/* Sorts them; a hit within another one of the same pattern is none. */
static void settle_hits(struct pattern_scanner *scanner)
{
	size_t kept = 0;
	if (scanner->hit_count > 1)
		qsort(scanner->hits, scanner->hit_count, sizeof *scanner->hits, compare_hits);
	for (size_t i = 0; i < scanner->hit_count; i++) {
		struct pattern_hit hit = scanner->hits[i];
		bool within = kept > 0 && scanner->hits[kept - 1].pattern == hit.pattern &&
			      hit.end <= scanner->hits[kept - 1].end;
		if (!within)
			scanner->hits[kept++] = hit;
	}
	scanner->hit_count = kept;
}

enum outcome pattern_scan(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit **hits,
			  size_t *count)
{
	scanner->hit_count = 0;
	scanner->no_memory = false;
	scanner->bytes = bytes;
	memset(scanner->progress, 0, scanner->set->count * sizeof *scanner->progress);
	*hits = NULL;
	*count = 0;
	if (!scanner->set->database || bytes.size == 0)
		return DONE;
	for (scanner->base = 0; scanner->base < bytes.size; scanner->base += CHUNK - OVERLAP) {
		struct span chunk = span_slice(bytes, scanner->base, CHUNK);
		if (!effort_spend(chunk.size * UNITS_SEARCH))
			break;
		TRY(scan_chunk(scanner, chunk));
		if (chunk.size < CHUNK)
			break;
	}
	settle_hits(scanner);
	*hits = scanner->hits;
	*count = scanner->hit_count;
	return DONE;
}

uint64_t pattern_dropped(const struct pattern_scanner *scanner, uint32_t first, size_t count)
{
	uint64_t dropped = 0;
	for (size_t i = 0; i < count && first + i < scanner->set->count; i++)
		dropped += scanner->progress[first + i].dropped;
	return dropped;
}

static void give_groups(const struct pattern_scanner *scanner, struct span bytes, int matched,
			struct pattern_match *out)
{
	const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(scanner->match);
	for (int i = 0; i < PATTERN_GROUPS_MAX; i++) {
		bool took_part = i < matched && ends[2 * i] != PCRE2_UNSET;
		out->groups[i] = took_part ? span_slice(bytes, ends[2 * i], ends[2 * i + 1] - ends[2 * i]) : SPAN_NONE;
	}
	out->offset = ends[0];
}

bool pattern_capture(struct pattern_scanner *scanner, struct span bytes, const struct pattern_hit *hit,
		     struct pattern_match *out)
{
	pcre2_code *code = code_for(scanner, hit->pattern);
	int matched = code ? match_within(scanner, code, bytes, hit->start, hit->start + 1) : PCRE2_ERROR_NOMEMORY;
	if (matched < 0)
		return false;
	give_groups(scanner, bytes, matched == 0 ? PATTERN_GROUPS_MAX : matched, out);
	return true;
}
