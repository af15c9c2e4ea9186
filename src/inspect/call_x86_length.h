/* The parts of an x86 instruction. */
#ifndef ASSAY_INSPECT_CALL_X86_LENGTH_H
#define ASSAY_INSPECT_CALL_X86_LENGTH_H

#include "base/cursor.h"

struct x86_instruction {
	size_t size;       /* 0 where the bytes are none */
	uint8_t map;       /* 0: opcodes of one byte, 1: behind 0f, 2: any other */
	uint8_t opcode;
	bool has_operand;  /* a ModRM byte, with these fields */
	uint8_t mode, reg, rm; /* reg and rm are extended by REX */
	uint8_t base, index;   /* of an address in memory; NONE where there is none */
	int32_t displacement;
	int64_t immediate;
	bool is_wide;      /* REX.W */
	bool is_short;     /* operands of 16 bits */
	bool relative;     /* the address counts from the end of the instruction, or, in 32 bits, from zero */
};

enum { X86_NONE = 0xff };

struct x86_instruction x86_instruction_at(struct span code, size_t at, bool wide);

#endif
