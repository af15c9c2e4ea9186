/* Scripts that download, check and flash images. */
#ifndef ASSAY_INSPECT_UPDATE_SCRIPT_H
#define ASSAY_INSPECT_UPDATE_SCRIPT_H

#include "inspect/inspector.h"

/* States an update_mechanism row that quotes a line (from 1; 0 for none) of the file. */
void update_state(struct inspection *file, const char *name, const char *aspect, int64_t line, struct span words);
/* "http" or "https" where the line holds such an address; else NULL. */
const char *update_scheme(struct span line);
/* True where the file's name says that it updates the device. */
bool update_script_is_named_so(const struct inspection *file);
/* States what the lines of a script show, where it is one that updates the device. */
void update_script_state(struct inspection *file);

#endif
