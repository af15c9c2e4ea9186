/*
 * Every order but Debian's reads a version as a row of tokens and compares the rows
 * from the left: words that come before a release, then the end, then words that
 * come after it (patch letters), then numbers. Zeros with nothing but words behind
 * them do not count, so "1.0" is "1.0.0" and "1.0-rc1" is "1.0.0-rc1". As the rows
 * are made from each version alone, the order is transitive.
 */
#include "vuln/version.h"

#include "vuln/version_debian.h"

enum token_class { TOKEN_BEFORE, TOKEN_END, TOKEN_AFTER, TOKEN_NUMBER };

struct token {
	enum token_class class;
	int rank;         /* among words before a release */
	struct span text; /* digits without leading zeros, or letters */
};

/* What an order does with words. */
struct order_traits {
	bool release_ends;    /* text behind the numbers does not count, but for release candidates */
	bool letters_patch;   /* a1 and b2 are patches, and not alpha and beta */
	bool dates;           /* a first number of eight digits is year, month and day */
	const char *ignored;  /* a word that does not count */
};

static const struct order_traits traits[] = {
	[ORDER_GENERIC] = { 0 },
	[ORDER_OPENSSL] = { .letters_patch = true, .ignored = "fips" },
	[ORDER_DATE] = { .dates = true },
	[ORDER_DEBIAN] = { 0 },
	[ORDER_KERNEL] = { .release_ends = true },
	[ORDER_DROPBEAR] = { 0 },
	[ORDER_SAMBA] = { .letters_patch = true },
	[ORDER_UBOOT] = { .release_ends = true },
};

/* Words that come before a release, earliest first. */
static const struct {
	const char *word;
	int rank;
} before_words[] = {
	{ "dev", 1 },   { "devel", 1 }, { "snapshot", 1 }, { "alpha", 2 }, { "beta", 3 }, { "test", 4 },
	{ "preview", 5 }, { "pre", 5 },   { "cr", 6 },       { "rc", 6 },
};

struct reader {
	const struct order_traits *traits;
	struct span rest;
	struct span date;  /* what is left of a first number that is a date */
	bool any;          /* a token was given */
	bool ended;
};

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

static bool is_letter(uint8_t c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool word_is(struct span word, const char *want)
{
	struct span other = span_of_text(want);
	if (word.size != other.size)
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (lower(span_byte(word, i)) != span_byte(other, i))
			return false;
	return true;
}

static struct reader reader_over(enum version_order order, struct span version)
{
	version = span_slice(span_trim(version), 0, VERSION_LENGTH_MAX);
	size_t start = 0;
	while (start < version.size && !is_digit(span_byte(version, start)))
		start++;
	size_t known = (size_t)order < sizeof traits / sizeof *traits ? (size_t)order : ORDER_GENERIC;
	return (struct reader){ .traits = &traits[known], .rest = span_from(version, start) };
}

static struct span take_while(struct reader *r, bool (*belongs)(uint8_t))
{
	size_t size = 0;
	while (size < r->rest.size && belongs(span_byte(r->rest, size)))
		size++;
	struct span taken = span_slice(r->rest, 0, size);
	r->rest = span_from(r->rest, size);
	return taken;
}

static struct token number_token(struct span digits)
{
	while (digits.size > 0 && span_byte(digits, 0) == '0')
		digits = span_from(digits, 1);
	return (struct token){ TOKEN_NUMBER, 0, digits };
}

static struct token take_number(struct reader *r)
{
	struct span digits = r->date.size > 0 ? r->date : take_while(r, is_digit);
	bool date = r->date.size > 0 || (r->traits->dates && !r->any && digits.size >= 8);
	if (date) {
		/* 20210502: four, two and two digits; a time of day follows in one piece. */
		size_t part = !r->any ? 4 : digits.size > 2 && digits.size <= 4 ? 2 : digits.size;
		r->date = span_from(digits, part);
		digits = span_slice(digits, 0, part);
	}
	r->any = true;
	return number_token(digits);
}

static struct token word_token(const struct reader *r, struct span word)
{
	for (size_t i = 0; i < sizeof before_words / sizeof *before_words; i++)
		if (word_is(word, before_words[i].word))
			return (struct token){ TOKEN_BEFORE, before_words[i].rank, SPAN_NONE };
	bool digit_follows = is_digit(span_byte(r->rest, 0));
	if (!r->traits->letters_patch && digit_follows && (word_is(word, "a") || word_is(word, "b")))
		return (struct token){ TOKEN_BEFORE, word_is(word, "a") ? 2 : 3, SPAN_NONE };
	return (struct token){ TOKEN_AFTER, 0, word };
}

/* "-20140410" behind a version is the day of its build. */
static bool is_build_day(const struct reader *r)
{
	size_t digits = 0;
	while (is_digit(span_byte(r->rest, digits + 1)))
		digits++;
	return r->any && !r->traits->dates && digits == 8 && span_byte(r->rest, 0) == '-';
}

static struct token next_raw(struct reader *r)
{
	struct token end = { TOKEN_END, 0, SPAN_NONE };
	if (r->date.size > 0)
		return take_number(r);
	while (!r->ended && r->rest.size > 0) {
		uint8_t c = span_byte(r->rest, 0);
		if (is_digit(c))
			return take_number(r);
		if (is_letter(c)) {
			struct token token = word_token(r, take_while(r, is_letter));
			bool ignored = r->traits->ignored && word_is(token.text, r->traits->ignored);
			if (token.class == TOKEN_AFTER && r->traits->release_ends)
				break;
			if (!ignored)
				return token;
			continue;
		}
		/* Behind a plus stands how it was built; behind 3.10.0-1160 a packager's count. */
		bool stops = c == '+' || is_build_day(r) || (r->traits->release_ends && c != '.' && is_digit(span_byte(r->rest, 1)));
		if (stops)
			break;
		r->rest = span_from(r->rest, 1);
	}
	r->ended = true;
	return end;
}

static struct token next_token(struct reader *r)
{
	bool first = !r->any;
	struct token token = next_raw(r);
	if (first || token.class != TOKEN_NUMBER || token.text.size > 0)
		return token;
	/* A zero counts only where a number other than zero follows the row of zeros. */
	struct reader ahead = *r;
	struct token after;
	do
		after = next_raw(&ahead);
	while (after.class == TOKEN_NUMBER && after.text.size == 0);
	if (after.class == TOKEN_NUMBER)
		return token;
	*r = ahead;
	return after;
}

static int compare_words(struct span a, struct span b)
{
	for (size_t i = 0; i < a.size && i < b.size; i++) {
		int difference = lower(span_byte(a, i)) - lower(span_byte(b, i));
		if (difference != 0)
			return difference;
	}
	return (a.size > b.size) - (a.size < b.size);
}

static int compare_tokens(const struct token *a, const struct token *b)
{
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->class == TOKEN_BEFORE)
		return a->rank - b->rank;
	if (a->class == TOKEN_AFTER)
		return compare_words(a->text, b->text);
	if (a->text.size != b->text.size)
		return a->text.size < b->text.size ? -1 : 1;
	return span_compare(a->text, b->text);
}

