/*
 * The applets of BusyBox: their names lie in the program one behind the other, each ended by a NUL and in order (the
 * string applet_names of libbb since 1.5; before that the literals of a table, aligned to words).
 */
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { NAME_MAX_SIZE = 24, PADDING_MAX = 3, LEAST = 8 };

/* Names in order, one behind the other. */
struct run {
	size_t start, end, count;
};

static bool is_applet_byte(uint8_t c)
{
	return (is_alnum(c) && !(c >= 'A' && c <= 'Z')) || c == '-' || c == '_' || c == '.' || c == '[';
}

/* The name at an offset; empty where it is none. */
static struct span name_at(struct span bytes, size_t at)
{
	size_t size = 0;
	while (size <= NAME_MAX_SIZE && is_applet_byte(span_byte(bytes, at + size)))
		size++;
	bool ends = at + size < bytes.size && span_byte(bytes, at + size) == 0;
	return ends && size > 0 && size <= NAME_MAX_SIZE ? span_slice(bytes, at, size) : SPAN_NONE;
}

static size_t past_padding(struct span bytes, size_t at)
{
	size_t stop = at + PADDING_MAX;
	while (at < stop && at < bytes.size && span_byte(bytes, at) == 0)
		at++;
	return at;
}

/* The name that ends before an offset. */
static struct span name_before(struct span bytes, size_t at)
{
	size_t end = at;
	for (int i = 0; i < PADDING_MAX && end > 0 && span_byte(bytes, end - 1) == 0; i++)
		end--;
	size_t start = end;
	while (start > 0 && end - start <= NAME_MAX_SIZE && is_applet_byte(span_byte(bytes, start - 1)))
		start--;
	return end < at && start < end ? span_slice(bytes, start, end - start) : SPAN_NONE;
}

/* Walks back to the first name of the run in order that holds the one at `at`. */
static size_t first_of_run(struct span bytes, size_t at)
{
	struct span name = name_at(bytes, at);
	for (;;) {
		struct span before = name_before(bytes, at);
		if (before.size == 0 || span_compare(before, name) >= 0)
			return at;
		at = (size_t)(before.data - bytes.data);
		name = before;
	}
}

static struct run run_at(struct span bytes, size_t at)
{
	struct run run = { .start = first_of_run(bytes, at) };
	struct span name = name_at(bytes, run.start), last = SPAN_NONE;
	run.end = run.start;
	while (name.size > 0 && span_compare(name, last) > 0) {
		run.count++;
		last = name;
		run.end = past_padding(bytes, run.end + name.size);
		name = name_at(bytes, run.end);
	}
	return run;
}

static void state_run(struct inspection *file, const struct run *run)
{
	size_t at = run->start;
	for (size_t i = 0; i < run->count; i++) {
		struct span name = name_at(file->bytes, at);
		struct fact *fact = fact_new(file->facts, EVIDENCE_APPLET);
		fact_text(file->facts, fact, APPLET_NAME, name);
		at = past_padding(file->bytes, at + name.size);
	}
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF && span_starts_text(file->name, "busybox");
}

static void inspect(struct inspection *file)
{
	static const char *const anchors[] = { "cat", "ash", "sh", "echo" };
	struct run best = { .count = 0 };
	for (size_t a = 0; a < sizeof anchors / sizeof *anchors; a++) {
		struct span needle = span_of(anchors[a], strlen(anchors[a]) + 1);
		size_t next = 0; /* a run is looked at once, however many of its names are an anchor's */
		for (size_t at; (at = span_find(file->bytes, needle, next)) != SPAN_NOT_FOUND;) {
			next = at + 1;
			if (at == 0 || is_applet_byte(span_byte(file->bytes, at - 1)))
				continue;
			struct run run = run_at(file->bytes, at);
			next = run.end > next ? run.end : next;
			if (run.count > best.count)
				best = run;
		}
	}
	if (best.count >= LEAST)
		state_run(file, &best);
}

const struct inspector inspector_applets = {
	.name = "applets",
	.wants = wants,
	.inspect = inspect,
};
