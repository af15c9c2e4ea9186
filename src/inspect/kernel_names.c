/* States the names that show which code is in a kernel: its own, and those of its modules and their lists. */
#include "base/effort.h"
#include "inspect/elf_image.h"
#include "inspect/kernel_image.h"
#include "inspect/kernel_kallsyms.h"
#include "inspect/kernel_marks.h"
#include "inspect/kernel_options.h"
#include "inspect/kernel_paths.h"
#include "inspect/kernel_texts.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { PATTERN_TOKENS, PATTERN_BANNER };
static const struct pattern kernel_names_patterns[] = {
	[PATTERN_TOKENS] = { "0\\x001\\x002\\x003\\x004\\x005\\x006\\x007\\x008\\x009\\x00", 0 },
	[PATTERN_BANNER] = { "Linux version [1-9]\\.\\d", PATTERN_ONCE },
};

/* Where an image of several kernels holds more, they are told to be unread. */
enum { KALLSYMS_TABLES_MAX = 8 };

static bool is_module(const struct inspection *file)
{
	return file->kind == KIND_KERNEL_MODULE;
}

/* depmod(8): /lib/modules/RELEASE/modules.builtin and its neighbours. */
static bool is_list(const struct inspection *file)
{
	return kind_is_text(file->kind) && span_find_text(file->path, "/lib/modules/", 0) != SPAN_NOT_FOUND &&
	       (span_equal_text(file->name, "modules.builtin") || span_equal_text(file->name, "modules.order") ||
		span_equal_text(file->name, "modules.dep"));
}

static bool kernel_names_wants(const struct inspection *file)
{
	return is_module(file) || is_list(file);
}

/* "kernel/fs/btrfs/btrfs.ko", of "kernel/fs/btrfs/btrfs.ko.xz: kernel/lib/xor.ko.xz" too. */
static struct span module_path(struct span line)
{
	struct span path = span_trim(span_slice(line, 0, span_find_byte(line, ':', 0)));
	size_t end = span_find_text(path, ".ko", 0);
	return end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(path, 0, end + 3);
}

static void state_list(struct inspection *file)
{
	struct name_list names = { .arena = file->scratch };
	struct lines lines = lines_over(file->bytes);
	struct span line;
	while (lines_next_setting(&lines, &line)) {
		struct span path = module_path(line);
		if (path.size > 0 && name_is_graphic(path))
			name_list_add(&names, path);
	}
	bool built_in = span_equal_text(file->name, "modules.builtin");
	struct name_source source = { built_in ? "built in" : "modules", 0, true, 0 };
	if (name_list_sort(&names))
		name_list_state(file, &source, &names);
}

/* False of names that every module has, and of those that OpenWrt puts in the place of others ("_0"). */
static bool is_telling(struct span name)
{
	uint64_t number;
	return !span_equal_text(name, "init_module") && !span_equal_text(name, "cleanup_module") &&
	       !(span_byte(name, 0) == '_' && span_to_number(span_from(name, 1), UINT32_MAX, &number));
}

/* Functions that a module defines. One that keeps the name of a static one was not stripped of them. */
static void state_module(struct inspection *file)
{
	struct elf elf;
	struct elf_section section;
	struct elf_symbol symbol;
	struct name_list names = { .arena = file->scratch };
	size_t local = 0;
	if (!elf_open(file->bytes, &elf) || !elf_find_section(&elf, SECTION_SYMTAB, NULL, &section))
		return;
	struct elf_symbols symbols = elf_full_symbols(&elf);
	for (uint64_t i = 1; effort_spend(8) && elf_symbol_at(&elf, &symbols, i, &symbol); i++) {
		if (!symbol.defined || !symbol.typed_function || symbol.name.size == 0 || !name_is_graphic(symbol.name))
			continue;
		local += symbol.local && is_telling(symbol.name);
		name_list_add(&names, symbol.name);
	}
	struct name_source source = { "module symbols", section.offset, local > 0, 0 };
	if (name_list_sort(&names))
		name_list_state(file, &source, &names);
}

static void state_kallsyms(struct inspection *file)
{
	struct kallsyms_tokens tokens;
	struct kallsyms kallsyms;
	size_t read = 0;
	for (size_t i = 0; i < file->hit_count && !effort_over(); i++) {
		uint64_t digits = file->hits[i].end - kallsyms_digits().size;
		if (file->hits[i].pattern != PATTERN_TOKENS || !kallsyms_tokens_read(file->bytes, digits, &tokens))
			continue;
		if (read++ == KALLSYMS_TABLES_MAX) {
			notes_incomplete(file->notes, MISSING_STRUCTURE, CAUSE_LIMIT, "kernel.kallsyms", digits, NOTE_NO_AMOUNT,
					 "more tables of kernel symbols than %d are not read", KALLSYMS_TABLES_MAX);
			return;
		}
		if (!kallsyms_read(file->bytes, &tokens, file->scratch, &kallsyms)) {
			notes_incomplete(file->notes, MISSING_STRUCTURE, CAUSE_DAMAGED, "kernel.kallsyms", tokens.offset,
					 NOTE_NO_AMOUNT, "a table of kernel symbols could not be read");
			continue;
		}
		struct name_source source = { "kallsyms", kallsyms.offset, true, 0 };
		name_list_state(file, &source, &kallsyms.functions);
	}
}

static void state_strings(struct inspection *file)
{
	struct name_list paths = { .arena = file->scratch }, exports = { .arena = file->scratch };
	struct name_source source = { "source paths", 0, false, 0 };
	if (kernel_options_holds_programs(file->bytes)) /* whose names are not the kernel's */
		return;
	kernel_paths_find(file->bytes, &paths, &source.offset);
	name_list_state(file, &source, &paths);
	source = (struct name_source){ "exports", 0, false, 0 }; /* names that others end with are stored with them */
	kernel_exports_find(file->bytes, &exports, &source.offset);
	name_list_state(file, &source, &exports);
	struct name_list texts = { .arena = file->scratch };
	source = (struct name_source){ .source = "texts", .whole = true, .sought = kernel_texts_table() };
	if (!kernel_texts_find(file->bytes, &texts, &source.offset))
		return;
	name_list_state(file, &source, &texts);
	struct name_list marks = { .arena = file->scratch };
	source = (struct name_source){ .source = "marks", .whole = true, .sought = kernel_marks_table() };
	if (kernel_marks_find(file->bytes, &marks, &source.offset))
		name_list_state(file, &source, &marks);
}

static bool is_kernel(const struct inspection *file)
{
	bool banner = file->hit_count > 0 && file->hits[file->hit_count - 1].pattern == PATTERN_BANNER;
	bool part = file->entry->type == ENTRY_PART;
	return banner && kernel_image_find(file->bytes, part ? kernel_claim_of(file->name) : KERNEL_UNCLAIMED, NULL);
}

static void kernel_names_inspect(struct inspection *file)
{
	if (is_list(file)) {
		state_list(file);
	} else if (is_module(file)) {
		state_module(file);
	} else {
		state_kallsyms(file);
		if (is_kernel(file))
			state_strings(file);
	}
}

const struct inspector inspector_kernel_names = {
	.name = "kernel_names",
	.patterns = kernel_names_patterns,
	.pattern_count = sizeof kernel_names_patterns / sizeof *kernel_names_patterns,
	.wants = kernel_names_wants,
	.inspect = kernel_names_inspect,
};
