/*
 * In which versions of a component the code that a fix mends is there, or is not: seen in the sources of several versions
 * (data/vulnerabilities/beginnings.tsv; tools/make-beginnings writes it). Fields are parted by tabs, '-' stands for what is
 * not known:
 *     COMPONENT CVE             missing  first  last  by
 *     COMPONENT source VERSION  file  sha256
 * missing is the last version that has neither the file nor the function, nor a trace of the lines; first and last are the
 * first and the last one that hold the very lines that the fix changes, with those around them. by is the source package
 * of a distribution whose fix that is, and its patches. The second form names the sources of such a version that were read.
 */
#ifndef ASSAY_VULN_BEGINNINGS_H
#define ASSAY_VULN_BEGINNINGS_H

#include "identify/recogniser.h"

/* Spans point into the program's own data; all are empty where nothing is known. */
struct beginning {
	struct span missing, first, last, by;
};

/* What is known of a fault (vuln/identifier.h) of a component. */
struct beginning beginning_find(struct span component, int64_t vulnerability);
/* True where the code was there in the version, or in an older one. */
bool beginning_is_before(const struct beginning *beginning, enum version_order order, struct span version);
/* True where it was not there in the version, or in a newer one. */
bool beginning_is_behind(const struct beginning *beginning, enum version_order order, struct span version);
struct span beginnings_text(void);

#endif
