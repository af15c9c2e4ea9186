#include "vuln/kernel_marks.h"

#include "base/embedded.h"
#include "base/lookup.h"

#define ANCHORS "# Anchors: "

/*
 * Of kernels before the sources that were read, so many exports must be known; some code has exported more with the years.
 * What is no module is known by exports alone, if it has always had its name.
 */
enum { EXPORTS_BEFORE = 3, FEATURE_EXPORTS_BEFORE = 5 };

struct marks {
	struct span first, last, exports;         /* parted by blanks */
	struct span first_name, last_name, names; /* parted by tabs */
};

static bool find(struct span option, struct marks *out)
{
	struct span rest;
	if (!lookup_line(embedded("kernel/marks.tsv"), option, &rest))
		return false;
	*out = (struct marks){ .first = lookup_field(&rest), .last = lookup_field(&rest) };
	out->exports = lookup_field(&rest);
	out->first_name = lookup_field(&rest);
	out->last_name = lookup_field(&rest);
	out->names = rest;
	return true;
}

static bool has_word(const struct kernel_names *names, struct span words)
{
	struct span word;
	while (span_next_word(&words, &word))
		if (kernel_names_has_mark(names, word))
			return true;
	return false;
}

static bool has_field(const struct kernel_names *names, struct span fields)
{
	struct span field;
	while ((field = lookup_field(&fields)).size > 0)
		if (kernel_names_has_mark(names, field))
			return true;
	return false;
}

static size_t count_words(struct span words)
{
	struct span word;
	size_t count = 0;
	while (span_next_word(&words, &word))
		count++;
	return count;
}

/* The words behind a beginning of a remark of the table. */
static struct span remark(const char *beginning, size_t size)
{
	struct span table = embedded("kernel/marks.tsv"), line;
	while (span_next_line(&table, &line) && span_byte(line, 0) == '#')
		if (span_starts_text(line, beginning))
			return span_from(line, size);
	return SPAN_NONE;
}

/* Whether the kernel keeps what it exports, be it used or not. */
static bool keeps_exports(const struct kernel_names *names)
{
	struct span words = remark(ANCHORS, sizeof ANCHORS - 1), word;
	size_t seen = 0, all = 0;
	while (span_next_word(&words, &word)) {
		seen += kernel_names_has_mark(names, word);
		all++;
	}
	return seen * 3 > all;
}

/* A module is registered by the same names as long as it is there: they are what programs ask for. */
static bool is_oldest(struct span first)
{
	static const char trees[] = "# Trees: ";
	struct span versions = remark(trees, sizeof trees - 1), oldest = SPAN_NONE;
	(void)span_next_word(&versions, &oldest);
	return oldest.size > 0 && span_equal(first, oldest);
}

/* "4.4+" says nothing of kernels before it. */
static struct span first_of(struct span first)
{
	return span_slice(first, 0, span_find_byte(first, '+', 0));
}

/* Kernels of 2.6 and 3.0 are too far from the sources: one in two hundred options has had other names there. */
static bool is_near(const struct kernel_names *names, struct span last)
{
	return kernel_names_reach(names, SPAN_LITERAL("3.1"), last) == REACH_WITHIN;
}

static bool names_tell(const struct kernel_names *names, const struct marks *marks, const struct kernel_traced *traced)
{
	enum kernel_reach reach = kernel_names_reach(names, first_of(marks->first_name), marks->last_name);
	bool before = reach == REACH_BEFORE && traced->tristate && is_oldest(marks->first_name) &&
		      is_near(names, marks->last_name);
	return marks->names.size > 0 && (reach == REACH_WITHIN || before);
}

static bool exports_tell(const struct kernel_names *names, const struct marks *marks, const struct kernel_traced *traced)
{
	enum kernel_reach reach = kernel_names_reach(names, marks->first, marks->last);
	size_t count = count_words(marks->exports);
	bool before = reach == REACH_BEFORE && is_oldest(marks->first) && is_near(names, marks->last) &&
		      (traced->tristate ? count >= EXPORTS_BEFORE : traced->lasting && count >= FEATURE_EXPORTS_BEFORE);
	return count > 0 && (reach == REACH_WITHIN || before) && keeps_exports(names);
}

/*
 * Whether the image has no other place for the code than its kernels. A module shows its exports among its functions, but
 * not the names by which it registers: it must be known by its own name.
 */
static bool is_complete(const struct kernel_names *names, const struct kernel_traced *traced, bool exports)
{
	return traced->built_in ? kernel_names_texts_built_in(names) : kernel_names_texts_complete(names, exports, traced->modules);
}

struct kernel_shown kernel_marks_show(const struct kernel_names *names, const struct kernel_traced *traced)
{
	struct marks marks;
	struct kernel_shown shown = { .sight = KERNEL_SIGHT_UNKNOWN, .offset = -1 }, first = { 0 };
	if (!kernel_names_marks_known(names) || !find(traced->option, &marks))
		return shown;
	bool by_names = names_tell(names, &marks, traced) && is_complete(names, traced, false);
	bool by_exports = exports_tell(names, &marks, traced) && is_complete(names, traced, true);
	if (has_word(names, marks.exports) || kernel_names_count(names, marks.exports, &first) > 0 ||
	    (by_names && has_field(names, marks.names)))
		return shown;
	if (by_names)
		return kernel_names_lacking_marks(names, marks.names);
	return by_exports ? kernel_names_lacking_marks(names, marks.exports) : shown;
}
