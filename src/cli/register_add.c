/*
 * assay register add: assays every file in a process of its own, some at a time, and takes the results in the
 * order of the files' paths. What is known already is not assayed again, so that what was broken off goes on where
 * it was.
 */
#define _GNU_SOURCE /* memfd_create() */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "assay/assay.h"
#include "base/file.h"
#include "cli/progress.h"
#include "cli/register.h"
#include "cli/store_path.h"
#include "register/follow.h"
#include "register/naming.h"
#include "register/objects.h"
#include "register/take.h"

enum { WORKERS_MAX = 64, ARGUMENTS_MAX = 24, ARENA_CEILING = 16 << 20, WORDS = 512, SCRATCH_SIZE = 96 };
static const size_t FILE_CEILING = (size_t)1 << 40, SAVED_CEILING = (size_t)4 << 30;

/* A file that is on its way. */
struct work {
	const struct register_file *file;
	char sha256[65];
	uint64_t size;
	bool known;                 /* it has a saved result: of that digest */
	char saved[OBJECT_NAME_ROOM];
	pid_t child;                /* that assays it */
	int words;                  /* what the child says */
	char scratch[SCRATCH_SIZE]; /* below the folder of objects: where it saves */
};

struct adding {
	const struct options *options;
	struct registry registry;
	int objects;
	char folder[REGISTER_PATH_SIZE]; /* of objects */
	struct progress progress;
	size_t added, kept, left_out, failed;
};

static void fail(struct adding *adding, const struct work *work, const char *why)
{
	adding->failed++;
	(void)unusable("%s: %s", work->file->path, why);
}

static bool look_at(struct adding *adding, struct work *work)
{
	struct file_view view;
	struct arena arena;
	if (!file_view_open(work->file->path, FILE_CEILING, &view)) {
		fail(adding, work, strerror(errno));
		return false;
	}
	work->size = view.bytes.size;
	objects_digest(view.bytes, work->sha256);
	file_view_close(&view);
	arena_init(&arena, ARENA_CEILING);
	struct span saved = take_saved(&adding->registry, span_of_text(work->sha256), &arena);
	work->known = saved.size == sizeof work->saved - 1;
	if (work->known)
		memcpy(work->saved, saved.data, sizeof work->saved);
	arena_done(&arena);
	return true;
}

/* In the child: becomes the program that assays this one file. */
static _Noreturn void become(const struct adding *adding, const struct work *work)
{
	char place[REGISTER_PATH_SIZE + SCRATCH_SIZE], timeout[32], memory[32];
	const char *arguments[ARGUMENTS_MAX] = { "assay", "--quiet", "--jobs", "1", "--save", place };
	int count = 6;
	(void)snprintf(place, sizeof place, "%s/%s", adding->folder, work->scratch);
	if (adding->options->timeout) {
		(void)snprintf(timeout, sizeof timeout, "--timeout=%u", adding->options->timeout);
		arguments[count++] = timeout;
	}
	if (adding->options->memory_limit) {
		(void)snprintf(memory, sizeof memory, "--memory-limit=%u", adding->options->memory_limit);
		arguments[count++] = memory;
	}
	if (adding->options->db) {
		arguments[count++] = "--db";
		arguments[count++] = adding->options->db;
	}
	arguments[count++] = "--";
	arguments[count++] = work->file->path;
	int nothing = open("/dev/null", O_RDWR);
	if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0 && dup2(nothing, STDOUT_FILENO) >= 0 &&
	    dup2(work->words, STDERR_FILENO) >= 0)
		(void)execv("/proc/self/exe", (char *const *)(uintptr_t)arguments);
	_exit(EXIT_INTERNAL);
}

static void start(struct adding *adding, struct work *work, size_t number)
{
	work->child = -1;
	work->words = -1;
	if (!look_at(adding, work)) {
		work->size = 0;
		work->sha256[0] = '\0';
		return;
	}
	if (work->known)
		return;
	(void)snprintf(work->scratch, sizeof work->scratch, ".%ld-%zu.assay", (long)getpid(), number);
	work->words = memfd_create("words", MFD_CLOEXEC);
	work->child = work->words < 0 ? -1 : fork();
	if (work->child == 0)
		become(adding, work);
}

