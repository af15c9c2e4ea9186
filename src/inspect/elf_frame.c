/*
 * Whether code hands out addresses in its own stack frame, as it does for every buffer there: an
 * address of the stack pointer plus a constant, and a call right behind it. Encodings: Arm
 * Architecture Reference Manuals, MIPS32 and Intel instruction set references.
 */
#include "inspect/elf_hardening.h"

enum { MACHINE_MIPS = 8, MACHINE_ARM = 40, MACHINE_X86_64 = 62, MACHINE_AARCH64 = 183 };

struct encoding {
	uint32_t mask, value;
	uint32_t register_shift, register_mask;
	uint32_t others; /* bit for each register that a prologue or an epilogue sets so */
};

/* Instructions of one width: addresses, calls, and how far behind an address its call may stand. */
struct frame_code {
	uint16_t machine;
	struct encoding addresses[2];
	uint32_t call_masks[2], calls[2];
};
enum { CALL_REACH = 5 };

static const struct frame_code codes[] = {
	{ MACHINE_AARCH64, { { 0xffc003e0, 0x910003e0, 0, 31, 1u << 29 | 1u << 31 } }, /* add xN, sp, #n */
	  { 0xfc000000 }, { 0x94000000 } },                                           /* bl */
	{ MACHINE_ARM,
	  { { 0xffff0000, 0xe28d0000, 12, 15, 1u << 11 | 1u << 13 | 1u << 15 },       /* add rN, sp, #n */
	    { 0xffff0000, 0xe24b0000, 12, 15, 1u << 13 | 1u << 15 } },                /* sub rN, fp, #n */
	  { 0xff000000 }, { 0xeb000000 } },                                           /* bl */
	{ MACHINE_MIPS,
	  { { 0xffe00000, 0x27a00000, 16, 31, 1u << 29 | 1u << 30 },                  /* addiu rN, sp, n */
	    { 0xffe00000, 0x27c00000, 16, 31, 1u << 29 | 1u << 30 } },                /* addiu rN, fp, n */
	  { 0xffffffff, 0xfc000000 }, { 0x0320f809, 0x0c000000 } },                   /* jalr t9; jal */
};

static bool is_address(const struct frame_code *code, uint32_t word)
{
	for (size_t i = 0; i < 2; i++) {
		const struct encoding *one = &code->addresses[i];
		bool set = one->mask && (word & one->mask) == one->value;
		if (set && !(one->others >> (word >> one->register_shift & one->register_mask) & 1))
			return true;
	}
	return false;
}

static bool is_call(const struct frame_code *code, uint32_t word)
{
	for (size_t i = 0; i < 2; i++)
		if (code->call_masks[i] && (word & code->call_masks[i]) == code->calls[i])
			return true;
	return false;
}

static bool words_hand_out(const struct elf *elf, const struct frame_code *code, struct span bytes)
{
	struct cursor c = cursor_over_order(bytes, elf->big_endian);
	unsigned since = CALL_REACH; /* instructions since the last address */
	while (cursor_left(&c) >= 4) {
		uint32_t word = cursor_u32(&c);
		if (since < CALL_REACH && is_call(code, word))
			return true;
		since = is_address(code, word) ? 0 : since + 1;
	}
	return false;
}

/* lea r64, [rsp + n] or [rbp + n], and a relative call a few instructions behind it. */
static bool x86_hands_out(struct span bytes)
{
	enum { REACH = 20, LEA = 0x8d, CALL = 0xe8 };
	for (size_t at = 0; (at = span_find_byte(bytes, LEA, at)) != SPAN_NOT_FOUND; at++) {
		uint8_t prefix = at > 0 ? span_byte(bytes, at - 1) : 0, operand = span_byte(bytes, at + 1);
		uint8_t mode = operand >> 6, base = operand & 7;
		bool offset = mode == 1 || mode == 2;
		bool stack = (base == 4 && span_byte(bytes, at + 2) == 0x24) || base == 5;
		if ((prefix == 0x48 || prefix == 0x4c) && offset && stack &&
		    span_find_byte(span_slice(bytes, at + 3, REACH), CALL, 0) != SPAN_NOT_FOUND)
			return true;
	}
	return false;
}

bool elf_hands_out_frame(const struct elf *elf)
{
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(elf, i, &segment); i++) {
		if (segment.type != SEGMENT_LOAD || !(segment.flags & SEGMENT_EXECUTABLE))
			continue;
		struct span bytes = elf_segment_bytes(elf, &segment);
		if (elf->machine == MACHINE_X86_64 && x86_hands_out(bytes))
			return true;
		for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
			if (codes[k].machine == elf->machine && words_hand_out(elf, &codes[k], bytes))
				return true;
	}
	return false;
}
