#include "inspect/raw_code.h"

#include "inspect/elf_image.h"

bool is_raw_code(const struct inspection *file)
{
	enum { DT_NEEDED = 1 };
	struct elf elf;
	struct elf_segment interpreter;
	uint64_t value;
	if (kind_is_text(file->kind) || file->kind == KIND_KERNEL_MODULE || file->kind == KIND_ARCHIVE)
		return false;
	if (!elf_open(file->bytes, &elf))
		return true;
	return !elf_find_segment(&elf, SEGMENT_INTERP, &interpreter) && !elf_dynamic_value(&elf, DT_NEEDED, &value);
}
