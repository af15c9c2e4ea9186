/* The map of the image as one line of blocks, for the terminal. */
#ifndef ASSAY_REPORT_TERMINAL_MAP_H
#define ASSAY_REPORT_TERMINAL_MAP_H

#include <sqlite3.h>

#include "report/page.h"

/* The bar and its legend; nothing where the image has no map (a folder). */
enum outcome terminal_map(struct page *page, sqlite3 *database) MUST_CHECK;

#endif
