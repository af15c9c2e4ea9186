/*
 * A32 instructions, calls of AAPCS (Arm Architecture Reference Manual for A-profile, F4). Code of big-endian objects is read
 * as BE32.
 */
#include "inspect/call_machine.h"

enum { WORD = 4, MACHINE = 40, PC = 15, AHEAD = 8, ALWAYS = 14, NEVER = 15 };

static uint32_t rotated(uint32_t word)
{
	uint32_t value = word & 0xff, right = (word >> 8 & 15) * 2;
	return right ? value >> right | value << (32 - right) : value;
}

/* What a condition guards may not happen. */
static void set(struct call_state *state, uint32_t word, uint32_t number, struct call_value value)
{
	state->registers[number] = word >> 28 == ALWAYS ? value : (struct call_value){ 0 };
}

static struct call_step flow_of(uint32_t word, uint64_t address)
{
	struct call_step out = { .size = WORD };
	bool always = word >> 28 == ALWAYS;
	uint64_t target = address + AHEAD + (uint64_t)(call_signed(word, 24) * WORD);
	if (word >> 28 == NEVER) {
		out.flow = (word & 0xfe000000) == 0xfa000000 ? FLOW_CALL : FLOW_ON;
	} else if ((word & 0x0e000000) == 0x0a000000) {
		out.flow = word >> 24 & 1 ? FLOW_CALL : always ? FLOW_JUMP : FLOW_BRANCH;
		out.target = target;
	} else if ((word & 0x0ffffff0) == 0x012fff30) {
		out.flow = FLOW_CALL;
	} else if ((word & 0x0ffffff0) == 0x012fff10 || (word & 0x0c10f000) == 0x0410f000 || (word & 0x0e108000) == 0x08108000 ||
		   ((word & 0x0c00f000) == 0x0000f000 && (word & 0x01900000) != 0x01100000 && (word & 0x0e000090) != 0x00000090)) {
		out.flow = always ? FLOW_JUMP : FLOW_ON; /* writes the program counter */
	}
	return out;
}

/* Moves of a constant or a register; false for what is none. */
static bool move(struct call_state *state, uint32_t word, uint64_t address)
{
	uint32_t to = word >> 12 & 15, half = (word >> 4 & 0xf000) | (word & 0xfff);
	struct call_value before = state->registers[to];
	if ((word & 0x0fef0000) == 0x03a00000)
		set(state, word, to, call_number(rotated(word)));
	else if ((word & 0x0fef0000) == 0x03e00000)
		set(state, word, to, call_number((uint32_t)~rotated(word)));
	else if ((word & 0x0ff00000) == 0x03000000)
		set(state, word, to, call_number(half));
	else if ((word & 0x0ff00000) == 0x03400000 && before.kind == CALL_NUMBER)
		set(state, word, to, call_number((before.number & 0xffff) | (uint64_t)half << 16));
	else if ((word & 0x0fef0ff0) == 0x01a00000 && (word & 15) != PC)
		set(state, word, to, state->registers[word & 15]);
	else if ((word & 0x0f7f0000) == 0x051f0000)
		set(state, word, to, call_number(call_word(state, address + AHEAD + (word >> 23 & 1 ? (uint64_t)(word & 0xfff)
											       : -(uint64_t)(word & 0xfff)))));
	else
		return false;
	return true;
}

/* Forgets what any other instruction may write. */
static void forget_written(struct call_state *state, uint32_t word)
{
	uint32_t kind = word >> 25 & 7, to = word >> 12 & 15, base = word >> 16 & 15;
	bool loads = word >> 20 & 1, back = !(word >> 24 & 1) || (word >> 21 & 1), compares = (word & 0x01900000) == 0x01100000;
	if (kind == 4) {
		for (unsigned i = 0; loads && i < 16; i++)
			if (word >> i & 1)
				call_forget(state, i);
		if (word >> 21 & 1)
			call_forget(state, base);
	} else if ((kind == 2 || kind == 3) && !(kind == 3 && word & 0x10)) {
		if (loads)
			call_forget(state, to);
		if (back)
			call_forget(state, base);
	} else if (kind == 1 || (kind == 0 && (word & 0x90) != 0x90)) {
		if (!compares)
			call_forget(state, to);
	} else {
		call_forget(state, to);
		call_forget(state, to + 1);
		call_forget(state, base);
	}
}

static struct call_step step(struct call_state *state, size_t at)
{
	uint64_t address = state->address + at;
	uint32_t word = call_word(state, address);
	struct call_step out = flow_of(word, address);
	if (out.flow == FLOW_ON && !move(state, word, address))
		forget_written(state, word);
	return out;
}

/* [bx pc; nop]; add ip, pc, a; add ip, ip, b; ldr pc, [ip, c]! */
uint64_t call_arm_stub(const struct call_state *state, uint64_t address)
{
	enum { FROM_THUMB = 0x46c04778, PARTS = 3 };
	if (call_word(state, address) == FROM_THUMB)
		address += WORD;
	if ((call_word(state, address) & 0xfffff000) != 0xe28fc000)
		return 0;
	uint64_t slot = address + AHEAD + rotated(call_word(state, address));
	for (unsigned i = 1; i <= PARTS; i++) {
		uint32_t word = call_word(state, address + i * WORD);
		if ((word & 0xfffff000) == 0xe5bcf000)
			return (uint32_t)(slot + (word & 0xfff));
		if ((word & 0xfffff000) != 0xe28cc000)
			return 0;
		slot += rotated(word);
	}
	return 0;
}

const struct call_machine call_machine_arm = {
	.number = MACHINE,
	.alignment = WORD,
	.kept = 0xffu << 4,
	.arguments = { 0, 1, 2 },
	.step = step,
	.stub = call_arm_stub,
};
