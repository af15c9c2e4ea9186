#include "inspect/shell_words.h"

#include "base/effort.h"
#include "inspect/lines.h"

enum { VALUE_LIMIT = 64 * 1024 };

static uint8_t peek(const struct shell *shell, size_t ahead)
{
	return span_byte(shell->text, shell->at + ahead);
}

static bool at_end(const struct shell *shell)
{
	return shell->at >= shell->text.size;
}

/* Passes over one byte and counts lines. */
static void step(struct shell *shell)
{
	if (!at_end(shell) && peek(shell, 0) == '\n')
		shell->line++;
	shell->at++;
}

static void skip_quoted(struct shell *shell, uint8_t quote)
{
	step(shell);
	while (!at_end(shell) && peek(shell, 0) != quote) {
		if (peek(shell, 0) == '\\' && quote != '\'')
			step(shell);
		if (!at_end(shell))
			step(shell);
	}
	step(shell);
}

/* From "$(" or "${" to its partner. */
static void skip_nested(struct shell *shell)
{
	uint8_t open = peek(shell, 1), close = open == '(' ? ')' : '}';
	int depth = 0;
	step(shell);
	while (!at_end(shell)) {
		uint8_t c = peek(shell, 0);
		if (c == '\\')
			step(shell);
		else if (c == '\'' || c == '"' || c == '`') {
			skip_quoted(shell, c);
			continue;
		} else if (c == open)
			depth++;
		else if (c == close && --depth == 0) {
			step(shell);
			return;
		}
		if (!at_end(shell))
			step(shell);
	}
}

static bool ends_word(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')' ||
	       c == '<' || c == '>';
}

static struct span take_word(struct shell *shell)
{
	size_t start = shell->at;
	while (!at_end(shell) && !ends_word(peek(shell, 0))) {
		uint8_t c = peek(shell, 0);
		if (c == '\\') {
			step(shell);
			step(shell);
		} else if (c == '\'' || c == '"' || c == '`')
			skip_quoted(shell, c);
		else if (c == '$' && (peek(shell, 1) == '(' || peek(shell, 1) == '{'))
			skip_nested(shell);
		else
			step(shell);
	}
	return span_slice(shell->text, start, shell->at - start);
}

static void skip_blanks(struct shell *shell)
{
	while (!at_end(shell)) {
		uint8_t c = peek(shell, 0);
		if (c == '\\' && peek(shell, 1) == '\n')
			step(shell);
		else if (c != ' ' && c != '\t' && c != '\r')
			return;
		step(shell);
	}
}

/* The text of a here document begins after the line that names its delimiter. */
static void skip_here_document(struct shell *shell)
{
	struct span delimiter = shell->here_document;
	shell->here_document = SPAN_NONE;
	while (!at_end(shell)) {
		size_t end = span_find_byte(shell->text, '\n', shell->at);
		size_t stop = end == SPAN_NOT_FOUND ? shell->text.size : end;
		struct span line = span_trim(span_slice(shell->text, shell->at, stop - shell->at));
		shell->at = stop + 1;
		shell->line++;
		if (span_equal(line, delimiter))
			return;
	}
}

/* "> file", "2>&1", "<<EOF". */
static void skip_redirection(struct shell *shell)
{
	bool here = peek(shell, 0) == '<' && peek(shell, 1) == '<' && peek(shell, 2) != '<';
	while (!at_end(shell)) {
		uint8_t c = peek(shell, 0);
		if (c != '<' && c != '>' && c != '&' && c != '|' && !(here && c == '-'))
			break;
		step(shell);
	}
	skip_blanks(shell);
	struct span target = take_word(shell);
	if (here)
		shell->here_document = unquoted(target);
}

static bool is_redirection(const struct shell *shell)
{
	size_t ahead = 0;
	while (ahead < 2 && is_digit(peek(shell, ahead)))
		ahead++;
	uint8_t c = peek(shell, ahead);
	return c == '<' || c == '>' || (ahead == 0 && c == '&' && peek(shell, 1) == '>');
}

static enum shell_token take_operator(struct shell *shell)
{
	uint8_t c = peek(shell, 0);
	bool twice = peek(shell, 1) == c;
	step(shell);
	switch (c) {
	case '\n':
		if (shell->here_document.size > 0)
			skip_here_document(shell);
		return SHELL_NEWLINE;
	case '(':
		return SHELL_OPEN;
	case ')':
		return SHELL_CLOSE;
	default:
		if (twice)
			step(shell);
		if (c == ';')
			return twice ? SHELL_DOUBLE_SEMICOLON : SHELL_SEMICOLON;
		if (twice)
			return SHELL_AND_OR;
		return c == '&' ? SHELL_AMPERSAND : SHELL_PIPE;
	}
}

enum shell_token shell_token_next(struct shell *shell, struct span *raw)
{
	for (;;) {
		skip_blanks(shell);
		if (at_end(shell))
			return SHELL_END;
		if (peek(shell, 0) == '#') {
			while (!at_end(shell) && peek(shell, 0) != '\n')
				step(shell);
			continue;
		}
		if (is_redirection(shell)) {
			while (is_digit(peek(shell, 0)))
				step(shell);
			skip_redirection(shell);
			continue;
		}
		if (ends_word(peek(shell, 0)))
			return take_operator(shell);
		*raw = take_word(shell);
		return SHELL_WORD;
	}
}

static bool is_name(struct span s)
{
	for (size_t i = 0; i < s.size && effort_at(i); i++)
		if (!is_alnum(span_byte(s, i)) && span_byte(s, i) != '_')
			return false;
	return s.size > 0 && !is_digit(span_byte(s, 0));
}

