#include "inspect/shell_tests.h"

size_t shell_behind(const struct shell *shell, size_t offset, struct span word)
{
	if (span_byte(shell->text, offset) == '!')
		return offset;
	for (offset += word.size; offset < shell->text.size; offset++) {
		uint8_t c = span_byte(shell->text, offset);
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			break;
	}
	return offset;
}

void shell_test_begins(const struct shell *shell, struct shell_block *block, struct span word, uint64_t offset)
{
	block->head = shell_behind(shell, (size_t)offset, word);
	block->test = (struct shell_test){ .holds = !span_equal_text(word, "until"), .partly = shell->after_and };
}

void shell_test_goes_on(const struct shell *shell, struct shell_block *block, struct span word, uint64_t offset)
{
	if (!block || block->kind != SHELL_CONDITION)
		return;
	if (span_equal_text(word, "else")) {
		block->test.holds = false;
	} else if (span_equal_text(word, "elif")) {
		block->head = shell_behind(shell, (size_t)offset, word);
		block->test = (struct shell_test){ .holds = true, .partly = true };
	} else if (block->head > 0 && offset >= block->head && (span_equal_text(word, "then") || span_equal_text(word, "do"))) {
		struct span text = span_trim(span_slice(shell->text, block->head, offset - block->head));
		if (span_byte(text, text.size - 1) == ';')
			text = span_trim(span_slice(text, 0, text.size - 1));
		block->test.text = text;
		block->head = 0;
	}
}

struct shell_test shell_test_before(const struct shell *shell, bool told)
{
	enum { OPERATOR = 2 };
	size_t end = shell->at - OPERATOR;
	struct shell_test test = { .holds = span_byte(shell->text, end) == '&' };
	if (told && shell->chain < end)
		test.text = span_trim(span_slice(shell->text, shell->chain, end - shell->chain));
	return test;
}

static void add(struct shell_command *command, struct shell_test test)
{
	if (command->test_count < SHELL_TESTS_MAX)
		command->tests[command->test_count++] = test;
}

void shell_tests_of(const struct shell *shell, struct shell_command *command)
{
	if (shell->after_and)
		add(command, shell->before);
	for (size_t i = shell->depth; i > 0 && shell->blocks[i - 1].kind != SHELL_FUNCTION; i--)
		if (shell->blocks[i - 1].tested)
			add(command, shell->blocks[i - 1].test);
}
