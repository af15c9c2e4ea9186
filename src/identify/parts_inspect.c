/*
 * What the content of a program shows of the parts of the components that it holds. Only a file that is surely the
 * component's (a bearer) shows by its silence that a part is missing: a table of symbols or a build without messages lacks much.
 */
#include "base/effort.h"
#include "identify/parts.h"
#include "identify/witness.h"
#include "inspect/code.h"
#include "inspect/elf_image.h"
#include "inspect/elf_machine.h"
#include "inspect/lines.h"

enum { LIST_MOST = 4096, SYMBOL_UNITS = 8 };

struct parts_search {
	const struct parts *parts;
	const struct recognisers *recognisers;
	const struct part_component **owners; /* of each pattern */
	const struct part **wanted;
};

struct look {
	struct inspection *file;
	const struct part_component *component;
	bool bears;         /* it has the code that all builds of the component have */
	bool bears_symbols; /* its symbols are told */
	bool whole;         /* nothing of the program is cut off: what it does not show, it has not */
	struct span list;   /* of options; may be empty */
	struct elf_symbols dynamic, full;
	struct elf elf;
};

/* What was seen of a part, or is missing. */
struct sign {
	const char *kind;
	struct span detail;
	bool present;
	bool decided;
};

static void state(const struct look *look, const struct part *part, const struct sign *sign)
{
	struct facts *facts = look->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_PART_SIGN);
	fact_text(facts, fact, PART_SIGN_COMPONENT, look->component->name);
	fact_text(facts, fact, PART_SIGN_NAME, part->name);
	fact_integer(fact, PART_SIGN_PRESENT, sign->present);
	fact_word(facts, fact, PART_SIGN_SIGN, sign->kind);
	fact_text(facts, fact, PART_SIGN_DETAIL, sign->detail);
	const uint8_t *start = look->file->bytes.data, *at = sign->detail.data;
	if (sign->present && at >= start && at < start + look->file->bytes.size)
		fact_integer(fact, PART_SIGN_OFFSET, at - start);
}

/* The first of the words that stands anywhere in the bytes, as it lies there. */
static struct span find_any(struct span bytes, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		size_t at = span_find(bytes, words->all[i], 0);
		if (at != SPAN_NOT_FOUND)
			return span_slice(bytes, at, words->all[i].size);
	}
	return SPAN_NONE;
}

/* A whole literal; *somewhere where its end is also that of a longer one, which a linker may have made one of both. */
static struct span find_literal(struct span bytes, struct span word, bool *somewhere)
{
	size_t at = 0;
	while ((at = span_find(bytes, word, at)) != SPAN_NOT_FOUND) {
		bool ends = at + word.size < bytes.size && span_byte(bytes, at + word.size) == 0;
		if (ends && at > 0 && span_byte(bytes, at - 1) == 0)
			return span_slice(bytes, at, word.size);
		*somewhere = *somewhere || ends;
		at++;
	}
	return SPAN_NONE;
}

/* "zipOpen" is that function, "zipOpen*" every function of which the name begins so. */
static bool names_symbol(struct span wanted, struct span name)
{
	if (span_byte(wanted, wanted.size - 1) == '*')
		return span_starts(name, span_slice(wanted, 0, wanted.size - 1));
	return span_equal(wanted, name);
}

/* True where each function of the table has its name. */
static bool is_table_whole(const struct look *look, const struct elf_symbols *table)
{
	struct elf_symbol symbol;
	for (uint64_t i = 1; i < table->count; i++) {
		if (!effort_spend(SYMBOL_UNITS) || !elf_symbol_at(&look->elf, table, i, &symbol))
			return false;
		const uint8_t *strings_end = table->strings.data + table->strings.size;
		if (symbol.function && !symbol.local &&
		    (symbol.name.size == 0 || symbol.name.data + symbol.name.size >= strings_end))
			return false;
	}
	return true;
}

static struct span find_in_table(const struct look *look, const struct elf_symbols *table, const struct words *wanted)
{
	struct elf_symbol symbol;
	for (uint64_t i = 1; i < table->count && effort_spend(SYMBOL_UNITS); i++) {
		if (!elf_symbol_at(&look->elf, table, i, &symbol))
			return SPAN_NONE;
		for (size_t k = 0; symbol.defined && symbol.name.size > 0 && k < wanted->count; k++)
			if (names_symbol(wanted->all[k], symbol.name))
				return symbol.name;
	}
	return SPAN_NONE;
}

