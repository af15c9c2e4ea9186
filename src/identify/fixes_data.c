/* Reads data/fixes. */
#include "identify/fixes.h"

#include <stdlib.h>

const char *const fix_kinds[FIX_KINDS] = { "text", "literal", "symbol", "export", "import", "bytes" };

struct loader {
	struct data_reader reader;
	struct fix_component *all;
	size_t count;
	struct fix_word *words; /* of the component that is read */
	size_t word_count, word_capacity;
};

static enum outcome read_hex(const struct loader *loader, const struct yaml *node, struct span *text)
{
	struct span digits = *text;
	uint8_t *bytes = ARENA_NEW(loader->reader.arena, uint8_t, digits.size / 2 + 1);
	if (!bytes)
		return NO_MEMORY;
	for (size_t i = 0; i + 1 < digits.size; i += 2) {
		int high = hex_digit(span_byte(digits, i)), low = hex_digit(span_byte(digits, i + 1));
		if (high < 0 || low < 0)
			return data_fail(&loader->reader, node, "not hexadecimal");
		bytes[i / 2] = (uint8_t)(high << 4 | low);
	}
	*text = span_of(bytes, digits.size / 2);
	return digits.size % 2 == 0 ? DONE : data_fail(&loader->reader, node, "half a byte");
}

/* The words of one kind join those of the component. */
static enum outcome read_kind(struct loader *loader, const struct yaml *node, enum fix_kind kind, struct fix_sign *sign)
{
	struct words words;
	TRY(data_words_read(&loader->reader, node, &words));
	for (size_t i = 0; i < words.count; i++) {
		struct fix_word word = { kind, words.all[i] };
		if (kind == FIX_BYTES)
			TRY(read_hex(loader, node, &word.text));
		if (word.text.size < FIX_WORD_LEAST)
			return data_fail(&loader->reader, node, "too short to be a sign");
		struct fix_word *grown = arena_grow(loader->reader.arena, loader->words, loader->word_count,
						    &loader->word_capacity, sizeof *grown);
		if (!grown)
			return NO_MEMORY;
		loader->words = grown;
		loader->words[loader->word_count++] = word;
		sign->count++;
	}
	return DONE;
}

static bool is_kind(struct span key)
{
	for (size_t i = 0; i < FIX_KINDS; i++)
		if (span_equal_text(key, fix_kinds[i]))
			return true;
	return false;
}

static enum outcome read_sign(struct loader *loader, const struct yaml *node, struct fix_sign *out)
{
	const struct yaml *lacks = yaml_member(node, "lacks");
	const struct yaml *words = lacks ? lacks : node;
	*out = (struct fix_sign){ .lacks = lacks != NULL, .first = loader->word_count };
	for (const struct yaml *child = yaml_first(words); child; child = child->next)
		if (!is_kind(child->key))
			return data_fail(&loader->reader, child, "not a kind of sign");
	for (size_t i = 0; i < FIX_KINDS; i++)
		TRY(read_kind(loader, yaml_member(words, fix_kinds[i]), (enum fix_kind)i, out));
	bool alone = !lacks || yaml_count(node) == 1;
	return out->count > 0 && alone ? DONE : data_fail(&loader->reader, node, "a sign has words, and 'lacks' stands alone");
}

static enum outcome read_signs(struct loader *loader, const struct yaml *node, struct fix_signs *out)
{
	struct fix_sign *all = ARENA_NEW(loader->reader.arena, struct fix_sign, yaml_count(node) + 1);
	*out = (struct fix_signs){ .all = all };
	if (!all)
		return NO_MEMORY;
	for (const struct yaml *child = yaml_first(node); child; child = child->next)
		TRY(read_sign(loader, child, &all[out->count++]));
	return DONE;
}

static bool any_may_be_stripped(const struct loader *loader, const struct fix_signs *signs)
{
	for (size_t i = 0; i < signs->count; i++)
		for (size_t k = 0; k < signs->all[i].count; k++)
			if (loader->words[signs->all[i].first + k].kind == FIX_SYMBOL)
				return true;
	return false;
}

/* What a file calls may be called by another part of it. */
static bool are_all_imports(const struct loader *loader, const struct fix_signs *signs)
{
	for (size_t i = 0; i < signs->count; i++)
		for (size_t k = 0; k < signs->all[i].count; k++)
			if (loader->words[signs->all[i].first + k].kind != FIX_IMPORT)
				return false;
	return true;
}

/* What must hold of an entry lest silence, or a word alone, shows too much. */
static const char *fault_of(const struct loader *loader, const struct fix *fix)
{
	size_t positive = 0;
	for (size_t i = 0; i < fix->fixed.count; i++)
		positive += !fix->fixed.all[i].lacks;
	if (fix->cve.count == 0 || fix->from.size == 0 || fix->before.size == 0 || fix->fixed.count == 0)
		return "a fix has cve, from, before and fixed";
	if (are_all_imports(loader, &fix->fixed))
		return "what a file calls shows a fix only with another sign";
	if (fix_signs_lack(&fix->beside) || fix_signs_lack(&fix->unfixed) || fix->code.lacks)
		return "'lacks' stands in 'fixed' only";
	bool silence = fix_signs_lack(&fix->fixed) || fix->silent_unfixed;
	if (silence && fix->beside.count == 0)
		return "silence counts only beside something";
	if (fix->silent_unfixed && (positive == 0 || any_may_be_stripped(loader, &fix->fixed)))
		return "what may be stripped shows nothing by its absence";
	return fix->silent_unfixed && fix->unfixed.count > 0 ? "'unfixed' is 'true' or a list" : NULL;
}

