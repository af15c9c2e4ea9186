/*
 * Image: Linux for AArch64 and RISC-V, not compressed. Layout: Linux,
 * Documentation/arch/arm64/booting.rst and Documentation/arch/riscv/boot-image-header.rst.
 */
#include "base/cursor.h"
#include "unpack/field.h"
#include "unpack/unpacker.h"

enum { HEADER_SIZE = 64, SIZE_LEAST = 0x10000 };

static enum outcome measure(struct span bytes, struct arena *arena, struct extent *out)
{
	struct cursor c = cursor_over(bytes);
	cursor_skip(&c, 8);
	uint64_t text_offset = cursor_u64le(&c), size = cursor_u64le(&c), flags = cursor_u64le(&c);
	struct span middle = cursor_take(&c, 24);
	struct span magic = cursor_take(&c, 4);
	bool arm = span_equal_text(magic, "ARM\x64") && field_is_filled(middle, 0);
	bool riscv = span_equal_text(magic, "RSC\x05") &&
		     span_has_at(middle, 16, SPAN_LITERAL("RISCV\0\0\0"));
	/* The size counts memory that the kernel clears, too; old kernels leave it out. */
	bool sane = text_offset < 0x10000000 && size < 0x40000000 && flags < 0x100 &&
		    bytes.size >= SIZE_LEAST;
	if (!cursor_ok(&c) || !sane || (!arm && !riscv))
		return NOT_THIS;
	out->size = size ? span_slice(bytes, 0, size).size : bytes.size;
	out->bits = 128;
	out->detail = arena_format(arena, "%s, text offset 0x%llx", arm ? "AArch64" : "RISC-V",
				   (unsigned long long)text_offset);
	return out->detail.data ? DONE : NO_MEMORY;
}

static enum outcome list(struct volume *volume, struct listing *out)
{
	return listing_add_part(out, volume->bytes, "kernel", HEADER_SIZE, UINT64_MAX);
}

const struct unpacker unpacker_linux_image = {
	.name = "linux-image",
	.title = "Linux Image",
	.role = ROLE_KERNEL,
	.magics = { MAGIC("ARM\x64", 56), MAGIC("RSC\x05", 56) },
	.measure = measure,
	.list = list,
};
