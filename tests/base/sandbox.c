/* Each case enters the sandbox in a child process, and tries what must not work there. */
#define _GNU_SOURCE /* syscall, O_PATH */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

enum { UNCONFINED = 77 };

/* Runs in a child within the sandbox; true where it gives 0. Sets *confined to false where this build or kernel has none. */
static bool within(int directory, int (*attempt)(int directory), bool *confined)
{
	int status;
	(void)fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		struct sandbox_plan plan = { .readable_directories = &directory, .readable_count = directory >= 0 };
		struct sandbox_state state = sandbox_enter(&plan);
		_exit(state.calls && state.filesystem ? attempt(directory) : UNCONFINED);
	}
	bool ended = child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status);
	*confined = !ended || WEXITSTATUS(status) != UNCONFINED;
	return ended && WEXITSTATUS(status) == 0;
}

#define CHECK_WITHIN(directory, attempt)                             \
	do {                                                         \
		bool confined;                                       \
		bool held = within((directory), (attempt), &confined); \
		if (!confined)                                       \
			SKIP("no sandbox in this build or kernel");  \
		CHECK(held);                                         \
	} while (0)

static int open_files(int directory)
{
	(void)directory;
	return open("/etc/passwd", O_RDONLY) >= 0 || open("/tmp/assay-sandbox", O_CREAT | O_WRONLY, 0600) >= 0 ||
	       openat(AT_FDCWD, "/", O_PATH) >= 0;
}

static int use_network(int directory)
{
	(void)directory;
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 || socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static int start_processes(int directory)
{
	char *const arguments[] = { NULL };
	(void)directory;
	(void)execve("/bin/true", arguments, arguments);
	return fork() >= 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) >= 0 || kill(getppid(), 0) == 0;
}

static void *add_one(void *number)
{
	++*(int *)number;
	return number;
}

static int use_threads(int directory)
{
	pthread_t threads[4];
	int numbers[4] = { 0 }, sum = 0;
	(void)directory;
	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, add_one, &numbers[i]) != 0)
			return 1;
	for (int i = 0; i < 4; i++) {
		(void)pthread_join(threads[i], NULL);
		sum += numbers[i];
	}
	void *memory = malloc(64 << 20);
	free(memory);
	return sum != 4 || !memory;
}

static int read_below_only(int directory)
{
	char byte;
	int inside = openat(directory, "inside", O_RDONLY);
	bool readable = inside >= 0 && read(inside, &byte, 1) == 1 && byte == 'x';
	bool escapes = openat(directory, "link-out", O_RDONLY) >= 0 || openat(directory, "../outside", O_RDONLY) >= 0 ||
		       open("/etc/passwd", O_RDONLY) >= 0;
	bool writes = openat(directory, "inside", O_WRONLY) >= 0 ||
		      openat(directory, "made", O_CREAT | O_WRONLY, 0600) >= 0 || unlinkat(directory, "inside", 0) == 0;
	return !readable || escapes || writes;
}

TEST(opens_no_files)
{
	CHECK_WITHIN(-1, open_files);
}

TEST(has_no_network)
{
	CHECK_WITHIN(-1, use_network);
}

TEST(starts_no_processes)
{
	CHECK_WITHIN(-1, start_processes);
}

TEST(has_threads_and_memory)
{
	CHECK_WITHIN(-1, use_threads);
}

TEST(reads_below_a_folder_only)
{
	char folder[1024];
	(void)snprintf(folder, sizeof folder, "%s/sandbox-%ld", harness_scratch(), (long)getpid());
	REQUIRE(harness_shell("mkdir -p '%s/root' && cd '%s' && printf x > root/inside && printf y > outside && "
			      "ln -s ../outside root/link-out", folder, folder));
	(void)strncat(folder, "/root", sizeof folder - strlen(folder) - 1);
	int directory = open(folder, O_RDONLY | O_DIRECTORY);
	REQUIRE(directory >= 0);
	CHECK_WITHIN(directory, read_below_only);
	(void)close(directory);
}

TESTS(opens_no_files, has_no_network, starts_no_processes, has_threads_and_memory, reads_below_a_folder_only)
