#include "engine/result.h"

#include <stdio.h>

#include "base/shortage.h"

enum assay_status result_status(enum outcome outcome)
{
	switch (outcome) {
	case DONE:
	case PARTIAL:
		return ASSAY_DONE;
	case NO_MEMORY:
		return ASSAY_NO_MEMORY;
	case OVER_BUDGET:
		return ASSAY_LIMIT;
	case MALFORMED:
	case UNSUPPORTED:
	case NOT_THIS:
		return ASSAY_UNREADABLE;
	}
	return ASSAY_INTERNAL;
}

enum assay_status result_fail(struct assay *assay, enum assay_status status, struct span why)
{
	if (shortage_take() || status == ASSAY_NO_MEMORY) { /* other words come of that, and would mislead */
		status = ASSAY_NO_MEMORY;
		why = SPAN_LITERAL("out of memory");
	}
	(void)snprintf(assay->error, sizeof assay->error, "%.*s", SPAN_FORMAT(why));
	return status;
}
