#include "inspect/shell.h"

#include "base/effort.h"
#include "inspect/lines.h"
#include "inspect/shell_tests.h"
#include "inspect/shell_words.h"

void shell_init(struct shell *shell, struct span text, struct arena *arena, struct notes *notes)
{
	*shell = (struct shell){ .text = text, .line = 1, .arena = arena, .notes = notes };
}

static struct shell_block *top(struct shell *shell)
{
	return shell->depth > 0 ? &shell->blocks[shell->depth - 1] : NULL;
}

/* Deeper blocks than there is room for are read as conditional, which claims least. */
static void push(struct shell *shell, enum shell_block_kind kind, bool conditional)
{
	struct shell_block *parent = top(shell);
	struct shell_block block = { .kind = kind, .conditional = conditional, .tested = conditional };
	if (parent) {
		block.conditional |= parent->conditional;
		block.again = parent->again;
		block.function = parent->function;
		block.branch = parent->branch;
	}
	if (shell->depth < SHELL_BLOCKS_MAX)
		shell->blocks[shell->depth++] = block;
	else {
		top(shell)->conditional = true;
		shell->left_out++;
	}
}

/* Ends the innermost block of a kind, and those that a broken script left open in it. */
static void pop(struct shell *shell, enum shell_block_kind kind, enum shell_block_kind or_kind)
{
	for (size_t i = shell->depth; i > 0; i--)
		if (shell->blocks[i - 1].kind == kind || shell->blocks[i - 1].kind == or_kind) {
			shell->depth = i - 1;
			return;
		}
}

static void drop_first(struct shell_command *command)
{
	for (size_t i = 1; i < command->count; i++)
		command->words[i - 1] = command->words[i];
	command->count--;
}

static void open_group(struct shell *shell)
{
	bool function = shell->next_function.size > 0;
	push(shell, function ? SHELL_FUNCTION : SHELL_GROUP, !function && shell->after_and);
	top(shell)->test = shell->before;
	if (function) {
		/* Whether it runs depends on its callers, not on where it is defined. */
		top(shell)->function = shell->next_function;
		top(shell)->conditional = false;
		top(shell)->branch = SPAN_NONE;
	}
	shell->next_function = SPAN_NONE;
	shell->after_and = false;
}

static void open_case(struct shell *shell, const struct shell_command *command)
{
	static const char *const first_argument[] = { "$1", "${1}", "$action", "${1:-start}", NULL };
	bool over_argument = command->count > 1 && is_one_of(command->words[1], first_argument);
	push(shell, SHELL_CASE, !over_argument || shell->after_and);
	top(shell)->over_argument = over_argument;
	/* "case WORD in", with the word as it is written. */
	if (!shell->after_and && command->text.size > 6)
		top(shell)->test = (struct shell_test){ .text = span_trim(span_slice(command->text, 4, command->text.size - 6)),
							.holds = true };
	shell->in_pattern = true;
}

/* "while true", "if :": what they guard runs. */
static bool holds_always(const struct shell_command *command)
{
	static const char *const constants[] = { ":", "true", "/bin/true", NULL };
	bool until = span_equal_text(command->words[0], "until");
	return command->count == 2 &&
	       (until ? span_equal_text(command->words[1], "false") : is_one_of(command->words[1], constants));
}

/* A word that stands there as it is, and no pattern or what the script computes. */
static bool is_constant(struct span word)
{
	bool constant = word.size > 0;
	for (size_t at = 0; at < word.size && effort_at(at); at++)
		constant = constant && !strchr("$`*?[", span_byte(word, at)) && span_byte(word, at) != 0;
	return constant;
}

/* Takes the next word that is known off the list of a loop. */
static bool next_turn(struct span *words, struct span *word)
{
	while (span_next_word(words, word))
		if (is_constant(*word))
			return true;
	return false;
}

/* "for i in 1 2": a word that is known gives one turn at least; after the last one the loop is over. */
static void open_loop(struct shell *shell, const struct shell_command *command)
{
	struct span words = SPAN_NONE, word = SPAN_NONE;
	for (size_t i = 3; i < command->count && span_equal_text(command->words[2], "in"); i++)
		words = arena_format(shell->arena, "%.*s %.*s", SPAN_FORMAT(words), SPAN_FORMAT(command->words[i]));
	shell->read_again += words.size;
	bool turns = next_turn(&words, &word);
	if (!turns)
		word = SPAN_NONE;
	push(shell, SHELL_CONDITION, shell->after_and || !turns);
	if (command->count > 1)
		shell_set(shell, (struct shell_variable){ .name = command->words[1], .value = word, .turns = turns });
	if (!turns)
		return;
	struct shell_block *block = top(shell);
	block->variable = command->words[1];
	block->words = words;
	block->body = shell->at;
	block->body_line = shell->line;
}

