#define _GNU_SOURCE /* AT_EMPTY_PATH */
#include "cli/committer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COMMIT = 'c', END = 'e' };

struct reply {
	int output; /* -1: all are in place */
	int error;  /* errno */
};

static bool receive(int socket, void *bytes, size_t size)
{
	ssize_t got;
	do {
		got = read(socket, bytes, size);
	} while (got < 0 && errno == EINTR);
	return got == (ssize_t)size;
}

static bool send_all(int socket, const void *bytes, size_t size)
{
	ssize_t sent;
	do {
		sent = send(socket, bytes, size, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	return sent == (ssize_t)size;
}

/* Gives a file without a name one in its folder. */
static bool link_unnamed(const struct output *output, const char *name)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", output->descriptor);
	return linkat(AT_FDCWD, path, output->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool name_unnamed(const struct output *output, char *temporary, size_t size)
{
	uint64_t number = 0;
	(void)getrandom(&number, sizeof number, 0);
	(void)snprintf(temporary, size, ".assay-%016llx.tmp", (unsigned long long)number);
	return link_unnamed(output, temporary);
}

/* A folder that may be written and not listed cannot be synced, nor can those of some file systems. */
static bool sync_folder(const struct output *output)
{
	return fsync(output->folder) == 0 || errno == EINVAL || errno == EBADF;
}

/* A report that says nothing is no file. */
static bool is_empty(const struct output *output)
{
	struct stat status;
	return fstat(output->descriptor, &status) == 0 && status.st_size == 0;
}

/* A new file gets its name at once; one that is replaced goes by way of a second name, since only a rename replaces. */
static bool put_in_place(struct output *output)
{
	char *temporary = output->temporary;
	if (!*temporary && link_unnamed(output, output->name))
		return sync_folder(output);
	if (!*temporary && (errno != EEXIST || !name_unnamed(output, temporary, sizeof output->temporary))) {
		*temporary = '\0';
		return false;
	}
	if (renameat(output->folder, temporary, output->folder, output->name) != 0)
		return false;
	*temporary = '\0';
	return sync_folder(output);
}

static struct reply commit(struct outputs *outputs)
{
	for (int i = 0; i < outputs->count; i++)
		if (!outputs->all[i].direct && !is_empty(&outputs->all[i]) && !put_in_place(&outputs->all[i]))
			return (struct reply){ .output = i, .error = errno };
	outputs->made_folder = NULL;
	return (struct reply){ .output = -1 };
}

/* A terminal sends its signals to both processes: this one outlives them, to clean up. */
static void ignore_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ };
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		(void)signal(signals[i], SIG_IGN);
}

static void serve(struct outputs *outputs, int socket)
{
	char order = 0;
	/* Who waits for the end of our output waits for the other process alone. */
	for (int standard = STDIN_FILENO; standard <= STDERR_FILENO; standard++)
		(void)close(standard);
	for (int i = 0; i < outputs->count; i++)
		if (outputs->all[i].direct)
			(void)close(outputs->all[i].descriptor);
	while (receive(socket, &order, 1) && order == COMMIT) {
		struct reply reply = commit(outputs);
		(void)send_all(socket, &reply, sizeof reply);
	}
	outputs_take_away(outputs);
}

int committer_start(const struct outputs *outputs)
{
	int ends[2];
	sigset_t all, before;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	/* No signal comes between the fork and the ignoring. */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	pid_t child = fork();
	if (child == 0) {
		struct outputs own = *outputs;
		ignore_signals();
		(void)sigprocmask(SIG_SETMASK, &before, NULL);
		(void)close(ends[0]);
		serve(&own, ends[1]);
		_exit(0);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)close(ends[1]);
	if (child < 0)
		(void)close(ends[0]);
	return child < 0 ? -1 : ends[0];
}

/* write(), since the sandbox refuses every call for sockets; SIGPIPE is ignored (main.c). */
static bool order(int committer, char what)
{
	ssize_t sent;
	do {
		sent = write(committer, &what, 1);
	} while (sent < 0 && errno == EINTR);
	return sent == 1;
}

int committer_commit(int committer)
{
	struct reply reply = { .output = 0, .error = EPIPE };
	if (order(committer, COMMIT) && !receive(committer, &reply, sizeof reply))
		reply = (struct reply){ .output = 0, .error = EPIPE };
	errno = reply.error;
	return reply.output;
}

void committer_end(int committer)
{
	struct reply rest;
	if (order(committer, END))
		(void)receive(committer, &rest, sizeof rest); /* ends with the process */
	(void)close(committer);
}