static enum outcome read_fix(struct loader *loader, const struct yaml *node, const struct fix_sign *usual_code, struct fix *out)
{
	const struct yaml *code = yaml_member(node, "code");
	const struct yaml *unfixed = yaml_member(node, "unfixed");
	*out = (struct fix){ .from = yaml_text(node, "from"), .before = yaml_text(node, "before"), .code = *usual_code,
			     .silent_unfixed = data_is_true(node, "unfixed") };
	TRY(data_words_read(&loader->reader, yaml_member(node, "cve"), &out->cve));
	if (code)
		TRY(read_sign(loader, code, &out->code));
	if (out->code.count == 0)
		return data_fail(&loader->reader, node, "it needs code");
	TRY(read_signs(loader, yaml_member(node, "beside"), &out->beside));
	TRY(read_signs(loader, yaml_member(node, "fixed"), &out->fixed));
	TRY(read_signs(loader, unfixed && unfixed->kind == YAML_SEQUENCE ? unfixed : NULL, &out->unfixed));
	const char *fault = fault_of(loader, out);
	return fault ? data_fail(&loader->reader, node, fault) : DONE;
}

/* The words that are bytes, in one search; the names of symbols are looked up in tables. */
static enum outcome make_search(const struct loader *loader, struct fix_component *out)
{
	struct span *texts = ARENA_NEW(loader->reader.arena, struct span, loader->word_count + 1);
	if (!texts)
		return NO_MEMORY;
	for (size_t i = 0; i < loader->word_count; i++) {
		enum fix_kind kind = loader->words[i].kind;
		if (kind == FIX_TEXT || kind == FIX_LITERAL || kind == FIX_BYTES)
			texts[i] = loader->words[i].text;
	}
	out->words = loader->words;
	out->word_count = loader->word_count;
	return word_search_make(loader->reader.arena, texts, loader->word_count, &out->search);
}

static enum outcome read_component(struct loader *loader, const struct yaml *node, struct fix_component *out)
{
	const struct yaml *list = yaml_member(node, "fixes"), *code = yaml_member(node, "code");
	struct fix *all = ARENA_NEW(loader->reader.arena, struct fix, yaml_count(list) + 1);
	struct fix_sign usual_code = { 0 };
	*out = (struct fix_component){ .name = yaml_text(node, "component"), .fixes = all };
	if (!all)
		return NO_MEMORY;
	if (out->name.size == 0)
		return data_fail(&loader->reader, node, "it needs a component");
	loader->words = NULL;
	loader->word_count = loader->word_capacity = 0;
	if (code)
		TRY(read_sign(loader, code, &usual_code));
	for (const struct yaml *child = yaml_first(list); child; child = child->next)
		TRY(read_fix(loader, child, &usual_code, &all[out->count++]));
	return make_search(loader, out);
}

static int compare_components(const void *left, const void *right)
{
	const struct fix_component *a = left, *b = right;
	return span_compare(a->name, b->name);
}

static enum outcome read_folder(struct loader *loader, const struct data_folder *folder, struct fixes *out)
{
	loader->all = ARENA_NEW(loader->reader.arena, struct fix_component, folder->entries + 1);
	if (!loader->all)
		return NO_MEMORY;
	for (size_t i = 0; i < folder->count; i++) {
		loader->reader.document = folder->names[i];
		for (const struct yaml *node = yaml_first(folder->roots[i]); node; node = node->next)
			TRY(read_component(loader, node, &loader->all[loader->count++]));
	}
	qsort(loader->all, loader->count, sizeof *loader->all, compare_components);
	*out = (struct fixes){ .all = loader->all, .count = loader->count };
	return DONE;
}

enum outcome fixes_load(struct arena *arena, struct fixes *out, struct span *error)
{
	struct loader loader = { .reader = { .arena = arena, .error = error } };
	struct data_folder folder;
	TRY(data_folder_read(&loader.reader, "fixes/", &folder));
	return read_folder(&loader, &folder, out);
}

enum outcome fixes_read(struct arena *arena, struct span text, struct fixes *out, struct span *error)
{
	struct loader loader = { .reader = { .arena = arena, .error = error } };
	struct data_folder folder = { .names = { "fixes" }, .count = 1 };
	TRY(yaml_read(text, arena, &folder.roots[0], error));
	folder.entries = yaml_count(folder.roots[0]);
	return read_folder(&loader, &folder, out);
}

bool fix_signs_lack(const struct fix_signs *signs)
{
	for (size_t i = 0; i < signs->count; i++)
		if (signs->all[i].lacks)
			return true;
	return false;
}
