/*
 * x86 instructions, calls of the System V ABI: in registers (x86-64) or on the stack (i386), whose upper words are registers
 * here. What is not one of the plain instructions that set up arguments makes everything forgotten.
 */
#include "inspect/call_machine.h"
#include "inspect/call_x86_length.h"

enum { AX = 0, CX = 1, DX = 2, BX = 3, SP = 4, SI = 6, DI = 7, STACK = 16 /* the first word of the stack */, STACK_WORDS = 16 };
enum { MACHINE_386 = 3, MACHINE_AMD64 = 62, WORD = 4 };

static void shift_stack(struct call_state *state, int64_t words)
{
	struct call_value old[STACK_WORDS];
	for (int i = 0; i < STACK_WORDS; i++)
		old[i] = state->registers[STACK + i];
	for (int64_t i = 0; i < STACK_WORDS; i++)
		state->registers[STACK + i] = i + words >= 0 && i + words < STACK_WORDS ? old[i + words] : (struct call_value){ 0 };
}

static void push(struct call_state *state, struct call_value value)
{
	shift_stack(state, -1);
	state->registers[STACK] = value;
}

static uint64_t pointer_in(const struct call_state *state, const struct x86_instruction *one, uint64_t end)
{
	if (one->mode == 3 || one->index != X86_NONE)
		return 0;
	if (one->relative)
		return state->elf->wide ? end + (uint64_t)(int64_t)one->displacement : (uint32_t)one->displacement;
	/* Position-independent programs for i386 keep the address of their table in ebx. */
	bool by_table = !state->elf->wide && one->base == BX && state->table;
	return by_table ? (uint32_t)(state->table + (uint64_t)(int64_t)one->displacement) : 0;
}

static struct call_step flow_of(const struct call_state *state, const struct x86_instruction *one, uint64_t end)
{
	struct call_step out = { .size = one->size };
	uint8_t op = one->opcode, group = one->reg & 7;
	uint64_t target = end + (uint64_t)one->immediate;
	if (!state->elf->wide)
		target = (uint32_t)target;
	if ((one->map == 0 && (op >> 4 == 7 || (op >= 0xe0 && op <= 0xe3))) || (one->map == 1 && op >> 4 == 8))
		return (struct call_step){ one->size, FLOW_BRANCH, target, { 0 } };
	if (one->map == 0 && (op == 0xe8 || op == 0xe9 || op == 0xeb))
		return (struct call_step){ one->size, op == 0xe8 ? FLOW_CALL : FLOW_JUMP, target, { 0 } };
	if (one->map == 0 && (op == 0xc2 || op == 0xc3 || op == 0xcc || op == 0xf4))
		out.flow = FLOW_JUMP;
	if (one->map == 1 && op == 0x0b)
		out.flow = FLOW_JUMP;
	if (one->map != 0 || op != 0xff || group < 2 || group > 5)
		return out;
	out.flow = group > 3 ? FLOW_JUMP : FLOW_CALL;
	if (out.flow == FLOW_CALL)
		out.value = one->mode == 3 ? state->registers[one->rm] : call_load(state, pointer_in(state, one, end));
	if (out.value.kind != CALL_FUNCTION)
		out.value.kind = CALL_UNKNOWN;
	return out;
}

/* A word of the stack that an operand means; STACK_WORDS where it means none. */
static uint64_t stack_word(const struct call_state *state, const struct x86_instruction *one)
{
	if (state->elf->wide || one->mode == 3 || one->base != SP || one->index != X86_NONE || one->displacement < 0 ||
	    one->displacement % WORD != 0 || one->displacement / WORD >= STACK_WORDS)
		return STACK_WORDS;
	return (uint64_t)one->displacement / WORD;
}

static void store(struct call_state *state, const struct x86_instruction *one, struct call_value value)
{
	uint64_t word = stack_word(state, one);
	if (one->is_short)
		value.kind = CALL_UNKNOWN;
	if (one->mode == 3)
		state->registers[one->rm] = value;
	else if (word < STACK_WORDS)
		state->registers[STACK + word] = value;
}

/* Additions to the stack pointer move what lies on it. */
static void count(struct call_state *state, const struct x86_instruction *one)
{
	uint8_t group = one->reg & 7;
	bool by_words = one->immediate % WORD == 0 && (group == 0 || group == 5) && !state->elf->wide;
	if (group == 7)
		return; /* compares */
	if (one->mode == 3 && one->rm == SP)
		shift_stack(state, by_words ? (group == 5 ? -1 : 1) * (one->immediate / WORD) : STACK_WORDS);
	else
		store(state, one, (struct call_value){ 0 });
}

