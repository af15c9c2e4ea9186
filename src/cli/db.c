/* assay db build --from DIR, assay db info: the vulnerability store. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/output.h"
#include "cli/store_path.h"
#include "vuln/build.h"
#include "vuln/starter.h"

enum { ARENA_CEILING = 64 * 1024 * 1024 };

static void show(void *context, const char *file, size_t number, size_t count)
{
	const struct options *options = context;
	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K%zu of %zu: %s", number + 1, count, file);
}

/* Makes the folders that lead to a file, as mkdir -p does. */
static bool make_folders(const char *path)
{
	char folder[4096];
	size_t length = strlen(path);
	if (length >= sizeof folder)
		return false;
	memcpy(folder, path, length + 1);
	for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(folder, 0755) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return true;
}

static void print_notes(const struct notes *notes)
{
	for (const struct note *note = notes->first; note; note = note->next)
		(void)fprintf(stderr, "assay: %.*s%s%.*s\n", SPAN_FORMAT(note->path), note->path.size > 0 ? ": " : "",
			      SPAN_FORMAT(note->message));
	if (notes->dropped > 0)
		(void)fprintf(stderr, "assay: and %zu further remarks\n", notes->dropped);
}

static int print_store(struct store *store)
{
	(void)printf("%s: %lld vulnerabilities, data up to %s%s\n", store_name(store), (long long)store_count(store),
		     store_date(store), store_is_old(store) ? " (old)" : "");
	return EXIT_DONE;
}

static int show_store(const char *path)
{
	struct arena arena;
	struct store *store = NULL;
	struct span error = SPAN_NONE;
	if (path && access(path, R_OK) != 0)
		return unusable("cannot read %s: %s", path, strerror(errno));
	arena_init(&arena, ARENA_CEILING);
	enum outcome outcome = path ? store_open_file(path, &arena, &store, &error)
				    : store_open_memory(span_of(starter_store, starter_store_size), STARTER_NAME, &store);
	int status = outcome == DONE ? print_store(store)
				     : unusable("%.*s; 'assay db build' makes one", SPAN_FORMAT(error));
	if (outcome == DONE)
		store_close(store);
	arena_done(&arena);
	return status;
}

/* What stands there may be a store of any version, and nothing else: a slip in a path must not cost a file. */
static bool may_replace(const char *path)
{
	struct arena arena;
	struct stat status;
	struct store *store = NULL;
	struct span error = SPAN_NONE;
	if (stat(path, &status) != 0 || (S_ISREG(status.st_mode) && status.st_size == 0))
		return true;
	arena_init(&arena, ARENA_CEILING);
	enum outcome outcome = store_open_file(path, &arena, &store, &error);
	if (outcome == DONE)
		store_close(store);
	if (outcome != DONE && outcome != UNSUPPORTED)
		(void)unusable("%.*s, and would be lost; name another file", SPAN_FORMAT(error));
	arena_done(&arena);
	return outcome == DONE || outcome == UNSUPPORTED;
}

static enum outcome build_into(const char *path, const struct options *options)
{
	struct arena arena;
	struct notes notes;
	struct options context = *options;
	struct build_plan plan = { .directory = options->from, .path = path, .progress = show, .context = &context };
	arena_init(&arena, ARENA_CEILING);
	notes_init(&notes, &arena);
	enum outcome outcome = store_build(&plan, &notes);
	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K");
	print_notes(&notes);
	arena_done(&arena);
	return outcome;
}

/* Beside the store that it replaces, as every output. */
static int build_output(struct outputs *outputs, const char *path, const struct options *options)
{
	char temporary[OUTPUT_NAME_MAX + 64];
	if (!output_open(outputs, NULL, path))
		return EXIT_UNUSABLE;
	struct output *output = &outputs->all[0];
	if (output->direct)
		return unusable("a store must be a file, which %s is not", path);
	output->named = true;
	if (!outputs_ready(outputs))
		return EXIT_UNUSABLE;
	output_temporary_path(output, temporary, sizeof temporary);
	enum outcome outcome = build_into(temporary, options);
	if (outcome == NOT_THIS)
		return unusable("%s holds no feed that assay knows; see docs/vulnerabilities.md", options->from);
	if (outcome != DONE)
		return unusable("the store cannot be built: %s", outcome_name(outcome));
	return output_sync(output) && outputs_commit(outputs) ? EXIT_DONE : EXIT_UNUSABLE;
}

static int build(const struct options *options)
{
	struct outputs outputs = { 0 };
	const char *asked = store_path_asked(options);
	const char *path = asked ? asked : store_path_usual();
	if (!options->from)
		return unusable("usage: assay db build --from DIR, a folder of feeds (NVD, CVE records, KEV, EPSS, OSV)");
	if (access(options->from, R_OK | X_OK) != 0)
		return unusable("cannot read the folder %s: %s", options->from, strerror(errno));
	if (!may_replace(path))
		return EXIT_UNUSABLE;
	if (!make_folders(path))
		return unusable("cannot make the folder of %s: %s", path, strerror(errno));
	int status = build_output(&outputs, path, options);
	outputs_close(&outputs);
	return status == EXIT_DONE ? show_store(path) : status;
}

static int info(const struct options *options)
{
	const char *path = store_path_asked(options);
	if (!path && access(store_path_usual(), R_OK) == 0)
		path = store_path_usual();
	return show_store(path);
}

static int run(const struct arguments *arguments)
{
	struct options options;
	if (!options_parse(arguments, &options))
		return EXIT_UNUSABLE;
	if (options.operand_count == 1 && strcmp(options.operands[0], "build") == 0)
		return build(&options);
	if (options.operand_count == 1 && strcmp(options.operands[0], "info") == 0)
		return info(&options);
	return unusable("usage: assay db build --from DIR [--db FILE] | assay db info [--db FILE]");
}

const struct command command_db = {
	.name = "db",
	.usage = "build --from DIR | info",
	.summary = "make and describe the vulnerability store",
	.options = OPTIONS_STORE | OPTIONS_FEEDS,
	.run = run,
};
