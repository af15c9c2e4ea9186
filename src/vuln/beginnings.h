/*
 * What sources and patches of distributions show of where a fault begins (data/vulnerabilities/beginnings.tsv;
 * tools/make-beginnings writes it). Fields are parted by tabs, '-' stands for what is not known:
 *     COMPONENT CVE             missing  patched  by
 *     COMPONENT source VERSION  file  sha256
 * missing is the last version that has none of the files that the fix changes, nor the functions, nor a trace of the lines;
 * patched is the first one that a distribution patched, and that holds the code as upstream gave it out. by is the source package
 * whose patches are meant, or its change log. The second form names the sources that were read of each of these versions.
 */
#ifndef ASSAY_VULN_BEGINNINGS_H
#define ASSAY_VULN_BEGINNINGS_H

#include "identify/recogniser.h"

/* Spans point into the program's own data; all are empty where nothing is known. */
struct beginning {
	struct span missing, patched, by;
};

/* What is known of a fault (vuln/identifier.h) of a component. */
struct beginning beginning_find(struct span component, int64_t vulnerability);
/* True where the version, or an older one, was patched. */
bool beginning_is_before(const struct beginning *beginning, enum version_order order, struct span version);
/* True where the version, or a newer one, misses the code. */
bool beginning_is_behind(const struct beginning *beginning, enum version_order order, struct span version);
struct span beginnings_text(void);

#endif
