/*
 * The table of symbols that a Linux kernel carries for its own messages (CONFIG_KALLSYMS; scripts/kallsyms.c, kernel/kallsyms.c):
 * compressed names, told apart by their structure alone. Read is what was written since 2.6.10, of either width and byte order:
 * with addresses or with offsets, with lengths of one byte or (since 6.1) two, in the order of 6.4 or the older one.
 */
#ifndef ASSAY_INSPECT_KERNEL_KALLSYMS_H
#define ASSAY_INSPECT_KERNEL_KALLSYMS_H

#include "inspect/name_list.h"

enum { KALLSYMS_TOKENS = 256 };

/* The pieces that names are made of. */
struct kallsyms_tokens {
	struct span token[KALLSYMS_TOKENS];
	uint64_t offset; /* of the first, in the bytes */
	uint64_t end;    /* behind their index */
	bool big_endian;
};

struct kallsyms {
	uint64_t offset;     /* of the first name, in the bytes */
	uint64_t count;      /* symbols, of all kinds */
	struct name_list functions; /* sorted */
};

/* What every table of tokens holds: the ten digits in their places, each a token of its own. */
struct span kallsyms_digits(void);
/* The tokens whose digits stand at that offset; false where they are none, or have no index. */
bool kallsyms_tokens_read(struct span bytes, uint64_t digits, struct kallsyms_tokens *out);
/*
 * The names that are written with the tokens: all of them, to the exact end that their markers tell. False where there are
 * none before the tokens, or no memory. What it gives lives in the arena.
 */
bool kallsyms_read(struct span bytes, const struct kallsyms_tokens *tokens, struct arena *arena, struct kallsyms *out);

#endif
