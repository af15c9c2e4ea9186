/* Every format that assay opens. A new one is one file in this folder and one line here. */
#include "unpack/registry.h"

const struct unpacker *const unpackers[] = {
	&unpacker_ar,
	&unpacker_cab,
	&unpacker_cpio,
	&unpacker_iso9660,
	&unpacker_lha,
	&unpacker_old_cpio,
	&unpacker_rar,
	&unpacker_sevenzip,
	&unpacker_tar,
	&unpacker_zip,
	NULL,
};
