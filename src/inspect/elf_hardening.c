#include "inspect/elf_hardening.h"

#include <stdlib.h>

#include "inspect/elf_machine.h"

enum { DT_NEEDED = 1, DT_SONAME = 14, DT_DEBUG = 21, DT_BIND_NOW = 24, DT_FLAGS = 30, DF_BIND_NOW = 8 };
#define DT_FLAGS_1 0x6ffffffbu
#define DF_1_NOW 1u
#define DF_1_PIE 0x08000000u
#define DT_MIPS_RLD_MAP 0x70000016u
#define DT_MIPS_RLD_MAP_REL 0x70000035u

/* What the symbols of an object show. */
struct symbol_signs {
	bool canary_called;     /* a stack-protector symbol is imported */
	bool canary_exported;   /* a C library, linked in or itself: it defines the symbol for others as well */
	uint32_t buffer_calls;  /* functions that fill buffers */
	uint32_t unbounded;     /* those that ask for no size */
	uint32_t fortified;     /* __*_chk */
	uint32_t always_twins;  /* plain calls that the fortified headers always replace */
};

static bool is_one_of(struct span name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_equal_text(name, names[i]))
			return true;
	return false;
}
#define IS_ONE_OF(name, names) is_one_of((name), (names), sizeof(names) / sizeof *(names))

static bool is_canary(struct span name)
{
	static const char *const names[] = {
		"__stack_chk_fail", "__stack_chk_fail_local", "__stack_chk_guard", "__stack_smash_handler",
		"__intel_security_cookie", "__intel_security_check_cookie",
	};
	return IS_ONE_OF(name, names);
}

/* Functions that fill a buffer of the caller's: where several are called, some function has an array on its stack. */
static bool fills_buffer(struct span name)
{
	static const char *const names[] = {
		"fgets", "fread", "getcwd", "gethostname", "gets", "inet_ntop", "memcpy", "memset", "read",
		"readlink", "recv", "recvfrom", "recvmsg", "snprintf", "sprintf", "strcat", "strcpy", "strncat",
		"strncpy", "vsnprintf", "vsprintf", "sscanf", "strftime", "sprintf_s", "strlcpy",
	};
	return IS_ONE_OF(name, names);
}

/* Callers of these keep their buffers on the stack more often than not. */
static bool fills_without_bound(struct span name)
{
	static const char *const names[] = { "getcwd", "gets", "scanf", "sprintf", "sscanf", "strcat", "strcpy", "vsprintf" };
	return IS_ONE_OF(name, names);
}

static bool is_fortified(struct span name)
{
	return span_starts_text(name, "__") && span_ends_text(name, "_chk") && name.size > 6 &&
	       !span_equal_text(name, "__stack_chk") && !span_equal_text(name, "__longjmp_chk");
}

/*
 * glibc's fortified headers send every one of these to its __*_chk twin. Copies such
 * as memcpy stay plain where the size is not known, so they prove nothing.
 */
static bool is_always_twin(struct span name)
{
	static const char *const names[] = {
		"asprintf", "dprintf", "fprintf", "printf", "syslog", "vasprintf", "vdprintf", "vfprintf", "vprintf",
		"vsyslog",
	};
	return IS_ONE_OF(name, names);
}

static void read_signs(const struct elf *elf, const struct elf_symbols *symbols, bool imports,
		       struct symbol_signs *signs)
{
	struct elf_symbol symbol;
	for (uint64_t i = 1; elf_symbol_at(elf, symbols, i, &symbol); i++) {
		if (span_starts_text(symbol.name, "_Z")) /* C++: none of the names below */
			continue;
		if (is_canary(symbol.name)) {
			if (symbol.defined && (!imports || !symbol.local))
				signs->canary_exported = true;
			else
				signs->canary_called = true;
		}
		if (imports && symbol.defined)
			continue;
		signs->buffer_calls += fills_buffer(symbol.name);
		signs->unbounded += fills_without_bound(symbol.name);
		signs->fortified += is_fortified(symbol.name);
		signs->always_twins += is_always_twin(symbol.name);
	}
}

/* DT_DEBUG is made for programs alone, and so are its kin on MIPS. */
static bool has_debug_tag(const struct elf *elf)
{
	uint64_t value;
	return elf_dynamic_value(elf, DT_DEBUG, &value) || elf_dynamic_value(elf, DT_MIPS_RLD_MAP, &value) ||
	       elf_dynamic_value(elf, DT_MIPS_RLD_MAP_REL, &value);
}

/* "libnsl-0.9.30.so", "libcrypt.so.0" */
static bool is_library_name(struct span name)
{
	return span_starts_text(name, "lib") && span_find_text(name, ".so", 0) != SPAN_NOT_FOUND;
}

/* A shared object is a program where it says so, or where it asks for a loader, as some libraries do as well. */
static bool is_program(const struct elf *elf, struct span name)
{
	struct elf_segment interpreter;
	uint64_t value;
	if (elf->type == ELF_EXEC)
		return true;
	if (elf->type != ELF_DYN)
		return false;
	if (elf_dynamic_value(elf, DT_FLAGS_1, &value) && (value & DF_1_PIE))
		return true;
	if (!elf_find_segment(elf, SEGMENT_INTERP, &interpreter) || is_library_name(name))
		return false;
	return !elf_dynamic_value(elf, DT_SONAME, &value) || has_debug_tag(elf);
}

