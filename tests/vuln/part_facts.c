#include "vuln/part_facts.h"

#include "harness.h"
#include "identify/parts.h"
#include "vuln/identifier.h"

TEST(every_fact_names_parts_that_are_known)
{
	struct arena arena;
	struct parts parts = { 0 };
	struct span rest = part_facts_text(), error = SPAN_NONE;
	struct part_fact fact, last = { 0 };
	size_t count = 0;
	arena_init(&arena, 16 << 20);
	REQUIRE(parts_load(&arena, &parts, &error) == DONE);
	for (; part_facts_next(&rest, &fact); last = fact, count++) {
		struct span key = fact.key, component, words = fact.part, word;
		CHECK(span_next_field(&key, ' ', &component) && identifier_parse(key) != 0);
		const struct part_component *known = parts_of(&parts, component);
		CHECK(known != NULL && fact.part.size > 0 && fact.why.size > 0);
		CHECK(span_compare(last.key, fact.key) < 0); /* sorted, and none twice */
		while (known && span_next_word(&words, &word))
			CHECK(part_named(known, word) != NULL);
	}
	CHECK(count > 0);
	arena_done(&arena);
}

TEST(a_fault_is_found_by_its_component_and_number)
{
	struct arena arena;
	struct part_fact fact;
	arena_init(&arena, 1 << 20);
	CHECK(part_facts_find(SPAN_LITERAL("libxml2"), identifier_parse(SPAN_LITERAL("CVE-2025-6170")), &arena, &fact));
	CHECK_TEXT(fact.part, "debug xmllint");
	CHECK(fact.usual);
	CHECK_TEXT(fact.why, "the shell of xmllint");
	CHECK(!part_facts_find(SPAN_LITERAL("openssl"), identifier_parse(SPAN_LITERAL("CVE-2025-6170")), &arena, &fact));
	CHECK(!part_facts_find(SPAN_LITERAL("openssl"), identifier_parse(SPAN_LITERAL("CVE-2022-129")), &arena, &fact));
	arena_done(&arena);
}

TESTS(every_fact_names_parts_that_are_known, a_fault_is_found_by_its_component_and_number)
