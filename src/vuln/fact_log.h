/*
 * What readers of feeds state, as a list of facts in bytes: made by several threads, a document each, and written to a
 * store by one, in the order of the documents.
 */
#ifndef ASSAY_VULN_FACT_LOG_H
#define ASSAY_VULN_FACT_LOG_H

#include "base/buffer.h"

enum fact_kind {
	FACT_FEED = 1,      /* name: whose facts follow */
	FACT_DATE,          /* day */
	FACT_VULNERABILITY, /* id, rank; score; CVSS version, vector, severity, weakness, day of publication */
	FACT_REJECTED,      /* id */
	FACT_DISPUTED,      /* id */
	FACT_EXPLOITED,     /* id; day */
	FACT_SSVC,          /* id; exploitation, automatable, impact */
	FACT_EPSS,          /* id; probability */
	FACT_EPSS_WHOLE,    /* day */
	FACT_RECORD,        /* id, source; stamp: rows of it follow */
	FACT_ROW,           /* of the record: entry, listed, usual; product, release, ranges, platform, part, files, why */
	FACT_AFFECTED,      /* a row of its own: the same, then id and source */
	FACT_LEFT_OUT,      /* id; reason */
	FACT_NOTE,          /* severity; code, words */
	FACT_LISTED,        /* entries that a list says it has, that it has, and that all its pages have (0: no more) */
};

enum { FACT_NUMBERS_MAX = 5, FACT_TEXTS_MAX = 7 };

struct fact {
	enum fact_kind kind;
	size_t numbers, texts; /* how many of each there are */
	int64_t number[FACT_NUMBERS_MAX];
	struct span text[FACT_TEXTS_MAX];
	double real; /* kept for every kind, and 0 where it has none */
};

enum outcome fact_log_add(struct buffer *log, const struct fact *fact) MUST_CHECK;
/* Takes the next fact off the log; its texts are the log's. False at the end. */
bool fact_log_next(struct span *rest, struct fact *out);

#endif
