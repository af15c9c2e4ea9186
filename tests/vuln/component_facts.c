#include "vuln/component_facts.h"

#include "harness.h"
#include "vuln/cpe.h"
#include "vuln/range.h"

static bool is_range_list(struct span list)
{
	struct range range;
	size_t count = 0;
	while (range_next(&list, &range))
		count++;
	return count > 0 && list.size == 0;
}

TEST(every_fact_can_be_read)
{
	struct span rest = component_facts_text();
	struct component_fact fact, last = { 0 };
	size_t count = 0;
	while (component_facts_next(&rest, &fact)) {
		CHECK(fact.id != 0 && fact.why.size > 0 && is_range_list(fact.ranges));
		CHECK(span_find_byte(fact.product, ':', 0) != SPAN_NOT_FOUND);
		int order = span_compare(last.product, fact.product);
		CHECK(order < 0 || (order == 0 && last.id < fact.id)); /* sorted, and none twice */
		last = fact;
		count++;
	}
	CHECK(count > 0);
}

TESTS(every_fact_can_be_read)
