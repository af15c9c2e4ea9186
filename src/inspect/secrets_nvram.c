/*
 * Defaults of NVRAM in programs: a table of { char *name; char *value; … } in the data of an ELF object, as the
 * programs of Broadcom's and others' kits have it. A pair counts where the entries beside it are names and defaults as well.
 */
#include "base/embedded.h"
#include "inspect/elf_pointers.h"
#include "inspect/lines.h"
#include "inspect/password.h"
#include "inspect/secret_value.h"

enum { STRIDE_MIN = 2, STRIDE_MAX = 6 /* words of an entry */, VALUE_MAX = 128, NEIGHBOURS = 4, DEFAULTS_LEAST = 2 };

/* The string that the word at an offset points to; no data where it points to none. */
static struct span string_at(const struct elf_pointers *pointers, uint64_t at)
{
	uint64_t address = elf_pointer_at(pointers, at);
	struct span text = address > 0 ? elf_at_address(pointers->elf, address) : SPAN_NONE;
	size_t end = span_find_byte(span_slice(text, 0, VALUE_MAX), 0, 0);
	if (text.size == 0 || end == SPAN_NOT_FOUND)
		return SPAN_NONE;
	for (size_t i = 0; i < end; i++)
		if (span_byte(text, i) < ' ' || span_byte(text, i) > '~')
			return SPAN_NONE;
	return span_slice(text, 0, end);
}

static bool is_variable(struct span name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!is_alnum(span_byte(name, i)) && span_byte(name, i) != '_')
			return false;
	return name.size > 2 && is_letter(span_byte(name, 0));
}

/* "", "0", "192.168.1.1": what defaults are, and neither labels of a form nor other names. */
static bool is_default(struct span value)
{
	return value.data && (value.size == 0 || is_digit(span_byte(value, 0)));
}

/* Tables of labels ("Password"), of aliases and plain lists of names have names beside names as well, but no such values. */
static bool is_table(const struct elf_pointers *pointers, uint64_t at, uint64_t stride)
{
	int defaults = 0;
	if (stride > at || !is_variable(string_at(pointers, at - stride)) || !is_variable(string_at(pointers, at + stride)))
		return false;
	for (uint64_t i = 1; i <= NEIGHBOURS; i++) {
		uint64_t before = at - i * stride, after = at + i * stride;
		defaults += i * stride <= at && is_variable(string_at(pointers, before)) &&
			    is_default(string_at(pointers, before + pointers->word));
		defaults += is_variable(string_at(pointers, after)) && is_default(string_at(pointers, after + pointers->word));
	}
	return defaults >= DEFAULTS_LEAST;
}

static bool is_in_table(const struct elf_pointers *pointers, uint64_t at)
{
	for (uint64_t words = STRIDE_MIN; words <= STRIDE_MAX; words++)
		if (is_table(pointers, at, words * pointers->word))
			return true;
	return false;
}

/* A password that is stored as its hash. Thirteen letters may be a word as well as a hash of DES, unless it was opened. */
static bool is_hash(struct span value, struct password_work *work, struct password *out)
{
	if (!password_scheme(value))
		return false;
	*out = password_judge(work, SPAN_NONE, value);
	return out->cracked.data || span_byte(value, 0) == '$';
}

static void state_account(struct inspection *file, struct span name, struct password password)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_ACCOUNT);
	fact_text(file->facts, fact, ACCOUNT_NAME, name);
	fact_word(file->facts, fact, ACCOUNT_PASSWORD, password.state);
	fact_word(file->facts, fact, ACCOUNT_SCHEME, password.scheme);
	if (password.cracked.data)
		fact_text(file->facts, fact, ACCOUNT_CRACKED, password.cracked);
	fact_word(file->facts, fact, ACCOUNT_STORE, "nvram");
}

static void state_secret(struct inspection *file, struct span name, struct span kind, struct span value)
{
	bool wifi = span_equal_text(kind, "wifi key"), ppp = span_equal_text(kind, "ppp");
	/* What a maker is known to ship: the defaults of an image name no other. */
	bool shipped = !wifi && !ppp && password_is_published(SPAN_NONE, value);
	struct secret_found found = { .offset = (uint64_t)(value.data - file->bytes.data),
				      .kind = wifi ? "wifi key" : ppp ? "ppp" : "password",
				      .rule = "nvram-default",
				      .confidence = shipped ? "high" : "medium",
				      .name = name,
				      .value = value };
	secret_state(file, &found);
}

/* Every word of the file that points to the name. */
static void find_pairs(struct inspection *file, const struct elf_pointers *pointers, uint64_t address, struct span name,
		       struct span kind)
{
	struct password_work work;
	struct password password;
	password_work_init(&work, file->scratch);
	struct elf_pointer_search search = { 0 };
	for (uint64_t at; elf_pointer_next(pointers, address, &search, &at);) {
		struct span value = string_at(pointers, at + pointers->word);
		if ((!secret_is_value(value) && !password_scheme(value)) || !is_in_table(pointers, at))
			continue;
		if (span_equal_text(kind, "password") && is_hash(value, &work, &password))
			state_account(file, name, password);
		else if (secret_is_value(value))
			state_secret(file, name, kind, value);
		else
			continue;
		return;
	}
}

void secrets_nvram(struct inspection *file)
{
	struct lines lines = lines_over(embedded("inspect/nvram-secrets.tsv"));
	struct span rest, name;
	struct elf elf;
	struct elf_pointers pointers = { 0 };
	if (!elf_open(file->bytes, &elf))
		return;
	while (lines_next_setting(&lines, &rest)) {
		if (!span_next_field(&rest, '\t', &name))
			continue;
		struct span string = arena_format(file->scratch, "%c%.*s%c", 0, SPAN_FORMAT(name), 0);
		size_t at = span_find(file->bytes, string, 0);
		uint64_t address = at == SPAN_NOT_FOUND ? 0 : elf_address_of(&elf, at + 1);
		if (address == 0)
			continue;
		if (!pointers.elf && !elf_pointers_open(&elf, file->scratch, &pointers)) {
			notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_LIMIT, "secrets.relocations", 0, NOTE_NO_AMOUNT,
					 "relocations of the program were not read whole, nor a table of defaults that they fill");
			return;
		}
		find_pairs(file, &pointers, address, name, rest);
	}
}
