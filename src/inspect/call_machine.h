/* How one instruction set is followed; behind call_arguments.h. */
#ifndef ASSAY_INSPECT_CALL_MACHINE_H
#define ASSAY_INSPECT_CALL_MACHINE_H

#include "inspect/call_arguments.h"

enum { CALL_REGISTERS = 32 };

enum call_kind { CALL_UNKNOWN, CALL_NUMBER, CALL_FUNCTION };

/* What a register holds. */
struct call_value {
	enum call_kind kind;
	uint64_t number; /* or the index of a function */
};

/* Where the address of a function stands in memory once the object is loaded. */
struct call_slot {
	uint64_t address;
	size_t function;
};

struct call_state {
	const struct elf *elf;
	const struct call_slot *slots;
	size_t slot_count;
	uint64_t table;   /* address of the global offset table */
	struct span code; /* of one segment */
	uint64_t address; /* of its first byte */
	struct call_value registers[CALL_REGISTERS];
	uint64_t global; /* of the machine: the global pointer of the function */
	unsigned conditional; /* of the machine: instructions ahead that may be skipped */
};

enum call_flow {
	FLOW_ON,
	FLOW_BRANCH, /* may go to the target */
	FLOW_JUMP,   /* does not go on behind; the target may be unknown */
	FLOW_CALL,   /* of what the target or the value is */
};

struct call_step {
	size_t size; /* bytes of the instruction */
	enum call_flow flow;
	uint64_t target;         /* 0 where it is not known */
	struct call_value value; /* of FLOW_CALL through a register or a slot */
};

struct call_machine {
	uint16_t number; /* e_machine */
	bool wide;
	size_t alignment; /* of instructions */
	bool delays;      /* the instruction behind a branch comes first */
	uint32_t kept;    /* registers that a call leaves alone, as bits */
	uint8_t arguments[CALL_ARGUMENTS]; /* registers */
	/* Carries out the instruction at an offset of the code. */
	struct call_step (*step)(struct call_state *state, size_t at);
	/* The slot that a stub of the procedure linkage table jumps through; 0 where the address is no such stub. */
	uint64_t (*stub)(const struct call_state *state, uint64_t address);
};

/* Of both instruction sets of ARM. */
uint64_t call_arm_stub(const struct call_state *state, uint64_t address);

extern const struct call_machine call_machine_mips, call_machine_arm, call_machine_thumb, call_machine_aarch64, call_machine_x86,
    call_machine_x86_64;

/* The number with that many bits, as a signed one. */
static inline int64_t call_signed(uint64_t value, unsigned bits)
{
	uint64_t sign = UINT64_C(1) << (bits - 1);
	value &= (sign << 1) - 1;
	return (int64_t)(value ^ sign) - (int64_t)sign;
}

static inline struct call_value call_number(uint64_t number)
{
	return (struct call_value){ CALL_NUMBER, number };
}

static inline void call_forget(struct call_state *state, unsigned number)
{
	state->registers[number % CALL_REGISTERS].kind = CALL_UNKNOWN;
}

/* All registers but those whose bits are set. */
void call_forget_others(struct call_state *state, uint32_t kept);
/* What a load from an address gives: a function, or nothing that is known. */
struct call_value call_load(const struct call_state *state, uint64_t address);
/* A word of 32 bits at an address of the object, in its byte order; 0 outside. */
uint32_t call_word(const struct call_state *state, uint64_t address);

#endif
