#include "vuln/decision.h"

bool decision_is(const struct decision *decision, const char *status)
{
	return decision->status && span_equal_text(span_of_text(decision->status), status);
}

void decision_premise_at(struct decision *decision, const char *kind, struct span value, int64_t file, int64_t offset)
{
	if (decision->premise_count < DECISION_PREMISES_MAX)
		decision->premises[decision->premise_count++] =
			(struct premise){ .kind = kind, .value = value, .file = file, .offset = offset };
}

void decision_premise(struct decision *decision, const char *kind, struct span value)
{
	decision_premise_at(decision, kind, value, 0, -1);
}

void decision_spare(struct decision *decision, const char *justification, struct span reason)
{
	decision->status = "not affected";
	decision->justification = justification;
	decision->reason = reason;
	decision->question = SPAN_NONE;
}

void decision_mend(struct decision *decision, struct span reason)
{
	decision->status = "fixed";
	decision->reason = reason;
	decision->question = SPAN_NONE;
}

void decision_review(struct decision *decision, struct span reason, struct span question)
{
	decision->status = "under review";
	decision->reason = reason;
	decision->question = question;
}