/* Takes the next number of a version that is nothing but numbers and dots; 0 at its end. False where it is more. */
static bool next_plain(struct span version, size_t *at, uint32_t *number)
{
	size_t digits = 0;
	*number = 0;
	while (is_digit(span_byte(version, *at)) && digits++ < 9)
		*number = *number * 10 + (uint32_t)(span_byte(version, (*at)++) - '0');
	bool end = *at >= version.size;
	if (!end && (digits == 0 || span_byte(version, *at) != '.'))
		return false;
	*at += !end;
	return true;
}

/*
 * The short way for most pairs: 2.6.36 and 3.10.14. A kernel has thousands of ranges,
 * so this is where matching spends its time. False where the long way must decide.
 */
static bool compare_plain(struct span a, struct span b, int *difference)
{
	size_t left = 0, right = 0;
	uint32_t one, other;
	*difference = 0;
	if (a.size == 0 || b.size == 0 || a.size > VERSION_LENGTH_MAX || b.size > VERSION_LENGTH_MAX)
		return false;
	while (left < a.size || right < b.size) {
		if (!next_plain(a, &left, &one) || !next_plain(b, &right, &other))
			return false;
		if (one != other) {
			*difference = one < other ? -1 : 1;
			return true;
		}
	}
	return true;
}

int version_compare(enum version_order order, struct span a, struct span b)
{
	int plain;
	if (order != ORDER_DEBIAN && order != ORDER_DATE && compare_plain(a, b, &plain))
		return plain;
	if (order == ORDER_DEBIAN)
		return version_compare_debian(span_slice(span_trim(a), 0, VERSION_LENGTH_MAX),
					      span_slice(span_trim(b), 0, VERSION_LENGTH_MAX));
	struct reader left = reader_over(order, a), right = reader_over(order, b);
	for (;;) {
		struct token one = next_token(&left), other = next_token(&right);
		int difference = compare_tokens(&one, &other);
		if (difference != 0)
			return difference;
		if (one.class == TOKEN_END)
			return 0;
	}
}

bool version_plausible(struct span text)
{
	uint8_t first = span_byte(text, 0);
	if (lower(first) == 'v')
		first = span_byte(text, 1);
	if (!is_digit(first) || text.size > VERSION_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = span_byte(text, i);
		bool mark = c == '.' || c == '-' || c == '_' || c == '+' || c == '~' || c == ':';
		if (!is_digit(c) && !is_letter(c) && !mark)
			return false;
	}
	return true;
}
