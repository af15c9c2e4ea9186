#include "vuln/version_set.h"

#include <ctype.h>

#include "vuln/version.h"

enum comparator { EQUAL, UNEQUAL, BELOW, UP_TO, ABOVE, FROM };

struct constraint {
	enum comparator comparator;
	struct span version;
};

struct set {
	struct constraint all[VERSION_SET_MAX];
	size_t count;
	bool any; /* '*' */
};

static enum comparator take_comparator(struct span *text)
{
	static const struct {
		const char *written;
		enum comparator comparator;
	} comparators[] = { { ">=", FROM }, { "<=", UP_TO }, { "!=", UNEQUAL }, { ">", ABOVE }, { "<", BELOW }, { "=", EQUAL } };
	for (size_t i = 0; i < sizeof comparators / sizeof *comparators; i++) {
		if (span_starts_text(*text, comparators[i].written)) {
			*text = span_trim(span_from(*text, strlen(comparators[i].written)));
			return comparators[i].comparator;
		}
	}
	return EQUAL;
}

static bool is_version(struct span text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = span_byte(text, i);
		if (!isalnum(c) && (c == 0 || c >= 0x80 || !strchr(".-_+~:%", c)))
			return false;
	}
	return text.size > 0 && text.size <= VERSION_LENGTH_MAX;
}

static bool add(struct set *set, struct span text)
{
	struct constraint one = { 0 };
	if (span_equal_text(text, "*"))
		return set->any = true;
	if (set->count == VERSION_SET_MAX)
		return false;
	one.comparator = take_comparator(&text);
	one.version = text;
	set->all[set->count++] = one;
	return is_version(text);
}

/* Where the next constraint begins: behind a bar, a comma, or a blank before a comparator. */
static struct span take_constraint(struct span *rest)
{
	size_t end = 0;
	for (; end < rest->size; end++) {
		uint8_t c = span_byte(*rest, end), next = span_byte(*rest, end + 1);
		if (c == '|' || c == ',' || (c == ' ' && (next == '<' || next == '>' || next == '!' || next == '=') && end > 0))
			break;
	}
	struct span taken = span_trim(span_slice(*rest, 0, end));
	*rest = span_from(*rest, end + 1);
	return taken;
}

static bool parse(struct span text, struct set *out)
{
	out->count = 0;
	out->any = false;
	if (span_starts_text(text, "vers:")) {
		size_t slash = span_find_byte(text, '/', 0);
		if (slash == SPAN_NOT_FOUND || slash == 5)
			return false;
		text = span_from(text, slash + 1);
	}
	text = span_trim(text);
	if (text.size == 0)
		return false;
	while (text.size > 0)
		if (!add(out, take_constraint(&text)))
			return false;
	return true;
}

bool version_set_is_valid(struct span text)
{
	struct set set;
	return parse(text, &set);
}

static bool opens_up(const struct constraint *one)
{
	return one->comparator == ABOVE || one->comparator == FROM;
}

static bool closes(const struct constraint *one)
{
	return one->comparator == BELOW || one->comparator == UP_TO;
}

/* Which order counts is not known before the component is: it must be so in all that could differ. */
bool version_set_is_empty(struct span text)
{
	struct set set;
	bool empty = false;
	if (!parse(text, &set))
		return false;
	for (size_t i = 0; i + 1 < set.count; i++) {
		const struct constraint *from = &set.all[i], *to = &set.all[i + 1];
		if (!opens_up(from) || !closes(to))
			continue;
		int generic = version_compare(ORDER_GENERIC, from->version, to->version);
		int debian = version_compare(ORDER_DEBIAN, from->version, to->version);
		bool point = generic == 0 && debian == 0 && (from->comparator == ABOVE || to->comparator == BELOW);
		empty = empty || point || (generic > 0 && debian > 0);
	}
	return empty;
}

/* In the order of versions; a range has few constraints. */
static void sort(enum version_order order, struct set *set)
{
	for (size_t i = 1; i < set->count; i++) {
		struct constraint one = set->all[i];
		size_t at = i;
		for (; at > 0 && version_compare(order, set->all[at - 1].version, one.version) > 0; at--)
			set->all[at] = set->all[at - 1];
		set->all[at] = one;
	}
}

/* What is listed one by one: 1 in, 0 out, -1 not among them. Leaves only the bounds in the set. */
static int judge_single(enum version_order order, struct set *set, struct span version)
{
	size_t bounds = 0;
	int verdict = -1;
	for (size_t i = 0; i < set->count; i++) {
		const struct constraint one = set->all[i];
		if (verdict != 0 && version_compare(order, one.version, version) == 0)
			verdict = one.comparator == EQUAL || one.comparator == UP_TO || one.comparator == FROM;
		if (one.comparator != EQUAL && one.comparator != UNEQUAL)
			set->all[bounds++] = one;
	}
	set->count = bounds;
	return verdict;
}

bool version_set_holds(enum version_order order, struct span text, struct span version)
{
	struct set set;
	if (!parse(text, &set))
		return false;
	size_t stated = set.count;
	bool excludes = set.count > 0;
	for (size_t i = 0; i < set.count; i++)
		excludes = excludes && set.all[i].comparator == UNEQUAL;
	int single = judge_single(order, &set, version);
	if (single >= 0)
		return single == 1;
	if (set.any || set.count == 0)
		return (set.any && stated == 0) || excludes;
	sort(order, &set);
	const struct constraint *last = &set.all[set.count - 1];
	if (!opens_up(&set.all[0]) && version_compare(order, version, set.all[0].version) < 0)
		return true;
	if (opens_up(last) && version_compare(order, version, last->version) > 0)
		return true;
	for (size_t i = 0; i + 1 < set.count; i++)
		if (opens_up(&set.all[i]) && !opens_up(&set.all[i + 1]) &&
		    version_compare(order, version, set.all[i].version) > 0 &&
		    version_compare(order, version, set.all[i + 1].version) < 0)
			return true;
	return false;
}
