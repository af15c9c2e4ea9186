/* Findings, components and requirements on the terminal. */
#ifndef ASSAY_REPORT_TERMINAL_TABLES_H
#define ASSAY_REPORT_TERMINAL_TABLES_H

#include <sqlite3.h>

#include "report/page.h"

/* One line a rule, without what the grade's reasons have said already. */
enum outcome terminal_findings(struct page *page, sqlite3 *database) MUST_CHECK;
enum outcome terminal_components(struct page *page, sqlite3 *database) MUST_CHECK;
enum outcome terminal_requirements(struct page *page, sqlite3 *database) MUST_CHECK;

#endif
