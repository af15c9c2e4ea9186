/* What every fuzz target is: libFuzzer's two functions, the first where a target needs preparing. */
#ifndef ASSAY_FUZZ_TARGET_H
#define ASSAY_FUZZ_TARGET_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The value of --NAME=VALUE among the arguments (libFuzzer passes over those that start with two dashes); NULL without. */
static inline const char *target_argument(int argc, char **argv, const char *option)
{
	size_t length = strlen(option);
	for (int i = 1; i < argc; i++)
		if (strncmp(argv[i], option, length) == 0)
			return argv[i] + length;
	return NULL;
}

/* Ends a target that was started without what it needs. */
static inline void target_refuse(const char *why)
{
	(void)fprintf(stderr, "%s\n", why);
	exit(2);
}

#endif
