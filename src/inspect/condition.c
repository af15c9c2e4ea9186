/*
 * Tests of scripts: test(1) and [, the stores that firmware asks (nvram get, uci get, fw_printenv, getprop), words of the
 * kernel's command line, variables that were filled from them. What is not understood stays a test, and decides nothing.
 */
#include "inspect/condition.h"

#include "inspect/lines.h"
#include "inspect/shell_words.h"

enum { DEPTH_MAX = 4 };

const char *condition_source_name(enum condition_source source)
{
	static const char *const names[CONDITION_SOURCES] = {
		[CONDITION_NVRAM] = "nvram",	       [CONDITION_ENVIRONMENT] = "boot environment",
		[CONDITION_UCI] = "uci",	       [CONDITION_PROPERTY] = "property",
		[CONDITION_KERNEL] = "kernel command line", [CONDITION_FILE] = "file",
		[CONDITION_VARIABLE] = "variable",     [CONDITION_CONSTANT] = "constant",
		[CONDITION_VALID] = "validation",
	};
	return names[source];
}

/* What a word of a test stands for. */
struct operand {
	enum condition_source source; /* CONDITION_CONSTANT: name is the value itself */
	struct span name, fallback;
};

static bool operand_of(const struct condition_scope *scope, struct span word, struct operand *out, int depth);

static struct span last_word(const struct shell_command *command)
{
	return command->words[command->count - 1];
}

/* "nvram get NAME", "$CONFIG get NAME", "uci -q get NAME", "fw_printenv -n NAME", "getprop NAME". */
static bool store_of(struct span text, struct arena *arena, struct operand *out)
{
	static const char *const stores[] = { "nvram", "config", "nvconfig", "nvram_get", "ralink_init", "rtcfg", "cfgmgr", NULL };
	struct shell_command *command = ARENA_NEW(arena, struct shell_command, 1);
	if (!command)
		return false;
	shell_split(text, arena, command);
	if (command->count < 2)
		return false;
	struct span program = span_basename(command->words[0]);
	bool gets = span_equal_text(command->words[1], "get") || span_equal_text(command->words[1], "show");
	out->name = last_word(command);
	out->fallback = SPAN_NONE;
	if (span_equal_text(program, "uci") || span_equal_text(program, "uci_get")) {
		out->source = CONDITION_UCI;
		return span_equal_text(program, "uci_get") || gets ||
		       (command->count > 2 && span_equal_text(command->words[2], "get"));
	}
	if (span_equal_text(program, "fw_printenv")) {
		out->source = CONDITION_ENVIRONMENT;
		return true;
	}
	if (span_equal_text(program, "getprop")) {
		out->source = CONDITION_PROPERTY;
		out->name = command->words[1];
		out->fallback = command->count > 2 ? command->words[2] : SPAN_LITERAL("");
		return true;
	}
	out->source = CONDITION_NVRAM;
	bool named = is_one_of(program, stores) || (span_byte(program, 0) == '$' && gets);
	return named && (gets || span_equal_text(program, "nvram_get"));
}

/* A variable: what the script fills it with, where it does so at one place. */
static bool operand_of_variable(const struct condition_scope *scope, struct span name, struct operand *out, int depth)
{
	for (size_t i = scope->option_count; i > 0; i--) {
		const struct condition_option *option = &scope->options[i - 1];
		if (!span_equal(option->variable, name))
			continue;
		struct span package = option->package.size > 0 ? option->package : scope->package;
		out->source = CONDITION_UCI;
		out->name = arena_format(scope->arena, "%.*s.*.%.*s", SPAN_FORMAT(package), SPAN_FORMAT(option->option));
		out->fallback = option->fallback;
		return true;
	}
	const struct shell_variable *variable = scope->variables ? shell_find(scope->variables, name) : NULL;
	*out = (struct operand){ CONDITION_VARIABLE, name, SPAN_NONE };
	if (variable && variable->once && variable->computed.data && depth < DEPTH_MAX) {
		struct operand filled;
		if (operand_of(scope, variable->computed, &filled, depth + 1) && filled.source != CONDITION_CONSTANT)
			*out = filled;
	} else if (variable && variable->once && variable->outside && variable->value.data && !scope->open) {
		*out = (struct operand){ CONDITION_CONSTANT, variable->value, SPAN_NONE };
	}
	return true;
}