/* Back to the body of the innermost loop where there is another word. */
static bool turn(struct shell *shell)
{
	size_t depth = shell->depth;
	while (depth > 0 && shell->blocks[depth - 1].kind != SHELL_CONDITION)
		depth--;
	struct shell_block *block = depth > 0 ? &shell->blocks[depth - 1] : NULL;
	struct span word;
	if (!block || block->variable.size == 0 || !next_turn(&block->words, &word))
		return false;
	shell->read_again += shell->at - block->body;
	if (shell->read_again / 8 > shell->text.size + SHELL_AGAIN_MAX / 8) {
		shell->left_out++;
		return false;
	}
	shell_set(shell, (struct shell_variable){ .name = block->variable, .value = word, .turns = true });
	shell->depth = depth;
	shell->at = block->body;
	shell->line = block->body_line;
	block->again = true;
	return true;
}

enum word_role {
	WORD_PLAIN,
	WORD_PREFIX,  /* passed over: a command follows */
	WORD_WHOLE,   /* the whole command is structure */
};

/* Reserved words at the start of a command. */
static enum word_role take_reserved(struct shell *shell, const struct shell_command *command)
{
	static const char *const conditions[] = { "if", "while", "until", NULL };
	static const char *const passed[] = { "then", "do", "else", "elif", "!", "time", NULL };
	struct span word = command->words[0];
	if (is_one_of(word, conditions)) {
		push(shell, SHELL_CONDITION, shell->after_and || !holds_always(command));
		shell_test_begins(shell, top(shell), word, command->offset);
		return WORD_PREFIX;
	}
	if (is_one_of(word, passed)) {
		shell_test_goes_on(shell, top(shell), word, command->offset);
		return WORD_PREFIX;
	}
	if (span_equal_text(word, "for") || span_equal_text(word, "select")) {
		open_loop(shell, command);
		return WORD_WHOLE;
	}
	if (span_equal_text(word, "case")) {
		open_case(shell, command);
		return WORD_WHOLE;
	}
	if (span_equal_text(word, "fi") || span_equal_text(word, "done")) {
		if (span_equal_text(word, "fi") || !turn(shell))
			pop(shell, SHELL_CONDITION, SHELL_CONDITION);
		return WORD_WHOLE;
	}
	if (span_equal_text(word, "esac")) {
		pop(shell, SHELL_CASE, SHELL_CASE);
		return WORD_WHOLE;
	}
	if (span_equal_text(word, "}")) {
		pop(shell, SHELL_GROUP, SHELL_FUNCTION);
		return WORD_WHOLE;
	}
	if (span_equal_text(word, "{")) {
		open_group(shell);
		return WORD_PREFIX;
	}
	if (span_equal_text(word, "function") && command->count > 1) {
		shell->next_function = command->words[1];
		if (command->count > 2 && span_equal_text(command->words[2], "{"))
			open_group(shell);
		return WORD_WHOLE;
	}
	return WORD_PLAIN;
}

/* "name=value" before a command, and after export, local, readonly. */
static bool take_assignment(struct shell *shell, struct shell_command *command, struct span raw)
{
	static const char *const declares[] = { "export", "local", "readonly", "declare", NULL };
	bool leading = command->count == 0;
	bool declared = command->count > 0 && is_one_of(command->words[0], declares);
	return (leading || declared) && shell_assign(shell, raw);
}

static void place(const struct shell *shell, struct shell_command *command)
{
	const struct shell_block *block = shell->depth > 0 ? &shell->blocks[shell->depth - 1] : NULL;
	command->unreached = shell->exited && (!block || block->function.size == 0);
	command->conditional = shell->after_and || (block && block->conditional);
	if (block) {
		command->function = block->function;
		command->branch = block->branch;
	}
	shell_tests_of(shell, command);
}

/* The pattern of a case branch, up to its ")". */
static bool take_pattern(struct shell *shell)
{
	struct span raw = SPAN_NONE, pattern = SPAN_NONE;
	size_t start = shell->at;
	for (;;) {
		enum shell_token token = shell_token_next(shell, &raw);
		if (token == SHELL_END)
			return false;
		if (token == SHELL_WORD && span_equal_text(raw, "esac")) {
			shell->in_pattern = false;
			pop(shell, SHELL_CASE, SHELL_CASE);
			return true;
		}
		if (token == SHELL_CLOSE)
			break;
		if (token == SHELL_OPEN || (token == SHELL_NEWLINE && pattern.size == 0))
			start = shell->at;
		else
			pattern = span_slice(shell->text, start, shell->at - start);
	}
	shell->in_pattern = false;
	struct shell_block *block = top(shell);
	if (block && block->kind == SHELL_CASE && block->over_argument)
		block->branch = span_trim(pattern);
	else if (block && block->kind == SHELL_CASE)
		block->test.pattern = span_trim(pattern);
	return true;
}

