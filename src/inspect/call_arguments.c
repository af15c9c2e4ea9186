/*
 * Follows machine code in a straight line, twice: once to see where branches go, and once with what registers hold, which is
 * forgotten wherever a branch comes in.
 */
#include "inspect/call_arguments.h"

#include <stdlib.h>

#include "base/effort.h"
#include "inspect/call_machine.h"
#include "inspect/elf_relocations.h"

enum { UNITS = 8 /* of effort for a byte of code */, FUNCTIONS_MAX = 32, BITS = 8 };
enum { DT_PLTGOT = 3 };
#define DT_MIPS_LOCAL_GOTNO 0x7000000au
#define DT_MIPS_GOTSYM 0x70000013u
enum { MACHINE_MIPS = 8 };

struct slots {
	struct arena *arena;
	struct call_slot *all;
	size_t count, capacity;
};

struct import {
	uint64_t symbol;
	size_t function;
};

struct search {
	const struct call_machine *machine;
	struct call_state state;
	uint8_t *targets; /* a bit for each place where an instruction can begin */
	void (*see)(void *context, const struct call *call);
	void *context;
};

void call_forget_others(struct call_state *state, uint32_t kept)
{
	for (unsigned i = 0; i < CALL_REGISTERS; i++)
		if (!(kept >> i & 1))
			state->registers[i].kind = CALL_UNKNOWN;
}

static int compare_slot(const void *a, const void *b)
{
	const struct call_slot *one = a, *other = b;
	return (one->address > other->address) - (one->address < other->address);
}

struct call_value call_load(const struct call_state *state, uint64_t address)
{
	struct call_slot key = { .address = address };
	const struct call_slot *slot = bsearch(&key, state->slots, state->slot_count, sizeof key, compare_slot);
	return slot ? (struct call_value){ CALL_FUNCTION, slot->function } : (struct call_value){ 0 };
}

uint32_t call_word(const struct call_state *state, uint64_t address)
{
	uint64_t at = address - state->address;
	struct span bytes = address >= state->address && at < state->code.size ? span_slice(state->code, at, 4) : SPAN_NONE;
	struct cursor c = cursor_over_order(bytes.size == 4 ? bytes : span_slice(elf_at_address(state->elf, address), 0, 4),
					    state->elf->big_endian);
	return cursor_u32(&c);
}

static bool add_slot(struct slots *slots, uint64_t address, size_t function)
{
	struct call_slot *grown = arena_grow(slots->arena, slots->all, slots->count, &slots->capacity, sizeof *grown);
	if (!grown)
		return false;
	slots->all = grown;
	slots->all[slots->count++] = (struct call_slot){ address, function };
	return true;
}

/* The symbols that stand for one of the functions; more than FUNCTIONS_MAX where there is no room for all. */
static size_t find_imports(const struct elf *elf, const char *const *functions, struct import *imports)
{
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	size_t count = 0;
	for (uint64_t i = 1; count <= FUNCTIONS_MAX && elf_symbol_at(elf, &symbols, i, &symbol); i++)
		for (size_t function = 0; !symbol.defined && functions[function]; function++)
			if (count <= FUNCTIONS_MAX && span_equal_text(symbol.name, functions[function]))
				imports[count++] = (struct import){ i, function };
	return count;
}

/* MIPS has the addresses of its last symbols in the global offset table, in their order (psABI, chapter 5). */
static bool add_mips_slots(const struct elf *elf, const struct import *imports, size_t count, struct slots *slots)
{
	uint64_t table, locals, first;
	if (elf->machine != MACHINE_MIPS || !elf_dynamic_value(elf, DT_PLTGOT, &table) ||
	    !elf_dynamic_value(elf, DT_MIPS_LOCAL_GOTNO, &locals) || !elf_dynamic_value(elf, DT_MIPS_GOTSYM, &first))
		return true;
	for (size_t i = 0; i < count; i++)
		if (imports[i].symbol >= first &&
		    !add_slot(slots, table + 4 * (locals + imports[i].symbol - first), imports[i].function))
			return false;
	return true;
}

static bool add_slots(const struct elf *elf, const struct import *imports, size_t count, struct slots *slots)
{
	for (int table = 0; table < RELOCATION_TABLES; table++) {
		struct elf_relocations relocations = elf_relocations_over(elf, (enum elf_relocation_table)table);
		struct elf_relocation relocation;
		while (elf_relocations_next(&relocations, &relocation))
			for (size_t i = 0; relocation.symbol != 0 && i < count; i++)
				if (imports[i].symbol == relocation.symbol &&
				    (!effort_spend(UNITS) || !add_slot(slots, relocation.address, imports[i].function)))
					return false;
	}
	return add_mips_slots(elf, imports, count, slots);
}

static uint64_t place_of(const struct search *search, uint64_t target)
{
	uint64_t at = target - search->state.address;
	return target >= search->state.address && at < search->state.code.size ? at / search->machine->alignment : UINT64_MAX;
}

static void mark(struct search *search, uint64_t target)
{
	uint64_t place = place_of(search, target);
	if (place != UINT64_MAX)
		search->targets[place / BITS] |= (uint8_t)(1u << place % BITS);
}

static bool is_target(const struct search *search, size_t at)
{
	uint64_t place = at / search->machine->alignment;
	return search->targets[place / BITS] >> place % BITS & 1;
}

