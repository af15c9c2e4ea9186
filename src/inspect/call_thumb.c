/* T32 instructions, calls of AAPCS (Arm Architecture Reference Manual for A-profile, F3). Stubs for calls are A32. */
#include "inspect/call_machine.h"

enum { HALF = 2, WORD = 4, MACHINE = 40, PC = 15, AHEAD = 4 };

static uint32_t half_at(const struct call_state *state, uint64_t address)
{
	struct cursor c = cursor_over_order(span_slice(state->code, address - state->address, HALF), state->elf->big_endian);
	return cursor_u16(&c);
}

/* What stands in an IT block may not happen. */
static void set(struct call_state *state, uint32_t number, struct call_value value)
{
	state->registers[number] = state->conditional ? (struct call_value){ 0 } : value;
}

static void forget_list(struct call_state *state, uint32_t list)
{
	for (unsigned i = 0; i < 16; i++)
		if (list >> i & 1)
			call_forget(state, i);
}

static uint64_t near(uint64_t address, uint64_t offset, unsigned bits)
{
	return address + AHEAD + (uint64_t)call_signed(offset, bits);
}

/* Branches among the instructions of one half word; FLOW_ON for what is none. */
static struct call_step narrow_flow(const struct call_state *state, uint32_t half, uint64_t address)
{
	struct call_step out = { .size = HALF };
	bool always = state->conditional == 0;
	if ((half & 0xf800) == 0xe000) {
		out = (struct call_step){ HALF, always ? FLOW_JUMP : FLOW_BRANCH, near(address, (half & 0x7ff) << 1, 12), { 0 } };
	} else if ((half & 0xf000) == 0xd000 && (half >> 8 & 15) < 14) {
		out = (struct call_step){ HALF, FLOW_BRANCH, near(address, (half & 0xff) << 1, 9), { 0 } };
	} else if ((half & 0xf500) == 0xb100) {
		out.flow = FLOW_BRANCH;
		out.target = address + AHEAD + (half >> 9 & 1) * 64 + (half >> 3 & 31) * HALF;
	} else if ((half & 0xff80) == 0x4780 || (half & 0xff00) == 0xdf00) {
		out.flow = FLOW_CALL;
	} else if ((half & 0xff80) == 0x4700 || (half & 0xff00) == 0xbd00 || (half & 0xff87) == 0x4687 || (half & 0xff00) == 0xde00) {
		out.flow = always ? FLOW_JUMP : FLOW_ON;
	}
	return out;
}

static void narrow(struct call_state *state, uint32_t half, uint64_t address)
{
	uint32_t low = half & 7, middle = half >> 8 & 7, high = (half >> 4 & 8) | low, kind = half >> 12;
	if ((half & 0xf800) == 0x2000)
		set(state, middle, call_number(half & 0xff));
	else if ((half & 0xff00) == 0x4600)
		set(state, high, (half >> 3 & 15) == PC ? (struct call_value){ 0 } : state->registers[half >> 3 & 15]);
	else if ((half & 0xf800) == 0x4800)
		set(state, middle, call_number(call_word(state, ((address + AHEAD) & ~UINT64_C(3)) + (half & 0xff) * WORD)));
	else if ((half & 0xf800) == 0x2800 || (half & 0xff00) == 0x4500 || (half & 0xffc0) == 0x4280 || (half & 0xfe00) == 0xb400 ||
		 (half & 0xff80) == 0xb080 || (half & 0xff80) == 0xb000)
		return; /* compares, keeps on the stack */
	else if ((kind >= 6 && kind <= 9) && !(half & 0x800))
		return; /* stores */
	else if ((half & 0xff00) == 0x4400)
		call_forget(state, high);
	else if ((half & 0xfe00) == 0xbc00 || kind == 12) {
		forget_list(state, half & 0xff);
		call_forget(state, middle);
	} else if (kind == 3 || kind == 10 || (half & 0xf800) == 0x9800)
		call_forget(state, middle);
	else
		call_forget(state, low);
}

