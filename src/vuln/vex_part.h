/* Whether a statement's part is one that can be looked for. */
#ifndef ASSAY_VULN_VEX_PART_H
#define ASSAY_VULN_VEX_PART_H

#include "vuln/vex.h"

/*
 * MALFORMED with words that name the known parts, where data/parts knows the component and not the part; and where no
 * component is named, and no component has such a part. Of components that data/parts does not know, every word is taken.
 */
enum outcome vex_check_part(struct vex_reader *reader, const struct vex_statement *statement) MUST_CHECK;

#endif
