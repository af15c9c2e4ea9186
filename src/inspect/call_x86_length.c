/* Takes x86 instructions apart (Intel SDM volume 2, chapter 2 and appendix A). */
#include "inspect/call_x86_length.h"

#include <string.h>

/*
 * What follows each opcode of one byte: m an operand, b, w, z a constant of one, two, four bytes (two with prefix 66), a an
 * address, f a far one, B and Z an operand and a constant, - nothing, p a prefix, e an escape, x what is read elsewhere.
 */
static const char opcodes[16][17] = {
	"mmmmbz--mmmmbz-e", "mmmmbz--mmmmbz--", "mmmmbzp-mmmmbzp-", "mmmmbzp-mmmmbzp-",
	"----------------", "----------------", "--mmppppzZbB----", "bbbbbbbbbbbbbbbb",
	"BZBBmmmmmmmmmmmm", "----------f-----", "aaaa----bz------", "bbbbbbbbiiiiiiii",
	"BBw-mmBZE-w--b--", "mmmmbb--mmmmmmmm", "bbbbbbbbzzfb----", "p-pp--xx------mm",
};

/* The same of those behind 0f. */
static const char more_opcodes[16][17] = {
	"mmmm-----m-m-m-B", "mmmmmmmmmmmmmmmm", "mmmmmmmmmmmmmmmm", "--------e-e-----",
	"mmmmmmmmmmmmmmmm", "mmmmmmmmmmmmmmmm", "mmmmmmmmmmmmmmmm", "BBBBmmm-mmmmmmmm",
	"zzzzzzzzzzzzzzzz", "mmmmmmmmmmmmmmmm", "---mBm-----mBmmm", "mmmmmmmmmmBmmmmm",
	"mmBmBBBm--------", "mmmmmmmmmmmmmmmm", "mmmmmmmmmmmmmmmm", "mmmmmmmmmmmmmmmm",
};

enum { REX_B = 1, REX_X = 2, REX_R = 4, REX_W = 8 };

struct prefixes {
	uint8_t rex;
	bool is_short;
};

static uint8_t take_prefixes(struct cursor *c, bool wide, struct prefixes *out)
{
	uint8_t byte = cursor_u8(c);
	for (int i = 0; i < 14 && cursor_ok(c); i++, byte = cursor_u8(c)) {
		if (wide && (byte & 0xf0) == 0x40)
			out->rex = byte;
		else if (opcodes[byte >> 4][byte & 15] == 'p')
			*out = (struct prefixes){ .is_short = out->is_short || byte == 0x66 };
		else
			break;
	}
	return byte;
}

static void take_operand(struct cursor *c, uint8_t rex, struct x86_instruction *out)
{
	uint8_t byte = cursor_u8(c), rm = byte & 7;
	out->has_operand = true;
	out->mode = byte >> 6;
	out->reg = (uint8_t)((byte >> 3 & 7) | (rex & REX_R ? 8 : 0));
	out->rm = (uint8_t)(rm | (rex & REX_B ? 8 : 0));
	if (out->mode == 3)
		return;
	out->base = out->rm;
	if (rm == 4) {
		uint8_t scale = cursor_u8(c);
		out->base = (uint8_t)((scale & 7) | (rex & REX_B ? 8 : 0));
		out->index = (uint8_t)((scale >> 3 & 7) | (rex & REX_X ? 8 : 0));
		out->index = out->index == 4 ? X86_NONE : out->index;
	}
	bool bare = out->mode == 0 && (out->base & 7) == 5;
	if (bare) {
		out->relative = rm == 5;
		out->base = X86_NONE;
	}
	if (out->mode == 1)
		out->displacement = (int8_t)cursor_u8(c);
	else if (out->mode == 2 || bare)
		out->displacement = (int32_t)cursor_u32le(c);
}

static void take_constant(struct cursor *c, char kind, bool wide, struct x86_instruction *out)
{
	size_t bytes = 0;
	if (strchr("bB", kind))
		bytes = 1;
	else if (kind == 'w')
		bytes = 2;
	else if (strchr("zZi", kind))
		bytes = kind == 'i' && out->is_wide ? 8 : out->is_short ? 2 : 4;
	else if (kind == 'a')
		bytes = wide ? 8 : 4;
	else if (kind == 'f')
		bytes = 6;
	else if (kind == 'E')
		bytes = 3;
	uint64_t value = 0;
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)cursor_u8(c) << (8 * i % 64);
	out->immediate = bytes == 1 ? (int8_t)value : bytes == 2 ? (int16_t)value : bytes == 4 ? (int32_t)value : (int64_t)value;
}

/* VEX and EVEX: prefixes of vectors, whose opcodes write no other registers than comparisons would. */
static bool take_vector(struct cursor *c, uint8_t byte, bool wide, struct x86_instruction *out)
{
	uint8_t first = cursor_u8(c), map = 1;
	if (!wide && first < 0xc0)
		return false;
	if (byte == 0xc4)
		map = first & 31;
	else if (byte == 0x62)
		map = first & 7;
	cursor_skip(c, byte == 0xc5 ? 0 : byte == 0xc4 ? 1 : 2);
	out->opcode = cursor_u8(c);
	out->map = 2;
	char kind = map == 3 ? 'B' : map == 1 ? more_opcodes[out->opcode >> 4][out->opcode & 15] : 'm';
	if (kind != '-')
		take_operand(c, 0, out);
	take_constant(c, kind, wide, out);
	return true;
}

static char take_opcode(struct cursor *c, uint8_t byte, struct x86_instruction *out)
{
	out->opcode = byte;
	char kind = opcodes[byte >> 4][byte & 15];
	if (kind != 'e')
		return kind;
	out->map = 1;
	out->opcode = cursor_u8(c);
	kind = more_opcodes[out->opcode >> 4][out->opcode & 15];
	if (kind != 'e')
		return kind;
	out->map = 2;
	kind = out->opcode == 0x3a ? 'B' : 'm';
	out->opcode = cursor_u8(c);
	return kind;
}

struct x86_instruction x86_instruction_at(struct span code, size_t at, bool wide)
{
	struct x86_instruction out = { .base = X86_NONE, .index = X86_NONE };
	struct prefixes prefixes = { 0 };
	struct cursor c = cursor_over(span_slice(code, at, 16));
	uint8_t byte = take_prefixes(&c, wide, &prefixes);
	out.is_wide = prefixes.rex & REX_W;
	out.is_short = prefixes.is_short;
	struct cursor before = c;
	if ((byte == 0xc4 || byte == 0xc5 || byte == 0x62) && take_vector(&c, byte, wide, &out)) {
		out.size = cursor_ok(&c) ? c.at : 0;
		return out;
	}
	c = before;
	char kind = take_opcode(&c, byte, &out);
	if (strchr("mBZx", kind) || (out.map == 0 && (byte == 0xc4 || byte == 0xc5)))
		take_operand(&c, prefixes.rex, &out);
	else
		out.rm = (uint8_t)((out.opcode & 7) | (prefixes.rex & REX_B ? 8 : 0));
	if (kind == 'x') /* test has a constant, what else shares its opcode has none */
		kind = (out.reg & 7) > 1 ? '-' : byte == 0xf6 ? 'b' : 'z';
	bool branches = out.map == 1 ? (out.opcode & 0xf0) == 0x80 : (out.opcode & 0xfe) == 0xe8;
	if (branches)
		out.is_short = false;
	take_constant(&c, kind, wide, &out);
	out.size = cursor_ok(&c) ? c.at : 0;
	return out;
}
