/*
 * What a program shows of the fixes of the components that it holds. Only what is loaded counts, and what the tables of
 * symbols name: a changelog, a page or what is appended to a program shows nothing. Silence counts only of a program that is
 * whole and has the code that was mended.
 */
#include "base/effort.h"
#include "identify/fixes.h"
#include "identify/witness.h"
#include "inspect/elf_image.h"

enum { SYMBOL_UNITS = 8 };

struct look {
	struct inspection *file;
	const struct fix_component *component;
	struct elf elf;
	struct elf_symbols dynamic, full;
	struct span loaded; /* the segment that is searched */
	struct span *found; /* of each word of the component: where it stands in the file */
	bool whole;         /* nothing of the program is cut off, and all of it was searched */
};

/* A literal begins and ends with a NUL; what else a word is, it is anywhere. */
static void see_word(void *context, size_t word, size_t offset)
{
	struct look *look = context;
	struct span at = span_slice(look->loaded, offset, look->component->words[word].text.size);
	bool begins = offset > 0 && span_byte(look->loaded, offset - 1) == 0;
	bool ends = offset + at.size < look->loaded.size && span_byte(look->loaded, offset + at.size) == 0;
	if (look->component->words[word].kind == FIX_LITERAL && !(begins && ends))
		return;
	if (look->found[word].size == 0)
		look->found[word] = at;
}

static void search_segments(struct look *look)
{
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(&look->elf, i, &segment); i++) {
		if (segment.type != SEGMENT_LOAD)
			continue;
		look->loaded = elf_segment_bytes(&look->elf, &segment);
		look->whole = word_search_run(&look->component->search, look->loaded, see_word, look) && look->whole;
	}
}

/* What kind of words a symbol of a table may be. */
static bool fits(enum fix_kind kind, const struct elf_symbol *symbol, bool dynamic)
{
	if (kind == FIX_SYMBOL)
		return symbol->defined;
	if (kind == FIX_EXPORT)
		return dynamic && symbol->defined;
	return kind == FIX_IMPORT && dynamic && !symbol->defined;
}

static void search_symbols(struct look *look, const struct elf_symbols *table, bool dynamic)
{
	const struct fix_component *component = look->component;
	struct elf_symbol symbol;
	for (uint64_t i = 1; i < table->count; i++) {
		if (!effort_spend(SYMBOL_UNITS + component->word_count) || !elf_symbol_at(&look->elf, table, i, &symbol)) {
			look->whole = false;
			return;
		}
		for (size_t k = 0; k < component->word_count; k++)
			if (fits(component->words[k].kind, &symbol, dynamic) && look->found[k].size == 0 &&
			    span_equal(component->words[k].text, symbol.name))
				look->found[k] = symbol.name;
	}
}

/* Index of the first of the words that is there; SIZE_MAX where none is. */
static size_t find_any(const struct look *look, const struct fix_sign *sign)
{
	for (size_t i = sign->first; i < sign->first + sign->count; i++)
		if (look->found[i].size > 0)
			return i;
	return SIZE_MAX;
}

static bool holds(const struct look *look, const struct fix_sign *sign)
{
	bool any = find_any(look, sign) != SIZE_MAX;
	return sign->lacks ? look->whole && !any : any;
}

static bool all_hold(const struct look *look, const struct fix_signs *signs)
{
	for (size_t i = 0; i < signs->count; i++)
		if (!holds(look, &signs->all[i]))
			return false;
	return true;
}

/* True where silence shows something: a library that tells no names lacks none. */
static bool is_silent(const struct look *look, const struct fix *fix)
{
	bool names = false;
	for (size_t i = 0; i < fix->fixed.count; i++)
		for (size_t k = 0; k < fix->fixed.all[i].count; k++) {
			enum fix_kind kind = look->component->words[fix->fixed.all[i].first + k].kind;
			names = names || kind == FIX_EXPORT || kind == FIX_IMPORT;
		}
	return look->whole && all_hold(look, &fix->beside) && (!names || look->dynamic.count > 1);
}

