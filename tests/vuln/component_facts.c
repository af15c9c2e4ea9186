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
		CHECK(fact.score < 0.0 || (fact.score <= 10.0 && span_starts_text(fact.vector, "CVSS:3.1/AV:")));
		CHECK(!fact.usual || fact.part.size > 0);
		int order = span_compare(last.product, fact.product);
		CHECK(order < 0 || (order == 0 && last.id < fact.id)); /* sorted, and none twice */
		last = fact;
		count++;
	}
	CHECK(count > 0);
}

/* What the form allows, in a text of its own. */
TEST(the_form_says_no_version_usual_parts_and_scores)
{
	struct span rest = SPAN_LITERAL("# comment\n"
		"CVE-2020-0001\ta:b\t-\t-\ta fault of c\n"
		"CVE-2020-0002\ta:b\t[1.0,2.0)\t+gunzip tar\tcame with 1.0\t7.5\tCVSS:3.1/AV:N\n"
		"CVE-2020-0003\ta:b\t[*,2.0)\tscp\tall\n");
	struct component_fact fact;
	struct range range;
	CHECK(component_facts_next(&rest, &fact));
	CHECK(range_next(&fact.ranges, &range) && range.unaffected && range_holds(ORDER_GENERIC, &range, SPAN_LITERAL("1.5")));
	CHECK(fact.part.size == 0 && !fact.usual && fact.score < 0.0 && fact.cvss.size == 0);
	CHECK(component_facts_next(&rest, &fact));
	CHECK(fact.usual);
	CHECK_TEXT(fact.part, "gunzip tar");
	CHECK(fact.score > 7.4 && fact.score < 7.6);
	CHECK_TEXT(fact.cvss, "3.1");
	CHECK_TEXT(fact.vector, "CVSS:3.1/AV:N");
	CHECK(component_facts_next(&rest, &fact));
	CHECK_TEXT(fact.part, "scp");
	CHECK(!fact.usual);
	CHECK(!component_facts_next(&rest, &fact));
}

TESTS(every_fact_can_be_read, the_form_says_no_version_usual_parts_and_scores)
