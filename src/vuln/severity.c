/* Words for CVSS scores: FIRST's scale of 3.x and 4.0, NVD's of 2.0 (which has no "critical"). */
#include "vuln/builder.h"

const char *severity_word(struct span cvss, double score)
{
	bool old = span_byte(cvss, 0) == '2';
	if (score >= 9.0 && !old)
		return "critical";
	if (score >= 7.0)
		return "high";
	if (score >= 4.0)
		return "medium";
	return score > 0.0 || old ? "low" : "none";
}

static int rank_of(enum score_origin origin, struct span cvss)
{
	if (origin == SCORE_NONE)
		return SCORE_NONE * 3;
	if (span_byte(cvss, 0) == '2')
		return SCORE_VERSION_2 * 3 + (origin == SCORE_NVD ? 0 : origin == SCORE_CNA ? 1 : 2);
	return (int)origin * 3 + (span_equal_text(cvss, "3.1") ? 0 : span_byte(cvss, 0) == '4' ? 1 : 2);
}

struct builder_facts builder_facts_of(int64_t id)
{
	return (struct builder_facts){ .id = id, .rank = SCORE_NONE * 3, .score = -1.0 };
}

void builder_offer_score(struct builder_facts *facts, enum score_origin origin, struct span cvss, double score,
			 struct span vector)
{
	int rank = rank_of(origin, cvss);
	if (rank >= facts->rank || score < 0.0 || score > 10.0)
		return;
	facts->rank = rank;
	facts->score = score;
	facts->cvss = cvss;
	facts->vector = vector;
}

void builder_offer_vector(struct builder_facts *facts, enum score_origin origin, double score, struct span vector)
{
	if (span_starts_text(vector, "CVSS:"))
		builder_offer_score(facts, origin, span_slice(vector, 5, 3), score, vector);
}
