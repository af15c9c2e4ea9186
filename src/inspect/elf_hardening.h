/* How an ELF object is hardened, judged only as far as the object can tell. */
#ifndef ASSAY_INSPECT_ELF_HARDENING_H
#define ASSAY_INSPECT_ELF_HARDENING_H

#include "inspect/elf_image.h"

enum answer { ANSWER_UNKNOWN = -1, ANSWER_NO = 0, ANSWER_YES = 1 };

struct elf_hardening {
	bool is_static;  /* no dynamic section, no interpreter */
	bool is_program; /* an executable, position independent or not */
	enum answer pie;
	enum answer stack_protected; /* stack not executable */
	const char *relro;           /* NULL: does not apply */
	enum answer canary;
	enum answer fortify;
};

/* name: of the file; may_run: somebody may execute it; what is not a program needs no stack header. */
struct elf_hardening elf_hardening(const struct elf *elf, struct span name, bool may_run);

/* True where its code hands addresses in its stack frame to what it calls; false too for machines that are not read. */
bool elf_hands_out_frame(const struct elf *elf);

#endif
