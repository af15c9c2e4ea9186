#include "base/embedded.h"

struct span embedded(const char *name)
{
	for (const struct embedded_file *file = embedded_files; file->name; file++)
		if (strcmp(file->name, name) == 0)
			return span_of(file->data, file->size);
	return SPAN_NONE;
}
