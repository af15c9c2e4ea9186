#include "vuln/kernel_traces.h"

#include "base/embedded.h"
#include "base/lookup.h"

/* Before the sources that were read, a few functions may have belonged to another option, and some have had other names. */
enum { SEEN_ENOUGH = 2, SEEN_ENOUGH_BEFORE = 3, KNOWN_BEFORE = 5, KNOWN_BEFORE_FEATURE = 12 };

struct traces {
	struct span first, last, proofs, others;
};

static bool find(struct span option, struct traces *out)
{
	struct span rest;
	if (!lookup_line(embedded("kernel/traces.tsv"), option, &rest))
		return false;
	*out = (struct traces){ .first = lookup_field(&rest), .last = lookup_field(&rest) };
	out->proofs = lookup_field(&rest);
	out->others = lookup_field(&rest);
	return true;
}

static size_t count_words(struct span list)
{
	struct span word;
	size_t count = 0;
	while (span_next_word(&list, &word))
		count++;
	return count;
}

/* A module is a thing of its own; what is only a feature may once have been spread over other code. */
static bool is_absent(const struct kernel_names *names, const struct traces *traces, const struct kernel_traced *traced)
{
	enum kernel_reach reach = kernel_names_reach(names, traces->first, traces->last);
	size_t known = count_words(traces->proofs) + count_words(traces->others);
	bool complete = traced->built_in ? kernel_names_built_in(names) : kernel_names_complete(names, traced->modules);
	if (!complete || traces->proofs.size == 0)
		return false;
	return reach == REACH_WITHIN ||
	       (reach == REACH_BEFORE && known >= (traced->tristate ? KNOWN_BEFORE : KNOWN_BEFORE_FEATURE));
}

struct kernel_shown kernel_traces_show(struct kernel_names *names, const struct kernel_traced *traced)
{
	struct traces traces;
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 };
	if (!find(traced->option, &traces))
		return shown;
	size_t seen = kernel_names_count(names, traces.proofs, &shown);
	seen += kernel_names_count(names, traces.others, &shown);
	bool within = kernel_names_reach(names, traces.first, traces.last) == REACH_WITHIN;
	if (seen >= (within ? SEEN_ENOUGH : SEEN_ENOUGH_BEFORE)) {
		shown.sight = KERNEL_SIGHT_PRESENT;
	} else if (seen == 0 && is_absent(names, &traces, traced)) {
		shown = kernel_names_lacking(names, traces.proofs);
	}
	return shown;
}
