/* Fuzzes SquashFS: opens, lists and reads whatever the bytes are. */
#include "unpack/opened.h"
#include "unpack/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	opened_exercise(&unpacker_squashfs, span_of(data, size));
	return 0;
}
