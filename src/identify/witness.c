/* Looks for every recogniser's witnesses in a file: banners, whole strings, names. */
#include "identify/witness.h"

#include "identify/identify.h"
#include "identify/identity.h"
#include "identify/package.h"
#include "identify/fixes.h"
#include "identify/library_number.h"
#include "identify/parts.h"
#include "identify/shape.h"
#include "inspect/code.h"

static bool same_version(const struct value *value, struct span version)
{
	if (value->type != VALUE_TEXT)
		return version.size == 0;
	return span_equal(value->text, version);
}

void witness_state(struct inspection *file, const struct sighting *sighting)
{
	for (const struct fact *fact = file->facts->first; fact; fact = fact->next) {
		if (fact->table != EVIDENCE_WITNESS ||
		    !span_equal(fact->values[WITNESS_COMPONENT].text, sighting->component) ||
		    !same_version(&fact->values[WITNESS_VERSION], sighting->version))
			continue;
		if (fact->values[WITNESS_CONFIDENCE].integer >= sighting->confidence)
			return;
	}
	struct fact *fact = fact_new(file->facts, EVIDENCE_WITNESS);
	fact_text(file->facts, fact, WITNESS_COMPONENT, sighting->component);
	if (sighting->version.size > 0)
		fact_text(file->facts, fact, WITNESS_VERSION, sighting->version);
	if (sighting->offset != SIGHTING_NOWHERE)
		fact_integer(fact, WITNESS_OFFSET, (int64_t)sighting->offset);
	fact_word(file->facts, fact, WITNESS_METHOD, sighting->method);
	fact_text(file->facts, fact, WITNESS_DETAIL, sighting->detail);
	fact_integer(fact, WITNESS_CONFIDENCE, sighting->confidence);
}

bool witness_file_fits(const struct inspection *file, const struct span *shapes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (shape_matches(shapes[i], file->name, NULL))
			return true;
	return count == 0;
}

static bool is_witnessed(const struct inspection *file, struct span component)
{
	for (const struct fact *fact = file->facts->first; fact; fact = fact->next)
		if (fact->table == EVIDENCE_WITNESS && span_equal(fact->values[WITNESS_COMPONENT].text, component))
			return true;
	return false;
}

bool witness_is_of(const struct inspection *file, const struct recognisers *recognisers, struct span component)
{
	const struct recogniser *recogniser = recogniser_find(recognisers, component);
	return is_witnessed(file, component) || (recogniser && recogniser->file_count > 0 &&
						 witness_file_fits(file, recogniser->files, recogniser->file_count));
}

/* Banners count in code; a script prints those of others. */
static bool is_binary_code(const struct inspection *file)
{
	enum code code = code_of(file);
	return code != CODE_NONE && code != CODE_SCRIPT;
}

