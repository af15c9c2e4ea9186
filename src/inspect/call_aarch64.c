/* A64 instructions, calls of AAPCS64 (Arm Architecture Reference Manual for A-profile, C4). */
#include "inspect/call_machine.h"

enum { WORD = 4, ZERO = 31, MACHINE = 183 };

static uint32_t word_at(const struct call_state *state, uint64_t address)
{
	uint32_t word = call_word(state, address);
	return state->elf->big_endian ? __builtin_bswap32(word) : word; /* instructions are little-endian always */
}

static void set(struct call_state *state, uint32_t number, struct call_value value)
{
	if (number != ZERO)
		state->registers[number] = value;
}

static uint64_t page_of(uint32_t word, uint64_t address)
{
	uint64_t pages = (uint64_t)call_signed((word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3), 21);
	return (address & ~UINT64_C(0xfff)) + (pages << 12);
}

/* Branches and calls; FLOW_ON for what is none. */
static struct call_step flow_of(const struct call_state *state, uint32_t word, uint64_t address)
{
	struct call_step out = { .size = WORD };
	uint64_t far = address + (uint64_t)(call_signed(word, 26) * WORD);
	if (word >> 26 == 0x25 || word >> 26 == 0x05) {
		out.flow = word >> 31 ? FLOW_CALL : FLOW_JUMP;
		out.target = far;
	} else if ((word & 0xff000000) == 0x54000000 || (word & 0x7e000000) == 0x34000000) {
		out.flow = FLOW_BRANCH;
		out.target = address + (uint64_t)(call_signed(word >> 5, 19) * WORD);
	} else if ((word & 0x7e000000) == 0x36000000) {
		out.flow = FLOW_BRANCH;
		out.target = address + (uint64_t)(call_signed(word >> 5, 14) * WORD);
	} else if ((word & 0xfffffc1f) == 0xd63f0000) {
		out.flow = FLOW_CALL;
		out.value = state->registers[word >> 5 & 31];
		if (out.value.kind != CALL_FUNCTION)
			out.value.kind = CALL_UNKNOWN;
	} else if ((word & 0xfe000000) == 0xd6000000 || (word & 0xffe0001f) == 0xd4200000 || word >> 16 == 0) {
		out.flow = FLOW_JUMP;
	}
	return out;
}

/* What a load or store may write: the registers that it loads, and the one that it counts on. */
static void access_memory(struct call_state *state, uint32_t word)
{
	bool scaled = (word & 0x3b000000) == 0x39000000, stores = (word >> 22 & 3) == 0;
	struct call_value base = state->registers[word >> 5 & 31], loaded = { 0 };
	if ((word & 0xffc00000) == 0xf9400000 && base.kind == CALL_NUMBER && (word >> 5 & 31) != ZERO)
		loaded = call_load(state, base.number + (word >> 10 & 0xfff) * 8);
	if (scaled && stores)
		return;
	if (!scaled) {
		call_forget(state, word >> 5 & 31);
		call_forget(state, word >> 10 & 31);
		call_forget(state, word >> 16 & 31);
	}
	set(state, word & 31, loaded);
}

static struct call_step step(struct call_state *state, size_t at)
{
	uint64_t address = state->address + at;
	uint32_t word = word_at(state, address), to = word & 31;
	struct call_step out = flow_of(state, word, address);
	uint64_t wide = (uint64_t)(word >> 5 & 0xffff) << (word >> 21 & 3) * 16;
	if (out.flow != FLOW_ON)
		return out;
	if ((word & 0x7f800000) == 0x52800000)
		set(state, to, call_number(wide));
	else if ((word & 0x7f800000) == 0x12800000)
		set(state, to, call_number(~wide));
	else if ((word & 0x7fe0ffe0) == 0x2a0003e0)
		set(state, to, (word >> 16 & 31) == ZERO ? call_number(0) : state->registers[word >> 16 & 31]);
	else if ((word & 0x9f000000) == 0x90000000)
		set(state, to, call_number(page_of(word, address)));
	else if ((word & 0x0a000000) == 0x08000000)
		access_memory(state, word);
	else
		set(state, to, (struct call_value){ 0 });
	return out;
}

/* [bti c]; adrp x16, page; ldr x17, [x16, offset] */
static uint64_t stub(const struct call_state *state, uint64_t address)
{
	static const uint32_t BTI = 0xd503245f;
	if (word_at(state, address) == BTI)
		address += WORD;
	uint32_t page = word_at(state, address), load = word_at(state, address + WORD);
	if ((page & 0x9f00001f) != 0x90000010 || (load & 0xffc003ff) != 0xf9400211)
		return 0;
	return page_of(page, address) + (load >> 10 & 0xfff) * 8;
}

const struct call_machine call_machine_aarch64 = {
	.number = MACHINE,
	.wide = true,
	.alignment = WORD,
	.kept = 0x3ffu << 19,
	.arguments = { 0, 1, 2 },
	.step = step,
	.stub = stub,
};
