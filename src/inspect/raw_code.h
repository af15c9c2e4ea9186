/* Code that runs without a loader: kernels, boot loaders, firmware of other processors. */
#ifndef ASSAY_INSPECT_RAW_CODE_H
#define ASSAY_INSPECT_RAW_CODE_H

#include "inspect/inspector.h"

/*
 * True for raw bytes, and for ELF objects that need neither interpreter nor library.
 * Programs and texts quote banners of kernels and boot loaders; they are none.
 */
bool is_raw_code(const struct inspection *file);

#endif
