/* Names of the unpackers, for the registry alone. */
#ifndef ASSAY_UNPACK_REGISTRY_H
#define ASSAY_UNPACK_REGISTRY_H

#include "unpack/unpacker.h"

extern const struct unpacker unpacker_ar;
extern const struct unpacker unpacker_cab;
extern const struct unpacker unpacker_cpio;
extern const struct unpacker unpacker_directory; /* has no magic: the engine names it */
extern const struct unpacker unpacker_iso9660;
extern const struct unpacker unpacker_lha;
extern const struct unpacker unpacker_old_cpio;
extern const struct unpacker unpacker_rar;
extern const struct unpacker unpacker_sevenzip;
extern const struct unpacker unpacker_tar;
extern const struct unpacker unpacker_zip;

#endif
