/*
 * The starter store: a vulnerability store that is part of the program, so that the
 * first run needs no network. Its bytes are linked beside the library's core, from
 * which the tool that compiles them is built.
 */
#ifndef ASSAY_VULN_STARTER_H
#define ASSAY_VULN_STARTER_H

#include <stddef.h>
#include <stdint.h>

#include "vuln/seal.h"

/* Packed; for store_open_packed(span_of(starter_store, starter_store_size), STARTER_NAME, …). */
extern const uint8_t starter_store[];
extern const uint64_t starter_store_size;
/* The seal of the same (vuln/seal.h), as text. */
extern const uint8_t starter_seal[];
extern const uint64_t starter_seal_size;
#define STARTER_NAME "starter"

/* What it was made of (vuln/manifest.h). */
static inline struct span starter_manifest(void)
{
	struct seal seal;
	return seal_read(span_of(starter_seal, starter_seal_size), &seal) == DONE ? seal.manifest : SPAN_NONE;
}

#endif
