/* Licences as package databases state them, and as SPDX knows them. */
#ifndef ASSAY_IDENTIFY_LICENCE_H
#define ASSAY_IDENTIFY_LICENCE_H

#include "base/arena.h"

/*
 * True for an SPDX licence expression: known identifiers or LicenseRef-…, '+' behind one,
 * joined by AND, OR and WITH, with parentheses that match.
 */
bool licence_is_expression(struct span text);
/* The words of a package database as an SPDX expression; empty where they are none. */
struct span licence_of_package(struct span words);

#endif
