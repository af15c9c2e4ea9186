/* assay db build --from DIR: makes the vulnerability store. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "assay/assay.h"
#include "cli/db.h"
#include "cli/store_path.h"

static void show(void *context, const char *file, size_t number, size_t count)
{
	const struct options *options = context;
	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K%zu of %zu: %s", number + 1, count, file);
}

static void end_progress(const struct options *options)
{
	if (!options->quiet && isatty(STDERR_FILENO))
		(void)fprintf(stderr, "\r\033[K");
}

static void print_remark(void *context, const char *words)
{
	end_progress(context);
	(void)unusable("%s", words);
}

static enum assay_status build_into(const char *path, const char *previous, const struct options *options)
{
	struct options context = *options;
	struct assay_store_plan plan = ASSAY_STORE_PLAN_INIT;
	plan.directory = options->from[0];
	plan.directories = options->from + 1;
	plan.directory_count = (size_t)options->from_count - 1;
	plan.previous = options->force || access(previous, R_OK) != 0 ? NULL : previous;
	plan.alone = options->alone;
	plan.lenient = options->force;
	plan.path = path;
	plan.progress = show;
	plan.remark = print_remark;
	plan.context = &context;
	enum assay_status status = assay_store_build(&plan);
	end_progress(options);
	return status;
}

/* Beside the store that it replaces, as every output. */
static int build_output(struct outputs *outputs, const char *path, const struct options *options)
{
	char temporary[OUTPUT_NAME_MAX + 64];
	struct output *output = &outputs->all[0];
	if (!db_open_place(outputs, path))
		return EXIT_UNUSABLE;
	output->named = true;
	if (!outputs_ready(outputs))
		return EXIT_UNUSABLE;
	output_temporary_path(output, temporary, sizeof temporary);
	if (build_into(temporary, path, options) != ASSAY_DONE)
		return EXIT_UNUSABLE;
	return output_sync(output) && outputs_commit(outputs) ? EXIT_DONE : EXIT_UNUSABLE;
}

int db_build_from(const struct options *options)
{
	struct outputs outputs = { 0 };
	const char *asked = store_path_asked(options);
	const char *path = asked ? asked : store_path_usual();
	int status = build_output(&outputs, path, options);
	outputs_close(&outputs);
	return status == EXIT_DONE ? db_show(path, options) : status;
}

int db_build(const struct options *options)
{
	if (options->from_count == 0)
		return unusable("usage: assay db build --from DIR, a folder of feeds (NVD, CVE records, KEV, EPSS, OSV)");
	for (int i = 0; i < options->from_count; i++)
		if (access(options->from[i], R_OK | X_OK) != 0)
			return unusable("cannot read the folder %s: %s", options->from[i], strerror(errno));
	return db_build_from(options);
}
