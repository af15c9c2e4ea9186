#include "vuln/version_words.h"

#include <stdio.h>

#include "inspect/lines.h"
#include "vuln/version.h"

enum { FILLERS_MAX = 4, FIELDS_OF_BRANCH = 2 };

bool plain_word_next(struct span *rest, struct plain_word *out)
{
	struct span text;
	if (!span_next_word(rest, &text))
		return false;
	*out = (struct plain_word){ 0 };
	while (text.size > 0) {
		uint8_t last = span_byte(text, text.size - 1);
		bool stop = last == '.' || last == ';' || last == ':' || last == ')' || last == '"';
		if (last != ',' && !stop)
			break;
		out->comma = out->comma || last == ',';
		out->stop = out->stop || stop;
		text.size--;
	}
	out->text = text;
	return true;
}

bool plain_word_among(struct span word, const char *const *list)
{
	for (; *list; list++)
		if (equal_caseless(word, *list))
			return true;
	return false;
}

static bool is_version(struct span word)
{
	return version_plausible(word) && span_find_byte(word, '.', 0) != SPAN_NOT_FOUND;
}

static bool is_branch(struct span word)
{
	return span_ends_text(word, ".x") || span_ends_text(word, ".*");
}

/* One version: "3.4.x" is none. */
static bool is_single(struct span word)
{
	return is_version(word) && !is_branch(word);
}

/* "5.5.x" and "4.x.x" as the start of a range are 5.5 and 4. */
static struct span start_of(struct span word)
{
	while (is_branch(word))
		word = span_slice(word, 0, word.size - 2);
	return word;
}

/* "PHP 5 before 5.2.1": a start may be a bare number, where an end of that branch follows. */
static bool is_number(struct span word)
{
	uint64_t number;
	return span_to_number(word, 999, &number);
}

/* "beta1" behind a version belongs to it. */
static bool is_stage(struct span rest)
{
	static const char *const stages[] = { "alpha", "beta", "rc", "pre", "preview", "patch", "build" };
	struct plain_word word;
	if (!plain_word_next(&rest, &word))
		return false;
	for (; word.text.size > 0; word.text.size--) {
		uint8_t last = span_byte(word.text, word.text.size - 1);
		if (last < '0' || last > '9')
			break;
	}
	for (size_t i = 0; i < sizeof stages / sizeof *stages; i++)
		if (equal_caseless(word.text, stages[i]))
			return true;
	return false;
}

/* Takes a word, past "version" and "versions". */
static bool take_named(struct span *rest, struct plain_word *out)
{
	static const char *const fillers[] = { "version", "versions", "release", "v", NULL };
	return plain_word_next(rest, out) && (!plain_word_among(out->text, fillers) || plain_word_next(rest, out));
}

/* Takes ">=", "<=", ">", "<" or "=" off the word, or the next word where it is one alone. */
static uint8_t take_sign(struct span *rest, bool *equal)
{
	struct span from = *rest, word;
	*equal = false;
	if (!span_next_word(&from, &word))
		return 0;
	uint8_t sign = span_byte(word, 0);
	if (sign != '<' && sign != '>')
		return 0;
	*equal = span_byte(word, 1) == '=';
	size_t size = *equal ? 2 : 1;
	struct span trimmed = span_trim(*rest);
	*rest = span_from(trimmed, size);
	return sign;
}

/* The words that an end begins with; *excluded says whether the end itself is out of it. */
static bool take_end_words(struct span *rest, bool *excluded)
{
	static const struct {
		const char *words[3];
		bool excluded;
	} forms[] = {
		{ { "before" }, true },       { { "prior", "to" }, true },         { { "below" }, true },
		{ { "earlier", "than" }, true }, { { "lower", "than" }, true },    { { "older", "than" }, true },
		{ { "less", "than" }, true }, { { "up", "to", "including" }, false }, { { "up", "to" }, false },
		{ { "upto" }, false },        { { "through" }, false },            { { "thru" }, false },
	};
	bool equal;
	struct span from = *rest;
	if (take_sign(&from, &equal) == '<') {
		*excluded = !equal;
		*rest = from;
		return true;
	}
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct plain_word word;
		bool fits = true;
		from = *rest;
		for (size_t k = 0; fits && k < 3 && forms[i].words[k]; k++) {
			fits = plain_word_next(&from, &word);
			if (fits && k == 2 && equal_caseless(word.text, "and"))
				fits = plain_word_next(&from, &word);
			fits = fits && equal_caseless(word.text, forms[i].words[k]);
		}
		if (!fits)
			continue;
		*excluded = forms[i].excluded;
		*rest = from;
		return true;
	}
	return false;
}

