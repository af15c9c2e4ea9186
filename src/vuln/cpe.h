/* CPE 2.3 names, formatted strings (NIST IR 7695). */
#ifndef ASSAY_VULN_CPE_H
#define ASSAY_VULN_CPE_H

#include "base/buffer.h"

struct cpe {
	uint8_t part;            /* 'a', 'o' or 'h' */
	struct span vendor, product, version, update; /* as written, with escapes */
	struct span target_software, target_hardware;
};

/* Splits a name; false where it is none. */
bool cpe_parse(struct span name, struct cpe *out);
/* True for '*' (any), '-' (not applicable) and nothing. */
bool cpe_is_open(struct span attribute);
/* Appends text without its escapes and in lower case, with '_' for blanks. */
enum outcome cpe_append_plain(struct buffer *out, struct span attribute) MUST_CHECK;
/* Writes "vendor:product" in place of what the buffer holds. */
enum outcome cpe_product(struct buffer *out, const struct cpe *cpe) MUST_CHECK;
/* Writes version and update as makers write them ("1.0.2-beta1", "4.2.8p3") in place of what the buffer holds. */
enum outcome cpe_version(struct buffer *out, const struct cpe *cpe) MUST_CHECK;

#endif