/* The command of "$(…)" or "`…`" that is the whole word; no data for another word. */
static struct span substitution(struct span word)
{
	bool dollar = span_starts_text(word, "$(") && span_byte(word, word.size - 1) == ')' && !span_starts_text(word, "$((");
	bool quote = word.size > 2 && span_byte(word, 0) == '`' && span_find_byte(word, '`', 1) == word.size - 1;
	return dollar ? span_slice(word, 2, word.size - 3) : quote ? span_slice(word, 1, word.size - 2) : SPAN_NONE;
}

/* "$NAME" or "${NAME}" or "${NAME:-DEFAULT}": the name. */
static bool reference(struct span word, struct span *name)
{
	*name = shell_reference(word);
	if (span_byte(word, 1) == '{')
		*name = span_slice(*name, 0, span_find_text(*name, ":-", 0));
	for (size_t i = 0; i < name->size; i++)
		if (!is_alnum(span_byte(*name, i)) && span_byte(*name, i) != '_')
			return false;
	return name->size > 0 && !is_digit(span_byte(*name, 0));
}

/* True where the word is understood. */
static bool operand_of(const struct condition_scope *scope, struct span word, struct operand *out, int depth)
{
	struct span name;
	word = unquoted(word);
	struct span command = substitution(word);
	if (command.data)
		return store_of(command, scope->arena, out);
	if (reference(word, &name))
		return operand_of_variable(scope, name, out, depth);
	*out = (struct operand){ CONDITION_CONSTANT, word, SPAN_NONE };
	return span_find_byte(word, '$', 0) == SPAN_NOT_FOUND && span_find_byte(word, '`', 0) == SPAN_NOT_FOUND;
}

/* "x$NAME" = "x1": a letter before both keeps old shells from taking an empty word for none. */
static void strip_common(struct span *a, struct span *b)
{
	while (a->size > 0 && b->size > 0 && span_byte(*a, 0) == span_byte(*b, 0) && is_alnum(span_byte(*a, 0))) {
		*a = span_from(*a, 1);
		*b = span_from(*b, 1);
	}
}

static bool compare(const struct condition_scope *scope, struct span a, struct span b, bool equal, struct condition *out)
{
	struct operand left, right;
	strip_common(&a, &b);
	if (!operand_of(scope, a, &left, 0) || !operand_of(scope, b, &right, 0))
		return false;
	if (left.source == CONDITION_CONSTANT && right.source != CONDITION_CONSTANT) {
		struct operand other = left;
		left = right;
		right = other;
	}
	if (right.source != CONDITION_CONSTANT)
		return false;
	out->source = left.source;
	out->operator = equal ? "=" : "<>";
	out->value = right.name.data ? right.name : SPAN_LITERAL("");
	out->fallback = left.fallback;
	out->name = left.name;
	if (left.source == CONDITION_CONSTANT)
		out->holds = span_equal(left.name, right.name) == equal;
	return true;
}

/* The words between "[" and "]", or behind "test". */
static bool read_test(const struct condition_scope *scope, const struct span *words, size_t count, bool holds,
		      struct condition *out)
{
	static const char *const same[] = { "=", "==", "-eq", NULL }, *const different[] = { "!=", "-ne", NULL };
	static const char *const there[] = { "-e", "-f", "-x", "-s", "-r", "-d", NULL };
	if (count > 1 && span_equal_text(words[0], "!"))
		return read_test(scope, words + 1, count - 1, !holds, out);
	if (count == 3 && is_one_of(words[1], same))
		return compare(scope, words[0], words[2], holds, out);
	if (count == 3 && is_one_of(words[1], different))
		return compare(scope, words[0], words[2], !holds, out);
	if (count == 2 && span_equal_text(words[0], "-z"))
		return compare(scope, words[1], SPAN_LITERAL(""), holds, out);
	if (count == 2 && span_equal_text(words[0], "-n"))
		return compare(scope, words[1], SPAN_LITERAL(""), !holds, out);
	if (count == 1)
		return compare(scope, words[0], SPAN_LITERAL(""), !holds, out);
	if (count == 2 && is_one_of(words[0], there) && span_byte(words[1], 0) == '/' &&
	    span_find_byte(words[1], '$', 0) == SPAN_NOT_FOUND) {
		*out = (struct condition){ .source = CONDITION_FILE, .name = words[1], .operator = holds ? "=" : "<>",
					   .value = SPAN_LITERAL("there"), .holds = -1 };
		return true;
	}
	return false;
}

