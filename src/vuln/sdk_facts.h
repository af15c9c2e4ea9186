/*
 * Faults of software that chip makers, and makers of cameras, give to many others (data/vulnerabilities/sdk-facts.tsv): it
 * shows no version, but programs of its names, or the maker of the device, show that it is there. Fields are parted by tabs:
 *     CVE  sdk  mark  known  what
 * A mark has '+' between what must all be there: names of programs, '@' and a mark of data/identity/texts.yaml, 'path:' and a
 * GLOB of a path, 'maker:' and a name of image.vendor, 'model:' and the maker, model and revision of a device whose maker's own
 * firmware the image is. What is known decides: 'code' where the mark is the faulty code itself; a
 * day ('YYYY-MM-DD') before which nobody could have mended it, for images that are older; '-' where neither is.
 */
#ifndef ASSAY_VULN_SDK_FACTS_H
#define ASSAY_VULN_SDK_FACTS_H

#include "vuln/builder.h"

#define SDK_PRODUCT "sdk/"
#define SDK_MAKER "maker:"
#define SDK_PATH "path:"
#define SDK_MODEL "model:"
#define SDK_CODE "code"

struct sdk_fact {
	int64_t id;
	struct span sdk, mark, known, what; /* known is empty for '-' */
};

/* Takes the next fact off the rest of the file, which begins as sdk_facts_text(); false at the end. */
bool sdk_facts_next(struct span *rest, struct sdk_fact *out);
struct span sdk_facts_text(void);
/* States them all, as the feed under way: product "sdk/Realtek SDK", part the mark, release what is known, why what it is in. */
enum outcome sdk_facts_state(struct builder *builder) MUST_CHECK;

#endif
