/* MIPS32 instructions, o32 calls (MIPS32 Architecture volume II; System V psABI for MIPS). A branch waits for one instruction. */
#include "inspect/call_machine.h"

enum { V0 = 2, A0 = 4, A1 = 5, A2 = 6, T7 = 15, S0 = 16, T9 = 25, GP = 28, SP = 29, RA = 31 };
enum { WORD = 4, MACHINE = 8 };

struct fields {
	uint32_t word, kind, rs, rt, rd, function;
	int64_t immediate; /* with its sign */
};

static struct fields fields_of(uint32_t word)
{
	return (struct fields){ word, word >> 26, word >> 21 & 31, word >> 16 & 31, word >> 11 & 31, word & 63,
				call_signed(word, 16) };
}

/* Register 0 is zero, and the global pointer of a function is what its beginning made it, wherever it was kept meanwhile. */
static void set(struct call_state *state, uint32_t number, struct call_value value)
{
	if (number != 0)
		state->registers[number] = value;
	if (number == GP && value.kind == CALL_NUMBER)
		state->global = value.number;
}

static struct call_value get(const struct call_state *state, uint32_t number)
{
	if (number == GP && state->global)
		return call_number(state->global);
	return number == 0 ? call_number(0) : state->registers[number];
}

static struct call_value sum(struct call_value a, struct call_value b)
{
	if (a.kind == CALL_NUMBER && b.kind == CALL_NUMBER)
		return call_number((uint32_t)(a.number + b.number));
	if (b.kind == CALL_NUMBER && b.number == 0)
		return a;
	return a.kind == CALL_NUMBER && a.number == 0 ? b : (struct call_value){ 0 };
}

/* Functions begin with it: they were called by their address, which is in t9. */
static void load_upper(struct call_state *state, const struct fields *f, uint64_t address)
{
	if (f->rt == GP) {
		state->registers[T9] = call_number(address);
		state->global = 0;
	}
	set(state, f->rt, call_number(f->word << 16));
}

static struct call_step step_register(struct call_state *state, const struct fields *f)
{
	enum { SLL = 0, MOVZ = 10, MOVN = 11, JR = 8, JALR = 9, SYSCALL = 12, BREAK = 13, SYNC = 15, MULT = 24, DIVU = 27, ADDU = 33,
	       OR = 37, TRAPS = 48, TRAPS_END = 54 };
	struct call_step out = { .size = WORD };
	bool writes_none = f->function == SYSCALL || f->function == BREAK || f->function == SYNC ||
			   (f->function >= MULT && f->function <= DIVU) || (f->function >= TRAPS && f->function <= TRAPS_END);
	if (f->function == JR)
		out.flow = FLOW_JUMP;
	else if (f->function == JALR) {
		out.flow = FLOW_CALL;
		out.value = get(state, f->rs);
		if (out.value.kind == CALL_NUMBER)
			out.value.kind = CALL_UNKNOWN;
	} else if (f->function == ADDU || f->function == OR)
		set(state, f->rd, f->function == OR && f->rs != 0 && f->rt != 0 ? (struct call_value){ 0 }
									     : sum(get(state, f->rs), get(state, f->rt)));
	else if (!writes_none)
		set(state, f->rd, (struct call_value){ 0 });
	return out;
}

static struct call_step step_jump(const struct fields *f, uint64_t address)
{
	enum { J = 2 };
	uint64_t target = ((address + WORD) & ~UINT64_C(0xfffffff)) | (uint64_t)(f->word & 0x3ffffff) << 2;
	return (struct call_step){ .size = WORD, .flow = f->kind == J ? FLOW_JUMP : FLOW_CALL, .target = target };
}

static struct call_step step_branch(const struct fields *f, uint64_t address)
{
	enum { REGIMM = 1, BEQ = 4, AND_LINK = 16 };
	bool always = f->kind == BEQ && f->rs == f->rt, links = f->kind == REGIMM && f->rt & AND_LINK;
	return (struct call_step){ .size = WORD,
				   .flow = always ? FLOW_JUMP : links ? FLOW_CALL : FLOW_BRANCH,
				   .target = address + WORD + (uint64_t)(f->immediate * WORD) };
}

static struct call_step step(struct call_state *state, size_t at)
{
	enum { SPECIAL = 0, REGIMM = 1, J = 2, JAL = 3, BEQ = 4, BGTZ = 7, ADDI = 8, ADDIU = 9, ORI = 13, LUI = 15, COP0 = 16,
	       COP2 = 18, BEQL = 20, BGTZL = 23, LW = 35, SB = 40, SWR = 46, SC = 56 };
	uint64_t address = state->address + at;
	struct fields f = fields_of(call_word(state, address));
	if (f.kind == SPECIAL)
		return step_register(state, &f);
	if (f.kind == J || f.kind == JAL)
		return step_jump(&f, address);
	if (f.kind == REGIMM || (f.kind >= BEQ && f.kind <= BGTZ) || (f.kind >= BEQL && f.kind <= BGTZL))
		return step_branch(&f, address);
	if (f.kind >= COP0 && f.kind <= COP2 && f.rs == 8) /* on a flag of the coprocessor */
		return (struct call_step){ WORD, FLOW_BRANCH, address + WORD + (uint64_t)(f.immediate * WORD), { 0 } };
	struct call_value base = get(state, f.rs);
	if (f.kind == LUI)
		load_upper(state, &f, address);
	else if (f.kind == ADDI || f.kind == ADDIU)
		set(state, f.rt, sum(base, call_number((uint32_t)f.immediate)));
	else if (f.kind == ORI)
		set(state, f.rt, base.kind == CALL_NUMBER ? call_number(base.number | (f.word & 0xffff)) : (struct call_value){ 0 });
	else if (f.kind == LW && f.rt != GP)
		set(state, f.rt, base.kind == CALL_NUMBER ? call_load(state, (uint32_t)(base.number + (uint64_t)f.immediate))
							 : (struct call_value){ 0 });
	else if ((f.kind < SB || f.kind > SWR) && f.rt != GP) /* all but stores */
		set(state, f.rt, (struct call_value){ 0 });
	return (struct call_step){ .size = WORD };
}

/* lui t7, high; lw t9, low(t7) */
static uint64_t stub(const struct call_state *state, uint64_t address)
{
	struct fields high = fields_of(call_word(state, address)), low = fields_of(call_word(state, address + WORD));
	enum { LUI = 15, LW = 35 };
	if (high.kind != LUI || high.rt != T7 || low.kind != LW || low.rs != T7 || low.rt != T9)
		return 0;
	return (uint32_t)((high.word << 16) + (uint64_t)low.immediate);
}

const struct call_machine call_machine_mips = {
	.number = MACHINE,
	.alignment = WORD,
	.delays = true,
	.kept = 0xffu << S0 | 1u << GP | 1u << 30,
	.arguments = { A0, A1, A2 },
	.step = step,
	.stub = stub,
};
