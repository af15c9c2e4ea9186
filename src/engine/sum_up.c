#include "engine/sum_up.h"

#include "base/effort.h"
#include "engine/coverage.h"
#include "engine/tally.h"

static enum outcome write_figures(struct artifacts *artifacts, struct evidence *evidence)
{
	TRY(tally_write(evidence));
	TRY(artifacts_write_ranges(artifacts, evidence));
	TRY(coverage_sum_up(evidence));
	TRY(coverage_name(evidence));
	return artifact_kinds(evidence);
}

enum outcome sum_up(struct artifacts *artifacts, struct evidence *evidence, uint64_t effort, int64_t deadline,
		    uint64_t *spent)
{
	struct effort meter;
	effort_start(&meter, effort, deadline);
	enum outcome outcome = write_figures(artifacts, evidence);
	effort_stop(&meter);
	if (spent)
		*spent += effort_spent(&meter);
	return outcome;
}
