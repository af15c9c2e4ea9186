#include "vuln/kernel_traces.h"

#include "base/embedded.h"
#include "base/lookup.h"
#include "vuln/kernel_marks.h"

/* Before the sources that were read, a few functions may have belonged to another option, and some have had other names. */
enum { SEEN_NEEDED = 2, SEEN_NEEDED_BEFORE = 3, KNOWN_BEFORE = 5, KNOWN_BEFORE_FEATURE = 12,
       TEXTS_BEFORE = 5, TEXT_TELLING = 16 };

struct traces {
	struct span first, last, proofs, others;
	struct span first_text, last_text, texts; /* texts are parted by tabs */
};

static bool find(struct span option, struct traces *out)
{
	struct span rest;
	if (!lookup_line(embedded("kernel/traces.tsv"), option, &rest))
		return false;
	*out = (struct traces){ .first = lookup_field(&rest), .last = lookup_field(&rest) };
	out->proofs = lookup_field(&rest);
	out->others = lookup_field(&rest);
	out->first_text = lookup_field(&rest);
	out->last_text = lookup_field(&rest);
	out->texts = rest;
	return true;
}

/*
 * Whether the names of an option say anything of kernels before the first sources that have all of them: it must have been
 * there, for code that came under an option later may have been elsewhere before, with other names.
 */
static bool says_of_before(struct span first, const struct kernel_traced *traced)
{
	static const char trees[] = "# Trees: ";
	struct span table = embedded("kernel/traces.tsv"), oldest = SPAN_NONE;
	size_t at = span_find_text(table, trees, 0);
	struct span versions = at == SPAN_NOT_FOUND ? SPAN_NONE : span_from(table, at + sizeof trees - 1);
	(void)span_next_word(&versions, &oldest);
	return traced->exists || (oldest.size > 0 && span_equal(first, oldest));
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
	       (reach == REACH_BEFORE && says_of_before(traces->first, traced) &&
		known >= (traced->tristate ? KNOWN_BEFORE : KNOWN_BEFORE_FEATURE));
}

static struct kernel_shown show_functions(struct kernel_names *names, const struct traces *traces,
					  const struct kernel_traced *traced)
{
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 };
	size_t seen = kernel_names_count(names, traces->proofs, &shown);
	seen += kernel_names_count(names, traces->others, &shown);
	bool within = kernel_names_reach(names, traces->first, traces->last) == REACH_WITHIN;
	if (seen >= (within ? SEEN_NEEDED : SEEN_NEEDED_BEFORE))
		shown.sight = KERNEL_SIGHT_PRESENT;
	else if (seen == 0 && is_absent(names, traces, traced))
		shown = kernel_names_lacking(names, traces->proofs);
	return shown;
}

static size_t count_texts(struct span texts)
{
	size_t count = 0;
	while (lookup_field(&texts).size > 0)
		count++;
	return count;
}

/*
 * Whether the texts are there. A single word, unless it is long, may be from other code: it shows by its absence alone. Code
 * that is built in brings most of its texts, if not all of them.
 */
static bool are_there(const struct kernel_names *names, struct span texts, bool within, struct kernel_shown *shown)
{
	size_t seen = 0, all = 0;
	struct span text;
	while ((text = lookup_field(&texts)).size > 0) {
		bool telling = text.size >= TEXT_TELLING || span_find_byte(span_trim(text), ' ', 0) != SPAN_NOT_FOUND;
		all += telling;
		if (telling)
			seen += kernel_names_count_texts(names, text, shown);
	}
	return within ? seen >= SEEN_NEEDED && seen * 3 >= all * 2 : seen >= SEEN_NEEDED_BEFORE && seen * 3 >= all;
}

/* Of a kernel without a table of its functions. Those of its modules are known where the option has functions. */
static struct kernel_shown show_texts(struct kernel_names *names, const struct traces *traces,
				      const struct kernel_traced *traced)
{
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 };
	enum kernel_reach reach = kernel_names_reach(names, traces->first_text, traces->last_text);
	bool there = are_there(names, traces->texts, reach == REACH_WITHIN, &shown);
	size_t seen = kernel_names_count_texts(names, traces->texts, &shown);
	bool before = reach == REACH_BEFORE && traced->tristate && says_of_before(traces->first_text, traced) &&
		      count_texts(traces->texts) >= TEXTS_BEFORE;
	if (there)
		shown.sight = KERNEL_SIGHT_PRESENT;
	else if (seen == 0 && (reach == REACH_WITHIN || before) &&
		 (traced->built_in ? kernel_names_texts_built_in(names)
				    : kernel_names_texts_complete(names, traces->proofs.size > 0, traced->modules)))
		shown = kernel_names_lacking_texts(names, traces->texts);
	return shown;
}

/* How many of the texts are there. */
static size_t texts_there(struct kernel_names *names, struct span texts)
{
	struct kernel_shown first = { 0 };
	return kernel_names_count_texts(names, texts, &first);
}

struct kernel_shown kernel_traces_show(struct kernel_names *names, const struct kernel_traced *traced)
{
	struct traces traces = { 0 };
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 };
	if (find(traced->option, &traces))
		shown = show_functions(names, &traces, traced);
	if (shown.source != NULL)
		return shown;
	shown = show_texts(names, &traces, traced);
	if (shown.sight == KERNEL_SIGHT_ABSENT || texts_there(names, traces.texts) * 3 > count_texts(traces.texts))
		return shown;
	struct kernel_shown marked = kernel_marks_show(names, traced);
	return shown.sight == KERNEL_SIGHT_UNKNOWN ? marked : shown;
}
