/* The words of VEX: https://www.cisa.gov (minimum requirements), OpenVEX 0.2, CSAF 2.0, CycloneDX 1.6. */
#ifndef ASSAY_VULN_VEX_WORDS_H
#define ASSAY_VULN_VEX_WORDS_H

#include "base/arena.h"

/* The constant of our own word for a status ("under review"); NULL for none. */
const char *vex_status_named(struct span word);
/* Our status for OpenVEX's ("not_affected"), CycloneDX's ("exploitable"); NULL for none. */
const char *vex_status_of_openvex(struct span word);
const char *vex_status_of_cyclonedx(struct span word);
/* Theirs for ours; "in_triage" and "under_investigation" for what is no status. */
const char *vex_openvex_status(struct span status);
const char *vex_cyclonedx_state(struct span status);
/* True for the five justifications of OpenVEX and CSAF. */
bool vex_is_justification(struct span word);
/* CycloneDX's justification in the words of OpenVEX; NULL for what is none. */
const char *vex_justification_of_cyclonedx(struct span word);
/* The reverse: the nearest. NULL for what is none. */
const char *vex_cyclonedx_justification(struct span word);
/* All five, for an error. */
#define VEX_JUSTIFICATIONS                                                                                    \
	"component_not_present, vulnerable_code_not_present, vulnerable_code_not_in_execute_path, "           \
	"vulnerable_code_cannot_be_controlled_by_adversary or inline_mitigations_already_exist"

/* A date (YYYY-MM-DD) or a time of RFC 3339 as "YYYY-MM-DDThh:mm:ssZ" in the arena; empty where it is none. */
struct span vex_time(struct arena *arena, struct span text);

#endif
