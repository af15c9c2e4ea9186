/*
 * Fuzzes one inspector, named by --inspector=NAME. The input is a path of the image, a
 * line end, and the content of the file; so a fuzzer can find the names that matter.
 */
#include "identify/identify.h"
#include "inspect/inspector.h"
#include "target.h"

enum { CEILING = 64 << 20 };

static const struct inspector *inspector;
static struct pattern_set *set;
static struct pattern_scanner *scanner;
static struct arena forever;
static struct recognisers recognisers;

static void find(const struct inspector *const *list, const char *name)
{
	for (; *list; list++) {
		if (!name)
			(void)puts((*list)->name);
		else if (strcmp((*list)->name, name) == 0)
			inspector = *list;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = target_argument(*argc, *argv, "--inspector=");
	const struct inspector *const *identifiers;
	struct span error;
	arena_init(&forever, 512 << 20);
	if (recognisers_load(&forever, &recognisers, &error) != DONE ||
	    identify_inspectors_make(&forever, &recognisers, &identifiers) != DONE)
		target_refuse("the recognisers cannot be read");
	find(inspectors, name);
	find(identifiers, name);
	if (!inspector)
		target_refuse("name an inspector: --inspector=accounts (without a name they are listed)");
	if (inspector->pattern_count > 0 &&
	    (pattern_set_compile(inspector->patterns, inspector->pattern_count, &forever, &set, &error) != DONE ||
	     pattern_scanner_new(set, &scanner) != DONE))
		target_refuse("its patterns cannot be compiled");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = span_of(data, size), path = SPAN_NONE;
	struct arena results, scratch;
	struct facts facts;
	struct notes notes;
	(void)span_next_line(&bytes, &path);
	bool part = !span_starts_text(path, "/");
	struct entry entry = { .path = path, .type = part ? ENTRY_PART : ENTRY_FILE, .has_mode = !part, .mode = 0644,
			       .size = bytes.size };
	struct inspection file = {
		.path = path,
		.name = span_basename(path),
		.entry = &entry,
		.kind = kind_of(span_basename(path), bytes),
		.bytes = bytes,
		.volume_format = part ? "raw" : "squashfs",
		.facts = &facts,
		.notes = &notes,
		.scratch = &scratch,
		.context = inspector->context,
		.scanner = scanner,
	};
	if (part && file.kind == KIND_DATA)
		file.kind = KIND_PART;
	arena_init(&results, CEILING);
	arena_init(&scratch, CEILING);
	facts_init(&facts, &results);
	notes_init(&notes, &results);
	bool scanned = !scanner || pattern_scan(scanner, bytes, &file.hits, &file.hit_count) == DONE;
	if (scanned && inspector->inspect && (file.hit_count > 0 || (inspector->wants && inspector->wants(&file))))
		inspector->inspect(&file);
	arena_done(&scratch);
	arena_done(&results);
	return 0;
}
