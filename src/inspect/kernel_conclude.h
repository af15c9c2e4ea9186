/* Which kernel runs where its own bytes were not found. */
#ifndef ASSAY_INSPECT_KERNEL_CONCLUDE_H
#define ASSAY_INSPECT_KERNEL_CONCLUDE_H

#include "evidence/evidence.h"

/* Adds a kernel row by the release that most modules were built for, or else by a uImage's name. */
enum outcome kernel_conclude(struct evidence *evidence) MUST_CHECK;

#endif
