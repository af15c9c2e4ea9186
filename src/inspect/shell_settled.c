#include "inspect/shell_settled.h"

#include "base/effort.h"
#include "inspect/lines.h"

enum { LINE_REACH = 512 };

static bool is_name_byte(uint8_t c)
{
	return is_alnum(c) || c == '_';
}

/* "$E", "${E}", "${#E}", "${E:-1}": only "${E=1}" and "${E:=1}" set it. */
static bool is_use(struct span text, size_t at, size_t end)
{
	if (at > 0 && span_byte(text, at - 1) == '$')
		return true;
	at -= at > 0 && span_byte(text, at - 1) == '#';
	bool braces = at > 1 && span_byte(text, at - 1) == '{' && span_byte(text, at - 2) == '$';
	return braces && span_byte(text, end + (span_byte(text, end) == ':')) != '=';
}

/* "export E" gives no other value, and "local E" none to a variable that is a function's own; a path has no variables. */
static bool is_harmless(struct span text, size_t at, size_t end, const struct shell_variable *variable)
{
	size_t line = at;
	while (line > 0 && at - line < LINE_REACH && span_byte(text, line - 1) != '\n')
		line--;
	struct span before = span_trim(span_slice(text, line, at - line));
	if (span_byte(before, 0) == '#' && (line == 0 || span_byte(text, line - 1) == '\n'))
		return true;
	uint8_t next = span_byte(text, end);
	bool path = at > 0 && span_byte(text, at - 1) == '/';
	if (path && (next == '/' || next == '.' || next == '"' || next == '\n' || next == ' ' || next == ';'))
		return true;
	size_t word = before.size;
	while (word > 0 && is_name_byte(span_byte(before, word - 1)))
		word--;
	struct span command = span_from(before, word);
	bool bare = next == '\n' || next == ';' || next == ' ' || next == 0;
	return bare && (span_equal_text(command, "export") || span_equal_text(command, "readonly") ||
			(span_equal_text(command, "local") && !variable->outside));
}

void shell_settle(struct shell *shell)
{
	struct span text = shell->text;
	bool assigned[SHELL_VARIABLES_MAX] = { false };
	bool paid = effort_spend(text.size);
	for (size_t i = 0; i < shell->variable_count; i++)
		shell->variables[i].once &= paid;
	for (size_t at = 0, end; at < text.size && paid; at = end + 1) {
		end = at;
		while (end < text.size && is_name_byte(span_byte(text, end)))
			end++;
		const struct shell_variable *variable = end > at ? shell_find(shell, span_slice(text, at, end - at)) : NULL;
		if (!variable || !variable->once || is_use(text, at, end))
			continue;
		size_t index = (size_t)(variable - shell->variables);
		bool first = span_byte(text, end) == '=' && span_byte(text, end + 1) != '=' && !assigned[index];
		if (first)
			assigned[index] = true;
		else if (!is_harmless(text, at, end, variable))
			shell->variables[index].once = false;
	}
}