/* "4.7.x" as an end that is held is 4.7 and all of its branch. */
static struct span branch_end(struct version_words *out, struct span word)
{
	size_t room = sizeof out->branches / sizeof *out->branches;
	struct span stem = start_of(word);
	if (out->branch_count == room || stem.size + 3 > VERSION_WORD_SIZE)
		return SPAN_NONE;
	char *text = out->branches[out->branch_count++];
	(void)snprintf(text, VERSION_WORD_SIZE, "%.*s.*", SPAN_FORMAT(stem));
	return span_of_text(text);
}

static bool take_end(struct version_words *out, struct span *rest, struct range *range, struct plain_word *last)
{
	struct span from = *rest;
	bool excluded;
	if (!take_end_words(&from, &excluded) || !take_named(&from, last) || !is_version(last->text) || is_stage(from))
		return false;
	struct span end = last->text;
	if (is_branch(end))
		end = excluded ? SPAN_NONE : branch_end(out, end);
	if (end.size == 0)
		return false;
	range->end = end;
	range->end_excluded = excluded;
	*rest = from;
	return true;
}

/* "2.9.11 to 2.11.0", "1.4 - 1.6": only behind a start. */
static bool take_span(struct version_words *out, struct span *rest, struct range *range, struct plain_word *last)
{
	static const char *const marks[] = { "to", "-", "–", NULL };
	struct span from = *rest;
	struct plain_word word;
	if (!plain_word_next(&from, &word) || !plain_word_among(word.text, marks) || !take_named(&from, last) ||
	    !is_version(last->text))
		return false;
	range->end = is_branch(last->text) ? branch_end(out, last->text) : last->text;
	range->end_excluded = false;
	*rest = from;
	return range->end.size > 0;
}

/* "and earlier", "and prior versions", "or below". */
static bool take_older(struct span *rest, struct plain_word *last)
{
	static const char *const joints[] = { "and", "or", "and/or", NULL };
	static const char *const older[] = { "earlier", "prior", "below", "older", "lower", NULL };
	struct span from = *rest;
	struct plain_word word;
	if (!plain_word_next(&from, &word) || !plain_word_among(word.text, joints) || !plain_word_next(&from, &word))
		return false;
	if (equal_caseless(word.text, "all") && !plain_word_next(&from, &word))
		return false;
	if (!plain_word_among(word.text, older))
		return false;
	*rest = from;
	*last = word;
	return true;
}

/* What follows a start: an end, or nothing, which makes it one version. */
static bool take_from_start(struct version_words *out, struct span *rest, struct range *range, struct plain_word *last)
{
	struct plain_word first = *last;
	*range = (struct range){ .start = start_of(first.text) };
	if (!first.stop && (take_end(out, rest, range, last) || take_span(out, rest, range, last))) {
		/* "3.44.0 through 3.49.0 before 3.49.1": the last word counts. */
		if (!range->end_excluded && !last->comma && !last->stop)
			(void)take_end(out, rest, range, last);
		return true;
	}
	if (!is_single(first.text) || is_stage(*rest))
		return false;
	*last = first;
	if (!first.stop && take_older(rest, last)) {
		*range = (struct range){ .end = first.text };
		return true;
	}
	out->singles = true;
	*range = (struct range){ .single = true, .start = first.text, .end = first.text };
	return true;
}

/* ">= 1.14": without an end it holds whatever comes, and its reader must know that. */
static bool take_signed_start(struct version_words *out, struct span *rest, struct range *range, struct plain_word *last)
{
	bool equal;
	if (take_sign(rest, &equal) != '>' || !take_named(rest, last) || !is_single(last->text))
		return false;
	*range = (struct range){ .start = last->text, .start_excluded = !equal };
	struct span from = *rest;
	struct plain_word word;
	if (plain_word_next(&from, &word) && equal_caseless(word.text, "and"))
		*rest = from;
	(void)take_end(out, rest, range, last);
	return true;
}

/* One clause: [START] END, "V and earlier", or "V". */
static bool take_clause(struct version_words *out, struct span *rest, struct range *range, struct plain_word *last)
{
	static const char *const fillers[] = { "version", "versions", "release", "releases", "server", "webserver", "web",
					       "ssh", "and", "in", "from", "all", "or", "library", NULL };
	struct span from = *rest;
	for (int i = 0; i < FILLERS_MAX; i++) {
		*range = (struct range){ 0 };
		*rest = from;
		if (take_end(out, rest, range, last) || take_signed_start(out, rest, range, last))
			return true;
		*rest = from;
		if (!plain_word_next(rest, last))
			return false;
		if (is_version(last->text) || is_number(last->text))
			return take_from_start(out, rest, range, last);
		if (last->stop || !plain_word_among(last->text, fillers))
			return false;
		from = *rest;
	}
	return false;
}

