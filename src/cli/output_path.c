#define _GNU_SOURCE /* O_PATH */
#include "cli/output_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum { LINKS_MAX = 40, DEPTH_MAX = 1000 };

static bool starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Takes one link: path becomes what it points to. False with errno set where that cannot be told. */
static bool follow(char path[PATH_MAX])
{
	char target[PATH_MAX], joined[PATH_MAX];
	ssize_t length = readlink(path, target, sizeof target - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	char *slash = strrchr(path, '/');
	int before = target[0] != '/' && slash ? (int)(slash - path) + 1 : 0;
	if (snprintf(joined, sizeof joined, "%.*s%s", before, path, target) >= (int)sizeof joined) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(path, joined, sizeof joined);
	return true;
}

/* Follows links to the file that would be written, which may not exist. */
static bool resolve(const char *path, char out[PATH_MAX])
{
	struct stat status;
	if (snprintf(out, PATH_MAX, "%s", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (int links = 0; lstat(out, &status) == 0 && S_ISLNK(status.st_mode); links++) {
		if (links == LINKS_MAX) {
			errno = ELOOP;
			return false;
		}
		if (starts(out, "/proc/") || !follow(out))
			return starts(out, "/proc/");
	}
	return true;
}

bool output_path_is_descriptor(const char *path)
{
	char resolved[PATH_MAX];
	return starts(path, "/dev/fd/") || starts(path, "/proc/") ||
	       (resolve(path, resolved) && (starts(resolved, "/proc/") || starts(resolved, "/dev/fd/")));
}

static int open_folder(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return folder < 0 && errno == EACCES ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : folder;
}

int output_path_folder(const char *path, char name[OUTPUT_NAME_MAX + 1])
{
	char resolved[PATH_MAX];
	if (!resolve(path, resolved))
		return -1;
	char *slash = strrchr(resolved, '/');
	const char *base = slash ? slash + 1 : resolved;
	if (snprintf(name, OUTPUT_NAME_MAX + 1, "%s", base) > OUTPUT_NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (!*base || strcmp(base, ".") == 0 || strcmp(base, "..") == 0) {
		errno = *path ? EISDIR : ENOENT;
		return -1;
	}
	if (!slash)
		return open_folder(".");
	slash[slash == resolved ? 1 : 0] = '\0';
	return open_folder(resolved);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* What stands where the output will: a character device takes any number of writers. */
static bool status_of(const struct output *output, struct stat *status)
{
	if (!output->direct)
		*status = output->old;
	else if (fstat(output->descriptor, status) != 0)
		return false;
	return (output->direct || output->exists) && !S_ISCHR(status->st_mode);
}

/* Whether a file in `folder` lies in or below the folder that is read. */
static bool lies_below(int folder, const struct stat *read)
{
	int at = dup(folder);
	bool below = false;
	for (int depth = 0; at >= 0 && !below && depth < DEPTH_MAX; depth++) {
		struct stat here, above;
		int parent = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		bool known = fstat(at, &here) == 0;
		below = known && same_file(&here, read);
		bool root = parent < 0 || !known || fstat(parent, &above) != 0 || same_file(&here, &above);
		(void)close(at);
		at = root && parent >= 0 ? (close(parent), -1) : parent;
	}
	if (at >= 0)
		(void)close(at);
	return below;
}

static bool differs_from_input(const struct output *output, const struct identity *input)
{
	struct stat status;
	if (S_ISDIR(input->status.st_mode)) {
		if (output->direct || !lies_below(output->folder, &input->status))
			return true;
		return !unusable("%s lies in the folder %s, which is read; name an output outside of it", output->path,
				 input->name);
	}
	if (!status_of(output, &status) || !same_file(&status, &input->status))
		return true;
	return !unusable("%s is the input %s, which would be lost; name another output", output->path, input->name);
}

static bool same_output(const struct output *a, const struct output *b)
{
	struct stat first, second;
	if (!a->direct && !b->direct && strcmp(a->name, b->name) == 0 && fstat(a->folder, &first) == 0 &&
	    fstat(b->folder, &second) == 0 && same_file(&first, &second))
		return true;
	if (output_is_standard(a) && output_is_standard(b) && strcmp(a->path, "-") == 0)
		return true;
	return status_of(a, &first) && status_of(b, &second) && same_file(&first, &second);
}

static bool differs_from_outputs(const struct outputs *outputs, int index)
{
	for (int i = 0; i < index; i++)
		if (same_output(&outputs->all[i], &outputs->all[index]))
			return !unusable("%s and %s are one output; name two", outputs->all[i].path,
					 outputs->all[index].path);
	return true;
}

/* What the program prints goes to standard output all the same. */
static bool differs_from_standard(const struct output *output)
{
	struct stat status, standard;
	if (output->direct || !status_of(output, &status) || fstat(STDOUT_FILENO, &standard) != 0 ||
	    !same_file(&status, &standard))
		return true;
	return !unusable("%s is standard output too; name another output", output->path);
}

/* Standard output that goes to a file that is read: its end would be read as it is written. */
static bool standard_differs_from_inputs(const struct outputs *outputs)
{
	struct stat standard;
	if (fstat(STDOUT_FILENO, &standard) != 0 || !S_ISREG(standard.st_mode))
		return true;
	for (int i = 0; i < outputs->input_count; i++)
		if (same_file(&standard, &outputs->inputs[i].status))
			return !unusable("standard output is the input %s", outputs->inputs[i].name);
	return true;
}

bool output_paths_differ(const struct outputs *outputs)
{
	for (int i = 0; i < outputs->count; i++) {
		for (int j = 0; j < outputs->input_count; j++)
			if (!differs_from_input(&outputs->all[i], &outputs->inputs[j]))
				return false;
		if (!differs_from_outputs(outputs, i) || !differs_from_standard(&outputs->all[i]))
			return false;
	}
	return standard_differs_from_inputs(outputs);
}
