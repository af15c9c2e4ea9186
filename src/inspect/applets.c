/*
 * The applets of BusyBox: their names lie in the program one behind the other, each ended by a NUL and in order (the
 * string applet_names of libbb since 1.5); before that a table of structures leads to them (inspect/applet_table.h), and
 * their literals lie in order too, but for those that stand elsewhere.
 */
#include "inspect/applet_table.h"
#include "inspect/inspector.h"
#include "inspect/lines.h"
#include "inspect/registry.h"

enum { NAME_MAX_SIZE = 24, PADDING_MAX = 3, LEAST = 8 };
/* A table of fewer names, or of one of the first versions, is not taken for whole. */
enum { LEAST_WHOLE = 20, FIRST_MINOR = 8 };

/* Names in order, one behind the other. */
struct run {
	size_t start, end, count;
	struct span first, last;
	bool padded; /* somewhere more than one NUL parts two names */
};

static bool is_applet_byte(uint8_t c)
{
	return (is_alnum(c) && !(c >= 'A' && c <= 'Z')) || c == '-' || c == '_' || c == '.' || c == '[';
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
	struct span name = applet_name_at(bytes, at);
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
	struct span name = applet_name_at(bytes, run.start);
	run.end = run.start;
	run.first = name;
	while (name.size > 0 && span_compare(name, run.last) > 0) {
		run.padded = run.padded || (run.count > 0 && run.end - (size_t)(run.last.data - bytes.data) != run.last.size + 1);
		run.count++;
		run.last = name;
		run.end = past_padding(bytes, run.end + name.size);
		name = applet_name_at(bytes, run.end);
	}
	return run;
}

/* "BusyBox v1.19.4": the second number of its version; 0 of the versions 0 and 1.0. */
static uint64_t minor_version(struct inspection *file)
{
	struct pattern_match match;
	uint64_t minor = 0;
	for (size_t i = 0; i < file->hit_count; i++)
		if (inspection_capture(file, &file->hits[i], &match) && span_to_number(match.groups[1], 1000, &minor))
			return minor;
	return minor;
}

/*
 * A table of one string is read whole: nothing else lies between its names, which reach from the first letters to the
 * last ones. Literals of a table of pointers may lack names that stand elsewhere too.
 */
static bool is_whole(struct inspection *file, const struct run *run)
{
	uint8_t first = span_byte(run->first, 0), last = span_byte(run->last, 0);
	return run->count >= LEAST_WHOLE && !run->padded && (first == '[' || first <= 'c') && last >= 's' &&
	       minor_version(file) >= FIRST_MINOR;
}

static void state_table(struct inspection *file, uint64_t offset, size_t count, bool whole)
{
	struct fact *table = fact_new(file->facts, EVIDENCE_APPLET_TABLE);
	fact_integer(table, APPLET_TABLE_OFFSET, (int64_t)offset);
	fact_integer(table, APPLET_TABLE_COUNT, (int64_t)count);
	fact_integer(table, APPLET_TABLE_WHOLE, whole);
}

static void state_applet(struct inspection *file, struct span name)
{
	struct fact *fact = fact_new(file->facts, EVIDENCE_APPLET);
	fact_text(file->facts, fact, APPLET_NAME, name);
	fact_integer(fact, APPLET_OFFSET, name.data - file->bytes.data);
}

static void state_run(struct inspection *file, const struct run *run)
{
	size_t at = run->start;
	state_table(file, run->start, run->count, is_whole(file, run));
	for (size_t i = 0; i < run->count; i++) {
		struct span name = applet_name_at(file->bytes, at);
		state_applet(file, name);
		at = past_padding(file->bytes, at + name.size);
	}
}

static void state_structures(struct inspection *file, const struct applet_table *table)
{
	state_table(file, table->offset, table->count, table->whole);
	for (size_t i = 0; i < table->count; i++)
		state_applet(file, table->entries[i].name);
}

static bool wants(const struct inspection *file)
{
	return file->kind == KIND_ELF && span_starts_text(file->name, "busybox");
}

static void inspect(struct inspection *file)
{
	static const char *const anchors[] = { "cat", "ash", "sh", "echo" };
	if (file->kind != KIND_ELF)
		return;
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
	struct applet_table table;
	bool of_structures = !(best.count >= LEAST_WHOLE && is_whole(file, &best)) &&
			     applet_table_find(file->bytes, file->scratch, &table) && table.count > best.count;
	if (of_structures)
		state_structures(file, &table);
	else if (best.count >= (wants(file) ? LEAST : LEAST_WHOLE))
		state_run(file, &best);
}

/* The program may have any name. */
static const struct pattern patterns[] = {
	{ .expression = "BusyBox vv?\\d{1,2}\\.(\\d{1,3})", .flags = PATTERN_ONCE },
};

const struct inspector inspector_applets = {
	.name = "applets",
	.patterns = patterns,
	.pattern_count = sizeof patterns / sizeof *patterns,
	.wants = wants,
	.inspect = inspect,
};
