#include "vuln/kernel_subject.h"

#include "base/embedded.h"
#include "base/lookup.h"

enum { SUBJECT_MAX = 256 };

static struct span look_up(struct span beginning)
{
	struct span path;
	return lookup_line(embedded("kernel/subjects.tsv"), beginning, &path) ? path : SPAN_NONE;
}

/* Up to the last ": "; empty where there is none. */
static struct span shorter(struct span text)
{
	size_t end = 0;
	for (size_t at = span_find_text(text, ": ", 0); at != SPAN_NOT_FOUND; at = span_find_text(text, ": ", at + 1))
		end = at;
	return span_slice(text, 0, end);
}

/* "x86/mm" and "x86, cpu" are parts of x86. */
static size_t part_end(struct span text)
{
	size_t end = 0;
	for (size_t i = 1; i < text.size; i++)
		if (span_byte(text, i) == '/' || span_byte(text, i) == ',' || span_byte(text, i) == ' ')
			end = i;
	return end;
}

/* Somewhere in what a shorter beginning stands for. */
static struct span look_up_parts(struct span beginning, struct arena *arena)
{
	for (size_t end = part_end(beginning); end > 0; end = part_end(beginning)) {
		beginning = span_slice(beginning, 0, end);
		struct span path = look_up(beginning);
		if (path.size > 0 && span_ends_text(path, "/"))
			return arena_format(arena, "%.*s*", SPAN_FORMAT(path));
		if (span_ends_text(path, "*"))
			return path;
	}
	return SPAN_NONE;
}

struct span kernel_subject_path(struct span subject, struct arena *arena)
{
	struct span small = arena_small_letters(arena, span_slice(subject, 0, SUBJECT_MAX));
	for (struct span beginning = shorter(small); beginning.size > 0; beginning = shorter(beginning)) {
		bool path = span_ends_text(beginning, ".c") && span_find_byte(beginning, '/', 0) != SPAN_NOT_FOUND &&
			    span_find_byte(beginning, ' ', 0) == SPAN_NOT_FOUND;
		struct span found = path ? beginning : look_up(beginning);
		if (found.size == 0)
			found = look_up_parts(beginning, arena);
		if (found.size > 0)
			return found;
	}
	return SPAN_NONE;
}

static bool is_of_path(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '/' ||
	       c == '.';
}

static bool is_source(struct span word)
{
	static const char *const tops[] = { "arch/", "block/", "crypto/", "drivers/", "fs/", "init/", "io_uring/", "ipc/", "kernel/",
					    "lib/", "mm/", "net/", "security/", "sound/", "virt/" };
	bool below = false;
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++)
		below = below || span_starts_text(word, tops[i]);
	return below && span_ends_text(word, ".c") && span_find_text(word, "..", 0) == SPAN_NOT_FOUND;
}

enum outcome kernel_subject_named(struct span description, struct buffer *out)
{
	size_t start = 0;
	for (size_t i = 0; i <= description.size; i++) {
		if (is_of_path(span_byte(description, i)))
			continue;
		struct span word = span_slice(description, start, i - start);
		start = i + 1;
		while (span_ends_text(word, "."))
			word = span_slice(word, 0, word.size - 1);
		if (!is_source(word) || span_find(buffer_span(out), word, 0) != SPAN_NOT_FOUND)
			continue;
		if (out->size > 0)
			TRY(buffer_append(out, SPAN_LITERAL(" ")));
		TRY(buffer_append(out, word));
	}
	return DONE;
}