/* The function that a call goes to. */
static struct call_value callee(const struct search *search, const struct call_step *step)
{
	if (step->value.kind != CALL_UNKNOWN || step->target == 0)
		return step->value;
	uint64_t slot = search->machine->stub(&search->state, step->target);
	return slot ? call_load(&search->state, slot) : step->value;
}

static void take_call(struct search *search, const struct call_step *step, size_t at)
{
	struct call_state *state = &search->state;
	struct call_value function = callee(search, step);
	struct call call = { .offset = (uint64_t)(state->code.data - state->elf->bytes.data) + at, .function = function.number };
	for (size_t i = 0; i < CALL_ARGUMENTS; i++) {
		const struct call_value *value = &state->registers[search->machine->arguments[i]];
		call.known[i] = value->kind == CALL_NUMBER;
		call.argument[i] = call.known[i] ? (uint32_t)value->number : 0;
	}
	if (function.kind == CALL_FUNCTION)
		search->see(search->context, &call);
	call_forget_others(state, search->machine->kept);
}

static void take_flow(struct search *search, const struct call_step *step, size_t at)
{
	if (step->flow == FLOW_CALL)
		take_call(search, step, at);
	if (step->flow == FLOW_JUMP)
		call_forget_others(&search->state, 0);
}

/* The code that compilers wrote, where sections tell: words of tables beside it would be taken for branches. */
static struct span compiled_code(const struct search *search)
{
	struct elf_section section;
	const struct elf *elf = search->state.elf;
	if (!elf_find_section(elf, SECTION_PROGBITS, ".text", &section))
		return search->state.code;
	struct span text = elf_section_bytes(elf, &section);
	bool inside = text.size > 0 && text.data >= search->state.code.data &&
		      (size_t)(text.data - search->state.code.data) + text.size <= search->state.code.size;
	return inside ? text : search->state.code;
}

static void find_targets(struct search *search)
{
	struct span text = compiled_code(search);
	size_t at = (size_t)(text.data - search->state.code.data), end = at + text.size;
	at -= at % search->machine->alignment;
	while (at < end) {
		struct call_step step = search->machine->step(&search->state, at);
		if (step.flow != FLOW_ON && step.target != 0)
			mark(search, step.target);
		at += step.size;
	}
}

static void find_calls(struct search *search)
{
	struct call_step ahead = { 0 };
	size_t at = 0, ahead_at = 0;
	while (at < search->state.code.size) {
		if (is_target(search, at)) {
			call_forget_others(&search->state, 0);
			search->state.conditional = 0;
		}
		struct call_step step = search->machine->step(&search->state, at);
		if (search->machine->delays) {
			take_flow(search, &ahead, ahead_at);
			ahead = step;
			ahead_at = at;
		} else {
			take_flow(search, &step, at);
		}
		at += step.size;
	}
}

static bool search_segment(struct search *search, const struct elf_segment *segment, struct arena *arena)
{
	struct span code = elf_segment_bytes(search->state.elf, segment);
	if (code.size == 0)
		return true;
	search->targets = arena_allocate(arena, code.size / search->machine->alignment / BITS + 1, 1);
	if (!search->targets || !effort_spend(code.size * UNITS))
		return false;
	search->state.code = code;
	search->state.address = segment->address;
	for (int pass = 0; pass < 2; pass++) {
		search->state.global = search->state.conditional = 0;
		call_forget_others(&search->state, 0);
		if (pass == 0)
			find_targets(search);
		else
			find_calls(search);
	}
	return true;
}

/* Segments that lie upon each other would be searched again and again. */
static bool search_segments(struct search *search, struct arena *arena)
{
	struct elf_segment segment;
	uint64_t left = search->state.elf->bytes.size;
	for (uint32_t i = 0; elf_segment_at(search->state.elf, i, &segment); i++) {
		if (segment.type != SEGMENT_LOAD || !(segment.flags & SEGMENT_EXECUTABLE))
			continue;
		if (segment.size > left || !search_segment(search, &segment, arena))
			return false;
		left -= segment.size;
	}
	return true;
}

bool call_arguments_find(const struct elf *elf, const char *const *functions, struct arena *arena,
			 void (*see)(void *context, const struct call *call), void *context)
{
	static const struct call_machine *const machines[] = { &call_machine_mips,    &call_machine_arm, &call_machine_thumb,
							       &call_machine_aarch64, &call_machine_x86, &call_machine_x86_64 };
	struct import imports[FUNCTIONS_MAX + 1];
	struct slots slots = { .arena = arena };
	size_t count = find_imports(elf, functions, imports);
	if (count == 0)
		return true;
	uint64_t table = 0;
	if (count > FUNCTIONS_MAX || !add_slots(elf, imports, count, &slots))
		return false;
	if (slots.count == 0)
		return true;
	qsort(slots.all, slots.count, sizeof *slots.all, compare_slot);
	(void)elf_dynamic_value(elf, DT_PLTGOT, &table);
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct search search = { .machine = machines[i], .see = see, .context = context,
					 .state = { .elf = elf, .slots = slots.all, .slot_count = slots.count, .table = table } };
		if (elf->machine == machines[i]->number && elf->wide == machines[i]->wide && !search_segments(&search, arena))
			return false;
	}
	return true;
}
