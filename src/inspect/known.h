/*
 * Content that can hold no more: pictures, sound, fonts, programs, catalogues of texts and the like. Where such a
 * format says how far it reaches, what lies behind its end is not a part of it.
 */
#ifndef ASSAY_INSPECT_KNOWN_H
#define ASSAY_INSPECT_KNOWN_H

#include "base/span.h"

struct known {
	const char *name; /* "PNG picture" */
	uint64_t end;     /* bytes from the first that it accounts for; never more than there are */
	bool program;     /* machine code: may be packed */
};

/* What the bytes begin with; false where it is nothing of the kind, or damaged. `name` is the file's, without folders. */
bool known_content(struct span name, struct span bytes, struct known *out);

/* Each the end of one format from its first byte, 0 where it does not hold; used by known_content(). */
uint64_t known_end_of_elf(struct span bytes);
uint64_t known_end_of_pe(struct span bytes);
uint64_t known_end_of_mach(struct span bytes);
uint64_t known_end_of_png(struct span bytes);
uint64_t known_end_of_jpeg(struct span bytes);
uint64_t known_end_of_gif(struct span bytes);
uint64_t known_end_of_icon(struct span bytes);
uint64_t known_end_of_riff(struct span bytes);
uint64_t known_end_of_ogg(struct span bytes);
uint64_t known_end_of_boxes(struct span bytes);
uint64_t known_end_of_wireless(struct span bytes);

#endif