/* True where another version follows that belongs to no clause: the words are not understood. */
static bool goes_on(struct span rest, const struct plain_word *last)
{
	static const char *const ends[] = { "before", "through", "prior", "below", "up", "except", "excluding", NULL };
	struct plain_word word;
	if (last->stop || !plain_word_next(&rest, &word))
		return false;
	if (equal_caseless(word.text, "and") || equal_caseless(word.text, "or")) {
		static const char *const open[] = { "newer", "later", "above", "higher", "newest", "up", NULL };
		return plain_word_next(&rest, &word) &&
		       (is_version(word.text) || plain_word_among(word.text, open) || plain_word_among(word.text, ends));
	}
	return is_version(word.text) || plain_word_among(word.text, ends);
}

/* The first two of three numbers, and the number behind them; false where it has another form. */
static bool split_branch(struct span version, uint64_t numbers[3])
{
	struct span field;
	for (size_t i = 0; i < 3; i++)
		if (!span_next_field(&version, '.', &field) || !span_to_number(field, 99999, &numbers[i]))
			return false;
	return version.size == 0;
}

static bool open_end(const struct range *range)
{
	return range->start.size == 0 && !range->single;
}

/* Gives an end the start that lies behind the branch of the end below it: "2.8" for an end 2.16.9 above 2.7.18. */
static bool start_behind(struct version_words *out, struct range *range, const uint64_t below[3])
{
	if (out->branch_count == sizeof out->branches / sizeof *out->branches)
		return false;
	char *text = out->branches[out->branch_count++];
	(void)snprintf(text, VERSION_WORD_SIZE, "%llu.%llu", (unsigned long long)below[0], (unsigned long long)below[1] + 1);
	range->start = span_of_text(text);
	return true;
}

/*
 * "before 2.25.0, before 2.16.9 LTS, and before 2.7.18 LTS": ends of branches. What lies between a branch and the
 * next end is older than that end, and in no branch that has a fix of its own.
 */
static bool order_ends(struct version_words *out)
{
	uint64_t ends[VERSION_WORDS_MAX][3];
	for (size_t i = 0; i < out->count; i++)
		if (!open_end(&out->all[i]) || !out->all[i].end_excluded || !split_branch(out->all[i].end, ends[i]))
			return false;
	for (size_t i = 0; i < out->count; i++) {
		size_t below = out->count;
		for (size_t k = 0; k < out->count; k++) {
			bool same = k != i && memcmp(ends[k], ends[i], FIELDS_OF_BRANCH * sizeof **ends) == 0;
			if (same)
				return false;
			bool older = version_compare(ORDER_GENERIC, out->all[k].end, out->all[i].end) < 0;
			if (older && (below == out->count ||
				      version_compare(ORDER_GENERIC, out->all[k].end, out->all[below].end) > 0))
				below = k;
		}
		if (below < out->count && !start_behind(out, &out->all[i], ends[below]))
			return false;
	}
	return true;
}

/* "before 1.15.6 and 1.14.1" may name two ends, or an end and a version. */
static bool single_behind_end(const struct version_words *out)
{
	for (size_t i = 1; i < out->count; i++)
		if (out->all[i].single && out->all[i - 1].end_excluded)
			return true;
	return false;
}

/* Only the first end may leave its start open, for each other would hold the branches before it. */
static bool is_clear(struct version_words *out)
{
	size_t open = 0;
	if (single_behind_end(out))
		return false;
	for (size_t i = 0; i < out->count; i++)
		open += open_end(&out->all[i]);
	return open <= 1 ? open == 0 || open_end(&out->all[0]) : order_ends(out);
}

void version_words_read(struct span text, struct version_words *out)
{
	struct plain_word last = { .stop = true };
	*out = (struct version_words){ .understood = true };
	while (out->count < VERSION_WORDS_MAX) {
		struct span clause = text;
		if (!take_clause(out, &clause, &out->all[out->count], &last))
			break;
		text = clause;
		out->count++;
		struct span ahead = text;
		struct plain_word joint;
		while (!last.stop && plain_word_next(&ahead, &joint) &&
		       (equal_caseless(joint.text, "lts") || equal_caseless(joint.text, "esr"))) {
			last.comma = last.comma || joint.comma;
			last.stop = last.stop || joint.stop;
			text = ahead;
		}
		ahead = text;
		bool joined = last.comma || (plain_word_next(&ahead, &joint) && equal_caseless(joint.text, "and"));
		if (last.stop || !joined)
			break;
	}
	if (out->count > 0)
		out->understood = !goes_on(text, &last) && is_clear(out);
}
