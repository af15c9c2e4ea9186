#include "base/embedded.h"

#include <stdlib.h>

static int by_name(const void *name, const void *file)
{
	return strcmp(name, ((const struct embedded_file *)file)->name);
}

/* Lists are asked for each word of a program: a walk over all names would show. */
struct span embedded(const char *name)
{
	const struct embedded_file *file = bsearch(name, embedded_files, embedded_file_count, sizeof *file, by_name);
	return file ? span_of(file->data, file->size) : SPAN_NONE;
}
