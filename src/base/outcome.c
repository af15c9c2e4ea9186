#include "base/outcome.h"

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[DONE] = "done",
		[PARTIAL] = "partial",
		[NOT_THIS] = "not this format",
		[MALFORMED] = "malformed",
		[UNSUPPORTED] = "unsupported",
		[OVER_BUDGET] = "over budget",
		[NO_MEMORY] = "out of memory",
	};
	return names[outcome];
}
