/* Every format that assay opens. A new one is one file in this folder and one line here. */
#include "unpack/registry.h"

const struct unpacker *const unpackers[] = {
	NULL,
};