/* Collects the words of one command; gives the token that ended it. */
static enum shell_token collect(struct shell *shell, struct shell_command *command)
{
	struct span raw = SPAN_NONE;
	for (;;) {
		int64_t line = shell->line;
		enum shell_token token = shell_token_next(shell, &raw);
		if (token != SHELL_WORD)
			return token;
		if (command->count == 0) {
			command->offset = (uint64_t)(raw.data - shell->text.data);
			command->line = line;
		}
		size_t end = (size_t)(raw.data - shell->text.data) + raw.size;
		command->text = span_slice(shell->text, command->offset, end - command->offset);
		if (take_assignment(shell, command, raw))
			continue;
		if (command->count >= SHELL_WORDS_MAX) {
			shell->left_out++;
			continue;
		}
		command->words[command->count++] = shell_word_value(shell, raw);
		/* "in" ends the head of a case without a separator. */
		if (command->count == 3 && span_equal_text(command->words[0], "case") &&
		    span_equal_text(command->words[2], "in"))
			return SHELL_NEWLINE;
		static const char *const alone[] = { "{", "then", "do", "else", NULL };
		if (command->count == 1 && is_one_of(raw, alone)) {
			(void)take_reserved(shell, command);
			command->count = 0;
			shell->after_and = false;
		}
	}
}

/* What leaves a subshell, a part of a pipe or a job in the background does not leave the script. */
static void note_exit(struct shell *shell, const struct shell_command *command, size_t depth, enum shell_token token)
{
	bool own = depth > 0 || shell->in_pipe || token == SHELL_PIPE || token == SHELL_AMPERSAND;
	bool leaves = span_equal_text(command->words[0], "exit") || span_equal_text(command->words[0], "exec");
	if (span_equal_text(command->words[0], "exec") && command->count < 2)
		leaves = false;
	if (leaves && !own && !shell->after_and)
		shell->exited = true;
}

/* After a command: what its separator means for the next one. True where "name ()" opens a function. */
static bool take_separator(struct shell *shell, enum shell_token token, const struct shell_command *command)
{
	if (token == SHELL_OPEN && command->count == 1) {
		struct span raw;
		size_t at = shell->at;
		if (shell_token_next(shell, &raw) == SHELL_CLOSE) {
			shell->next_function = command->words[0];
			shell->after_and = false;
			return true;
		}
		shell->at = at;
	}
	if (token == SHELL_OPEN)
		push(shell, SHELL_GROUP, shell->after_and);
	if (token == SHELL_CLOSE)
		pop(shell, SHELL_GROUP, SHELL_GROUP);
	if (token == SHELL_DOUBLE_SEMICOLON && top(shell)) {
		while (top(shell) && top(shell)->kind == SHELL_CONDITION)
			shell->depth--;
		shell->in_pattern = top(shell) && top(shell)->kind == SHELL_CASE;
	}
	return false;
}

static bool next_command(struct shell *shell, struct shell_command *out)
{
	for (;;) {
		if (shell->in_pattern) {
			if (!take_pattern(shell))
				return false;
			continue;
		}
		*out = (struct shell_command){ .line = shell->line };
		shell->turned = false;
		enum shell_token token = collect(shell, out);
		enum word_role role = WORD_PREFIX;
		size_t start = out->offset;
		bool joined = shell->after_and || shell->in_pipe, empty = out->count == 0;
		size_t end = shell->at;
		while (out->count > 0 && role == WORD_PREFIX) {
			role = take_reserved(shell, out);
			if (role == WORD_PREFIX) {
				start = shell_behind(shell, start, out->words[0]);
				drop_first(out);
			}
		}
		if (shell->at < end)
			token = SHELL_NEWLINE; /* what follows the loop comes after its last turn */
		place(shell, out);
		if (!joined)
			shell->chain = start;
		bool told = top(shell) && top(shell)->again && !shell->turned;
		bool plain = out->count > 0 && role == WORD_PLAIN && !told;
		size_t depth = shell->depth;
		bool opens_function = take_separator(shell, token, out);
		if (plain && !opens_function)
			note_exit(shell, out, depth, token);
		if (token == SHELL_AND_OR)
			shell->before = shell_test_before(shell, !empty);
		shell->after_and = token == SHELL_AND_OR || (shell->after_and && token == SHELL_PIPE);
		shell->in_pipe = token == SHELL_PIPE;
		out->background = token == SHELL_AMPERSAND;
		if (plain && !opens_function)
			return true;
		if (token == SHELL_END)
			return false;
	}
}

bool shell_next(struct shell *shell, struct shell_command *out)
{
	if (next_command(shell, out))
		return true;
	if (shell->left_out > 0 && shell->notes)
		notes_incomplete(shell->notes, MISSING_SEARCH, CAUSE_LIMIT, "shell.too-much", NOTE_NO_OFFSET, NOTE_NO_AMOUNT,
				 "the script has commands, blocks or values larger than are followed (%zu)", shell->left_out);
	return false;
}

void shell_split(struct span text, struct arena *arena, struct shell_command *out)
{
	struct shell own, *shell = &own; /* not in the arena: a table of many lines would fill it */
	*out = (struct shell_command){ .line = 1 };
	shell_init(shell, text, arena, NULL);
	struct span raw;
	while (out->count < SHELL_WORDS_MAX && shell_token_next(shell, &raw) == SHELL_WORD)
		out->words[out->count++] = shell_word_value(shell, raw);
	arena->refused |= out->count == SHELL_WORDS_MAX || shell->left_out > 0; /* more may follow that is not read */
	out->text = text;
}