static struct span find_symbol(const struct look *look, const struct words *wanted)
{
	if (wanted->count == 0)
		return SPAN_NONE;
	struct span found = find_in_table(look, &look->dynamic, wanted);
	return found.size > 0 ? found : find_in_table(look, &look->full, wanted);
}

static bool has_word(struct span list, struct span word, bool *denied)
{
	struct span rest = list, one;
	while (span_next_word(&rest, &one)) {
		if (span_equal(one, word))
			return true;
		if (denied && span_starts_text(one, "no-") && span_equal(span_from(one, 3), word))
			*denied = true;
	}
	return false;
}

/* The literal around a byte. */
static struct span literal_around(struct span bytes, size_t at)
{
	size_t start = at;
	while (start > 0 && at - start < LIST_MOST && span_byte(bytes, start - 1) >= ' ')
		start--;
	return span_until_nul(span_slice(bytes, start, 2 * LIST_MOST));
}

/* The literal that has all words of the list. */
static struct span find_list(struct span bytes, const struct words *words)
{
	size_t at = 0;
	while (words->count > 0 && (at = span_find(bytes, words->all[0], at)) != SPAN_NOT_FOUND) {
		struct span list = literal_around(bytes, at);
		bool all = list.size < LIST_MOST;
		for (size_t i = 0; all && i < words->count; i++) {
			bool denied = false;
			all = has_word(list, words->all[i], &denied) || denied;
		}
		if (all)
			return list;
		at++;
	}
	return SPAN_NONE;
}

static struct span find_word(struct span list, const struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		struct span rest = list, one;
		while (span_next_word(&rest, &one))
			if (span_equal(one, words->all[i]))
				return one;
	}
	return SPAN_NONE;
}

static void look_for_option(const struct look *look, const struct part *part, struct sign *sign)
{
	struct span found = find_word(look->list, &part->option);
	if (sign->decided || look->list.size == 0 || part->option.count == 0)
		return;
	struct span denied = found.size > 0 ? SPAN_NONE : find_word(look->list, &part->lacks);
	if (found.size > 0)
		*sign = (struct sign){ "option", found, .present = true, .decided = true };
	else if (denied.size > 0)
		*sign = (struct sign){ "option", denied, .decided = true };
	else if (part->otherwise)
		*sign = (struct sign){ "option", part->option.all[0], .decided = true };
}

static void look_for_texts(const struct look *look, const struct part *part, struct sign *sign)
{
	if (!look->bears)
		return;
	struct span found = find_any(look->file->bytes, &part->text);
	bool somewhere = false;
	for (size_t i = 0; found.size == 0 && i < part->string.count; i++)
		found = find_literal(look->file->bytes, part->string.all[i], &somewhere);
	if (found.size == 0)
		found = find_any(look->file->bytes, &part->hint);
	const struct words *wanted = part->text.count > 0 ? &part->text : &part->string;
	if (found.size > 0)
		*sign = (struct sign){ "text", found, .present = true, .decided = true };
	else if (wanted->count > 0 && look->whole && !somewhere)
		*sign = (struct sign){ "text", wanted->all[0], .decided = true };
}

static void look_for_symbols(const struct look *look, const struct part *part, struct sign *sign)
{
	struct span found = find_symbol(look, &part->symbol);
	if (found.size > 0)
		*sign = (struct sign){ "symbol", found, .present = true, .decided = true };
	else if (part->symbol.count > 0 && look->whole && look->bears_symbols && !sign->decided)
		*sign = (struct sign){ "symbol", part->symbol.all[0], .decided = true };
}

/* "x86-64" is that machine, "x86-64/32" its programs with addresses of 32 bits. */
static void look_for_machine(const struct look *look, const struct part *part, struct sign *sign)
{
	const struct elf_machine *machine = look->bears ? elf_machine_find(look->elf.machine) : NULL;
	if (!machine || part->machine.count == 0)
		return;
	struct span name = span_of_text(machine->name), rest;
	bool is = false;
	for (size_t i = 0; i < part->machine.count; i++) {
		struct span wanted = part->machine.all[i], one;
		rest = wanted;
		is = is || (span_next_field(&rest, '/', &one) && span_equal(one, name) &&
			    (rest.size == 0 || span_equal_text(rest, look->elf.wide ? "64" : "32")));
	}
	if (!is || !part->maybe)
		*sign = (struct sign){ "machine", name, .present = is, .decided = true };
}