static struct call_step wide_flow(const struct call_state *state, uint32_t word, uint64_t address)
{
	struct call_step out = { .size = WORD };
	uint64_t sign = word >> 26 & 1, first = !((word >> 13 & 1) ^ sign), second = !((word >> 11 & 1) ^ sign);
	uint64_t far = sign << 24 | first << 23 | second << 22 | (uint64_t)(word >> 16 & 0x3ff) << 12 | (word & 0x7ff) << 1;
	uint64_t less = sign << 20 | (uint64_t)(word >> 11 & 1) << 19 | (uint64_t)(word >> 13 & 1) << 18 |
			(uint64_t)(word >> 16 & 0x3f) << 12 | (word & 0x7ff) << 1;
	bool always = state->conditional == 0;
	if ((word & 0xf800d000) == 0xf000d000)
		out = (struct call_step){ WORD, FLOW_CALL, near(address, far, 25), { 0 } };
	else if ((word & 0xf800d001) == 0xf000c000)
		out = (struct call_step){ WORD, FLOW_CALL, near(address, far, 25) & ~UINT64_C(3), { 0 } };
	else if ((word & 0xf800d000) == 0xf0009000)
		out = (struct call_step){ WORD, always ? FLOW_JUMP : FLOW_BRANCH, near(address, far, 25), { 0 } };
	else if ((word & 0xf800d000) == 0xf0008000 && (word >> 22 & 15) < 14)
		out = (struct call_step){ WORD, FLOW_BRANCH, near(address, less, 21), { 0 } };
	else if ((word & 0xfff0ffe0) == 0xe8d0f000 || (word & 0xff70f000) == 0xf850f000 || (word & 0xfe508000) == 0xe8108000)
		out.flow = always ? FLOW_JUMP : FLOW_ON;
	return out;
}

static void wide(struct call_state *state, uint32_t word, uint64_t address)
{
	uint32_t to = word >> 8 & 15, simple = word & 0xff;
	uint64_t half = (word >> 4 & 0xf000) | (word >> 15 & 0x800) | (word >> 4 & 0x700) | simple;
	uint64_t place = ((address + AHEAD) & ~UINT64_C(3)) + (word >> 23 & 1 ? (uint64_t)(word & 0xfff) : -(uint64_t)(word & 0xfff));
	if ((word & 0xffeff700) == 0xf04f0000)
		set(state, to, call_number(simple));
	else if ((word & 0xfbf08000) == 0xf2400000)
		set(state, to, call_number(half));
	else if ((word & 0xffeff0f0) == 0xea4f0000 && (word & 15) != PC)
		set(state, to, state->registers[word & 15]);
	else if ((word & 0xff7f0000) == 0xf85f0000)
		set(state, word >> 12 & 15, call_number(call_word(state, place)));
	else if ((word & 0xfe400000) == 0xe8000000 && word >> 20 & 1) {
		forget_list(state, word & 0xffff);
		call_forget(state, word >> 16 & 15);
	} else if ((word & 0xfff08000) != 0xf3a00000) { /* all but hints */
		call_forget(state, to);
		call_forget(state, word >> 12 & 15);
		call_forget(state, word >> 16 & 15);
	}
}

static struct call_step step(struct call_state *state, size_t at)
{
	uint64_t address = state->address + at;
	uint32_t half = half_at(state, address);
	bool starts = (half & 0xff00) == 0xbf00 && half & 15, is_wide = half >> 11 > 28;
	uint32_t word = is_wide ? half << 16 | half_at(state, address + HALF) : half;
	struct call_step out = is_wide ? wide_flow(state, word, address) : narrow_flow(state, half, address);
	if (out.flow == FLOW_ON && is_wide)
		wide(state, word, address);
	else if (out.flow == FLOW_ON && !starts)
		narrow(state, half, address);
	if (starts)
		state->conditional = half & 1 ? 4 : half & 2 ? 3 : half & 4 ? 2 : 1;
	else if (state->conditional > 0)
		state->conditional--;
	return out;
}

const struct call_machine call_machine_thumb = {
	.number = MACHINE,
	.alignment = HALF,
	.kept = 0xffu << 4,
	.arguments = { 0, 1, 2 },
	.step = step,
	.stub = call_arm_stub,
};
