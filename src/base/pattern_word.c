/* Reads an expression for the words that its matches must hold. */
#include "base/pattern_word.h"

#include <string.h>

#include "base/pattern_shape.h"

enum { DEPTH_MAX = 32 };

struct parser {
	struct shaper shaper;
	struct span text;
	size_t at;
	unsigned depth;
	const char *problem; /* the first that was met */
};

static void fail(struct parser *parser, const char *problem)
{
	if (!parser->problem)
		parser->problem = problem;
}

static uint8_t peek(const struct parser *parser)
{
	return span_byte(parser->text, parser->at);
}

static bool take(struct parser *parser, const char *words)
{
	if (!span_starts_text(span_from(parser->text, parser->at), words))
		return false;
	parser->at += strlen(words);
	return true;
}

/* The byte that an escape stands for, after its backslash; -1 for a class or an assertion. */
static int escaped(struct parser *parser)
{
	uint8_t c = peek(parser);
	parser->at++;
	if (c == 'x') {
		int high = hex_digit(peek(parser)), low = hex_digit(span_byte(parser->text, parser->at + 1));
		parser->at += 2;
		if (high < 0 || low < 0)
			fail(parser, "\\x needs two digits");
		return high < 0 || low < 0 ? 0 : high * 16 + low;
	}
	if (c == 'n' || c == 'r' || c == 't')
		return c == 'n' ? '\n' : c == 'r' ? '\r' : '\t';
	if (strchr("dDwWsS", c) && c != 0)
		return -1;
	if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || parser->at > parser->text.size)
		fail(parser, "an escape that is not known");
	return c;
}

/* \d, \s and \w, and in capitals what they leave out. */
static void add_class(bool *members, uint8_t name)
{
	for (int c = 0; c < 256; c++) {
		bool digit = c >= '0' && c <= '9', space = c == ' ' || (c >= '\t' && c <= '\r');
		bool word = digit || c == '_' || ((c | 32) >= 'a' && (c | 32) <= 'z' && c < 128);
		uint8_t kind = name | 32;
		bool in = kind == 'd' ? digit : kind == 's' ? space : word;
		members[c] = members[c] || in == (kind == name);
	}
}

/* What stands between brackets, after the first. */
static struct shape read_class(struct parser *parser)
{
	bool members[256] = { false }, negated = take(parser, "^");
	for (bool first = true; !parser->problem && (first || peek(parser) != ']'); first = false) {
		if (parser->at >= parser->text.size || take(parser, "[:")) {
			fail(parser, "a class that is not known");
			break;
		}
		int from = peek(parser), to;
		uint8_t name = span_byte(parser->text, parser->at + 1);
		parser->at++;
		if (from == '\\')
			from = escaped(parser);
		if (from < 0) {
			add_class(members, name);
			continue;
		}
		to = from;
		if (peek(parser) == '-' && span_byte(parser->text, parser->at + 1) != ']') {
			parser->at++;
			to = peek(parser);
			parser->at++;
			if (to == '\\')
				to = escaped(parser);
		}
		for (int c = from; c <= to; c++)
			members[c] = true;
	}
	parser->at++;
	for (int c = 0; c < 256; c++)
		members[c] = members[c] != negated;
	return shape_of_class(&parser->shaper, members);
}

static struct shape read_choice(struct parser *parser);

static struct shape read_group(struct parser *parser)
{
	if (!take(parser, "?:") && peek(parser) == '?')
		fail(parser, "a group that is not known");
	struct shape shape = read_choice(parser);
	if (!take(parser, ")"))
		fail(parser, "a group without an end");
	return shape;
}

static struct shape read_atom(struct parser *parser)
{
	uint8_t c = peek(parser), next = span_byte(parser->text, parser->at + 1);
	parser->at++;
	if (c == '(')
		return read_group(parser);
	if (c == '[')
		return read_class(parser);
	if (c == '.')
		return shape_of_size(1, 1);
	if (c == '^' || c == '$')
		return shape_of_word(&parser->shaper, SPAN_LITERAL(""));
	if (c == '*' || c == '+' || c == '?')
		fail(parser, "nothing to repeat");
	if (c != '\\')
		return shape_of_byte(&parser->shaper, c);
	if (next != 0 && strchr("bBAzZ", next)) {
		parser->at++;
		return shape_of_word(&parser->shaper, SPAN_LITERAL(""));
	}
	int byte = escaped(parser);
	bool members[256] = { false };
	if (byte >= 0)
		return shape_of_byte(&parser->shaper, byte);
	add_class(members, next);
	return shape_of_class(&parser->shaper, members);
}

static uint64_t read_number(struct parser *parser, uint64_t without)
{
	enum { REPEAT_MOST = 65535 };
	size_t start = parser->at;
	uint64_t number = without;
	while (peek(parser) >= '0' && peek(parser) <= '9')
		parser->at++;
	struct span digits = span_slice(parser->text, start, parser->at - start);
	if (digits.size > 0 && !span_to_number(digits, REPEAT_MOST, &number))
		fail(parser, "too many repetitions");
	return number;
}

/* An atom, with how often it stands there. */
static void read_repeated(struct parser *parser, struct sequence *sequence)
{
	struct shape shape = read_atom(parser);
	uint64_t least = 1, most = 1;
	uint8_t next = span_byte(parser->text, parser->at + 1);
	if (take(parser, "*")) {
		least = 0, most = WITHOUT_END;
	} else if (take(parser, "+")) {
		most = WITHOUT_END;
	} else if (take(parser, "?")) {
		least = 0;
	} else if (peek(parser) == '{' && next >= '0' && next <= '9') {
		parser->at++;
		least = most = read_number(parser, 0);
		if (take(parser, ","))
			most = read_number(parser, WITHOUT_END);
		if (!take(parser, "}") || most < least)
			fail(parser, "a repetition that is not known");
	}
	if (least != 1 || most != 1)
		(void)take(parser, "?"); /* the fewest first: what must be there is the same */
	if (!parser->problem)
		sequence_append(&parser->shaper, sequence, &shape, least, most);
}

static struct shape read_sequence(struct parser *parser)
{
	struct sequence sequence = sequence_new(&parser->shaper);
	while (!parser->problem && parser->at < parser->text.size && peek(parser) != '|' && peek(parser) != ')')
		read_repeated(parser, &sequence);
	return sequence_shape(&sequence);
}

static struct shape read_choice(struct parser *parser)
{
	if (parser->depth++ > DEPTH_MAX)
		fail(parser, "groups lie too deep");
	struct shape shape = read_sequence(parser);
	while (!parser->problem && take(parser, "|")) {
		struct shape other = read_sequence(parser);
		if (!parser->problem)
			shape = shape_either(&parser->shaper, &shape, &other);
	}
	parser->depth--;
	return shape;
}

enum outcome pattern_words_of(struct arena *arena, const char *expression, struct pattern_words *out,
			      const char **problem)
{
	struct parser parser = { .shaper = { .arena = arena }, .text = span_of_text(expression) };
	struct shape shape = read_choice(&parser);
	if (parser.at < parser.text.size)
		fail(&parser, "a group without a start");
	struct choice choice = shape_choice(&shape);
	if (!parser.problem && choice.cost == USELESS)
		fail(&parser, "no word at a bounded distance from its start");
	*problem = parser.shaper.no_memory ? "out of memory" : parser.problem;
	if (*problem)
		return parser.shaper.no_memory ? NO_MEMORY : MALFORMED;
	*out = (struct pattern_words){ choice.words.all, choice.words.count, (uint32_t)choice.before_least,
				       (uint32_t)choice.before_most };
	return DONE;
}
