/* Small programs by recipe for each machine: a stub of the procedure linkage table, and a call with constants before it. */
#include "harness.h"
#include "inspect/inspected.h"
#include "inspect/registry.h"

enum { DYNAMIC = 0x100, SYMBOLS = 0x200, HASH = 0x280, STRINGS = 0x300, RELOCATION = 0x400, STUB = 0x700, CODE = 0x800,
       TABLE = 0xc00, WORDS = 0xe00, SIZE = 0x1000, BASE = 0x10000, INSTRUCTIONS = 10 };

struct machine {
	const char *name;
	int number, word; /* word: bytes of an address */
	bool big_endian, mips;
	int unit; /* bytes of a number of code */
	uint32_t stub[4], branch, code[INSTRUCTIONS]; /* branch: leads in between */
	size_t value_at;                              /* index of the number that the value is added to */
	size_t call; /* offset of the call */
};

/* As gcc writes them: the value in the third argument, 64 in the second, the call. */
static const struct machine machines[] = {
	{ "MIPS", 8, 4, true, true, 4, { 0 }, 0x10430006,
	  { 0x3c1c0001, 0x279c83f0, 0x0399e021, 0x8f998018, 0x24060000, 0x24050040, 0x0320f809, 0x02002025 }, 4, CODE + 24 },
	{ "MIPS, little-endian", 8, 4, false, true, 4, { 0 }, 0x10430006,
	  { 0x3c1c0001, 0x279c83f0, 0x0399e021, 0x8f998018, 0x24050040, 0x02002025, 0x0320f809, 0x24060000 }, 7, CODE + 24 },
	{ "ARM", 40, 4, false, false, 4, { 0xe28fc600, 0xe28cca00, 0xe5bcf4f8 }, 0x0a000000,
	  { 0xe3a02000, 0xe3a01040, 0xe1a00004, 0xebffffbb }, 0, CODE + 12 },
	{ "Thumb", 40, 4, false, false, 2, { 0xc600, 0xe28f, 0, 0 }, 0xd000,
	  { 0x2200, 0x2140, 0x4620, 0xf7ff, 0xef7c, 0xbd10 }, 0, CODE + 6 },
	{ "AArch64", 183, 8, false, false, 4, { 0x90000010, 0xf9460211, 0x91300210, 0xd61f0220 }, 0xb4000043,
	  { 0x52800002, 0x52800801, 0xaa1303e0, 0x97ffffbd }, 0, CODE + 12 },
};
enum { MACHINES = sizeof machines / sizeof *machines };

static uint8_t image[SIZE];

static void put(const struct machine *machine, size_t at, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		image[at + (size_t)i] = (uint8_t)(value >> (8 * (machine->big_endian ? bytes - 1 - i : i)));
}

static void put_segment(const struct machine *machine, size_t at, int type, uint64_t offset, uint64_t size)
{
	int word = machine->word;
	bool wide = word == 8;
	size_t next = at + (wide ? 8 : 4), step = (size_t)word;
	put(machine, at, (uint64_t)type, 4);
	put(machine, next, offset, word), put(machine, next + step, BASE + offset, word);
	put(machine, next + 3 * step, size, word), put(machine, next + 4 * step, size, word);
	put(machine, wide ? at + 4 : next + 5 * step, 5, 4);
}

