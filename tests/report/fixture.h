/* A little evidence with something in every table that reports show. */
#ifndef ASSAY_TESTS_REPORT_FIXTURE_H
#define ASSAY_TESTS_REPORT_FIXTURE_H

#include "evidence/evidence.h"
#include "evidence/query.h"
#include "report/reporter.h"

/* Opens evidence with what `parts` names; NULL where it cannot. */
enum fixture { FIXTURE_EMPTY, FIXTURE_FULL };
struct evidence *fixture_open(enum fixture parts);
/* Appends a text to every text of the image, the declarations and the rules (paths, names, details, reasons). */
bool fixture_taint(struct evidence *evidence, const char *text);
/* A report into a buffer that the caller releases. */
enum outcome fixture_report(struct evidence *evidence, const char *name, int width, bool colour, struct buffer *out);
/* How often a text stands in a report. */
size_t fixture_count(const struct buffer *report, const char *text);

/* Vulnerabilities of the first component beside the others: two without a score, one that is rated as none. */
#define FIXTURE_UNRATED                                                                                                 \
	"INSERT INTO vulnerability (id, component, severity, known_exploited, status, reason, source) VALUES"             \
	" ('CVE-2015-1', 1, NULL, 0, 'affected', 'in range', 'nvd'), ('CVE-2015-2', 1, NULL, 0, 'affected', 'in range',"  \
	" 'nvd'), ('CVE-2015-3', 1, 'none', 0, 'affected', 'in range', 'nvd')"

#endif
