#include "inspect/command_line.h"

#include "base/effort.h"

enum { RUN_REACH = 4096, PARAMETERS_MAX = 1024 };

/* Takes the next parameter off *rest; blanks inside double quotes belong to it. */
static bool next_parameter(struct span *rest, struct span *parameter)
{
	*rest = span_trim(*rest);
	bool quoted = false;
	size_t end = 0;
	for (; end < rest->size && effort_at(end); end++) {
		uint8_t c = span_byte(*rest, end);
		if (c == '"')
			quoted = !quoted;
		else if ((c == ' ' || c == '\t' || c == '\n' || c == '\r') && !quoted)
			break;
	}
	*parameter = span_slice(*rest, 0, end);
	*rest = span_from(*rest, end);
	return parameter->size > 0;
}

static struct span without_quotes(struct span text)
{
	if (text.size >= 2 && span_byte(text, 0) == '"' && span_byte(text, text.size - 1) == '"')
		return span_slice(text, 1, text.size - 2);
	return text;
}

void command_line_state(struct inspection *file, const char *source, struct span line)
{
	struct span parameter;
	for (int i = 0; next_parameter(&line, &parameter); i++) {
		if (i >= PARAMETERS_MAX) {
			facts_drop(file->facts, EVIDENCE_KERNEL_PARAMETER);
			continue;
		}
		parameter = without_quotes(parameter);
		if (span_equal_text(parameter, "--"))
			return;
		size_t equals = span_find_byte(parameter, '=', 0);
		struct span name = span_slice(parameter, 0, equals);
		if (name.size == 0)
			continue;
		struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_PARAMETER);
		fact_word(file->facts, fact, KERNEL_PARAMETER_SOURCE, source);
		fact_text(file->facts, fact, KERNEL_PARAMETER_NAME, name);
		if (equals != SPAN_NOT_FOUND)
			fact_text(file->facts, fact, KERNEL_PARAMETER_VALUE,
				  without_quotes(span_from(parameter, equals + 1)));
	}
}

static bool is_printable(uint8_t c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t';
}

struct span printable_run(struct span bytes, uint64_t at)
{
	uint64_t start = at, end = at;
	while (start > 0 && at - start < RUN_REACH && is_printable(span_byte(bytes, start - 1)))
		start--;
	while (end < bytes.size && end - at < RUN_REACH && is_printable(span_byte(bytes, end)))
		end++;
	return span_slice(bytes, start, end - start);
}
