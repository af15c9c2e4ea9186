/*
 * The starter facts (TSV files in data/vulnerabilities) as a store. Lines are sorted; fields are parted by tabs, '-' stands for
 * what is not known, and such fields at the end of a line are left out.
 *     D  feed date                      day of the newest data of that feed
 *     V                                 lines about vulnerabilities follow
 *     R  @name releases                 a name for a list of releases, parted by commas, of which the same is said
 *     P  product                        what the next sections are about
 *     S  source feed [entry listed]     lines of table `affected` (store.sql) of that source, entry and product follow
 * All other lines begin with an identifier: "2021-42374" is CVE-2021-42374, and "-42374" one of the year of the line before.
 *     id score CVSS weakness epss published SSVC flags…      in V
 *     id ranges releases files platform part                 in S
 * CVSS is "3.1/NLNNUHHH": version, and the values of the metrics of its base in their order, or the whole vector without its
 * prefix. weakness is the number of a CWE. published is "MM-DD" where it is in the identifier's year. SSVC is a letter each for
 * exploitation, automatable and impact. Flags are "kev=" and a day, "severity=" and a word where there is no score, "disputed".
 * Of ranges (vuln/range.h), "<1.2" is "[*,1.2)", "<=1.2" "[*,1.2]", "*" "[*,*]", and "5.4.3+" "[5.4.3,5.4.*]".
 */
#ifndef ASSAY_VULN_STARTER_FACTS_H
#define ASSAY_VULN_STARTER_FACTS_H

#include "base/buffer.h"
#include "base/notes.h"
#include "base/outcome.h"

enum { STARTER_LISTS_MAX = 1000 };

/* Compiles the files into a store; notes say which line is broken. */
enum outcome starter_compile(const char *store, const char *const *files, size_t count,
			     struct notes *notes) MUST_CHECK;
/* Writes short ranges at their full length, in place of what the buffer holds. MALFORMED where one is none. */
enum outcome starter_ranges(struct buffer *out, struct span text) MUST_CHECK;
/* "3.1/NLNNUHHH" as version and whole vector, in the arena; false where it has another form. */
bool starter_vector(struct arena *arena, struct span text, struct span *cvss, struct span *vector);

#endif
