/* assay db update: has assay-fetch bring the feeds of their publishers into a folder, and builds a store of what is there. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/db.h"
#include "cli/user_path.h"

enum { PATH_SIZE = 4096, WORDS_MAX = 16, FETCHED_ALL = 0, FETCHED_SOME = 1, NOT_STARTED = 127 };

extern char **environ;

/* Beside this program, or where the build leaves it. */
static bool find_fetcher(char path[static PATH_SIZE])
{
	static const char *const places[] = { "assay-fetch", "../fetch/assay-fetch" };
	char own[PATH_SIZE];
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	own[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(own, '/');
	for (size_t i = 0; slash && i < sizeof places / sizeof *places; i++) {
		int size = snprintf(path, PATH_SIZE, "%.*s/%s", (int)(slash - own), own, places[i]);
		if (size < PATH_SIZE && access(path, X_OK) == 0)
			return true;
	}
	return false;
}

static const char *usual_folder(void)
{
	static char path[USER_PATH_SIZE];
	user_path("XDG_CACHE_HOME", ".cache", "assay/feeds", path);
	return path;
}

static void add(char **words, int *count, const char *option, const char *value)
{
	if (!value || *count + 2 >= WORDS_MAX)
		return;
	/* It is handed on as it is, and changed by nobody. */
	memcpy(&words[(*count)++], &option, sizeof option);
	memcpy(&words[(*count)++], &value, sizeof value);
}

/* Its exit status; NOT_STARTED after saying why. */
static int fetch(const struct options *options, const char *folder)
{
	char program[PATH_SIZE], quiet[] = "--quiet";
	char *words[WORDS_MAX + 1] = { program };
	int count = 1, status = 0;
	pid_t child;
	if (!find_fetcher(program)) {
		(void)unusable("assay-fetch is not beside this program (it was built without libcurl): fetch feeds by other means,"
			       " and use 'assay db build --from'");
		return NOT_STARTED;
	}
	add(words, &count, "--into", folder);
	add(words, &count, "--feeds", options->feeds);
	add(words, &count, "--mirror", options->mirror);
	add(words, &count, "--proxy", options->proxy);
	add(words, &count, "--ca", options->ca);
	if (options->quiet)
		words[count++] = quiet;
	(void)fflush(stdout);
	int error = posix_spawn(&child, program, NULL, NULL, words, environ);
	if (error != 0) {
		(void)unusable("cannot start %s: %s", program, strerror(error));
		return NOT_STARTED;
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return NOT_STARTED;
	if (!WIFEXITED(status))
		(void)unusable("assay-fetch was ended by signal %d; what it has fetched stays, and it goes on from there",
			       WIFSIGNALED(status) ? WTERMSIG(status) : 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : NOT_STARTED;
}

static bool make_folder(const char *folder)
{
	char inside[PATH_SIZE + 2];
	(void)snprintf(inside, sizeof inside, "%.4090s/.", folder);
	return db_make_folders(inside) || !unusable("cannot make the folder %s: %s", folder, strerror(errno));
}

int db_update(const struct options *options)
{
	struct options with = *options;
	const char *folder = options->into ? options->into : usual_folder();
	bool list = options->feeds && strcmp(options->feeds, "list") == 0;
	if (options->offline && access(folder, R_OK | X_OK) != 0)
		return unusable("nothing has been fetched into %s yet; 'assay db import' takes a store that was made elsewhere", folder);
	if (!list && !make_folder(folder))
		return EXIT_UNUSABLE;
	int fetched = options->offline ? FETCHED_ALL : fetch(options, folder);
	if (list && fetched == FETCHED_ALL)
		return EXIT_DONE;
	if (fetched != FETCHED_ALL && fetched != FETCHED_SOME)
		return EXIT_UNUSABLE;
	with.from[0] = folder;
	with.from_count = 1;
	int status = db_build_from(&with);
	if (status == EXIT_DONE && fetched == FETCHED_SOME)
		return unusable("the store is made of what could be fetched, and of older files where there were some; run it again");
	return status;
}
