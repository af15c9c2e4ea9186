/* Joins the device that the image is for with what the store knows of its firmware. */
#ifndef ASSAY_VULN_DEVICE_MATCH_H
#define ASSAY_VULN_DEVICE_MATCH_H

#include <sqlite3.h>

#include "base/arena.h"
#include "base/outcome.h"

/*
 * Rows of vulnerability for the maker and model in the row of the image, and a component of type 'firmware' that they
 * belong to where there are any. MALFORMED where the rows cannot be written.
 */
enum outcome device_match(sqlite3 *evidence, sqlite3 *store) MUST_CHECK;

/* Names of the products in a store that the image's device may be, as a JSON array in the arena. */
struct span device_products(sqlite3 *evidence, struct arena *arena);

/*
 * True where the image is its maker's own firmware for that model and revision ("TL-WR841N v10"), and its header leaves no
 * other open.
 */
bool device_is(sqlite3 *evidence, struct span maker, struct span words, struct arena *arena);

#endif
