/* Products and versions of a CVE 5.x record. */
#ifndef ASSAY_VULN_CVE5_AFFECTED_H
#define ASSAY_VULN_CVE5_AFFECTED_H

#include "vuln/builder.h"

/*
 * Reads what containers of one record say about products and versions: `affected`, with its CPE names, package URLs and
 * words, and `cpeApplicability`. Each entry is numbered, and judged by itself.
 */
struct cve5_reader;

/* NULL without memory. */
struct cve5_reader *cve5_reader_new(struct builder *builder);
void cve5_reader_free(struct cve5_reader *reader);
/* States what a container says for the record under way; entries are numbered from the one behind *number. */
enum outcome cve5_reader_take(struct cve5_reader *reader, const struct json_value *container, int64_t *number) MUST_CHECK;

#endif
