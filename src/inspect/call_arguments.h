/*
 * Constants that programs hand to functions of libraries, as the machine code right before a call tells them.
 *
 * What it sees: calls from ELF programs and libraries for MIPS o32, ARM (A32 and Thumb-2), AArch64, x86-64 and i386 to functions
 * that they import, through the procedure linkage table, the global offset table, or a register that was loaded from it. An
 * argument is known where it was set to a constant on the straight way to the call: no branch goes in between, whether direct or,
 * as far as that can be told, by a table.
 *
 * What it does not see: arguments from memory, from other functions or from both sides of a condition; functions that the program
 * holds itself; code of other machines, MIPS16 and microMIPS; whether a call is ever reached, and under which condition.
 */
#ifndef ASSAY_INSPECT_CALL_ARGUMENTS_H
#define ASSAY_INSPECT_CALL_ARGUMENTS_H

#include "base/arena.h"
#include "inspect/elf_image.h"

enum { CALL_ARGUMENTS = 3 };

struct call {
	uint64_t offset;                /* of the calling instruction in the file */
	size_t function;                /* index of its name */
	bool known[CALL_ARGUMENTS];
	uint32_t argument[CALL_ARGUMENTS]; /* the low 32 bits */
};

/*
 * Shows every call of one of the functions (a list that ends with NULL), in the order of the file for each instruction set.
 * Nothing is shown where the program imports none. False where memory or effort did not suffice for all.
 */
bool call_arguments_find(const struct elf *elf, const char *const *functions, struct arena *arena,
			 void (*see)(void *context, const struct call *call), void *context);

#endif
