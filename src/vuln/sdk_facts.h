/*
 * Faults of software that chip makers, and makers of cameras, give to many others (data/vulnerabilities/sdk-facts.tsv): it
 * shows no version, but programs of its names, or the maker of the device, show that it is there. Fields are parted by tabs:
 *     CVE  sdk  mark  what
 * A mark is names of programs with '+' between them, all of which must be there, or 'maker:' and a name of image.vendor.
 */
#ifndef ASSAY_VULN_SDK_FACTS_H
#define ASSAY_VULN_SDK_FACTS_H

#include "vuln/builder.h"

#define SDK_PRODUCT "sdk/"
#define SDK_MAKER "maker:"

struct sdk_fact {
	int64_t id;
	struct span sdk, mark, what;
};

/* Takes the next fact off the rest of the file, which begins as sdk_facts_text(); false at the end. */
bool sdk_facts_next(struct span *rest, struct sdk_fact *out);
struct span sdk_facts_text(void);
/* States them all, as the feed under way: product "sdk/Realtek SDK", part the mark, why what has the fault. */
enum outcome sdk_facts_state(struct builder *builder) MUST_CHECK;

#endif
