/*
 * A report: what every file in this folder writes. A reporter reads nothing but the
 * evidence database, and the same evidence gives the same bytes.
 */
#ifndef ASSAY_REPORT_REPORTER_H
#define ASSAY_REPORT_REPORTER_H

#include "base/buffer.h"
#include "evidence/evidence.h"

struct report_options {
	int64_t time;  /* seconds since 1970: the date that the report carries */
	bool colour;   /* terminal: ANSI colours */
	int width;     /* terminal: columns; 0 for 100 */
};

struct reporter {
	const char *name;      /* "json": assay_report() */
	const char *option;    /* "--json"; NULL where the command line has another way to it */
	const char *file_name; /* with --out DIR: "report.json"; NULL for none */
	const char *summary;   /* for --help */
	/* Nothing at all where the form cannot say that there is nothing (OpenVEX): no file is made then. */
	enum outcome (*write)(struct evidence *evidence, const struct report_options *options,
			      struct buffer *out) MUST_CHECK;
};

/* Every report, NULL at the end. */
extern const struct reporter *const reporters[];
/* By name; NULL where there is none. */
const struct reporter *reporter_find(const char *name);

#endif