/* "grep -q factory /proc/cmdline" */
static bool read_kernel(const struct shell_command *command, size_t first, bool holds, struct condition *out)
{
	struct span pattern = SPAN_NONE;
	bool line = false;
	for (size_t i = first + 1; i < command->count; i++) {
		line |= span_equal_text(command->words[i], "/proc/cmdline");
		if (pattern.size == 0 && span_byte(command->words[i], 0) != '-')
			pattern = command->words[i];
	}
	if (!line || !span_equal_text(span_basename(command->words[first]), "grep") || pattern.size == 0)
		return false;
	*out = (struct condition){ .source = CONDITION_KERNEL, .name = pattern, .operator = holds ? "=" : "<>",
				   .value = SPAN_LITERAL("there"), .holds = -1 };
	return true;
}

/* One command of a test. */
static void read_command(const struct condition_scope *scope, struct span text, bool holds, struct condition *out)
{
	struct shell_command *command = ARENA_NEW(scope->arena, struct shell_command, 1);
	bool done = false;
	*out = (struct condition){ .holds = -1, .operator = "other" };
	if (command && text.size > 0)
		shell_split(text, scope->arena, command);
	size_t first = 0;
	while (command && first < command->count && span_equal_text(command->words[first], "!")) {
		holds = !holds;
		first++;
	}
	if (command && first < command->count) {
		struct span name = command->words[first], last = last_word(command);
		size_t count = command->count - first - 1;
		bool bracket = (span_equal_text(name, "[") && span_equal_text(last, "]")) ||
			       (span_equal_text(name, "[[") && span_equal_text(last, "]]"));
		if (bracket || span_equal_text(name, "test"))
			done = read_test(scope, command->words + first + 1, count - bracket, holds, out);
		else
			done = read_kernel(command, first, holds, out);
		if (!done && holds && (span_starts_text(name, "validate_") || span_equal_text(name, "uci_validate_section"))) {
			*out = (struct condition){ .source = CONDITION_VALID, .name = name, .operator = "=",
						   .value = SPAN_LITERAL("valid"), .holds = -1 };
			done = true;
		}
	}
	if (!done)
		*out = (struct condition){ .holds = -1, .operator = "other" };
	out->text = text;
}

/* Commands that && and || join; false where something else stands between them, such as a group or a pipe. */
static size_t split_commands(const struct condition_scope *scope, struct span text, struct span *out, size_t room, bool *all,
			     bool *any)
{
	struct shell *shell = ARENA_NEW(scope->arena, struct shell, 1);
	size_t count = 0, start = 0;
	struct span raw;
	*all = *any = true;
	if (!shell)
		return 0;
	shell_init(shell, text, scope->arena, NULL);
	for (;;) {
		enum shell_token token = shell_token_next(shell, &raw);
		if (token == SHELL_WORD)
			continue;
		size_t end = token == SHELL_AND_OR ? shell->at - 2 : shell->at;
		if ((token != SHELL_END && token != SHELL_AND_OR) || count == room)
			return 0;
		out[count++] = span_trim(span_slice(text, start, end - start));
		if (token == SHELL_END)
			return count;
		*all &= span_byte(text, end) == '&';
		*any &= span_byte(text, end) == '|';
		start = shell->at;
	}
}

size_t condition_read(const struct condition_scope *scope, const struct shell_test *test, struct condition *out, size_t room,
		      bool *any)
{
	struct span commands[CONDITIONS_MAX];
	bool all_join = false, any_join = false;
	*any = false;
	out[0] = (struct condition){ .holds = -1, .operator = "other", .text = test->text };
	if (test->pattern.data) {
		bool plain = span_find_byte(test->pattern, '|', 0) == SPAN_NOT_FOUND &&
			     span_find_byte(test->pattern, '*', 0) == SPAN_NOT_FOUND &&
			     span_find_byte(test->pattern, '[', 0) == SPAN_NOT_FOUND;
		struct condition told = { .holds = -1 };
		if (plain && compare(scope, unquoted(test->text), unquoted(test->pattern), true, &told)) {
			told.text = test->text;
			out[0] = told;
		}
		return 1;
	}
	size_t count = test->text.size > 0 ?
			       split_commands(scope, test->text, commands, room < CONDITIONS_MAX ? room : CONDITIONS_MAX, &all_join,
					      &any_join) : 0;
	if (count == 0 || (!all_join && !any_join && count > 1))
		return 1;
	for (size_t i = 0; i < count; i++)
		read_command(scope, commands[i], test->holds, &out[i]);
	/* "a && b" fails where one of them does, "a || b" holds where one does. */
	*any = count > 1 && (test->holds ? any_join : all_join);
	return count;
}
