/*
 * Makes vulnerability stores, at build time and for maintenance:
 *     store-tool build FOLDER STORE      from feeds, as `assay db build` does
 *     store-tool starter STORE TSV...    from the starter facts in data/vulnerabilities
 *     store-tool pack STORE PACKED       as it becomes part of the program
 *     store-tool seal STORE TEXT         what the store was made of, with its digest
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "vuln/build.h"
#include "vuln/seal.h"
#include "vuln/starter_facts.h"
#include "vuln/store_pack.h"

enum { NOTES_MEMORY = 16 * 1024 * 1024 };

static void show(void *context, const char *file, size_t number, size_t count)
{
	(void)context;
	(void)fprintf(stderr, "%zu/%zu %s\n", number + 1, count, file);
}

/* Writes another form of a store's file: packed, or its seal alone. */
static enum outcome convert(const char *from, const char *to, bool seal_alone)
{
	struct file_view view;
	struct seal seal;
	struct buffer packed;
	if (!file_view_open(from, SIZE_MAX, &view))
		return MALFORMED;
	buffer_init(&packed, SIZE_MAX, NULL);
	enum outcome outcome = seal_alone ? seal_split(view.bytes, &seal) : store_pack(view.bytes, &packed);
	if (outcome == DONE && seal_alone)
		outcome = buffer_append(&packed, seal.signed_part);
	FILE *file = outcome == DONE ? fopen(to, "wb") : NULL;
	if (outcome == DONE && (!file || fwrite(packed.data, 1, packed.size, file) != packed.size))
		outcome = MALFORMED;
	if (file && fclose(file) != 0)
		outcome = MALFORMED;
	buffer_done(&packed);
	file_view_close(&view);
	return outcome;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct notes notes;
	arena_init(&arena, NOTES_MEMORY);
	notes_init(&notes, &arena);
	enum outcome outcome;
	if (argc == 4 && strcmp(argv[1], "build") == 0) {
		struct build_plan plan = { .directories = (const char *const *)argv + 2, .directory_count = 1, .path = argv[3],
					   .progress = show };
		outcome = store_build(&plan, &notes);
	} else if (argc >= 4 && strcmp(argv[1], "starter") == 0) {
		outcome = starter_compile(argv[2], (const char *const *)argv + 3, (size_t)argc - 3, &notes);
	} else if (argc == 4 && (strcmp(argv[1], "pack") == 0 || strcmp(argv[1], "seal") == 0)) {
		outcome = convert(argv[2], argv[3], strcmp(argv[1], "seal") == 0);
	} else {
		(void)fprintf(stderr, "usage: store-tool build FOLDER STORE | starter STORE TSV... | pack STORE PACKED |"
				      " seal STORE TEXT\n");
		return 2;
	}
	for (const struct note *note = notes.first; note; note = note->next)
		(void)fprintf(stderr, "%.*s: %.*s\n", SPAN_FORMAT(note->path), SPAN_FORMAT(note->message));
	if (outcome != DONE)
		(void)fprintf(stderr, "store-tool: %s\n", outcome_name(outcome));
	arena_done(&arena);
	return outcome == DONE ? 0 : 1;
}
