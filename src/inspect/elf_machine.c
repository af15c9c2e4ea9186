/*
 * Machine numbers of the ELF registry (gABI, and those that vendors took before
 * they were given one). Default stacks follow each architecture's elf_read_implies_exec
 * and VM_DATA_DEFAULT_FLAGS in Linux; x86-64 and AArch64 changed theirs in 5.8.
 */
#include "inspect/elf_machine.h"

#include <stddef.h>

static const struct elf_machine machines[] = {
	{ 2, STACK_UNKNOWN, "SPARC" },
	{ 3, STACK_EXECUTABLE, "x86" },
	{ 4, STACK_UNKNOWN, "m68k" },
	{ 8, STACK_EXECUTABLE, "MIPS" },
	{ 10, STACK_EXECUTABLE, "MIPS" },
	{ 15, STACK_UNKNOWN, "PA-RISC" },
	{ 18, STACK_UNKNOWN, "SPARC" },
	{ 20, STACK_EXECUTABLE, "PowerPC" },
	{ 21, STACK_NOT_EXECUTABLE, "PowerPC64" },
	{ 22, STACK_UNKNOWN, "S390" },
	{ 36, STACK_UNKNOWN, "V850" },
	{ 39, STACK_UNKNOWN, "M-CORE" },
	{ 40, STACK_EXECUTABLE, "ARM" },
	{ 42, STACK_UNKNOWN, "SuperH" },
	{ 43, STACK_UNKNOWN, "SPARC64" },
	{ 44, STACK_UNKNOWN, "TriCore" },
	{ 45, STACK_UNKNOWN, "ARC" },
	{ 46, STACK_UNKNOWN, "H8/300" },
	{ 47, STACK_UNKNOWN, "H8/300H" },
	{ 50, STACK_UNKNOWN, "IA-64" },
	{ 62, STACK_UNKNOWN, "x86-64" },
	{ 76, STACK_UNKNOWN, "CRIS" },
	{ 83, STACK_UNKNOWN, "AVR" },
	{ 87, STACK_UNKNOWN, "V850" },
	{ 88, STACK_UNKNOWN, "M32R" },
	{ 89, STACK_UNKNOWN, "MN10300" },
	{ 92, STACK_UNKNOWN, "OpenRISC" },
	{ 93, STACK_UNKNOWN, "ARC" },
	{ 94, STACK_UNKNOWN, "Xtensa" },
	{ 105, STACK_UNKNOWN, "MSP430" },
	{ 106, STACK_UNKNOWN, "Blackfin" },
	{ 113, STACK_UNKNOWN, "Nios II" },
	{ 120, STACK_UNKNOWN, "M16C" },
	{ 135, STACK_UNKNOWN, "Score" },
	{ 140, STACK_UNKNOWN, "TMS320C6000" },
	{ 164, STACK_UNKNOWN, "Hexagon" },
	{ 167, STACK_UNKNOWN, "NDS32" },
	{ 173, STACK_UNKNOWN, "RX" },
	{ 183, STACK_UNKNOWN, "AArch64" },
	{ 185, STACK_UNKNOWN, "AVR32" },
	{ 188, STACK_UNKNOWN, "TILEPro" },
	{ 189, STACK_UNKNOWN, "MicroBlaze" },
	{ 191, STACK_UNKNOWN, "TILE-Gx" },
	{ 195, STACK_UNKNOWN, "ARC" },
	{ 197, STACK_UNKNOWN, "RL78" },
	{ 243, STACK_UNKNOWN, "RISC-V" },
	{ 247, STACK_UNKNOWN, "BPF" },
	{ 252, STACK_UNKNOWN, "C-SKY" },
	{ 253, STACK_UNKNOWN, "ARC64" },
	{ 255, STACK_UNKNOWN, "ARC" },
	{ 258, STACK_UNKNOWN, "LoongArch" },
	{ 0x5441, STACK_UNKNOWN, "FR-V" },
	{ 0x8472, STACK_UNKNOWN, "OpenRISC" },
	{ 0x9026, STACK_UNKNOWN, "Alpha" },
	{ 0x9080, STACK_UNKNOWN, "V850" },
	{ 0xa390, STACK_UNKNOWN, "S390" },
	{ 0xabc7, STACK_UNKNOWN, "Xtensa" },
	{ 0xbaab, STACK_UNKNOWN, "MicroBlaze" },
};

const struct elf_machine *elf_machine_find(uint16_t number)
{
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
		if (machines[i].number == number)
			return &machines[i];
	return NULL;
}
