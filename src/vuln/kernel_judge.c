#include "vuln/kernel_judge.h"

#include "vuln/kernel_source.h"
#include "vuln/version.h"

void kernel_judge_init(struct kernel_judge *judge, sqlite3 *evidence, struct arena *arena)
{
	kernel_facts_read(&judge->facts);
	kernel_build_init(&judge->build, evidence, arena);
}

/* Versions of one era share most of their code. */
static int era(struct span version)
{
	static const char *const begins[] = { "2.5", "4", "5", "6", "7", "8", "9" };
	int era = 0;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		era += version_compare(ORDER_KERNEL, version, span_of_text(begins[i])) >= 0;
	return era;
}

bool kernel_judge_is_vague(const struct claim *claim, struct span version)
{
	const struct range *hit = &claim->result.hit;
	if (claim->result.verdict != RANGE_AFFECTED || hit->single || hit->start.size > 0)
		return false;
	if (claim->source == SOURCE_CNA || claim->source == SOURCE_ADP)
		return true;
	return hit->end.size == 0 || era(hit->end) > era(version);
}

void kernel_judge_claims(const struct kernel_judge *judge, int64_t id, struct claims *claims)
{
	const struct kernel_fact *fact = kernel_facts_find(&judge->facts, id);
	for (size_t i = 0; fact && fact->first.size > 0 && i < claims->count; i++)
		claims->all[i].vague = false;
}

/* True where the fault began after this version. */
static bool is_before(const struct kernel_fact *fact, struct span version, struct decision *decision,
		      struct arena *arena)
{
	if (!fact || fact->first.size == 0 || version_compare(ORDER_KERNEL, version, fact->first) >= 0)
		return false;
	decision_spare(decision, "vulnerable_code_not_present",
	    arena_format(arena, "the fault begins with Linux %.*s (%.*s); against it, %.*s", SPAN_FORMAT(fact->first),
			 SPAN_FORMAT(fact->why), SPAN_FORMAT(decision->reason)));
	return true;
}

/* True where the machine decides. */
static bool is_of_other_machine(struct kernel_judge *judge, const struct kernel_fact *fact,
				struct decision *decision, struct arena *arena)
{
	if (!fact || fact->machines.size == 0)
		return false;
	enum kernel_code code = kernel_build_machine(&judge->build, fact->machines);
	struct span words = kernel_build_machine_words(&judge->build);
	if (code == KERNEL_CODE_ABSENT)
		decision_spare(decision, "vulnerable_code_not_present",
		    arena_format(arena, "%.*s, but only on %.*s, and this is %.*s", SPAN_FORMAT(decision->reason),
				 SPAN_FORMAT(fact->machines), SPAN_FORMAT(words)));
	if (code == KERNEL_CODE_UNKNOWN)
		decision_review(decision,
				arena_format(arena, "%.*s, but only on %.*s, which the image does not show",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(fact->machines)),
				arena_format(arena, "does it run on %.*s?", SPAN_FORMAT(fact->machines)));
	return code == KERNEL_CODE_ABSENT;
}

static void weigh_options(struct kernel_judge *judge, struct span options, struct decision *decision,
			  struct arena *arena)
{
	enum kernel_code code = kernel_build_code(&judge->build, options);
	if (code == KERNEL_CODE_ABSENT && kernel_build_is_machine(options))
		decision_spare(decision, "vulnerable_code_not_present",
		    arena_format(arena, "%.*s, but in code for %.*s, and this is %.*s", SPAN_FORMAT(decision->reason),
				 SPAN_FORMAT(options), SPAN_FORMAT(kernel_build_machine_words(&judge->build))));
	else if (code == KERNEL_CODE_ABSENT)
		decision_spare(decision, "vulnerable_code_not_present",
		    arena_format(arena, "%.*s, but the kernel's configuration leaves its code out (%.*s)",
				 SPAN_FORMAT(decision->reason), SPAN_FORMAT(options)));
	if (code == KERNEL_CODE_UNKNOWN)
		decision_review(decision,
				arena_format(arena, "%.*s, where the kernel is built with %.*s, which the image does not show",
					     SPAN_FORMAT(decision->reason), SPAN_FORMAT(options)),
				arena_format(arena, "is the kernel built with %.*s?", SPAN_FORMAT(options)));
}

void kernel_judge_decision(struct kernel_judge *judge, int64_t id, struct span version, struct decision *decision,
			   struct arena *arena)
{
	if (!decision_is(decision, "affected") && !decision_is(decision, "under review"))
		return;
	const struct kernel_fact *fact = kernel_facts_find(&judge->facts, id);
	if (is_before(fact, version, decision, arena) || is_of_other_machine(judge, fact, decision, arena))
		return;
	struct span options = fact && fact->options.size > 0 ? fact->options : kernel_source_options(decision->files, arena);
	weigh_options(judge, options, decision, arena);
}
