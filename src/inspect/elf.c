/* States facts about ELF objects: how they were linked, how they are hardened, what they import. */
#include "base/digest.h"
#include "inspect/elf_hardening.h"
#include "inspect/elf_image.h"
#include "inspect/elf_imports.h"
#include "inspect/elf_machine.h"
#include "inspect/registry.h"

enum { DT_NEEDED = 1, DT_SONAME = 14, DT_RPATH = 15, DT_RUNPATH = 29 };
enum { LIBRARIES_MAX = 1024, IMPORTS_MAX = 4096 };
enum { NAME_LIMIT = 4096, ANYONE_MAY_EXECUTE = 0111 };

static bool elf_wants(const struct inspection *file)
{
	return span_has_at(file->bytes, 0, SPAN_LITERAL("\177ELF"));
}

static void set_answer(struct fact *fact, int column, enum answer answer)
{
	if (answer != ANSWER_UNKNOWN)
		fact_integer(fact, column, answer == ANSWER_YES);
}

/* The text at an offset; one that does not end within the limit is cut, and counts as dropped. */
static struct span text_at(struct inspection *file, enum evidence_table table, struct span bytes, uint64_t offset)
{
	struct span text = span_until_nul(span_slice(bytes, offset, NAME_LIMIT));
	if (text.size == NAME_LIMIT)
		facts_drop(file->facts, table);
	return text;
}

/* A dynamic entry whose value is an offset into the dynamic strings. */
static void set_dynamic_text(struct inspection *file, struct fact *fact, int column, const struct elf *elf,
			     uint64_t tag)
{
	uint64_t offset;
	if (!elf_dynamic_value(elf, tag, &offset))
		return;
	struct span text = text_at(file, EVIDENCE_ELF, elf_dynamic_strings(elf), offset);
	if (text.size > 0)
		fact_text(file->facts, fact, column, text);
}

static const char *type_name(const struct elf *elf, const struct elf_hardening *hardening)
{
	switch (elf->type) {
	case ELF_REL:
		return "relocatable";
	case ELF_CORE:
		return "core";
	default:
		return hardening->is_program ? "executable" : "shared library";
	}
}

/* The first distinct strings of .comment: the objects of the C library may name another compiler than the program's. */
static void set_compiler(struct inspection *file, struct fact *fact, const struct elf *elf)
{
	enum { COMPILERS_MAX = 64 };
	struct elf_section section;
	if (!elf_find_section(elf, SECTION_PROGBITS, ".comment", &section))
		return;
	struct span rest = elf_section_bytes(elf, &section), text, seen[COMPILERS_MAX];
	size_t count = 0;
	while (span_next_field(&rest, 0, &text)) {
		text = text_at(file, EVIDENCE_ELF, span_trim(text), 0);
		bool repeated = text.size == 0;
		for (size_t i = 0; i < count; i++)
			repeated = repeated || span_equal(text, seen[i]);
		if (!repeated && count == COMPILERS_MAX) {
			facts_drop(file->facts, EVIDENCE_ELF);
			break;
		}
		if (!repeated)
			seen[count++] = text;
	}
	struct span joined = SPAN_NONE;
	for (size_t i = 0; i < count; i++)
		joined = i == 0 ? seen[0] : arena_format(file->scratch, "%.*s; %.*s", SPAN_FORMAT(joined),
							 SPAN_FORMAT(seen[i]));
	if (joined.size > 0)
		fact_text(file->facts, fact, ELF_COMPILER, joined);
}

static void state_object(struct inspection *file, const struct elf *elf, const struct elf_hardening *hardening)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_ELF);
	const struct elf_machine *machine = elf_machine_find(elf->machine);
	fact_integer(fact, ELF_CLASS, elf->wide ? 64 : 32);
	fact_word(file->facts, fact, ELF_BYTE_ORDER, elf->big_endian ? "big" : "little");
	if (machine)
		fact_word(file->facts, fact, ELF_MACHINE, machine->name);
	else
		fact_text(file->facts, fact, ELF_MACHINE, arena_format(file->scratch, "machine %u", elf->machine));
	fact_word(file->facts, fact, ELF_TYPE, type_name(elf, hardening));
	struct elf_segment interpreter;
	if (elf_find_segment(elf, SEGMENT_INTERP, &interpreter)) {
		struct span path = text_at(file, EVIDENCE_ELF, elf_segment_bytes(elf, &interpreter), 0);
		if (path.size > 0)
			fact_text(file->facts, fact, ELF_INTERPRETER, path);
	}
	set_dynamic_text(file, fact, ELF_SONAME, elf, DT_SONAME);
	set_dynamic_text(file, fact, ELF_RPATH, elf, DT_RPATH);
	set_dynamic_text(file, fact, ELF_RUNPATH, elf, DT_RUNPATH);
	fact_integer(fact, ELF_STATIC, hardening->is_static);
	set_answer(fact, ELF_PIE, hardening->pie);
	set_answer(fact, ELF_NX, hardening->stack_protected);
	fact_word(file->facts, fact, ELF_RELRO, hardening->relro);
	set_answer(fact, ELF_CANARY, hardening->canary);
	set_answer(fact, ELF_FORTIFY, hardening->fortify);
	struct elf_section symbols;
	fact_integer(fact, ELF_STRIPPED, !elf_find_section(elf, SECTION_SYMTAB, NULL, &symbols));
	struct span id = elf_build_id(elf);
	if (id.size > 0 && id.size <= 64)
		fact_text(file->facts, fact, ELF_BUILD_ID, digest_hex(file->scratch, id));
	set_compiler(file, fact, elf);
}