static const char *judge_relro(const struct elf *elf)
{
	struct elf_segment segment;
	uint64_t value;
	if (!elf_find_segment(elf, SEGMENT_GNU_RELRO, &segment))
		return "none";
	bool now = elf_dynamic_value(elf, DT_BIND_NOW, &value) ||
		   (elf_dynamic_value(elf, DT_FLAGS, &value) && (value & DF_BIND_NOW)) ||
		   (elf_dynamic_value(elf, DT_FLAGS_1, &value) && (value & DF_1_NOW));
	return now ? "full" : "partial";
}

/*
 * PT_GNU_STACK decides where it stands. Without it the kernel's default for the
 * machine does; a static object that nobody may execute (code for another processor,
 * a boot loader) has no stack that Linux gave it.
 */
static enum answer judge_stack(const struct elf *elf, bool is_static, bool may_run)
{
	struct elf_segment segment;
	if (elf_find_segment(elf, SEGMENT_GNU_STACK, &segment))
		return segment.flags & SEGMENT_EXECUTABLE ? ANSWER_NO : ANSWER_YES;
	const struct elf_machine *machine = elf_machine_find(elf->machine);
	if (!machine || elf->segment_count == 0 || (is_static && !may_run))
		return ANSWER_UNKNOWN;
	switch (machine->stack) {
	case STACK_EXECUTABLE:
		return ANSWER_NO;
	case STACK_NOT_EXECUTABLE:
		return ANSWER_YES;
	case STACK_UNKNOWN:
		break;
	}
	return ANSWER_UNKNOWN;
}

static uint64_t code_size(const struct elf *elf)
{
	uint64_t size = 0;
	struct elf_segment segment;
	for (uint32_t i = 0; elf_segment_at(elf, i, &segment); i++)
		if (segment.type == SEGMENT_LOAD && (segment.flags & SEGMENT_EXECUTABLE))
			size += elf_segment_bytes(elf, &segment).size;
	return size;
}

/* Go and Rust check bounds instead of the stack; their run-time libraries leave these words in every program. */
static bool is_checked_language(const struct elf *elf)
{
	return span_find_text(elf->bytes, "/rustc/", 0) != SPAN_NOT_FOUND ||
	       span_find_text(elf->bytes, "runtime.gopanic", 0) != SPAN_NOT_FOUND;
}

/*
 * A compiler puts canaries only into functions with an array on the stack. An object
 * without a trace of them is called unprotected only where it surely has such
 * functions: enough code, and several different calls that fill buffers, or addresses
 * in its own frame that it hands out where two of them ask for no size.
 */
static enum answer judge_canary(const struct elf *elf, const struct symbol_signs *signs)
{
	enum { CODE_ENOUGH = 16384, CALLS_ENOUGH = 4, UNBOUNDED_ENOUGH = 2 };
	if (signs->canary_called)
		return ANSWER_YES;
	if (signs->canary_exported || is_checked_language(elf))
		return ANSWER_UNKNOWN;
	bool large = signs->buffer_calls >= CALLS_ENOUGH && code_size(elf) >= CODE_ENOUGH;
	bool sure = large || (signs->unbounded >= UNBOUNDED_ENOUGH && elf_hands_out_frame(elf));
	return sure ? ANSWER_NO : ANSWER_UNKNOWN;
}

/* musl has no fortified functions: its headers check in line and leave no trace. */
static bool uses_musl(const struct elf *elf)
{
	struct span strings = elf_dynamic_strings(elf);
	uint64_t tag, value;
	for (struct span rest = elf_dynamic(elf); elf_next_dynamic(elf, &rest, &tag, &value);) {
		if (tag != DT_NEEDED)
			continue;
		struct span name = span_until_nul(span_slice(strings, value, 64));
		if (span_equal_text(name, "libc.so") || span_starts_text(name, "libc.musl-"))
			return true;
	}
	return false;
}

static enum answer judge_fortify(const struct elf *elf, const struct symbol_signs *signs)
{
	if (signs->fortified > 0)
		return ANSWER_YES;
	return signs->always_twins > 0 && !uses_musl(elf) ? ANSWER_NO : ANSWER_UNKNOWN;
}

struct elf_hardening elf_hardening(const struct elf *elf, struct span name, bool may_run)
{
	struct elf_segment segment;
	struct elf_hardening out = {
		.pie = ANSWER_UNKNOWN, .stack_protected = ANSWER_UNKNOWN, .canary = ANSWER_UNKNOWN,
		.fortify = ANSWER_UNKNOWN,
	};
	struct elf_symbols dynamic = elf_dynamic_symbols(elf), full = elf_full_symbols(elf);
	struct symbol_signs signs = { 0 };
	if (elf->type == ELF_REL) {
		read_signs(elf, &full, false, &signs);
		out.canary = signs.canary_called ? ANSWER_YES : ANSWER_UNKNOWN;
		return out;
	}
	out.is_static = elf_dynamic(elf).size == 0 && !elf_find_segment(elf, SEGMENT_INTERP, &segment);
	out.is_program = is_program(elf, name);
	if (elf->type == ELF_CORE)
		return out;
	out.pie = elf->type == ELF_DYN ? ANSWER_YES : ANSWER_NO;
	out.stack_protected = judge_stack(elf, out.is_static, may_run);
	if (!out.is_static)
		out.relro = judge_relro(elf);
	read_signs(elf, out.is_static ? &full : &dynamic, !out.is_static, &signs);
	out.canary = judge_canary(elf, &signs);
	if (!out.is_static)
		out.fortify = judge_fortify(elf, &signs);
	return out;
}
