/*
 * Compilers end functions with one of few instructions, aligned as the machine wants it.
 * Text, tables and compressed bytes hold them by chance alone: a whole word once in
 * 16 GiB, a half word often enough that it must be dense. Encodings: the instruction
 * set manuals of the machines.
 */
#include "inspect/machine_code.h"

#include <string.h>

#include "base/effort.h"

enum byte_order { LITTLE, BIG };

/* Bits of a word, read in an order at every multiple of the step. */
struct instruction {
	const char *machine;
	enum byte_order order;
	uint8_t step;
	uint8_t weight;      /* points of one sighting */
	uint32_t mask, value;
};

enum { WORD_WEIGHT = 16, PAIR_WEIGHT = 4, HALF_WEIGHT = 1 };

static const struct instruction instructions[] = {
	{ "ARM", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0xe12fff1e },         /* bx lr */
	{ "ARM", LITTLE, 4, PAIR_WEIGHT, 0xffffc000, 0xe8bd8000 },         /* pop {…, pc} */
	{ "ARM", LITTLE, 4, PAIR_WEIGHT, 0xffffe000, 0xe89da000 },         /* ldm sp, {…, fp, sp, pc} */
	{ "ARM", LITTLE, 2, PAIR_WEIGHT, 0xfe00ff00, 0xb400bd00 },         /* pop {…, pc}; push {…} */
	{ "ARM", LITTLE, 2, PAIR_WEIGHT, 0xfe00ffff, 0xb4004770 },         /* bx lr; push {…} */
	{ "ARM", LITTLE, 2, PAIR_WEIGHT, 0xa000ffff, 0x8000e8bd },         /* pop.w {…, pc} */
	{ "ARM", BIG, 4, WORD_WEIGHT, 0xffffffff, 0xe12fff1e },
	{ "ARM", BIG, 4, PAIR_WEIGHT, 0xffffc000, 0xe8bd8000 },
	{ "AArch64", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0xd65f03c0 },     /* ret */
	{ "MIPS", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0x03e00008 },        /* jr ra */
	{ "MIPS", BIG, 4, WORD_WEIGHT, 0xffffffff, 0x03e00008 },
	{ "PowerPC", BIG, 4, WORD_WEIGHT, 0xffffffff, 0x4e800020 },        /* blr */
	{ "SPARC", BIG, 4, WORD_WEIGHT, 0xffffffff, 0x81c7e008 },          /* ret */
	{ "SPARC", BIG, 4, WORD_WEIGHT, 0xffffffff, 0x81c3e008 },          /* retl */
	{ "m68k", BIG, 2, WORD_WEIGHT, 0xffffffff, 0x4e5e4e75 },           /* unlk a6; rts */
	{ "SuperH", LITTLE, 2, WORD_WEIGHT, 0xffffffff, 0x0009000b },      /* rts; nop */
	{ "RISC-V", LITTLE, 2, WORD_WEIGHT, 0xffffffff, 0x00008067 },      /* ret */
	{ "RISC-V", LITTLE, 2, HALF_WEIGHT, 0x0000ffff, 0x00008082 },      /* c.ret */
	{ "LoongArch", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0x4c000020 },   /* ret */
	{ "Nios II", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0xf800283a },     /* ret */
	{ "MicroBlaze", LITTLE, 4, WORD_WEIGHT, 0xffffffff, 0xb60f0008 },  /* rtsd r15, 8 */
	{ "MicroBlaze", BIG, 4, WORD_WEIGHT, 0xffffffff, 0xb60f0008 },
	{ "ARC", LITTLE, 2, WORD_WEIGHT, 0xffffffff, 0x78e07ee0 },         /* j_s [blink]; nop_s */
	{ "AVR", LITTLE, 2, HALF_WEIGHT, 0x0000ffff, 0x00009508 },         /* ret */
	{ "Xtensa", LITTLE, 1, PAIR_WEIGHT, 0x00ff1fff, 0x00000136 },      /* entry a1, a multiple of 16 below 256 */
	{ "x86", LITTLE, 1, PAIR_WEIGHT, 0x00ffffff, 0x00e58955 },         /* push ebp; mov ebp, esp */
	{ "x86-64", LITTLE, 1, WORD_WEIGHT, 0xffffffff, 0xe5894855 },      /* push rbp; mov rbp, rsp */
	{ "x86-64", LITTLE, 1, WORD_WEIGHT, 0xffffffff, 0xfa1e0ff3 },      /* endbr64 */
};
enum { INSTRUCTIONS = sizeof instructions / sizeof *instructions };

enum {
	WINDOW = 64 * 1024,
	WINDOWS_MOST = 64,  /* spread over the content */
	POINTS_ENOUGH = 48, /* in one window; compressed bytes reach 4 */
	UNITS_A_BYTE = 16,  /* of effort */
};

static const struct instruction *machine_in(struct span window)
{
	uint32_t points[INSTRUCTIONS] = { 0 }, little = 0, big = 0;
	if (!effort_spend(window.size * UNITS_A_BYTE))
		return NULL;
	for (size_t at = 0; at < window.size; at++) {
		uint8_t byte = span_byte(window, at);
		little = little >> 8 | (uint32_t)byte << 24;
		big = big << 8 | byte;
		size_t start = at - 3; /* of the word that ends here */
		if (at < 3 || (little == big && little == 0))
			continue;
		for (size_t i = 0; i < INSTRUCTIONS; i++) {
			const struct instruction *one = &instructions[i];
			uint32_t word = one->order == BIG ? big : little;
			if ((word & one->mask) == one->value && start % one->step == 0)
				points[i] += one->weight;
		}
	}
	/* The ways of one machine stand together, and add up. */
	for (size_t i = 0, sum = 0; i < INSTRUCTIONS; i++) {
		bool same = i > 0 && instructions[i].order == instructions[i - 1].order &&
			    strcmp(instructions[i].machine, instructions[i - 1].machine) == 0;
		sum = (same ? sum : 0) + points[i];
		if (sum >= POINTS_ENOUGH)
			return &instructions[i];
	}
	return NULL;
}

bool machine_code_find(struct span bytes, struct machine_code *out)
{
	uint64_t windows = (bytes.size + WINDOW - 1) / WINDOW;
	uint64_t stride = windows > WINDOWS_MOST ? windows / WINDOWS_MOST : 1;
	for (uint64_t i = 0; i < windows; i += stride) {
		const struct instruction *found = machine_in(span_slice(bytes, i * WINDOW, WINDOW));
		if (found && out)
			*out = (struct machine_code){ .machine = found->machine, .big_endian = found->order == BIG };
		if (found)
			return true;
	}
	return false;
}