static bool holds_any(const struct inspection *file, const struct span *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_find(file->bytes, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return count == 0;
}

static void inspect_banner(struct inspection *file, const struct pattern_hit *hit, const struct pattern_owner *owner,
			   bool in_code)
{
	const struct witness_rule *rule = owner->rule;
	struct pattern_match match;
	if (!(rule->in_text || in_code) || !witness_file_fits(file, rule->files, rule->file_count))
		return;
	if (!holds_any(file, rule->with, rule->with_count) ||
	    (rule->unless.size > 0 && holds_any(file, &rule->unless, 1)))
		return;
	if (!inspection_capture(file, hit, &match))
		return;
	struct sighting sighting = {
		.component = owner->recogniser->name,
		.version = match.groups[1],
		.method = "banner",
		.detail = span_trim(span_slice(match.groups[0], 0, 120)),
		.offset = match.offset,
		.confidence = rule->confidence,
	};
	witness_state(file, &sighting);
}

static void inspect_string(struct inspection *file, const struct recogniser *recogniser,
			   const struct witness_rule *rule)
{
	struct span version, text;
	if (!witness_file_fits(file, rule->files, rule->file_count) ||
	    !witness_find_string(file, rule, &version, &text))
		return;
	struct sighting sighting = {
		.component = recogniser->name,
		.version = version,
		.method = "symbol",
		.detail = text,
		.offset = (uint64_t)(text.data - file->bytes.data),
		.confidence = rule->confidence,
	};
	witness_state(file, &sighting);
}

static void inspect_library(struct inspection *file, const struct recogniser *recogniser,
			    const struct witness_rule *rule)
{
	struct span version;
	for (size_t i = 0; i < rule->shape_count; i++) {
		if (span_byte(rule->shapes[i], 0) != span_byte(file->name, 0) ||
		    !shape_matches(rule->shapes[i], file->name, &version))
			continue;
		struct sighting sighting = {
			.component = recogniser->name,
			/* A shape without braces says that it is there, and not which. */
			.version = span_find_byte(rule->shapes[i], '{', 0) == SPAN_NOT_FOUND ? SPAN_NONE : version,
			.method = "library name",
			.detail = file->name,
			.offset = SIGHTING_NOWHERE,
			.confidence = rule->confidence,
		};
		witness_state(file, &sighting);
	}
}

/* "libfreetype.so.6.11.1": libtool's number, which some projects change with every release. */
static void inspect_number(struct inspection *file, const struct recognisers *recognisers)
{
	struct library_number number;
	if (!library_number_find(file->name, &number))
		return;
	const struct recogniser *recogniser = recogniser_find(recognisers, number.component);
	if (!recogniser)
		return;
	struct sighting sighting = {
		.component = recogniser->name,
		.version = number.release,
		.method = "library name",
		.detail = arena_format(file->scratch, "%.*s is %.*s %.*s by its number", SPAN_FORMAT(file->name),
				       SPAN_FORMAT(recogniser->title), SPAN_FORMAT(number.release)),
		.offset = SIGHTING_NOWHERE,
		.confidence = LIBRARY_NUMBER_CONFIDENCE,
	};
	witness_state(file, &sighting);
}

/* Rules that ask for the file's name first. */
static void inspect_by_name(struct inspection *file, const struct recognisers *recognisers)
{
	for (size_t i = 0; i < recognisers->count; i++) {
		const struct recogniser *recogniser = &recognisers->all[i];
		for (size_t k = 0; k < recogniser->rule_count; k++) {
			const struct witness_rule *rule = &recogniser->rules[k];
			if (rule->kind == WITNESS_LIBRARY)
				inspect_library(file, recogniser, rule);
			else if (rule->kind == WITNESS_STRING && rule->pattern == PATTERN_NONE)
				inspect_string(file, recogniser, rule);
		}
	}
}

/* Length of the run of hits of one pattern from the index on. */
static size_t run_length(const struct inspection *file, size_t from)
{
	size_t end = from;
	while (end < file->hit_count && file->hits[end].pattern == file->hits[from].pattern)
		end++;
	return end - from;
}

/*
 * True where a banner names more than two versions: a table of versions that the
 * program knows of (the peers of a VPN), and not its own.
 */
static bool is_table(struct inspection *file, size_t from, size_t count)
{
	struct span versions[2] = { SPAN_NONE, SPAN_NONE };
	struct pattern_match match;
	uint64_t last = UINT64_MAX;
	for (size_t i = from; i < from + count; i++) {
		if (!inspection_capture(file, &file->hits[i], &match) || match.offset == last)
			continue;
		last = match.offset;
		if (versions[0].data && !span_equal(versions[0], match.groups[1])) {
			if (versions[1].data && !span_equal(versions[1], match.groups[1]))
				return true;
			versions[1] = match.groups[1];
		} else {
			versions[0] = match.groups[1];
		}
	}
	return false;
}

static void inspect_hits(struct inspection *file, const struct witness_search *search, bool in_code)
{
	size_t count;
	for (size_t i = 0; i < file->hit_count; i += count) {
		uint32_t pattern = file->hits[i].pattern;
		count = run_length(file, i);
		if (pattern >= search->first_build_note) {
			for (size_t k = i; in_code && k < i + count; k++)
				build_note_inspect(file, &file->hits[k], pattern - search->first_build_note);
			continue;
		}
		const struct pattern_owner *owner = &search->recognisers->owners[pattern];
		bool string = owner->rule->kind == WITNESS_STRING;
		if (string && in_code)
			inspect_string(file, owner->recogniser, owner->rule);
		else if (!string && !is_table(file, i, count))
			for (size_t k = i; k < i + count; k++)
				inspect_banner(file, &file->hits[k], owner, in_code);
	}
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF;
}

static void inspect(struct inspection *file)
{
	const struct witness_search *search = file->context;
	bool in_code = is_binary_code(file);
	inspect_hits(file, search, in_code);
	if (file->kind == KIND_ELF && in_code) {
		inspect_by_name(file, search->recognisers);
		inspect_number(file, search->recognisers);
	}
}

/* The recognisers' patterns followed by those of build_note.c. */
static enum outcome make_search(struct arena *arena, const struct recognisers *recognisers, struct inspector *out)
{
	struct witness_search *search = ARENA_NEW(arena, struct witness_search, 1);
	size_t count = recognisers->pattern_count + BUILD_NOTE_PATTERNS;
	struct pattern *patterns = ARENA_NEW(arena, struct pattern, count);
	if (!search || !patterns)
		return NO_MEMORY;
	memcpy(patterns, recognisers->patterns, recognisers->pattern_count * sizeof *patterns);
	memcpy(patterns + recognisers->pattern_count, build_note_patterns, sizeof build_note_patterns);
	search->recognisers = recognisers;
	search->first_build_note = (uint32_t)recognisers->pattern_count;
	*out = (struct inspector){
		.name = "witnesses",
		.patterns = patterns,
		.pattern_count = count,
		.context = search,
		.wants = wants,
		.inspect = inspect,
	};
	return DONE;
}

enum outcome identify_inspectors_make(struct arena *arena, const struct recognisers *recognisers,
				      const struct inspector *const **out)
{
	enum { NAMES, SEARCH, PARTS, FIXES, TEXTS, OWN };
	size_t count = 0;
	while (package_inspectors[count])
		count++;
	const struct inspector **list = ARENA_NEW(arena, const struct inspector *, count + OWN + 1);
	struct inspector *own = ARENA_NEW(arena, struct inspector, OWN);
	struct identity_data *data = ARENA_NEW(arena, struct identity_data, 1);
	struct span error;
	if (!list || !own || !data)
		return NO_MEMORY;
	TRY(identity_load(arena, data, &error));
	own[NAMES] = identity_inspector(data);
	own[TEXTS] = identity_texts_inspector(data);
	own[FIXES] = fixes_inspector(recognisers);
	TRY(make_search(arena, recognisers, &own[SEARCH]));
	TRY(parts_inspector_make(arena, recognisers, &own[PARTS]));
	for (size_t i = 0; i < count; i++)
		list[i] = package_inspectors[i];
	for (size_t i = 0; i < OWN; i++) /* parts and fixes read what the search stated */
		list[count + i] = &own[i];
	*out = list;
	return DONE;
}
