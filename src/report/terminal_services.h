/* What runs and listens, on the terminal. */
#ifndef ASSAY_REPORT_TERMINAL_SERVICES_H
#define ASSAY_REPORT_TERMINAL_SERVICES_H

#include <sqlite3.h>

#include "report/page.h"

/* Nothing where nothing is known to listen. */
enum outcome terminal_services(struct page *page, sqlite3 *database) MUST_CHECK;

#endif