/* The first line of what the child said, without the program's name. */
static void read_words(int descriptor, char out[static WORDS])
{
	ssize_t size = pread(descriptor, out, WORDS - 1, 0);
	out[size > 0 ? size : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	if (strncmp(out, "assay: ", 7) == 0)
		memmove(out, out + 7, strlen(out + 7) + 1);
}

/* Waits for the child; true where it has saved a result. */
static bool wait_for(struct adding *adding, struct work *work)
{
	int status = 0;
	char words[WORDS] = "it could not be started";
	pid_t ended;
	do {
		ended = work->child > 0 ? waitpid(work->child, &status, 0) : -1;
	} while (ended < 0 && errno == EINTR);
	bool done = ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE;
	if (!done && ended > 0 && WIFSIGNALED(status))
		(void)snprintf(words, sizeof words, "what assayed it was ended by signal %d", WTERMSIG(status));
	else if (!done && work->words >= 0)
		read_words(work->words, words);
	if (!done)
		fail(adding, work, words);
	return done;
}

static enum outcome name_it(struct adding *adding, const struct work *work, struct assay *result, struct arena *arena,
			    struct naming *out)
{
	struct span path = span_of_text(work->file->name);
	if (adding->options->name)
		return naming_by_path(span_of_text(adding->options->name), path, arena, out);
	return naming_by_result(result, path, arena, out);
}

static void take_it(struct adding *adding, const struct work *work, struct assay *result, struct arena *arena)
{
	struct naming naming;
	enum outcome outcome = name_it(adding, work, result, arena, &naming);
	if (outcome == NOT_THIS) {
		adding->left_out++;
		return;
	}
	const struct shipment shipment = {
		.product = naming.product, .version = naming.version, .sha256 = span_of_text(work->sha256), .size = work->size,
		.file_name = span_basename(span_of_text(work->file->name)), .saved = span_of_text(work->saved),
	};
	if (outcome == DONE)
		outcome = take(&adding->registry, &shipment, result);
	else
		(void)registry_fail(&adding->registry, outcome, "its name cannot be told");
	if (outcome != DONE)
		fail(adding, work, adding->registry.error);
	else if (work->known)
		adding->kept++;
	else if (result)
		adding->added++;
}

/* Takes a saved result by its bytes. Of a file without one the register says that nothing is known of it. */
static void take_bytes(struct adding *adding, struct work *work, struct span bytes)
{
	const struct assay_options as_saved = { .size = sizeof as_saved, .as_saved = 1 };
	struct assay *result = NULL;
	struct arena arena;
	arena_init(&arena, ARENA_CEILING);
	if (bytes.size > 0 && assay_saved(bytes.data, bytes.size, &as_saved, &result) != ASSAY_DONE)
		fail(adding, work, result ? assay_error(result) : "out of memory");
	else
		take_it(adding, work, result, &arena);
	assay_free(result);
	arena_done(&arena);
}

static void take_object(struct adding *adding, struct work *work)
{
	struct buffer bytes;
	buffer_init(&bytes, SAVED_CEILING, NULL);
	if (objects_get(adding->objects, span_of_text(work->saved), &bytes) == DONE)
		take_bytes(adding, work, buffer_span(&bytes));
	else
		fail(adding, work, "its saved result is not among the objects any more, or is damaged");
	buffer_done(&bytes);
}

static void take_scratch(struct adding *adding, struct work *work)
{
	struct file_view view;
	if (!file_view_open_at(adding->objects, work->scratch, SAVED_CEILING, &view)) {
		fail(adding, work, strerror(errno));
		return;
	}
	if (objects_put(adding->objects, view.bytes, work->saved))
		take_bytes(adding, work, view.bytes);
	else
		fail(adding, work, strerror(errno));
	file_view_close(&view);
}

static void finish(struct adding *adding, struct work *work)
{
	if (!work->sha256[0])
		return;
	if (work->known)
		take_object(adding, work);
	else if (wait_for(adding, work))
		take_scratch(adding, work);
	else
		take_bytes(adding, work, SPAN_NONE);
	if (work->scratch[0])
		(void)unlinkat(adding->objects, work->scratch, 0);
	if (work->words >= 0)
		(void)close(work->words);
}

static void add_all(struct adding *adding, const struct register_files *files)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t workers = adding->options->jobs ? adding->options->jobs : processors > 0 ? (size_t)processors : 1;
	struct work works[WORKERS_MAX];
	workers = workers > WORKERS_MAX ? WORKERS_MAX : workers;
	for (size_t started = 0, done = 0; done < files->count; done++) {
		for (; started < files->count && started < done + workers; started++) {
			works[started % workers] = (struct work){ .file = &files->all[started] };
			start(adding, &works[started % workers], started);
		}
		progress_show(&adding->progress, "adding", done, files->count);
		finish(adding, &works[done % workers]);
	}
}

static int tell(const struct adding *adding, size_t passed_over)
{
	(void)printf("%zu added, %zu there already", adding->added, adding->kept);
	if (adding->left_out > 0)
		(void)printf(", %zu left out by --name", adding->left_out);
	if (passed_over > 0)
		(void)printf(", %zu passed over", passed_over);
	if (adding->failed > 0)
		(void)printf(", %zu failed", adding->failed);
	(void)printf("\n");
	return adding->failed + passed_over > 0 ? EXIT_UNUSABLE : EXIT_DONE;
}

/* A register that follows no store yet follows this one: what it holds from now on is known to be matched with it. */
static bool follow_store(const struct options *options, struct registry *registry)
{
	struct register_store store;
	bool done = register_store_open(options, &store);
	if (done && follow_first(registry, store.view.bytes.data, store.view.bytes.size, store.path) != DONE)
		done = !unusable("%s", registry->error);
	register_store_close(&store);
	return done;
}

int register_add(const struct options *options)
{
	struct adding adding = { .options = options, .objects = -1 };
	struct register_files files;
	const char *wrong = NULL;
	int status = EXIT_UNUSABLE;
	if (options->name && !naming_is_pattern(span_of_text(options->name), &wrong))
		return unusable("--name '%s': %s", options->name, wrong);
	if (options->operand_count < 2)
		return unusable("usage: assay register add FILE|FOLDER...");
	progress_init(&adding.progress, options->quiet, false);
	if (register_files_find(options, 1, &files) && register_open(options, true, &adding.registry)) {
		adding.objects = register_objects(options, adding.folder);
		if (adding.objects >= 0 && follow_store(options, &adding.registry)) {
			add_all(&adding, &files);
			progress_end(&adding.progress, 0);
			status = tell(&adding, files.passed_over);
		}
		if (adding.objects >= 0)
			(void)close(adding.objects);
		registry_close(&adding.registry);
	}
	register_files_free(&files);
	return status;
}
