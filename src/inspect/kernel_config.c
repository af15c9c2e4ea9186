/*
 * Kernel configurations: the copy that CONFIG_IKCONFIG keeps in the kernel (gzip
 * between IKCFG_ST and IKCFG_ED, kernel/configs.c), and files such as /boot/config-*.
 */
#include "codec/codec.h"
#include "inspect/kernel_options.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

static const struct pattern kernel_config_patterns[] = {
	{ "IKCFG_ST\\x1f\\x8b\\x08", PATTERN_ONCE },
};
enum { GZIP_MAGIC_SIZE = 3, CONFIG_MAX = 4 << 20, HEADER_REACH = 512, HEADER_LINES = 8 };

/* The comment at the head, in its old and new wording, tells it from other projects' .config files. */
static bool is_kernel_config(struct span text)
{
	struct span head = span_slice(text, 0, HEADER_REACH);
	bool titled = span_find_text(head, "Kernel Configuration", 0) != SPAN_NOT_FOUND ||
		      span_find_text(head, "Linux kernel version:", 0) != SPAN_NOT_FOUND;
	return titled && span_byte(text, 0) == '#' && span_find_text(text, "CONFIG_", 0) != SPAN_NOT_FOUND;
}

static bool is_version(struct span word)
{
	for (size_t i = 0; i < word.size; i++)
		if (!is_alnum(span_byte(word, i)) && !strchr(".-_+", span_byte(word, i)))
			return false;
	return span_byte(word, 0) >= '0' && span_byte(word, 0) <= '9' && span_find_byte(word, '.', 0) != SPAN_NOT_FOUND;
}

struct span kernel_options_version(struct span text)
{
	struct span line, word;
	for (size_t i = 0; i < HEADER_LINES && span_next_line(&text, &line); i++) {
		bool titled = span_find_text(line, "Kernel Configuration", 0) != SPAN_NOT_FOUND ||
			      span_find_text(line, "Linux kernel version:", 0) != SPAN_NOT_FOUND;
		while (titled && span_next_word(&line, &word))
			if (is_version(word))
				return word;
	}
	return SPAN_NONE;
}

static bool kernel_config_wants(const struct inspection *file)
{
	if (kind_is_text(file->kind)) /* a sample in a folder of documents is nobody's */
		return file->role.size == 0 && is_kernel_config(file->bytes);
	return file->kind == KIND_ARCHIVE && span_equal_text(file->name, "config.gz");
}

static struct span without_quotes(struct span value)
{
	if (value.size >= 2 && span_byte(value, 0) == '"' && span_byte(value, value.size - 1) == '"')
		return span_slice(value, 1, value.size - 2);
	return value;
}

static void state_option(struct inspection *file, struct span name, struct span value)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_OPTION);
	fact_text(file->facts, fact, KERNEL_OPTION_NAME, name);
	fact_text(file->facts, fact, KERNEL_OPTION_VALUE, value);
}

static void state_options(struct inspection *file, struct span text)
{
	static const char unset[] = " is not set";
	struct fact *fact = fact_new(file->facts, EVIDENCE_KERNEL_CONFIG);
	struct span line, version = kernel_options_version(text);
	if (version.size > 0)
		fact_text(file->facts, fact, KERNEL_CONFIG_VERSION, version);
	while (span_next_line(&text, &line)) {
		line = span_trim(line);
		size_t equals = span_find_byte(line, '=', 0);
		if (span_starts_text(line, "CONFIG_") && equals != SPAN_NOT_FOUND)
			state_option(file, span_slice(line, 0, equals), without_quotes(span_from(line, equals + 1)));
		else if (span_starts_text(line, "# CONFIG_") && span_ends_text(line, unset))
			state_option(file, span_slice(line, 2, line.size - 2 - (sizeof unset - 1)), SPAN_LITERAL("n"));
	}
}

static void inspect_compressed(struct inspection *file, struct span stream, uint64_t offset)
{
	struct buffer text;
	size_t consumed = 0;
	buffer_init(&text, CONFIG_MAX, NULL);
	enum outcome outcome = codec_stream_gzip(stream, CONFIG_MAX, &consumed, &text);
	if (outcome != DONE)
		notes_incomplete(file->notes, MISSING_CONTENT, note_cause_of(outcome), "kernel.config-damaged", offset, NOTE_NO_AMOUNT,
				 "the kernel's own configuration could not be read whole: %s", outcome_name(outcome));
	if (is_kernel_config(buffer_span(&text)))
		state_options(file, buffer_span(&text));
	buffer_done(&text);
}

static void kernel_config_inspect(struct inspection *file)
{
	if (file->hit_count > 0) {
		uint64_t start = file->hits[0].end - GZIP_MAGIC_SIZE;
		struct span stream = span_from(file->bytes, start);
		size_t end = span_find_text(stream, "IKCFG_ED", 0);
		inspect_compressed(file, span_slice(stream, 0, end), start);
	} else if (kind_is_text(file->kind)) {
		state_options(file, file->bytes);
	} else {
		inspect_compressed(file, file->bytes, 0);
	}
}

const struct inspector inspector_kernel_config = {
	.name = "kernel_config",
	.patterns = kernel_config_patterns,
	.pattern_count = sizeof kernel_config_patterns / sizeof *kernel_config_patterns,
	.wants = kernel_config_wants,
	.inspect = kernel_config_inspect,
};