static void look_for_part(const struct look *look, const struct part *part)
{
	struct sign sign = { 0 };
	look_for_option(look, part, &sign);
	if (!sign.decided)
		look_for_texts(look, part, &sign);
	if (!sign.present)
		look_for_symbols(look, part, &sign);
	if (!sign.decided)
		look_for_machine(look, part, &sign);
	if (sign.decided && !effort_over())
		state(look, part, &sign);
}

static void look_for_parts(struct inspection *file, const struct part_component *component)
{
	struct look look = { .file = file, .component = component };
	if (elf_open(file->bytes, &look.elf)) {
		look.dynamic = elf_dynamic_symbols(&look.elf);
		look.full = elf_full_symbols(&look.elf);
	}
	look.whole = look.elf.bytes.size > 0 && elf_is_whole(&look.elf) && is_table_whole(&look, &look.dynamic) &&
		     is_table_whole(&look, &look.full);
	look.bears_symbols = find_symbol(&look, &component->bearer_symbol).size > 0;
	look.bears = look.bears_symbols || find_any(file->bytes, &component->bearer_text).size > 0;
	look.list = find_list(file->bytes, &component->list);
	for (size_t i = 0; i < component->count && !effort_over(); i++)
		look_for_part(&look, &component->parts[i]);
}

static void state_hits(struct inspection *file, const struct parts_search *search)
{
	uint32_t last = UINT32_MAX;
	for (size_t i = 0; i < file->hit_count; i++) {
		const struct pattern_hit *hit = &file->hits[i];
		if (hit->pattern == last)
			continue;
		last = hit->pattern;
		struct look look = { .file = file, .component = search->owners[last] };
		struct sign sign = { "elsewhere", span_slice(file->bytes, hit->start, hit->end - hit->start),
				     .present = true, .decided = true };
		state(&look, search->wanted[last], &sign);
	}
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF;
}

static void inspect(struct inspection *file)
{
	const struct parts_search *search = file->context;
	enum code code = code_of(file);
	if (code == CODE_NONE || code == CODE_SCRIPT)
		return;
	state_hits(file, search);
	for (size_t i = 0; i < search->parts->count; i++) {
		const struct part_component *component = &search->parts->all[i];
		if (witness_is_of(file, search->recognisers, component->name))
			look_for_parts(file, component);
	}
}

static size_t count_elsewhere(const struct parts *parts)
{
	size_t count = 0;
	for (size_t i = 0; i < parts->count; i++)
		for (size_t k = 0; k < parts->all[i].count; k++)
			count += parts->all[i].parts[k].elsewhere.count;
	return count;
}

/* A text as an expression that stands for itself. */
static const char *expression_of(struct arena *arena, struct span text)
{
	struct span escaped = SPAN_NONE;
	for (size_t i = 0; i < text.size; i++) {
		char byte = (char)span_byte(text, i);
		bool plain = is_alnum((uint8_t)byte) || byte == ' ';
		escaped = arena_format(arena, "%.*s%s%c", SPAN_FORMAT(escaped), plain ? "" : "\\", byte);
	}
	return arena_text(arena, escaped);
}

enum outcome parts_inspector_make(struct arena *arena, const struct recognisers *recognisers, struct inspector *out)
{
	const struct parts *parts = recognisers->parts;
	size_t count = count_elsewhere(parts), at = 0;
	struct parts_search *search = ARENA_NEW(arena, struct parts_search, 1);
	struct pattern *patterns = ARENA_NEW(arena, struct pattern, count + 1);
	if (!search || !patterns)
		return NO_MEMORY;
	search->parts = parts;
	search->recognisers = recognisers;
	search->owners = ARENA_NEW(arena, const struct part_component *, count + 1);
	search->wanted = ARENA_NEW(arena, const struct part *, count + 1);
	if (!search->owners || !search->wanted)
		return NO_MEMORY;
	for (size_t i = 0; i < parts->count; i++)
		for (size_t k = 0; k < parts->all[i].count; k++) {
			const struct part *part = &parts->all[i].parts[k];
			for (size_t w = 0; w < part->elsewhere.count; w++, at++) {
				patterns[at] = (struct pattern){ expression_of(arena, part->elsewhere.all[w]), PATTERN_ONCE };
				search->owners[at] = &parts->all[i];
				search->wanted[at] = part;
				if (!patterns[at].expression)
					return NO_MEMORY;
			}
		}
	*out = (struct inspector){
		.name = "parts", .patterns = patterns, .pattern_count = count, .context = search,
		.wants = wants,  .inspect = inspect,
	};
	return DONE;
}
