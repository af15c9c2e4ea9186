/* The machines that ELF numbers (e_machine), and what the absence of a stack header means on each. */
#ifndef ASSAY_INSPECT_ELF_MACHINE_H
#define ASSAY_INSPECT_ELF_MACHINE_H

#include <stdint.h>

/* Whether Linux maps the stack executable for a program without PT_GNU_STACK. */
enum default_stack {
	STACK_UNKNOWN,        /* depends on the kernel's version or on hardware without such a right */
	STACK_EXECUTABLE,
	STACK_NOT_EXECUTABLE,
};

struct elf_machine {
	uint16_t number;
	enum default_stack stack;
	const char *name; /* as elf.machine in the evidence */
};

/* NULL for a number that is not in the table. */
const struct elf_machine *elf_machine_find(uint16_t number);

#endif
