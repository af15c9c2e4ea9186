/*
 * Whether bytes are code. What software says of itself counts only there: databases,
 * journals, logs, documents, dictionaries, web pages and memory dumps quote what others say.
 * This is the one place that decides it.
 */
#ifndef ASSAY_INSPECT_CODE_H
#define ASSAY_INSPECT_CODE_H

#include "inspect/inspector.h"

enum code {
	CODE_NONE,
	CODE_SCRIPT,
	CODE_PROGRAM, /* needs a loader: programs, libraries, objects */
	CODE_MODULE,  /* of the kernel */
	CODE_RAW,     /* runs without one: kernels, boot loaders, firmware of other processors */
};

/*
 * Raw bytes of a file are code where their header or their instructions say so; a part,
 * which lies in no file system, wherever it is not surely something else.
 */
enum code code_of(const struct inspection *file);
/* True where raw bytes of the image itself, given without a file around them, may be code. */
bool code_may_be_raw(struct span bytes);

#endif
