#include "inspect/kernel_image.h"

#include "inspect/code.h"
#include "inspect/elf_image.h"

/* Formats of messages and quotations may stand before the kernel's own banner. */
static bool holds_banner(struct span bytes, struct kernel_banner *out)
{
	struct span words = SPAN_LITERAL("Linux version ");
	size_t at = 0;
	while ((at = span_find(bytes, words, at)) != SPAN_NOT_FOUND) {
		if (kernel_banner_read(bytes, at, out))
			return true;
		at += words.size;
	}
	return false;
}

/*
 * A kernel holds the formats of its messages, where a log holds the messages: those of
 * init/main.c, kernel/panic.c and init/version.c since 2.2. Small ones may be built
 * without messages, and carry their configuration (kernel/configs.c).
 */
static bool holds_kernel_words(struct span bytes)
{
	static const char *const words[] = { "Kernel command line: %s", "Kernel panic - not syncing: %s",
					     "Kernel panic: %s", "%s version %s (", "IKCFG_ST\x1f\x8b\x08" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (span_find_text(bytes, words[i], 0) != SPAN_NOT_FOUND)
			return true;
	return false;
}

/* Documentation/arch/arm64/booting.rst, Documentation/arch/riscv/boot-image-header.rst. */
static bool has_kernel_header(struct span bytes)
{
	return span_has_at(bytes, 0x38, SPAN_LITERAL("ARM\x64")) || span_has_at(bytes, 0x38, SPAN_LITERAL("RSC\x05"));
}

bool kernel_image_find(struct span bytes, enum kernel_claim claim, struct kernel_banner *banner)
{
	struct kernel_banner first;
	struct entry part = { .type = ENTRY_PART };
	struct inspection file = { .entry = &part, .bytes = bytes, .kind = kind_of(SPAN_NONE, bytes) };
	if (!holds_banner(bytes, &first))
		return false;
	if (banner)
		*banner = first;
	if (kind_is_text(file.kind) || file.kind == KIND_ARCHIVE)
		return false;
	if (file.kind == KIND_ELF && code_of(&file) != CODE_RAW)
		return false;
	return claim == KERNEL_CLAIMED || has_kernel_header(bytes) || holds_kernel_words(bytes);
}

enum kernel_claim kernel_claim_of(struct span part_name)
{
	return span_starts_text(part_name, "kernel") ? KERNEL_CLAIMED : KERNEL_UNCLAIMED;
}
