/* From sightings to the one best answer of each kind. */
#include "identify/identity.h"

#include <stdio.h>

#include "evidence/query.h"
#include "inspect/lines.h"

enum { MEMORY_MAX = 16 << 20, MODEL_WORD_MAX = 16 };
/* How surely each way names it: a certificate may be the chip maker's sample, a code is what the boot loader checks. */
enum {
	CERTIFICATE_CONFIDENCE = 40,
	NAMED_CONFIDENCE = 55,
	COMPATIBLE_CONFIDENCE = 60,
	MODEL_CONFIDENCE = 72,
	CODE_CONFIDENCE = 86,
};

static bool equal_letters(struct span a, struct span b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++) {
		uint8_t x = span_byte(a, i), y = span_byte(b, i);
		if (x != y && !(is_letter(x) && is_letter(y) && (x | 0x20) == (y | 0x20)))
			return false;
	}
	return true;
}

const struct identity_vendor *identity_vendor_named(const struct identity_data *data, struct span text)
{
	for (size_t i = 0; i < data->vendor_count; i++) {
		const struct identity_vendor *vendor = &data->vendors[i];
		if (equal_letters(text, vendor->name) || (vendor->prefix.size > 0 && equal_letters(text, vendor->prefix)))
			return vendor;
		for (size_t k = 0; k < vendor->alias_count; k++)
			if (equal_letters(text, vendor->aliases[k]))
				return vendor;
	}
	return NULL;
}

const struct identity_vendor *identity_vendor_prefixed(const struct identity_data *data, struct span prefix)
{
	for (size_t i = 0; i < data->vendor_count; i++)
		if (prefix.size > 0 && equal_letters(prefix, data->vendors[i].prefix))
			return &data->vendors[i];
	return NULL;
}

/* "TP-Link Archer C7 v2" of TP-Link: a name that a text begins with, and that is followed by more words. */
static bool leads(struct span name, struct span text)
{
	return name.size > 1 && text.size > name.size + 1 && span_byte(text, name.size) == ' ' &&
	       equal_letters(span_slice(text, 0, name.size), name);
}

const struct identity_vendor *identity_vendor_leading(const struct identity_data *data, struct span text, struct span *rest)
{
	for (size_t i = 0; i < data->vendor_count; i++) {
		const struct identity_vendor *vendor = &data->vendors[i];
		struct span name = leads(vendor->name, text) ? vendor->name : SPAN_NONE;
		for (size_t k = 0; k < vendor->alias_count && name.size == 0; k++)
			name = leads(vendor->aliases[k], text) ? vendor->aliases[k] : SPAN_NONE;
		*rest = span_trim(span_from(text, name.size));
		if (name.size > 0)
			return vendor;
	}
	return NULL;
}

struct merge {
	struct identity_data data;
	struct arena *arena;
	sqlite3 *database;
	struct query insert;
};

/* Where a sighting was read: columns file and volume of a query; 0 for NULL. */
struct origin {
	int64_t file, volume;
};

static enum outcome add(struct merge *merge, struct origin origin, const char *subject, struct span value,
			const char *source, int64_t confidence)
{
	struct query *query = &merge->insert;
	if (origin.file > 0)
		query_bind_integer(query, 1, origin.file);
	else
		query_bind_null(query, 1);
	if (origin.volume > 0)
		query_bind_integer(query, 2, origin.volume);
	else
		query_bind_null(query, 2);
	query_bind_text(query, 3, span_of_text(subject));
	query_bind_text(query, 4, value);
	query_bind_text(query, 5, span_of_text(source));
	query_bind_integer(query, 6, confidence);
	(void)query_next(query);
	int result = query->result;
	query_rewind(query);
	return result == SQLITE_DONE ? DONE : NO_MEMORY;
}

/* "tplink,tl-wr841-v14": the maker of the part before the comma. */
static enum outcome add_prefixed(struct merge *merge, struct origin origin, struct span compatible, const char *source)
{
	size_t comma = span_find_byte(compatible, ',', 0);
	if (comma == SPAN_NOT_FOUND)
		return DONE;
	const struct identity_vendor *vendor = identity_vendor_prefixed(&merge->data, span_slice(compatible, 0, comma));
	return vendor ? add(merge, origin, "vendor", vendor->name, source, COMPATIBLE_CONFIDENCE) : DONE;
}

