#include "vuln/part_judge.h"

#include "stored.h"
#include "vuln/identifier.h"

static const struct part known[] = {
	{ .name = STORED_TEXT("DHCPv6"), .also = { .all = (const struct span[]){ STORED_TEXT("RA") }, .count = 1 } },
	{ .name = STORED_TEXT("DNSSEC") },
};
static const struct part_component component = { .name = STORED_TEXT("dnsmasq"), .parts = known, .count = 2 };
static const struct parts parts = { .all = &component, .count = 1 };

/* Decides a fault in these parts. DHCPv6 and scp are missing, scp is a program of its own; TFTP is there. */
static struct decision judged(const char *status, const char *part, bool usual, struct arena *words)
{
	struct evidence *evidence = NULL;
	struct part_judge judge;
	struct decision decision = { .status = status, .part = span_of_text(part), .usual = usual,
				     .reason = SPAN_LITERAL("1 lies in [0, 2)") };
	CHECK_EQUAL(evidence_new(&evidence), DONE);
	CHECK_EQUAL(query_run(evidence_database(evidence),
		"INSERT INTO part (component, name, present, sign, reason, file, offset) VALUES"
		" (7, 'DHCPv6', 0, 'option', 'no-DHCPv6', 3, NULL), (7, 'scp', 0, 'file', 'no file', NULL, NULL),"
		" (7, 'TFTP', 1, 'option', 'TFTP', 3, 44), (8, 'DNSSEC', 0, 'option', 'of another', 3, NULL)"), DONE);
	part_judge_init(&judge, evidence_database(evidence), &parts);
	struct part_question question = { .component = 7, .name = SPAN_LITERAL("dnsmasq"),
					  .vulnerability = identifier_parse(SPAN_LITERAL("CVE-2020-25681")) };
	part_judge_decision(&judge, &question, &decision, words);
	CHECK_EQUAL(part_judge_end(&judge), DONE);
	evidence_free(evidence);
	return decision;
}

TEST(a_part_that_is_there_leaves_it_affected)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct decision decision = judged("affected", "TFTP", false, &words);
	CHECK_TEXT(span_of_text(decision.status), "affected");
	CHECK_TEXT(decision.reason, "1 lies in [0, 2), and the part that has it is there (TFTP: TFTP)");
	REQUIRE(decision.premise_count == 1);
	CHECK_TEXT(span_of_text(decision.premises[0].kind), "part");
	CHECK_EQUAL(decision.premises[0].file, 3);
	CHECK_EQUAL(decision.premises[0].offset, 44);
	CHECK_TEXT(span_of_text(judged("affected", "DHCPv6 TFTP", false, &words).status), "affected"); /* one is enough */
	CHECK_TEXT(span_of_text(judged("under review", "TFTP", false, &words).status), "under review");
	CHECK_TEXT(span_of_text(judged("affected", "", false, &words).status), "affected");
	arena_done(&words);
}

TEST(a_part_that_is_missing_spares_the_component)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct decision decision = judged("affected", "DHCPv6", true, &words);
	CHECK_TEXT(span_of_text(decision.status), "not affected");
	CHECK_TEXT(span_of_text(decision.justification), "vulnerable_code_not_present");
	CHECK(decision.premise_count == 1 && decision.premises[0].file == 3 && decision.premises[0].offset == -1);
	CHECK_TEXT(span_of_text(judged("affected", "RA", false, &words).status), "not affected"); /* its other name */
	CHECK_TEXT(span_of_text(judged("under review", "DHCPv6", false, &words).status), "not affected");
	CHECK_TEXT(span_of_text(judged("fixed", "DHCPv6", false, &words).status), "fixed");
	CHECK_TEXT(span_of_text(judged("affected", "scp", false, &words).justification), "component_not_present");
	CHECK_TEXT(span_of_text(judged("affected", "scp DHCPv6", false, &words).justification), "vulnerable_code_not_present");
	arena_done(&words);
}

TEST(a_part_of_which_nothing_is_known_waits_unless_every_build_has_it)
{
	struct arena words;
	arena_init(&words, 1 << 16);
	struct decision decision = judged("affected", "DNSSEC", false, &words);
	CHECK_TEXT(span_of_text(decision.status), "under review");
	CHECK_TEXT(decision.question, "is DNSSEC in the image?");
	CHECK_EQUAL(decision.premise_count, 0);
	CHECK_TEXT(span_of_text(judged("affected", "DHCPv6 DNSSEC", false, &words).status), "under review");
	CHECK_TEXT(span_of_text(judged("affected", "nobody-knows", false, &words).status), "under review");
	CHECK_TEXT(span_of_text(judged("affected", "DNSSEC", true, &words).status), "affected");
	CHECK_TEXT(span_of_text(judged("affected", "DHCPv6 DNSSEC", true, &words).status), "affected");
	arena_done(&words);
}

/* The feeds say which versions, and we in which part. */
TEST(our_own_facts_name_a_part_that_no_source_names)
{
	struct arena words;
	struct evidence *evidence = NULL;
	struct part_judge judge;
	struct part_question question = { .component = 7, .name = SPAN_LITERAL("openssl"),
					  .vulnerability = identifier_parse(SPAN_LITERAL("CVE-2022-1292")) };
	struct decision script = { .status = "affected", .reason = SPAN_LITERAL("1 lies in [0, 2)") };
	struct decision other = script, named = script;
	arena_init(&words, 1 << 20);
	REQUIRE(evidence_new(&evidence) == DONE);
	CHECK_EQUAL(query_run(evidence_database(evidence), "INSERT INTO part (component, name, present, sign, reason) VALUES"
			      " (7, 'c_rehash', 0, 'file', 'no file'), (7, 'DTLS', 1, 'symbol', 'DTLS_method')"), DONE);
	part_judge_init(&judge, evidence_database(evidence), NULL);
	part_judge_decision(&judge, &question, &script, &words);
	CHECK_TEXT(span_of_text(script.status), "not affected");
	CHECK_TEXT(script.reason, "1 lies in [0, 2), but the part that has it by assay's own review (the script c_rehash) is missing"
		   " (c_rehash: no file)");
	/* What a source names goes before it. */
	named.part = SPAN_LITERAL("DTLS");
	part_judge_decision(&judge, &question, &named, &words);
	CHECK_TEXT(span_of_text(named.status), "affected");
	question.vulnerability = identifier_parse(SPAN_LITERAL("CVE-2022-0778"));
	part_judge_decision(&judge, &question, &other, &words);
	CHECK_TEXT(span_of_text(other.status), "affected");
	CHECK_EQUAL(part_judge_end(&judge), DONE);
	evidence_free(evidence);
	arena_done(&words);
}

TESTS(our_own_facts_name_a_part_that_no_source_names, a_part_that_is_there_leaves_it_affected,
      a_part_that_is_missing_spares_the_component,
      a_part_of_which_nothing_is_known_waits_unless_every_build_has_it)
