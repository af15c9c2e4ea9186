/* The folder of a case: what a person needs to report it and to publish it. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/case.h"
#include "register/case_output.h"

enum { FILE_CEILING = 256 << 20, FOLDER_SIZE = 4096 };

/* Writes one file of the folder by its writer's outcome. False after saying what is wrong. */
static bool put(const struct case_work *work, int folder, const char *name, enum outcome outcome, const struct buffer *bytes)
{
	char temporary[64];
	if (outcome == NOT_THIS) { /* this case has none, or no longer */
		(void)unlinkat(folder, name, 0);
		return true;
	}
	if (outcome != DONE)
		return !unusable("%s: %s", name, work->registry->error[0] ? work->registry->error : "not enough memory");
	(void)snprintf(temporary, sizeof temporary, ".%s.%ld", name, (long)getpid());
	if (!file_replace_at(folder, temporary, name, buffer_span(bytes)))
		return !unusable("cannot write %s: %s", name, strerror(errno));
	(void)printf("    %s\n", name);
	return true;
}

static bool put_all(const struct case_work *work, const struct case_file *file, const struct case_values *values, int folder)
{
	struct buffer bytes;
	buffer_init(&bytes, FILE_CEILING, NULL);
	bool done = put(work, folder, "sheet.html", case_write_sheet(file, values, work->calendar.named, &bytes), &bytes);
	buffer_clear(&bytes);
	done = done && put(work, folder, "early-warning.json", case_write_warning(file, values, &bytes), &bytes);
	buffer_clear(&bytes);
	done = done && put(work, folder, "advisory.csaf.json",
			   case_write_advisory(work->registry, file, values, work->arena, &bytes), &bytes);
	buffer_done(&bytes);
	return done;
}

static int open_folder(const struct case_work *work, char path[static FOLDER_SIZE])
{
	const char *into = work->options->into;
	if (snprintf(path, FOLDER_SIZE, "%s%scase-%lld", into ? into : "", into ? "/" : "", (long long)work->number) >= FOLDER_SIZE)
		return (void)unusable("%s: the path is too long", into), -1;
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return (void)unusable("%s: %s", path, strerror(errno)), -1;
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		(void)unusable("%s: %s", path, strerror(errno));
	return folder;
}

/* What stands between this case and a complete early warning. */
static void say_missing(const struct case_file *file, const struct case_values *values)
{
	int from = 0;
	const char *name = case_missing(file, values, STAGE_WARNING, &from);
	if (!name || !case_aware(file))
		return;
	(void)printf("  the early warning lacks what nobody has said (assay case answer %lld FIELD VALUE):\n   ",
		     (long long)file->number);
	for (; name; name = case_missing(file, values, STAGE_WARNING, &from))
		(void)printf(" %s", name);
	(void)printf("\n");
}

int case_write_files(struct case_work *work, const struct case_file *file)
{
	char path[FOLDER_SIZE];
	struct case_values values;
	if (case_values(work->registry, file, work->arena, &values) != DONE)
		return unusable("%s", work->registry->error);
	int folder = open_folder(work, path);
	if (folder < 0)
		return EXIT_UNUSABLE;
	(void)printf("  %zu of %zu versions are affected; in %s/\n", values.affected, values.places.count, path);
	bool done = put_all(work, file, &values, folder);
	(void)close(folder);
	if (done)
		say_missing(file, &values);
	return done ? EXIT_DONE : EXIT_UNUSABLE;
}
