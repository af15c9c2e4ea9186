/* Names of the unpackers, for the registry alone. */
#ifndef ASSAY_UNPACK_REGISTRY_H
#define ASSAY_UNPACK_REGISTRY_H

#include "unpack/unpacker.h"

#endif
