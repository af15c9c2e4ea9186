/* The difference of two versions as a changelog: for the terminal, Markdown, and a page of HTML. */
#ifndef ASSAY_CLI_REGISTER_CHANGELOG_H
#define ASSAY_CLI_REGISTER_CHANGELOG_H

#include "register/difference.h"

enum changelog_form { CHANGELOG_TEXT, CHANGELOG_MARKDOWN, CHANGELOG_HTML };

/* Prints it. False without memory. */
bool changelog_print(const struct difference *difference, enum changelog_form form);

#endif