static bool board_is(const struct identity_board *board, struct span format, struct span code, struct span *behind)
{
	*behind = SPAN_NONE;
	if (!span_equal(board->format, format))
		return false;
	if (!span_ends_text(board->code, "*"))
		return span_equal(board->code, code);
	struct span start = span_slice(board->code, 0, board->code.size - 1);
	*behind = span_from(code, start.size);
	return span_starts(code, start);
}

/* "0014" is v14, "0101" (of the pocket routers) v1. */
static enum outcome add_revision(struct merge *merge, struct origin origin, struct span digits)
{
	uint64_t number = 0;
	char words[16];
	if (digits.size != 4 || !span_to_number(digits, 9999, &number))
		return DONE;
	number = number > 100 ? number % 100 : number;
	if (number == 0)
		return DONE;
	int size = snprintf(words, sizeof words, "v%u", (unsigned)number);
	return add(merge, origin, "hardware", span_of(words, (size_t)size), "board code", CODE_CONFIDENCE);
}

/* "DIR-850L" of "dir850l": how D-Link's codes spell what its devices are called. Empty where the word is no model. */
static struct span model_of_word(struct span word, struct arena *arena)
{
	char model[MODEL_WORD_MAX + 2];
	size_t size = 0, letters = 0;
	while (letters < word.size && is_letter(span_byte(word, letters)))
		letters++;
	if (letters < 2 || letters == word.size || word.size > MODEL_WORD_MAX || !is_digit(span_byte(word, letters)))
		return SPAN_NONE;
	for (size_t i = 0; i < word.size; i++) {
		uint8_t c = span_byte(word, i);
		if (i == letters)
			model[size++] = '-';
		model[size++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
	}
	return arena_copy(arena, span_of(model, size));
}

/* "wrgac13_dlink.2013gui_dir850l": codes that makers of boards give, with the prefix of the device's maker among the words. */
static enum outcome add_maker_within(struct merge *merge, struct origin origin, struct span code)
{
	const struct identity_vendor *vendor = NULL;
	struct span model = SPAN_NONE;
	for (size_t at = 0, end; at < code.size; at = end + 1) {
		for (end = at; end < code.size && is_alnum(span_byte(code, end)); end++)
			;
		struct span word = span_slice(code, at, end - at);
		const struct identity_vendor *found = identity_vendor_prefixed(&merge->data, word);
		vendor = found ? found : vendor;
		model = found ? SPAN_NONE : model_of_word(word, merge->arena);
	}
	if (!vendor)
		return DONE;
	TRY(add(merge, origin, "vendor", vendor->name, "board code", COMPATIBLE_CONFIDENCE));
	bool named = model.size > 0 && span_equal_text(vendor->prefix, "dlink");
	return named ? add(merge, origin, "model", model, "board code", COMPATIBLE_CONFIDENCE) : DONE;
}

static enum outcome resolve_code(struct merge *merge, struct origin origin, struct span format, struct span code)
{
	struct span behind;
	for (size_t i = 0; i < merge->data.board_count; i++) {
		const struct identity_board *board = &merge->data.boards[i];
		if (!board_is(board, format, code, &behind))
			continue;
		TRY(add(merge, origin, "model", board->model, "board code", CODE_CONFIDENCE));
		return board->revision_behind ? add_revision(merge, origin, behind) : DONE;
	}
	return span_find_byte(code, ',', 0) == SPAN_NOT_FOUND ? add_maker_within(merge, origin, code)
							      : add_prefixed(merge, origin, code, "board code");
}

static enum outcome resolve_codes(struct merge *merge)
{
	struct query query = query_start(merge->database,
					 "SELECT i.file, i.volume, coalesce(v.format, ''), i.value FROM identity i "
					 "LEFT JOIN volume v ON v.id = i.volume WHERE i.subject = 'board' AND i.source <> "
					 "'board code' ORDER BY i.rowid");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct origin origin = { query_integer(&query, 0), query_integer(&query, 1) };
		outcome = resolve_code(merge, origin, query_text(&query, 2), query_text(&query, 3));
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* Headers that only one maker's images have. */
static enum outcome name_formats(struct merge *merge)
{
	struct query query = query_start(merge->database, "SELECT id, format FROM volume WHERE state IN ('read', 'partial') "
							  "ORDER BY id");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct origin origin = { .volume = query_integer(&query, 0) };
		for (size_t i = 0; i < merge->data.format_count && outcome == DONE; i++)
			if (merge->data.formats[i].vendor.size > 0 &&
			    span_equal(merge->data.formats[i].format, query_text(&query, 1)))
				outcome = add(merge, origin, "vendor", merge->data.formats[i].vendor, "header", MODEL_CONFIDENCE);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* A tree that stands among several (those of a kernel for many boards) names none of them. */
static enum outcome read_device_trees(struct merge *merge)
{
	struct query query = query_start(merge->database,
					 "SELECT min(file), model, coalesce(compatible, '') FROM device_tree WHERE model IS NOT NULL "
					 "AND (SELECT count(DISTINCT model) FROM device_tree) = 1 GROUP BY model, compatible");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct origin origin = { .file = query_integer(&query, 0) };
		outcome = add(merge, origin, "model", query_text(&query, 1), "device tree", MODEL_CONFIDENCE);
		if (outcome == DONE)
			outcome = add_prefixed(merge, origin, query_text(&query, 2), "compatible");
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* The organisation of a subject, "CN=…,O=XiaoMi,C=CN" (RFC 2253); empty where it names none. */
static struct span organisation_of(struct span subject)
{
	size_t at = span_starts_text(subject, "O=") ? 0 : span_find_text(subject, ",O=", 0);
	if (at == SPAN_NOT_FOUND)
		return SPAN_NONE;
	struct span rest = span_from(subject, at + (at == 0 ? 2 : 3));
	return span_slice(rest, 0, span_find_byte(rest, ',', 0));
}

/* A certificate that the device shows itself with: made for it, and by a maker that is known. */
static enum outcome read_certificates(struct merge *merge)
{
	struct query query = query_start(merge->database,
					 "SELECT file, subject FROM certificate WHERE root_store = 0 AND known IS NULL AND"
					 " authority IS NOT 1 AND (private_key_present = 1 OR self_signed = 1) AND subject IS NOT NULL"
					 " ORDER BY rowid");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct origin origin = { .file = query_integer(&query, 0) };
		const struct identity_vendor *vendor =
			identity_vendor_named(&merge->data, organisation_of(query_text(&query, 1)));
		if (vendor)
			outcome = add(merge, origin, "vendor", vendor->name, "certificate", CERTIFICATE_CONFIDENCE);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* What calls the model often puts its maker before it. */
static enum outcome read_models(struct merge *merge)
{
	struct query query = query_start(merge->database,
					 "SELECT file, volume, value FROM identity WHERE subject = 'model' ORDER BY rowid");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		struct origin origin = { query_integer(&query, 0), query_integer(&query, 1) };
		struct span rest;
		const struct identity_vendor *vendor = identity_vendor_leading(&merge->data, query_text(&query, 2), &rest);
		if (vendor)
			outcome = add(merge, origin, "vendor", vendor->name, "model", NAMED_CONFIDENCE);
	}
	enum outcome ended = query_end(&query);
	return outcome == DONE ? ended : outcome;
}

/* Makers are called by one name, however an image spells it. */
static enum outcome rename_vendors(struct merge *merge)
{
	struct query update = query_start(merge->database, "UPDATE identity SET value = ?1 WHERE rowid = ?2");
	struct query query = query_start(merge->database, "SELECT rowid, value FROM identity WHERE subject = 'vendor'");
	enum outcome outcome = DONE;
	while (outcome == DONE && query_next(&query)) {
		const struct identity_vendor *vendor = identity_vendor_named(&merge->data, query_text(&query, 1));
		if (!vendor)
			continue;
		query_bind_text(&update, 1, vendor->name);
		query_bind_integer(&update, 2, query_integer(&query, 0));
		(void)query_next(&update);
		outcome = update.result == SQLITE_DONE ? DONE : NO_MEMORY;
		query_rewind(&update);
	}
	enum outcome ended = query_end(&query), updated = query_end(&update);
	return outcome != DONE ? outcome : ended != DONE ? ended : updated;
}

/*
 * Of each kind the value with the most confidence; of equals the one with more sightings, then the first in the
 * alphabet. What stands in programs and pages counts in those that name the model on which they agree (?1); where that decides
 * between the models of a code, it takes their place. A maker's name that a model begins with is not said twice.
 */
#define COUNTS "(source NOT IN ('program', 'page') OR file IN (SELECT file FROM identity" \
	" WHERE subject = 'model' AND source IN ('program', 'page') AND value = ?1))"
#define BEST(subject)                                                                                            \
	"(SELECT value FROM identity WHERE subject = '" subject "' AND " COUNTS                                   \
	" AND (subject <> 'model' OR source NOT IN ('program', 'page') OR value = ?1)"                            \
	" GROUP BY value ORDER BY max(confidence) DESC, count(*) DESC, value LIMIT 1)"

static const char choose[] = "UPDATE image SET vendor = " BEST("vendor") ", model = " BEST("model") ", hardware = "
	BEST("hardware") ", version = " BEST("version") ", dated = " BEST("dated") ", system = " BEST("system");
static const char decide[] = "UPDATE image SET model = ?1 WHERE instr(' or ' || model || ' or ', ' or ' || ?1 || ' or ') > 0";
static const char shorten[] = "UPDATE image SET model = trim(substr(model, length(vendor) + 1)) WHERE vendor IS NOT NULL"
	" AND lower(substr(model, 1, length(vendor) + 1)) = lower(vendor) || ' '";

static enum outcome run_with(sqlite3 *database, const char *sql, struct span model)
{
	struct query query = query_start(database, sql);
	query_bind_text(&query, 1, model);
	(void)query_next(&query);
	return query_end(&query);
}

static struct span model_so_far(sqlite3 *database, struct arena *arena)
{
	struct query query = query_start(database, "SELECT model FROM image");
	struct span model = query_next(&query) ? arena_copy(arena, query_text(&query, 0)) : SPAN_NONE;
	return query_end(&query) == DONE ? model : SPAN_NONE;
}

static enum outcome choose_best(sqlite3 *database, struct arena *arena)
{
	TRY(run_with(database, choose, SPAN_NONE));
	struct span agreed = identity_agreed_model(database, model_so_far(database, arena), arena);
	if (agreed.size > 0) {
		TRY(run_with(database, choose, agreed));
		TRY(run_with(database, decide, agreed));
	}
	return query_run(database, shorten);
}

/* What an earlier run resolved; what was seen stays. */
static const char forget[] = "DELETE FROM identity WHERE source IN ('board code', 'compatible', 'device tree', "
			     "'certificate', 'model') "
			     "OR (source = 'header' AND subject = 'vendor')";

static enum outcome conclude(struct merge *merge)
{
	TRY(query_run(merge->database, forget));
	TRY(name_formats(merge));
	TRY(resolve_codes(merge));
	TRY(read_device_trees(merge));
	TRY(read_certificates(merge));
	TRY(read_models(merge));
	TRY(rename_vendors(merge));
	return choose_best(merge->database, merge->arena);
}

enum outcome identity_conclude(struct evidence *evidence)
{
	struct arena arena;
	struct merge merge = { .database = evidence_database(evidence), .arena = &arena };
	struct span error;
	arena_init(&arena, MEMORY_MAX);
	enum outcome outcome = identity_load(&arena, &merge.data, &error);
	merge.insert = query_start(merge.database, "INSERT INTO identity (file, volume, subject, value, source, confidence) "
						   "VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	if (outcome == DONE)
		outcome = conclude(&merge);
	enum outcome ended = query_end(&merge.insert);
	arena_done(&arena);
	return outcome == DONE ? ended : outcome;
}