/* A program that imports one function, with its address in the table. */
static void build(const struct machine *machine)
{
	int word = machine->word;
	bool wide = word == 8;
	size_t step = (size_t)word, segments = wide ? 64 : 52, each = wide ? 56 : 32, symbol = SYMBOLS + (wide ? 24 : 16);
	const uint8_t head[] = { 0x7f, 'E', 'L', 'F', wide ? 2 : 1, machine->big_endian ? 2 : 1, 1 };
	memset(image, 0, sizeof image);
	memcpy(image, head, sizeof head);
	put(machine, 16, 2, 2), put(machine, 18, (uint64_t)machine->number, 2);
	put(machine, 24 + step, segments, word);
	put(machine, 24 + 3 * step + 6, each, 2), put(machine, 24 + 3 * step + 8, 2, 2);
	put_segment(machine, segments, 1, 0, SIZE);
	put_segment(machine, segments + each, 2, DYNAMIC, 0x100);
	memcpy(image + STRINGS + 1, "curl_easy_setopt", 17);
	put(machine, symbol, 1, 4), put(machine, symbol + (wide ? 4 : 12), 0x12, 1);
	put(machine, HASH, 1, 4), put(machine, HASH + 4, 2, 4);
	put(machine, RELOCATION, BASE + TABLE, word);
	put(machine, RELOCATION + step, wide ? UINT64_C(1) << 32 : 1 << 8, word);
	const uint64_t common[] = { 5, BASE + STRINGS, 10, 0x40, 6, BASE + SYMBOLS, 4, BASE + HASH };
	const uint64_t jumps[] = { 23, BASE + RELOCATION, 2, step * (wide ? 3 : 2), 20, wide ? 7 : 17 };
	const uint64_t mips[] = { 3, BASE + TABLE, 0x7000000a, 2, 0x70000013, 1 };
	for (size_t i = 0; i < 8; i++)
		put(machine, DYNAMIC + i * step, common[i], word);
	for (size_t i = 0; i < 6; i++)
		put(machine, DYNAMIC + (8 + i) * step, machine->mips ? mips[i] : jumps[i], word);
}

/* The confidence of what was found, "" for nothing. */
static const char *judge(uint64_t *offset)
{
	static char confidence[16];
	struct inspected got;
	inspected_run(&got, &inspector_tls_checks, "/usr/bin/updater", span_of(image, sizeof image));
	const struct fact *fact = inspected_row(&got, EVIDENCE_TLS_CHECK, 0);
	struct span text = inspected_text(fact, TLS_CHECK_CONFIDENCE);
	CHECK(!fact || span_equal_text(inspected_text(fact, TLS_CHECK_SETTING), "CURLOPT_SSL_VERIFYPEER"));
	CHECK(inspected_count(&got, EVIDENCE_TLS_CHECK) <= 1);
	*offset = fact ? (uint64_t)inspected_integer(fact, TLS_CHECK_OFFSET) : 0;
	(void)snprintf(confidence, sizeof confidence, "%.*s", SPAN_FORMAT(text));
	inspected_done(&got);
	return confidence;
}

static const char *run(const struct machine *machine, uint32_t value, bool branch, uint64_t *offset)
{
	static const uint32_t arm_stub[] = { 0xe28fc600, 0xe28cca00, 0xe5bcf4f8 };
	size_t unit = (size_t)machine->unit;
	build(machine);
	for (size_t i = 0; i < 4; i++)
		put(machine, STUB + i * 4, unit == 4 ? machine->stub[i] : i < 3 ? arm_stub[i] : 0, 4);
	for (size_t i = 0; i < INSTRUCTIONS; i++)
		put(machine, CODE + i * unit,
		    machine->code[i] + (i == machine->value_at ? machine->number == 183 ? value << 5 : value : 0), machine->unit);
	if (branch)
		put(machine, CODE - (machine->mips ? 2 * unit : unit), machine->branch, machine->unit);
	return judge(offset);
}

TEST(reads_the_arguments_of_each_machine)
{
	for (size_t i = 0; i < MACHINES; i++) {
		const struct machine *machine = &machines[i];
		uint64_t offset;
		CHECK_TEXT(span_of_text(run(machine, 0, false, &offset)), "high");
		CHECK_EQUAL(offset, machine->call);
		CHECK_TEXT(span_of_text(run(machine, 1, false, &offset)), "");
	}
}

/* Who comes in by a branch may have another value. */
TEST(knows_nothing_where_a_branch_comes_in)
{
	for (size_t i = 0; i < MACHINES; i++) {
		uint64_t offset;
		if (machines[i].value_at < 7)
			CHECK_TEXT(span_of_text(run(&machines[i], 0, true, &offset)), "");
	}
}

