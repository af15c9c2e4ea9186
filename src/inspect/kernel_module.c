/*
 * States facts about Linux kernel modules: the NUL-separated key=value strings of
 * .modinfo (include/linux/moduleinfo.h), and the signature that scripts/sign-file appends.
 */
#include "inspect/elf_image.h"
#include "inspect/name_list.h"
#include "inspect/registry.h"

static const char signature_end[] = "~Module signature appended~\n";

/* Modules of Linux 2.4 are called .o, and tell themselves by their folder. */
static bool kernel_module_wants(const struct inspection *file)
{
	return file->kind == KIND_KERNEL_MODULE ||
	       (file->kind == KIND_ELF && span_ends_text(file->name, ".o") &&
		span_find_text(file->path, "/lib/modules/", 0) != SPAN_NOT_FOUND);
}

/* Value of a key; empty where there is none. */
static struct span find_information(struct span information, const char *key)
{
	struct span field, wanted = span_of_text(key);
	while (span_next_field(&information, 0, &field))
		if (span_starts(field, wanted) && span_byte(field, wanted.size) == '=')
			return span_trim(span_from(field, wanted.size + 1));
	return SPAN_NONE;
}

/* As the kernel itself makes the name from the file's: without its ending, '-' as '_'. */
static struct span name_of_file(struct inspection *file)
{
	struct span base = span_slice(file->name, 0, span_find_byte(file->name, '.', 0));
	struct span copy = arena_format(file->scratch, "%.*s", SPAN_FORMAT(base)), out = SPAN_NONE, part;
	while (span_next_field(&copy, '-', &part))
		out = out.size == 0 ? part : arena_format(file->scratch, "%.*s_%.*s", SPAN_FORMAT(out),
							  SPAN_FORMAT(part));
	return out;
}

/*
 * struct module of include/linux/module.h begins with a word for its state, a list of two pointers and the name; so it has since
 * Linux 2.6. What a compressed file holds has no name but this one, before modules had theirs in .modinfo (4.13).
 */
static struct span name_in_structure(const struct elf *elf)
{
	struct elf_section section;
	if (!elf_find_section(elf, SECTION_ANY, ".gnu.linkonce.this_module", &section))
		return SPAN_NONE;
	struct span name = span_from(elf_section_bytes(elf, &section), elf->wide ? 24 : 12);
	size_t end = span_find_byte(name, 0, 0);
	name = end == SPAN_NOT_FOUND ? SPAN_NONE : span_slice(name, 0, end);
	return name_is_graphic(name) ? name : SPAN_NONE;
}

static void set_text(struct inspection *file, struct fact *fact, int column, struct span text)
{
	if (text.size > 0)
		fact_text(file->facts, fact, column, text);
}

static void kernel_module_inspect(struct inspection *file)
{
	struct elf elf;
	struct elf_section section;
	if (!elf_open(file->bytes, &elf) || !elf_find_section(&elf, SECTION_ANY, ".modinfo", &section))
		return;
	struct span information = elf_section_bytes(&elf, &section), rest, release;
	struct span name = find_information(information, "name");
	if (name.size == 0)
		name = name_in_structure(&elf);
	struct span vermagic = find_information(information, "vermagic");
	if (vermagic.size == 0)
		vermagic = find_information(information, "kernel_version"); /* Linux 2.4 */

	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_MODULE);
	fact_text(file->facts, fact, KERNEL_MODULE_NAME, name.size > 0 ? name : name_of_file(file));
	set_text(file, fact, KERNEL_MODULE_VERMAGIC, vermagic);
	rest = vermagic;
	if (span_next_word(&rest, &release))
		fact_text(file->facts, fact, KERNEL_MODULE_RELEASE, release);
	set_text(file, fact, KERNEL_MODULE_LICENCE, find_information(information, "license"));
	set_text(file, fact, KERNEL_MODULE_VERSION, find_information(information, "version"));
	fact_integer(fact, KERNEL_MODULE_SIGNED, span_ends_text(file->bytes, signature_end));
}

const struct inspector inspector_kernel_module = {
	.name = "kernel_module",
	.wants = kernel_module_wants,
	.inspect = kernel_module_inspect,
};