/* A program may hold the code twice, mended and not. */
static bool is_fixed(const struct look *look, const struct fix *fix)
{
	return all_hold(look, &fix->fixed) && (!fix_signs_lack(&fix->fixed) || is_silent(look, fix)) &&
	       (fix->unfixed.count == 0 || !all_hold(look, &fix->unfixed));
}

static bool is_unfixed(const struct look *look, const struct fix *fix)
{
	if (!is_silent(look, fix))
		return false;
	if (fix->unfixed.count > 0 && all_hold(look, &fix->fixed))
		return false;
	if (fix->unfixed.count > 0)
		return all_hold(look, &fix->unfixed);
	for (size_t i = 0; i < fix->fixed.count; i++)
		if (holds(look, &fix->fixed.all[i]))
			return false;
	return fix->silent_unfixed;
}

/* The word that a row names: one that is there; else one that is not. */
static size_t telling_word(const struct look *look, const struct fix_signs *signs)
{
	for (size_t i = 0; i < signs->count; i++)
		if (find_any(look, &signs->all[i]) != SIZE_MAX)
			return find_any(look, &signs->all[i]);
	return signs->count > 0 ? signs->all[0].first : SIZE_MAX;
}

static void state(const struct look *look, const struct fix *fix, struct span cve, const char *shows, size_t word)
{
	struct facts *facts = look->file->facts;
	struct fact *fact = fact_new(facts, EVIDENCE_FIX_SIGN);
	fact_text(facts, fact, FIX_SIGN_COMPONENT, look->component->name);
	fact_text(facts, fact, FIX_SIGN_VULNERABILITY, cve);
	fact_text(facts, fact, FIX_SIGN_SINCE, fix->from);
	fact_text(facts, fact, FIX_SIGN_BEFORE, fix->before);
	fact_word(facts, fact, FIX_SIGN_SHOWS, shows);
	if (word == SIZE_MAX)
		return;
	fact_word(facts, fact, FIX_SIGN_SIGN, fix_kinds[look->component->words[word].kind]);
	fact_text(facts, fact, FIX_SIGN_DETAIL, look->component->words[word].text);
	if (look->found[word].size > 0)
		fact_integer(fact, FIX_SIGN_OFFSET, look->found[word].data - look->file->bytes.data);
}

static void weigh(const struct look *look, const struct fix *fix)
{
	bool fixed = is_fixed(look, fix), unfixed = !fixed && is_unfixed(look, fix);
	/* What is whole and has nothing of the code is another program or library of the component. */
	if (!holds(look, &fix->code) && look->whole)
		return;
	bool decided = (fixed || unfixed) && holds(look, &fix->code);
	const struct fix_signs *telling = unfixed && fix->unfixed.count > 0 ? &fix->unfixed : &fix->fixed;
	for (size_t i = 0; i < fix->cve.count; i++)
		state(look, fix, fix->cve.all[i], !decided ? "neither" : fixed ? "fixed" : "unfixed",
		      decided ? telling_word(look, telling) : SIZE_MAX);
}

static void look_for_fixes(struct inspection *file, const struct fix_component *component)
{
	struct look look = { .file = file, .component = component,
			     .found = ARENA_NEW(file->scratch, struct span, component->word_count + 1) };
	if (!look.found || !elf_open(file->bytes, &look.elf))
		return;
	look.dynamic = elf_dynamic_symbols(&look.elf);
	look.full = elf_full_symbols(&look.elf);
	look.whole = look.elf.segment_count > 0 && elf_is_whole(&look.elf);
	search_segments(&look);
	search_symbols(&look, &look.dynamic, true);
	search_symbols(&look, &look.full, false);
	for (size_t i = 0; i < component->count && !effort_over(); i++)
		weigh(&look, &component->fixes[i]);
}

static void inspect(struct inspection *file)
{
	const struct recognisers *recognisers = file->context;
	for (size_t i = 0; recognisers->fixes && i < recognisers->fixes->count; i++)
		if (witness_is_of(file, recognisers, recognisers->fixes->all[i].name))
			look_for_fixes(file, &recognisers->fixes->all[i]);
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF;
}

struct inspector fixes_inspector(const struct recognisers *recognisers)
{
	return (struct inspector){ .name = "fixes", .context = recognisers, .wants = wants, .inspect = inspect };
}