static const char *run_x86(bool wide, uint8_t value, bool branch, uint64_t *offset)
{
	static const struct machine narrow = { .number = 3, .word = 4 }, large = { .number = 62, .word = 8 };
	static const uint8_t stubs[2][6] = { { 0xff, 0x25, 0x00, 0x0c, 0x01, 0x00 }, { 0xff, 0x25, 0xfa, 0x04, 0x00, 0x00 } };
	const uint8_t code_narrow[] = { 0x83, 0xec, 4, 0x6a, value, 0x6a, 64, 0x53, 0xe8, 0xf3, 0xfe, 0xff, 0xff, 0xc3 };
	const uint8_t code_wide[] = { 0xba, value, 0, 0, 0, 0xbe, 64, 0, 0, 0, 0x48, 0x89, 0xdf, 0x31, 0xc0, 0xe8,
				      0xec, 0xfe, 0xff, 0xff, 0xc3 };
	build(wide ? &large : &narrow);
	memset(image + 0x500, 0x90, CODE - 0x500); /* nop, so that the code begins in step */
	memcpy(image + STUB, stubs[wide], sizeof stubs[wide]);
	if (branch)
		memcpy(image + CODE - 2, "\x74\x05", 2);
	memcpy(image + CODE, wide ? code_wide : code_narrow, wide ? sizeof code_wide : sizeof code_narrow);
	return judge(offset);
}

TEST(reads_the_arguments_of_x86)
{
	for (int wide = 0; wide < 2; wide++) {
		uint64_t offset;
		CHECK_TEXT(span_of_text(run_x86(wide, 0, false, &offset)), "high");
		CHECK_EQUAL(offset, CODE + (wide ? 15 : 8));
		CHECK_TEXT(span_of_text(run_x86(wide, 1, false, &offset)), "");
		CHECK_TEXT(span_of_text(run_x86(wide, 0, true, &offset)), "");
	}
}

/* curl itself, and what else lets its user choose. */
TEST(doubts_programs_with_an_option_for_it)
{
	uint64_t offset;
	(void)run_x86(true, 0, false, &offset);
	memcpy(image + WORDS, "insecure", 9);
	CHECK_TEXT(span_of_text(judge(&offset)), "low");
}

/* One call after the other that switches the check off: those beyond 4096 are told. */
TEST(calls_that_switch_a_check_off)
{
	enum { MOST = 4096, EACH = 20, DISTANCE_AT = 16 };
	static uint8_t large[SIZE + (MOST + 1) * EACH]; /* the last is not looked at: nothing follows it */
	uint64_t offset;
	(void)run_x86(true, 0, false, &offset);
	for (size_t i = 0; i <= MOST; i++) {
		uint8_t *code = large + SIZE + i * EACH;
		uint32_t distance;
		memcpy(code, image + CODE, EACH);
		memcpy(&distance, code + DISTANCE_AT, 4);
		distance -= (uint32_t)(SIZE + i * EACH - CODE);
		memcpy(code + DISTANCE_AT, &distance, 4);
	}
	for (size_t above = 0; above < 2; above++) {
		struct inspected got;
		size_t size = SIZE + (MOST + above) * EACH;
		put(&machines[MACHINES - 1], 64 + 32, size, 8), put(&machines[MACHINES - 1], 64 + 40, size, 8);
		memcpy(large, image, SIZE);
		inspected_run(&got, &inspector_tls_checks, "/usr/bin/updater", span_of(large, size));
		CHECK_EQUAL(inspected_count(&got, EVIDENCE_TLS_CHECK), MOST);
		REQUIRE(got.notes.count == above);
		if (above)
			CHECK_TEXT(got.notes.first->code, "elf.calls");
		inspected_done(&got);
	}
}

/* Damage anywhere leads to no claim that the code does not make, and to no crash. */
TEST(survives_damage)
{
	uint64_t offset;
	for (size_t i = 0; i < MACHINES; i++)
		for (size_t at = 16; at < SIZE; at += 7) {
			(void)run(&machines[i], 1, false, &offset);
			image[at] ^= 0xff;
			(void)judge(&offset);
		}
}

TESTS(reads_the_arguments_of_each_machine, knows_nothing_where_a_branch_comes_in, reads_the_arguments_of_x86,
      doubts_programs_with_an_option_for_it, calls_that_switch_a_check_off, survives_damage)