/* Instructions of one byte that set up arguments; false for all others. */
static bool plain(struct call_state *state, const struct x86_instruction *one, uint64_t end)
{
	uint8_t op = one->opcode;
	struct call_value none = { 0 };
	if (op == 0x90 || op == 0x84 || op == 0x85 || (op >= 0x38 && op <= 0x3d) || op == 0xa8 || op == 0xa9)
		return true;
	if (op >= 0xb8 && op <= 0xbf)
		state->registers[one->rm] = one->is_short ? none : call_number((uint64_t)one->immediate);
	else if (op == 0xc7 && (one->reg & 7) == 0)
		store(state, one, call_number((uint64_t)one->immediate));
	else if ((op == 0x31 || op == 0x33 || op == 0x29 || op == 0x2b) && one->mode == 3 && one->reg == one->rm)
		state->registers[one->rm] = one->is_short ? none : call_number(0);
	else if (op == 0x89)
		store(state, one, one->reg == SP ? none : state->registers[one->reg]);
	else if (op == 0x8b && one->mode == 3)
		state->registers[one->reg] = one->is_short ? none : state->registers[one->rm];
	else if (op == 0x8b)
		state->registers[one->reg] = call_load(state, pointer_in(state, one, end));
	else if (op == 0x8d || op == 0x63)
		state->registers[one->reg] = none;
	else if (op >= 0xb0 && op <= 0xb7) { /* a byte of one of two */
		state->registers[one->rm] = none;
		state->registers[one->rm & 3] = none;
	}
	else if (op == 0x6a || op == 0x68)
		push(state, call_number((uint64_t)one->immediate));
	else if (op >= 0x50 && op <= 0x57)
		push(state, state->registers[one->rm]);
	else if (op == 0xff && (one->reg & 7) == 6)
		push(state, none);
	else if (op == 0x83 || op == 0x81)
		count(state, one);
	else if (op < 0x38 && (op & 7) < 4) { /* arithmetic */
		store(state, one, none);
		state->registers[one->reg] = none;
	} else if ((op >= 0x58 && op <= 0x5f) || op == 0x88 || op == 0xc6 || op == 0x80 || op == 0xc1 || op == 0xd1) {
		bool pops = op >= 0x58 && op <= 0x5f;
		store(state, one, none);
		if (pops) {
			shift_stack(state, 1);
			state->registers[one->rm] = none;
		}
	} else
		return false;
	return true;
}

/* The same of those behind 0f: moves of vectors, of smaller numbers, under a condition; multiplication. */
static bool plain_more(struct call_state *state, const struct x86_instruction *one)
{
	uint8_t op = one->opcode;
	if (op == 0x1e || op == 0x1f || op == 0x18)
		return true;
	bool known = (op >= 0x10 && op <= 0x17) || (op >= 0x28 && op <= 0x2f) || op >> 4 == 4 || op >> 4 == 9 || op == 0x57 ||
		     (op >= 0x6e && op <= 0x6f) || op == 0x7e || op == 0x7f || op == 0xd6 || op == 0xef || op == 0xaf || op == 0xb6 ||
		     op == 0xb7 || op == 0xbe || op == 0xbf || op == 0x6c || op == 0x16;
	if (!known)
		return false;
	store(state, one, (struct call_value){ 0 });
	/* A register of vectors has a number, too: what is forgotten for nothing costs little. */
	state->registers[one->reg] = (struct call_value){ 0 };
	for (unsigned i = 0; one->mode != 3 && one->base == SP && i < STACK_WORDS; i++)
		call_forget(state, STACK + i);
	return true;
}

static struct call_step step(struct call_state *state, size_t at)
{
	struct x86_instruction one = x86_instruction_at(state->code, at, state->elf->wide);
	uint64_t end = state->address + at + one.size;
	if (one.size == 0) {
		call_forget_others(state, 0);
		return (struct call_step){ .size = 1 };
	}
	struct call_step out = flow_of(state, &one, end);
	if (out.flow != FLOW_ON)
		return out;
	bool is_plain = one.map == 0 ? plain(state, &one, end) : one.map == 1 && plain_more(state, &one);
	if (!is_plain)
		call_forget_others(state, 0);
	return out;
}

/* [endbr]; jmp [slot] */
static uint64_t stub(const struct call_state *state, uint64_t address)
{
	struct x86_instruction one = { 0 };
	uint64_t at = address - state->address;
	if (at >= state->code.size)
		return 0;
	for (int i = 0; i < 2; i++) {
		one = x86_instruction_at(state->code, at, state->elf->wide);
		at += one.size;
		if (one.map != 1 || one.opcode != 0x1e)
			break;
	}
	bool jumps = one.size > 0 && one.map == 0 && one.opcode == 0xff && (one.reg & 7) == 4;
	return jumps ? pointer_in(state, &one, state->address + at) : 0;
}

const struct call_machine call_machine_x86 = {
	.number = MACHINE_386,
	.alignment = 1,
	.kept = 1u << BX | 1u << SI | 1u << DI,
	.arguments = { STACK, STACK + 1, STACK + 2 },
	.step = step,
	.stub = stub,
};

const struct call_machine call_machine_x86_64 = {
	.number = MACHINE_AMD64,
	.wide = true,
	.alignment = 1,
	.kept = 1u << BX | 0xfu << 12,
	.arguments = { DI, SI, DX },
	.step = step,
	.stub = stub,
};