const struct shell_variable *shell_find(const struct shell *shell, struct span name)
{
	for (size_t i = 0; i < shell->variable_count; i++)
		if (span_equal(shell->variables[i].name, name))
			return &shell->variables[i];
	return NULL;
}

void shell_set(struct shell *shell, struct shell_variable variable)
{
	for (size_t i = 0; i < shell->variable_count; i++)
		if (span_equal(shell->variables[i].name, variable.name)) {
			bool again = shell->depth > 0 && shell->blocks[shell->depth - 1].again;
			variable.once &= again && !variable.turns && shell->variables[i].once; /* the same place, read again */
			variable.outside = again && shell->variables[i].outside;
			shell->variables[i] = variable;
			return;
		}
	if (shell->variable_count < SHELL_VARIABLES_MAX)
		shell->variables[shell->variable_count++] = variable;
	else
		shell->left_out++;
}

bool shell_assign(struct shell *shell, struct span raw)
{
	size_t equals = span_find_byte(raw, '=', 0);
	if (equals == SPAN_NOT_FOUND || !is_name(span_slice(raw, 0, equals)))
		return false;
	bool turned = shell->turned;
	shell->turned = false;
	struct span name = span_slice(raw, 0, equals);
	struct span value = shell_word_value(shell, span_from(raw, equals + 1)), computed = SPAN_NONE;
	/* What the script computes is not known: the name stays as it is where it is used. */
	if (span_find_byte(value, '$', 0) != SPAN_NOT_FOUND || span_find_byte(value, '`', 0) != SPAN_NOT_FOUND) {
		value = SPAN_NONE;
		computed = span_from(raw, equals + 1);
	}
	bool conditional = shell->after_and || (shell->depth > 0 && shell->blocks[shell->depth - 1].conditional);
	bool outside = shell->depth == 0 || shell->blocks[shell->depth - 1].function.size == 0;
	shell_set(shell, (struct shell_variable){ name, value, computed, !conditional, outside, shell->turned });
	shell->turned |= turned;
	return true;
}

/* A value under construction. */
struct cooked {
	uint8_t *bytes; /* NULL while its size is measured */
	size_t size;
};

static void cooked_add(struct cooked *cooked, struct span bytes)
{
	if (bytes.size > 0 && cooked->bytes)
		memcpy(cooked->bytes + cooked->size, bytes.data, bytes.size);
	cooked->size += bytes.size;
}

/* "$NAME" or "${NAME}" at an offset: gives its size in the word, 0 where it is something else. */
static size_t variable_at(struct span raw, size_t at, struct span *name)
{
	bool braces = span_byte(raw, at + 1) == '{';
	size_t start = at + 1 + braces, end = start;
	while (end < raw.size && effort_at(end) && (is_alnum(span_byte(raw, end)) || span_byte(raw, end) == '_'))
		end++;
	*name = span_slice(raw, start, end - start);
	if (!is_name(*name) || (braces && span_byte(raw, end) != '}'))
		return 0;
	return end - at + braces;
}

struct span shell_reference(struct span word)
{
	struct span name = span_byte(word, 0) == '$' ? span_from(word, 1) : SPAN_NONE;
	bool braces = span_byte(name, 0) == '{' && span_ends_text(name, "}");
	return braces ? span_slice(name, 1, name.size - 2) : name;
}

/* Within double quotes a backslash only stands before what would mean something there. */
static bool escapes(uint8_t quote, uint8_t next)
{
	bool special = next == '$' || next == '`' || next == '"' || next == '\\';
	return next != 0 && (quote == 0 || (quote == '"' && special));
}

/* Most words mean what they say. */
static bool is_plain(struct span raw)
{
	for (size_t i = 0; i < raw.size && effort_at(i); i++) {
		uint8_t c = span_byte(raw, i);
		if (c == '$' || c == '\\' || c == '\'' || c == '"')
			return false;
	}
	return true;
}

static void cook(struct shell *shell, struct span raw, struct cooked *cooked)
{
	uint8_t quote = 0;
	cooked->size = 0;
	for (size_t i = 0; i < raw.size && effort_at(i); i++) {
		uint8_t c = span_byte(raw, i);
		struct span name;
		size_t size = c == '$' && quote != '\'' ? variable_at(raw, i, &name) : 0;
		const struct shell_variable *variable = size > 0 ? shell_find(shell, name) : NULL;
		if (quote == 0 && (c == '\'' || c == '"'))
			quote = c;
		else if (quote != 0 && c == quote)
			quote = 0;
		else if (c == '\\' && quote != '\'' && span_byte(raw, i + 1) == '\n')
			i++; /* the word goes on in the next line */
		else if (c == '\\' && escapes(quote, span_byte(raw, i + 1)))
			cooked_add(cooked, span_slice(raw, ++i, 1));
		else if (variable && variable->value.data) {
			cooked_add(cooked, variable->value);
			shell->turned |= variable->turns;
			i += size - 1;
		} else
			cooked_add(cooked, span_slice(raw, i, 1));
	}
}

struct span shell_word_value(struct shell *shell, struct span raw)
{
	struct cooked cooked = { 0 };
	if (is_plain(raw))
		return raw;
	cook(shell, raw, &cooked);
	/* Values that hold values double at each step: without a limit a short script fills any memory. */
	cooked.bytes = cooked.size <= raw.size + VALUE_LIMIT ? ARENA_NEW(shell->arena, uint8_t, cooked.size + 1) : NULL;
	if (!cooked.bytes) {
		shell->left_out++;
		return raw;
	}
	cook(shell, raw, &cooked);
	return span_of(cooked.bytes, cooked.size);
}