static void state_libraries(struct inspection *file, const struct elf *elf)
{
	struct span strings = elf_dynamic_strings(elf);
	uint64_t tag, value;
	int count = 0;
	for (struct span rest = elf_dynamic(elf); elf_next_dynamic(elf, &rest, &tag, &value);) {
		if (tag != DT_NEEDED)
			continue;
		struct span name = text_at(file, EVIDENCE_ELF_LIBRARY, strings, value);
		if (name.size == 0)
			continue;
		if (count++ >= LIBRARIES_MAX) {
			facts_drop(file->facts, EVIDENCE_ELF_LIBRARY);
			continue;
		}
		struct fact *fact = fact_new(file->facts, EVIDENCE_ELF_LIBRARY);
		fact_text(file->facts, fact, ELF_LIBRARY_NAME, name);
	}
}

static void state_imports(struct inspection *file, const struct elf *elf)
{
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	int count = 0;
	for (uint64_t i = 1; elf_symbol_at(elf, &symbols, i, &symbol); i++) {
		const char *class = symbol.defined || !symbol.function ? NULL : elf_import_class(symbol.name);
		if (!class)
			continue;
		if (count++ >= IMPORTS_MAX) {
			facts_drop(file->facts, EVIDENCE_ELF_IMPORT);
			continue;
		}
		struct fact *fact = fact_new(file->facts, EVIDENCE_ELF_IMPORT);
		fact_text(file->facts, fact, ELF_IMPORT_NAME, symbol.name);
		fact_word(file->facts, fact, ELF_IMPORT_CLASS, class);
	}
}

static void state_shell(struct inspection *file, const struct elf *elf)
{
	bool surely;
	enum elf_shell shell = elf_hands_out_shell(elf, &surely);
	if (shell == ELF_SHELL_NONE)
		return;
	bool bound = shell == ELF_SHELL_BOUND, imports = elf_dynamic_symbols(elf).count > 1;
	struct fact *fact = fact_new(file->facts, EVIDENCE_REMOTE_SHELL);
	fact_word(file->facts, fact, REMOTE_SHELL_KIND, bound ? "bind shell" : "reverse shell");
	fact_word(file->facts, fact, REMOTE_SHELL_METHOD, imports ? "imports" : "symbols");
	fact_text(file->facts, fact, REMOTE_SHELL_DETAIL,
		  arena_format(file->scratch, "%s %s, dup, exec, and holds the path of a shell",
			       imports ? "it imports little but" : "it is linked statically with", bound ? "listen, accept" : "connect"));
	fact_word(file->facts, fact, REMOTE_SHELL_CONFIDENCE, surely ? "high" : "medium");
}

/* What is shorter than any header is no program, and hides none. */
static void note_bad_header(struct inspection *file)
{
	enum { HEADER_LEAST = 52 };
	static const char code[] = "elf.bad-header", words[] = "the ELF header is cut off or of an unknown class";
	if (file->bytes.size < HEADER_LEAST)
		notes_add(file->notes, NOTE_WARNING, code, 0, words);
	else
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_DAMAGED, code, 0, file->bytes.size, words);
}

static void elf_inspect(struct inspection *file)
{
	struct elf elf;
	if (!elf_open(file->bytes, &elf)) {
		note_bad_header(file);
		return;
	}
	if (elf.type < ELF_REL || elf.type > ELF_CORE) {
		notes_incomplete(file->notes, MISSING_SEARCH, CAUSE_UNSUPPORTED, "elf.unknown-type", 16, file->bytes.size,
				 "the ELF type %u is not known", elf.type);
		return;
	}
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(&elf, i, &segment); i++)
		if (segment.type == SEGMENT_LOAD && !span_covers(elf.bytes, segment.offset, segment.size)) {
			notes_incomplete(file->notes, MISSING_CONTENT, CAUSE_DAMAGED, "elf.truncated", segment.offset,
					 segment.size - span_slice(elf.bytes, segment.offset, segment.size).size,
					 "a segment of the ELF object reaches past the end of the file");
			break;
		}
	bool may_run = file->entry->has_mode && (file->entry->mode & ANYONE_MAY_EXECUTE);
	struct elf_hardening hardening = elf_hardening(&elf, file->name, may_run);
	state_object(file, &elf, &hardening);
	state_libraries(file, &elf);
	state_imports(file, &elf);
	state_shell(file, &elf);
}

const struct inspector inspector_elf = {
	.name = "elf",
	.wants = elf_wants,
	.inspect = elf_inspect,
};
