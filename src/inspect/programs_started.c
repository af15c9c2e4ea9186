/*
 * Programs that other programs start: commands among the strings of an ELF object that can run commands. A string is
 * taken for a command only where it is written as one: a known program with a path, options or "&", never a bare word
 * and never a sentence. Whether the line is reached, no string tells: service.enabled stays NULL.
 */
#include "inspect/console_program.h"

#include "base/effort.h"
#include "inspect/elf_image.h"
#include "inspect/elf_imports.h"
#include "inspect/lines.h"
#include "inspect/registry.h"
#include "inspect/service_start.h"

enum { COMMAND_LEAST = 6, NAME_LEAST = 4, NAME_MOST = 32 };

static bool runs_commands(const struct elf *elf)
{
	struct elf_symbols symbols = elf_dynamic_symbols(elf);
	struct elf_symbol symbol;
	for (uint64_t i = 1; elf_symbol_at(elf, &symbols, i, &symbol); i++) {
		const char *class = symbol.defined ? NULL : elf_import_class(symbol.name);
		if (class && strcmp(class, "command") == 0)
			return true;
	}
	return false;
}

/* "is running", "started", "<file>": words of a message or of a manual. */
static bool is_prose(struct span arguments)
{
	struct span argument;
	bool first = true, words = false;
	while (span_next_word(&arguments, &argument)) {
		uint8_t c = span_byte(argument, 0);
		bool word = argument.size > 1;
		for (size_t i = 0; i < argument.size && effort_at(i); i++)
			word = word && (is_letter(span_byte(argument, i)) || span_byte(argument, i) == ',' ||
					span_byte(argument, i) == '.' || span_byte(argument, i) == '!');
		bool dash = argument.size == 1 && c == '-';
		if ((first && word) || (words && word) || dash || c == '<' || c == '(' || span_ends_text(argument, ":"))
			return true;
		first = false;
		words = word;
	}
	return false;
}

static bool is_command(const struct service_start *start, const struct shell_command *command)
{
	bool path = span_byte(start->program, 0) == '/' && span_find_byte(start->program, '%', 0) == SPAN_NOT_FOUND;
	bool written = path || start->multicall.size > 0 || command->background || start->arguments.size > 0;
	struct span first = start->arguments, option;
	if (!service_program_stays(&start->known) || !written || is_prose(start->arguments))
		return false;
	/* A bare name needs an argument that only a command has. */
	bool any = span_next_word(&first, &option);
	uint8_t c = span_byte(option, 0);
	return path || start->multicall.size > 0 || command->background || (any && (c == '-' || c == '/' || c == '%'));
}

static void read_string(struct inspection *file, struct span text, struct shell *shell, struct shell_command *command)
{
	shell_init(shell, text, file->scratch, file->notes);
	while (shell_next(shell, command)) {
		struct service_start start;
		if (!service_start_of(command, file->scratch, &start) || start.sourced || !is_command(&start, command))
			continue;
		struct fact *service = service_state(file, 0, &start, "program", -1);
		fact_integer(service, SERVICE_OFFSET, (text.data - file->bytes.data) + (int64_t)command->offset);
	}
}

/* "tmpd", "/usr/bin/ated_tp": what may name a program of the image. */
static bool is_name(struct span text)
{
	struct span name = span_basename(text);
	bool path = span_byte(text, 0) == '/' && span_find_text(text, "bin/", 0) != SPAN_NOT_FOUND;
	if (name.size < NAME_LEAST || name.size > NAME_MOST || !(is_letter(span_byte(name, 0)) || path))
		return false;
	for (size_t i = 0; i < text.size && effort_at(i); i++) {
		uint8_t c = span_byte(text, i);
		if (!is_alnum(c) && c != '_' && c != '-' && c != '.' && !(path && c == '/'))
			return false;
	}
	return path || name.size == text.size;
}

/*
 * "httpd" alone: put together with its options when the program runs, or the name of what it stops. Of what is in no list,
 * services_conclude_programs() keeps what names a program of the image that stays.
 */
static void read_name(struct inspection *file, struct span text)
{
	struct service_start start = { .program = text, .known = service_program_find(text) };
	bool server = start.known.role == ROLE_SERVER && span_find_byte(text, '/', 0) == SPAN_NOT_FOUND;
	if (!server && (start.known.role != ROLE_UNKNOWN || !is_name(text)))
		return;
	struct fact *service = service_state(file, 0, &start, "program", -1);
	fact_integer(service, SERVICE_OFFSET, text.data - file->bytes.data);
	fact_word(file->facts, service, SERVICE_WHY, "named in a program that runs commands");
}

static bool is_printable(uint8_t c)
{
	return (c >= ' ' && c < 0x7f) || c == '\t' || c == '\n';
}

/* Most strings hold no word of a program that is known: only the others are read as commands. */
static bool may_hold_command(struct span text)
{
	struct span word;
	while (span_next_word(&text, &word)) {
		while (word.size > 0 && strchr("`\"'(&;|", span_byte(word, 0)))
			word = span_from(word, 1);
		struct service_program program = service_program_find(word);
		if (service_program_stays(&program))
			return true;
	}
	return false;
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF && !span_starts_text(file->name, "busybox") && !span_ends_text(file->name, ".ko");
}

static void inspect(struct inspection *file)
{
	struct shell *shell = ARENA_NEW(file->scratch, struct shell, 1);
	struct shell_command *command = ARENA_NEW(file->scratch, struct shell_command, 1);
	struct elf elf;
	if (!shell || !command || !elf_open(file->bytes, &elf) || !runs_commands(&elf))
		return;
	struct span symbols = elf_dynamic_strings(&elf);
	size_t at = 0;
	while (at < file->bytes.size && effort_at(at)) {
		size_t end = at;
		while (end < file->bytes.size && effort_at(end) && is_printable(span_byte(file->bytes, end)))
			end++;
		struct span text = span_slice(file->bytes, at, end - at);
		bool string = span_byte(file->bytes, end) == 0 && text.size >= COMMAND_LEAST;
		if (string && may_hold_command(text))
			read_string(file, text, shell, command);
		bool symbol = text.data >= symbols.data && text.data < symbols.data + symbols.size;
		if (span_byte(file->bytes, end) == 0 && !symbol)
			read_name(file, text);
		at = end + 1;
	}
}

const struct inspector inspector_programs_started = {
	.name = "programs started",
	.wants = wants,
	.inspect = inspect,
};
